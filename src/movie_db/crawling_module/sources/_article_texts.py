"""Parses title and plot of an article in another Wikipedia than the English one. Its infobox is not read."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from movie_db.contract.messages import SourceRecord
from movie_db.crawling_module.sources._article import Article, parted
from movie_db.crawling_module.sources.translations import in_language
from movie_db.crawling_module.sources.wikitext import rendering
from movie_db.stitching import values

PLOTS: Final[Mapping[str, tuple[str, ...]]] = {
    "ar": ("القصة", "قصة الفيلم", "الحبكة", "حبكة"),
    "bg": ("сюжет",),
    "ca": ("argument", "sinopsi", "trama"),
    "cs": ("děj", "příběh", "obsah", "zápletka"),
    "da": ("handling", "plot"),
    "de": ("handlung", "inhalt"),
    "el": ("πλοκή", "υπόθεση", "σενάριο"),
    "es": ("argumento", "trama", "sinopsis", "historia"),
    "eu": ("argumentua",),
    "fa": ("داستان", "خلاصه داستان", "داستان فیلم"),
    "fi": ("juoni",),
    "fr": ("synopsis", "résumé", "intrigue", "histoire", "résumé détaillé"),
    "he": ("עלילה", "עלילת הסרט", "תקציר העלילה"),
    "hi": ("कथानक", "कहानी", "सारांश", "पटकथा"),
    "hr": ("radnja", "sažetak"),
    "hu": ("cselekmény", "történet"),
    "id": ("alur", "plot", "sinopsis", "cerita"),
    "it": ("trama",),
    "ja": ("あらすじ", "ストーリー", "物語"),
    "ko": ("줄거리", "시놉시스"),
    "nb": ("handling", "plott", "handlingen"),
    "nl": ("verhaal", "plot", "inhoud", "het verhaal"),
    "pl": ("fabuła", "opis fabuły", "treść"),
    "pt": ("enredo", "sinopse", "história", "trama"),
    "ro": ("rezumat", "subiect", "intrigă", "acțiune"),
    "ru": ("сюжет",),
    "sk": ("dej", "obsah"),
    "sl": ("zgodba", "vsebina"),
    "sr": ("радња", "заплет", "радња филма"),
    "sv": ("handling", "intrig"),
    "th": ("เนื้อเรื่อง", "โครงเรื่อง", "เรื่องย่อ"),
    "tr": ("konu", "konusu", "olay örgüsü", "hikâye"),
    "uk": ("сюжет",),
    "vi": ("nội dung", "cốt truyện", "tóm tắt"),
    "zh": ("剧情", "劇情", "情节", "情節", "剧情简介", "故事大綱", "故事大纲"),
}
"""Headings of the plot section in each language, in lower case, the most common first."""
_SUBDOMAINS: Final = {"nb": "no"}
_DISAMBIGUATOR: Final = re.compile(r"\s*[(（][^()（）]*[)）]$")
_PICTURE: Final = re.compile(
    r"\[\[[^\[\]|:]{2,15}:[^\[\]|]+\.(?:jpe?g|png|svg|gif|webp)\b(?:[^\[\]]|\[\[[^\[\]]*\]\])*\]\]", re.I
)
"""A picture, whatever its namespace is called in this Wikipedia."""


def subdomain(language: str) -> str:
    """The name of a language's Wikipedia."""
    return _SUBDOMAINS.get(language, language)


def article_texts(
    record: SourceRecord, article: Article, language: str, url: str, retrieved_at: datetime
) -> SourceRecord | None:
    """Return an article's title and plot, based on a `record` of the movie. A plot under an unknown heading is not
    found.
    """
    top, found = parted(article.wikitext)
    if top.lstrip().startswith("#"):
        return None
    plot = next((found[heading] for heading in PLOTS.get(language, ()) if heading in found), "")
    return in_language(
        record,
        language,
        title=values.name(_DISAMBIGUATOR.sub("", article.title)),
        plot=rendering.prose(_PICTURE.sub("", plot)),
        url=url,
        retrieved_at=retrieved_at,
    )
