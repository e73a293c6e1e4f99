"""Operations: news. Generated from `openapi.yaml` by `movie_db.client.generate`."""

from collections.abc import Sequence
from datetime import datetime

from movie_db.client._caller import Caller, Pages
from movie_db.client.models import Change, ListChanges, ListRuns


class News(Caller):
    """What came, left and changed."""

    def list_changes(
        self, *, since: datetime | str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> Pages[ListChanges, Change]:
        """List what changed.

        Films that came to galleries and left them, offers, and values that sources tell otherwise, in the
        order in which they became known, page by page.

        Args:
            since: From this moment on; without it, of the last 30 days
            limit: Rows a page
            cursor: The page to give, as `next` of the page before names it; without it, the first. Of
                another list, or of another order, there is no such page (404).
        """
        return self._pages("/v1/changes", {"since": since, "limit": limit, "cursor": cursor}, "changes")

    def read_changes_feed(self, *, since: datetime | str | None = None) -> str:
        """What changed, as a feed.

        The newest 200 changes, the newest first, as RSS 2.0.

        Args:
            since: From this moment on; without it, of the last 30 days
        """
        return self._text("/v1/changes.rss", {"since": since})

    def read_leaving_calendar(
        self, *, provider: Sequence[str] | None = None, country: Sequence[str] | None = None
    ) -> str:
        """What leaves soon, as a calendar.

        The last days of offers, from today on, where a source tells them, as iCalendar (RFC 5545).

        Args:
            provider: Only of these providers
            country: Only in these countries, ISO 3166-1 alpha-2
        """
        return self._text("/v1/leaving.ics", {"provider": provider, "country": country})

    def list_runs(self, *, limit: int | None = None) -> ListRuns:
        """List runs of the crawler.

        The newest first.

        Args:
            limit: Rows a page
        """
        document: ListRuns = self._json("GET", "/v1/runs", {"limit": limit})
        return document
