"""Operations: builds. Generated from `openapi.yaml` by `movie_db.client.generate`."""

from collections.abc import Iterator

from movie_db.client._caller import Caller, Pages, in_path
from movie_db.client.models import Build, BuildNew, ListBuilds, WatchBuilds


class Builds(Caller):
    """Turn a gallery's address into movies."""

    def list_builds(self, *, limit: int | None = None, cursor: str | None = None) -> Pages[ListBuilds, Build]:
        """List builds.

        Builds that were requested through this API, newest first, page by page.

        Args:
            limit: Maximum number of rows per page
            cursor: The page, as given by `next` of the previous page; the default is the first page. A
                cursor of another list or another order is not found (404).
        """
        return self._pages("/v1/builds", {"limit": limit, "cursor": cursor}, "builds")

    def start_build(self, body: BuildNew) -> Build:
        """Build the movies of a gallery.

        Queues a build. A crawler picks it up: that of `movie-db serve`, or that of the suite in containers.
        Only one build of a gallery can be in progress (otherwise 409, with `Location`). If an earlier build
        got part of the way, responses from the last 36 hours are not requested again.
        """
        document: Build = self._json("POST", "/v1/builds", {}, body)
        return document

    def watch_builds(self) -> Iterator[WatchBuilds]:
        """Watch all builds.

        An endless stream of server-sent events: `builds`, with all unfinished builds, oldest first,
        whenever one of them changes. Crawlers use it to pick up builds and to notice cancellations.
        """
        return self._events("/v1/builds/events")

    def read_build(self, id: int) -> Build:
        """Read one build.

        The status of the build and, once it has started, its progress.

        Args:
            id: The build's number
        """
        document: Build = self._json("GET", f"/v1/builds/{in_path(id)}", {})
        return document

    def watch_build(self, id: int) -> Iterator[Build]:
        """Watch one build.

        A stream of server-sent events: `progress`, with the build, whenever it changes (checked once per
        second), and finally `end`, with the build in its final state. Each event has an `id`. With the last
        received id as `Last-Event-ID`, which a browser's EventSource sends by itself, the stream continues
        with what has changed since. If nothing changes, a comment every 15 seconds keeps the connection
        alive.

        ``` const events = new EventSource("/v1/builds/1/events") events.addEventListener("progress", event
        => show(JSON.parse(event.data))) events.addEventListener("end", event => events.close()) ```

        Args:
            id: The build's number
        """
        return self._events(f"/v1/builds/{in_path(id)}/events")

    def cancel_build(self, id: int) -> Build:
        """Cancel a build.

        The crawler stops within seconds. Movies that are in the database already stay there. Cancelling a
        cancelled build has no effect. A build that has finished or failed cannot be cancelled (409).

        Args:
            id: The build's number
        """
        document: Build = self._json("POST", f"/v1/builds/{in_path(id)}/cancel", {})
        return document
