"""One vocabulary for genres: sources call the same genre "drama film", "Drama" or "Dramas"."""

import re
from typing import Final

_SYNONYMS: Final = {
    "action & adventure": ("Action", "Adventure"),
    "animated": ("Animation",),
    "biographical": ("Biography",),
    "biopic": ("Biography",),
    "comedy drama": ("Comedy", "Drama"),
    "comedy-drama": ("Comedy", "Drama"),
    "crime thriller": ("Crime", "Thriller"),
    "documentary": ("Documentary",),
    "dramedy": ("Comedy", "Drama"),
    "family": ("Family",),
    "historical": ("History",),
    "kids & family": ("Family",),
    "kids": ("Family",),
    "children's": ("Family",),
    "music & musical": ("Music",),
    "musical": ("Music",),
    "mystery & thriller": ("Mystery", "Thriller"),
    "reality tv": ("Reality",),
    "romantic": ("Romance",),
    "romantic comedy": ("Romance", "Comedy"),
    "sci-fi": ("Science Fiction",),
    "science-fiction": ("Science Fiction",),
    "sports": ("Sport",),
    "war & military": ("War",),
    "made in europe": ("European",),
}
_FILM: Final = re.compile(r"\s+(films?|movies?|cinema)$", re.IGNORECASE)


def genre_names(genre: str) -> tuple[str, ...]:
    """A source's genre in the common vocabulary, as one or several names: `drama film` → `Drama`."""
    plain = _FILM.sub("", " ".join(genre.split()))
    names = _SYNONYMS.get(plain.casefold())
    if names is not None:
        return names
    return (" ".join(word[:1].upper() + word[1:] for word in plain.split(" ")),)
