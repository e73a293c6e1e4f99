"""Operations: builds. Generated from `openapi.yaml` by `movie_db.client.generate`."""

from collections.abc import Iterator

from movie_db.client._caller import Caller, Pages, in_path
from movie_db.client.models import Build, BuildNew, ListBuilds, WatchBuilds


class Builds(Caller):
    """A gallery's address goes in, its films come out."""

    def list_builds(self, *, limit: int | None = None, cursor: str | None = None) -> Pages[ListBuilds, Build]:
        """List builds.

        Those that this API was asked for, the newest first, page by page.

        Args:
            limit: Rows a page
            cursor: The page to give, as `next` of the page before names it; without it, the first. Of
                another list, or of another order, there is no such page (404).
        """
        return self._pages("/v1/builds", {"limit": limit, "cursor": cursor}, "builds")

    def start_build(self, body: BuildNew) -> Build:
        """Build the films of a gallery.

        Asks for a build, which is queued until a crawler takes it up: of `movie-db serve`, or of the suite
        in containers. A gallery that is being built already is not built twice at once (409, with
        `Location`). A build whose gallery was built in part before asks nobody anew for what was answered
        within the last 36 hours.
        """
        document: Build = self._json("POST", "/v1/builds", {}, body)
        return document

    def watch_builds(self) -> Iterator[WatchBuilds]:
        """Watch all builds.

        Server-sent events, without end: `builds` with the builds that are not over, the oldest first,
        whenever something of them changes. By this, crawlers take up builds and hear of those that were
        cancelled.
        """
        return self._events("/v1/builds/events")

    def read_build(self, id: int) -> Build:
        """Read one build.

        The status of the build and, once it has started, its progress.

        Args:
            id: The number of the build
        """
        document: Build = self._json("GET", f"/v1/builds/{in_path(id)}", {})
        return document

    def watch_build(self, id: int) -> Iterator[Build]:
        """Watch a build.

        Server-sent events: `progress` with the build, whenever something of it changes, looked for once a
        second; and `end` with the build as it ended, which is the last. Each has an `id`; who sends the
        last one heard as `Last-Event-ID`, as a browser's EventSource does by itself, is told only what has
        changed since. In silence, a comment every 15 seconds tells that the stream is alive.

        ``` const events = new EventSource("/v1/builds/1/events") events.addEventListener("progress", event
        => show(JSON.parse(event.data))) events.addEventListener("end", event => events.close()) ```

        Args:
            id: The number of the build
        """
        return self._events(f"/v1/builds/{in_path(id)}/events")

    def cancel_build(self, id: int) -> Build:
        """Cancel a build.

        Its crawler stops within seconds; what came into the database stays. A build that was cancelled
        stays so; one that has finished or failed can't be cancelled (409).

        Args:
            id: The number of the build
        """
        document: Build = self._json("POST", f"/v1/builds/{in_path(id)}/cancel", {})
        return document
