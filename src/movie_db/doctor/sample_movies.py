"""Well-known movies that every source has, which the doctor requests."""

from typing import Final, NamedTuple


class SampleMovie(NamedTuple):
    title: str
    justwatch: str
    imdb: str
    tmdb: str
    wikidata: str
    wikipedia: str


WELL_KNOWN: Final = (
    SampleMovie("The Matrix", "tm10", "tt0133093", "603", "Q83495", "The Matrix"),
    SampleMovie("2001: A Space Odyssey", "tm362", "tt0062622", "62", "Q103474", "2001: A Space Odyssey (film)"),
    SampleMovie("Taxi Driver", "tm84618", "tt0075314", "103", "Q47221", "Taxi Driver"),
    SampleMovie("The Wizard of Oz", "tm155702", "tt0032138", "630", "Q193695", "The Wizard of Oz (1939 film)"),
    SampleMovie("The Shawshank Redemption", "tm119206", "tt0111161", "278", "Q172241", "The Shawshank Redemption"),
)
