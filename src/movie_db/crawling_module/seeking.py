"""Films sought in Wikidata by their titles: letter by letter in batches, or one by one by their words."""

from collections.abc import Iterable, Sequence

from movie_db.contract.errors import SourceError
from movie_db.crawling_module.asking import Asker
from movie_db.crawling_module.sources import wikidata
from movie_db.crawling_module.wikimedia import fetch_by_key


async def titled(
    asker: Asker, titles: Iterable[str], languages: Sequence[str]
) -> tuple[dict[str, list[wikidata.Hit]], dict[str, SourceError]]:
    """By title the films that bear it in one of the languages, and which titles met an error."""
    size = 100 if len(languages) < 5 else 20
    return await fetch_by_key(
        asker,
        titles,
        size,
        lambda batch: wikidata.plan_by_titles(batch, languages),
        lambda answer: wikidata.parse_by_titles(answer.body),
    )


async def worded(asker: Asker, titles: Iterable[str]) -> tuple[dict[str, list[str]], dict[str, SourceError]]:
    """By title the films that bear its words in a label or an alias, best first; a search each."""
    asked = {ask.url: title for title in titles for ask in wikidata.plan_search(title)}
    return await fetch_by_key(
        asker,
        asked.values(),
        1,
        lambda batch: [ask for title in batch for ask in wikidata.plan_search(title)],
        lambda answer: {asked[answer.ask.url]: wikidata.parse_search(answer.body)},
    )
