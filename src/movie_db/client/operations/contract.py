"""Operations: contract. Generated from `openapi.yaml` by `movie_db.client.generate`."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from movie_db.client._caller import Caller, Pages, in_path
from movie_db.client.models import (
    AnswerReviewBody,
    IngestMessages,
    ListAllPins,
    ListDecisions,
    ListJobs,
    ListReview,
    ListReviewQuestions,
    Pinned,
    ReadContract,
    ReadPlan,
    ReadTable,
)


class Contract(Caller):
    """What the database accepts right now, and what crawlers read when they start."""

    def list_review(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> Pages[ListReview, ListReviewQuestions]:
        """List the review queue.

        Pairs that may be the same movie, in the order in which they were queued, page by page.

        Args:
            limit: Maximum number of rows per page
            cursor: The page, as given by `next` of the previous page; the default is the first page. A
                cursor of another list or another order is not found (404).
        """
        return self._pages("/v1/review", {"limit": limit, "cursor": cursor}, "questions")

    def answer_review(self, body: AnswerReviewBody) -> None:
        """Answer a question.

        The answer takes effect immediately, and no later run overwrites it.
        """
        self._json("POST", "/v1/review", {}, body)

    def ingest_messages(self, body: Iterable[Mapping[str, object]]) -> IngestMessages:
        """Ingest a crawler's messages.

        One message of the contract per line, as in the log, at most 32 MB in total. Sending the same
        messages again changes nothing. Messages that violate the contract are stored with the reason and do
        not affect the others.
        """
        document: IngestMessages = self._send_lines("/v1/ingest", body)
        return document

    def list_decisions(self) -> ListDecisions:
        """List people's decisions about pairs.

        Decisions that no run overwrites. A pair is a list entry of a gallery and a source record, or two
        list entries. Crawlers read the decisions when they start.
        """
        document: ListDecisions = self._json("GET", "/v1/decisions", {})
        return document

    def list_all_pins(self, *, limit: int | None = None, cursor: str | None = None) -> Pages[ListAllPins, Pinned]:
        """List the pins of all movies.

        The fields that no refresh changes, ordered by the movies' numbers, page by page. Crawlers may read
        them when they start.

        Args:
            limit: Maximum number of rows per page
            cursor: The page, as given by `next` of the previous page; the default is the first page. A
                cursor of another list or another order is not found (404).
        """
        return self._pages("/v1/pins", {"limit": limit, "cursor": cursor}, "pins")

    def list_jobs(
        self, *, how: Literal["due", "all", "pages"] | None = None, at: datetime | str | None = None
    ) -> ListJobs:
        """List galleries and when they are due.

        All galleries in the database, and when each is due for a refresh. A crawler reads this when it
        starts, then `GET /v1/jobs/plan` for each gallery that it refreshes. `GET /v1/decisions` and
        `/v1/pins` have people's decisions, and `GET /v1/builds/events` the requested builds.

        Args:
            how: What to plan: what is due, every movie, or every page and item of the movies as well
            at: The moment to plan for; the default is now
        """
        document: ListJobs = self._json("GET", "/v1/jobs", {"how": how, "at": at})
        return document

    def read_plan(
        self, *, gallery: str, how: Literal["due", "all", "pages"] | None = None, at: datetime | str | None = None
    ) -> ReadPlan:
        """Read the plan for refreshing a gallery.

        The gallery's movies with their source records, the state of each, and whether it is due, as well as
        the people and companies that are due. Crawlers read it at the start of a refresh.

        Args:
            gallery: The gallery's address, as in `GET /v1/jobs`
            how: What to plan: what is due, every movie, or every page and item of the movies as well
            at: The moment to plan for; the default is now
        """
        document: ReadPlan = self._json("GET", "/v1/jobs/plan", {"gallery": gallery, "how": how, "at": at})
        return document

    def read_contract(self) -> ReadContract:
        """Read the live contract.

        The JSON Schema of every message, including the constraints of the live database's tables.
        """
        document: ReadContract = self._json("GET", "/v1/contract", {})
        return document

    def read_message(self, name: str | int) -> dict[str, Any]:
        """Read one message of the live contract.

        The JSON Schema of the message, tightened by the live tables.

        Args:
            name: The message's name, as in `GET /v1/contract`
        """
        document: dict[str, Any] = self._json("GET", f"/v1/contract/{in_path(name)}", {})
        return document

    def read_table(self, name: str | int) -> ReadTable:
        """Describe one table of the live database.

        Columns, primary key, foreign keys and constraints, as the live database has them.

        Args:
            name: The table's name
        """
        document: ReadTable = self._json("GET", f"/v1/tables/{in_path(name)}", {})
        return document
