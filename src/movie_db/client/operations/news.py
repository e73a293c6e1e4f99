"""Operations: news. Generated from `openapi.yaml` by `movie_db.client.generate`."""

from collections.abc import Sequence
from datetime import datetime

from movie_db.client._caller import Caller, Pages
from movie_db.client.models import Change, ListChanges, ListRuns


class News(Caller):
    """What was added, removed and changed."""

    def list_changes(
        self, *, since: datetime | str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> Pages[ListChanges, Change]:
        """List changes.

        Movies and offers that were added or removed, and values that changed at a source, in the order in
        which they were recorded, page by page.

        Args:
            since: Only changes recorded at or after this moment; the default is the last 30 days
            limit: Maximum number of rows per page
            cursor: The page, as given by `next` of the previous page; the default is the first page. A
                cursor of another list or another order is not found (404).
        """
        return self._pages("/v1/changes", {"since": since, "limit": limit, "cursor": cursor}, "changes")

    def read_changes_feed(self, *, since: datetime | str | None = None) -> str:
        """Read changes as a feed.

        The latest 200 changes, newest first, as RSS 2.0.

        Args:
            since: Only changes recorded at or after this moment; the default is the last 30 days
        """
        return self._text("/v1/changes.rss", {"since": since})

    def read_leaving_calendar(
        self, *, provider: Sequence[str] | None = None, country: Sequence[str] | None = None
    ) -> str:
        """Read what leaves soon as a calendar.

        The last days of current offers, from today on, as far as sources give them, as iCalendar (RFC
        5545).

        Args:
            provider: Only offers of these providers
            country: Only offers in these countries, ISO 3166-1 alpha-2
        """
        return self._text("/v1/leaving.ics", {"provider": provider, "country": country})

    def list_runs(self, *, limit: int | None = None) -> ListRuns:
        """List the crawler's runs.

        Newest first.

        Args:
            limit: Maximum number of rows per page
        """
        document: ListRuns = self._json("GET", "/v1/runs", {"limit": limit})
        return document
