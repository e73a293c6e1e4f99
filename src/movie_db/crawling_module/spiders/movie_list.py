"""MovieListSpider: a gallery's address in, the movie list out."""

from collections.abc import AsyncIterator
from pathlib import Path

from movie_db.contract.messages import GalleryListed, Message, MovieListEntry
from movie_db.crawling_module import galleries
from movie_db.crawling_module.spiders.base import RunSpider


class MovieListSpider(RunSpider):
    """Lists the movies of the run's gallery in `movie_list`, and reports at the end how complete the list is."""

    name = "movie_list"
    order = 1

    @property
    def segment(self) -> Path:
        return self.run.list_segment

    async def messages(self) -> AsyncIterator[Message]:
        if self.run.listed():
            return
        started = self.run.started
        gallery = galleries.find(started.gallery)
        gallery.full_titles = started.refresh is not None
        read = self.fetcher(self.settings_.gateway).read
        listed = 0
        yield started
        async for message in gallery.films(read, started.run):
            if isinstance(message, MovieListEntry):
                listed += 1
                if started.limit is not None and listed > started.limit:
                    continue
            yield message
            if isinstance(message, GalleryListed) and not message.found:
                self.logger.warning("The gallery %s is empty.", started.gallery)
