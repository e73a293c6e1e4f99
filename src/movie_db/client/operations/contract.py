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
    """What the database takes, right now, and what crawlers read at their start."""

    def list_review(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> Pages[ListReview, ListReviewQuestions]:
        """List what waits for a person.

        Pairs that may be the same film, in the order in which they were asked, page by page.

        Args:
            limit: Rows a page
            cursor: The page to give, as `next` of the page before names it; without it, the first. Of
                another list, or of another order, there is no such page (404).
        """
        return self._pages("/v1/review", {"limit": limit, "cursor": cursor}, "questions")

    def answer_review(self, body: AnswerReviewBody) -> None:
        """Answer a question.

        It counts at once, and no later run overwrites it.
        """
        self._json("POST", "/v1/review", {}, body)

    def ingest_messages(self, body: Iterable[Mapping[str, object]]) -> IngestMessages:
        """Take in messages of a crawler.

        Messages of the contract, a line each, as they stand in a log; at most 32 MB. Sent again, they
        change nothing. What breaks the contract is kept with the reason, and stops nothing.
        """
        document: IngestMessages = self._send_lines("/v1/ingest", body)
        return document

    def list_decisions(self) -> ListDecisions:
        """What persons decided of pairs.

        Facts that no run overwrites. A pair is an entry of a gallery and a source's record, or two entries.
        Crawlers read them at their start.
        """
        document: ListDecisions = self._json("GET", "/v1/decisions", {})
        return document

    def list_all_pins(self, *, limit: int | None = None, cursor: str | None = None) -> Pages[ListAllPins, Pinned]:
        """List what persons said of all films.

        The fields whose values no refresh changes, in the order of the films' numbers, page by page.
        Crawlers may read them at their start.

        Args:
            limit: Rows a page
            cursor: The page to give, as `next` of the page before names it; without it, the first. Of
                another list, or of another order, there is no such page (404).
        """
        return self._pages("/v1/pins", {"limit": limit, "cursor": cursor}, "pins")

    def list_jobs(
        self, *, how: Literal["due", "all", "pages"] | None = None, at: datetime | str | None = None
    ) -> ListJobs:
        """Which galleries are due.

        The galleries that are in the database, and when each is to be listed again. A crawler reads it at
        its start, and `GET /v1/jobs/plan` for each that it refreshes; with `GET /v1/decisions` and
        `/v1/pins`, what persons said. Builds that were asked for are told by `GET /v1/builds/events`.

        Args:
            how: What is due; every film; or every page and item of theirs, too
            at: When; without it, now
        """
        document: ListJobs = self._json("GET", "/v1/jobs", {"how": how, "at": at})
        return document

    def read_plan(
        self, *, gallery: str, how: Literal["due", "all", "pages"] | None = None, at: datetime | str | None = None
    ) -> ReadPlan:
        """What a refresh of a gallery asks for.

        The gallery's films with the records of their sources, the state of each, and whether it is due; and
        the people and companies that are due. Crawlers read it at the start of a refresh.

        Args:
            gallery: The gallery's address, as `GET /v1/jobs` tells it
            how: What is due; every film; or every page and item of theirs, too
            at: When; without it, now
        """
        document: ReadPlan = self._json("GET", "/v1/jobs/plan", {"gallery": gallery, "how": how, "at": at})
        return document

    def read_contract(self) -> ReadContract:
        """The live contract.

        The JSON Schema of every message, tightened by the tables of the live database.
        """
        document: ReadContract = self._json("GET", "/v1/contract", {})
        return document

    def read_message(self, name: str | int) -> dict[str, Any]:
        """One message of the live contract.

        The JSON Schema of the message, tightened by the live tables.

        Args:
            name: The message's name, one of those that `GET /v1/contract` tells
        """
        document: dict[str, Any] = self._json("GET", f"/v1/contract/{in_path(name)}", {})
        return document

    def read_table(self, name: str | int) -> ReadTable:
        """The facts of one live table.

        Columns, primary key, foreign keys and constraints, as the live database has them.

        Args:
            name: The table's name
        """
        document: ReadTable = self._json("GET", f"/v1/tables/{in_path(name)}", {})
        return document
