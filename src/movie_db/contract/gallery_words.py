"""The words of JustWatch's paths, which differ by country: `/us/movies`, `/fr/films`, `/kr/영화`.

Only words that make a difference are listed. The word before a provider (`provider`, `plateforme`, `poskytovatel`)
differs in every country, and any word is accepted there.
"""

import unicodedata
from typing import Final


def word(text: str) -> str:
    """A word of a path, normalized for comparison (NFC and case folding)."""
    return unicodedata.normalize("NFC", text).casefold()


FILMS: Final = frozenset(
    map(
        word,
        "movies movie film films filme filmes filmer filmy filmi filmid filmai filmas filmek filmovi filmler filmleri "
        "peliculas películas pelicula película pel-licules pel·lícules elokuvat elokuva leffat filem phim "
        "фильмы фильм филми филм фільми фільм филмови ταινίες ταινία סרטים סרט أفلام فيلم ภาพยนตร์ หนัง "
        "영화 映画 電影 电影 फिल्में film-uri kvikmyndir".split(),
    )
)
"""Words for `movies` and `movie`. At the start of a path of three parts, they mean the page of one title."""
SERIES: Final = frozenset(
    map(
        word,
        "tv-shows tv-show tv-series tv-serie tv-serier series serie séries série serien serier seriály seriál serialy "
        "serial seriale serije serija serijos seriāli seriaalid sarjat sarja sorozatok sorozat diziler dizi "
        "tv-programmer tv-program tv-programme programas-de-tv séries-tv programmi-tv sjónvarpsþættir "
        "сериалы сериал серіали серіал сериали серије σειρές σειρά סדרות סדרה مسلسلات مسلسل ซีรีส์ "
        "tv-프로그램 드라마 시리즈 テレビ番組 テレビドラマ ドラマ 電視節目 电视节目 電視劇 影集".split(),
    )
)
"""Words for `series`."""
NO_PROVIDER: Final = frozenset(
    "new popular upcoming coming-soon genre genres list lists person people guide guides search sports sport "
    "streaming-charts timeline watchlist seen".split()
)
"""English words for pages that are not a provider's gallery. Those of other languages are left to JustWatch."""
