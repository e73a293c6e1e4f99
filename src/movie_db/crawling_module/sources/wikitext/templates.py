"""Templates of English Wikipedia's infoboxes, by what readers see of them. Names are in lower case."""

from collections.abc import Mapping
from typing import Final

SEPARATOR: Final = "\x1f"
"""Stands between the items of a list in rendered text."""

LISTS: Final = frozenset(
    "plainlist|plain list|unbulleted list|unbulletedlist|ubl|ublist|ubt|flatlist|flat list|hlist|horizontal list"
    "|bulleted list|cslist|comma separated list|collapsible list|br separated entries|brlist|ordered list|tree list"
    "|pagelist|indented plainlist|columns-list|cast listing|multiple cases|multiple releases".split("|")
)
"""Each unnamed value is an item, or holds items."""

SHOWN: Final = frozenset(
    "nowrap|nobr|no wrap|small|smaller|big|larger|nobold|no bold|noitalic|no italic|nihongo|nihongo2|nihongo3"
    "|nihongo foot|abbr|abbrlink|tooltip|sort|ill|interlanguage link|interlanguage link multi|link-interwiki|illm"
    "|not a typo|notatypo|typo|sic|as written|visible anchor|flag|flagu|flagcountry|avoid wrap|allow wrap|nowraplinks"
    "|midsize|resize|proper name|circa|c.|ca.|literally translated|film title|formatnum|strong|em".split("|")
)
"""The first unnamed value is what readers see."""

SECOND: Final = frozenset("lang|langx|transl|transliteration|script|color|font color|lang-zh|hover title".split("|"))
"""The second unnamed value is what readers see."""

LITERAL: Final[Mapping[str, str]] = {
    "!": "|", "·": SEPARATOR, "•": SEPARATOR, "dot": SEPARATOR, "bull": SEPARATOR, "middot": SEPARATOR, "*": SEPARATOR,
    "br": SEPARATOR, ",": ",", "snd": " – ", "spnd": " – ", "spaced ndash": " – ", "spaced en dash": " – ",
    "ndash": "–", "en dash": "–", "mdash": "—", "nbsp": " ", "space": " ", "spaces": " ", "'": "'", "'s": "'s",
    "-'": "'", "&": "&", "us": "United States", "usa": "United States", "uk": "United Kingdom",
    "gbr": "United Kingdom", "fra": "France", "ger": "Germany", "deu": "Germany", "ind": "India", "can": "Canada",
    "aus": "Australia", "jpn": "Japan", "kor": "South Korea", "ita": "Italy", "esp": "Spain", "chn": "China",
}  # fmt: skip
"""What readers see whatever the values."""

CURRENCIES: Final[Mapping[str, str]] = {
    "us$": "US$", "usd": "US$", "usdollar": "US$", "us dollar": "US$", "united states dollar": "US$", "inr": "₹",
    "indian rupee": "₹", "rupee": "₹", "indian rupees": "₹", "inrconvert": "₹", "gbp": "£", "pound sterling": "£",
    "£": "£", "eur": "€", "euro": "€", "€": "€", "a$": "A$", "aud": "A$", "au$": "A$", "c$": "C$", "cad": "C$",
    "can$": "C$", "ca$": "C$", "hk$": "HK$", "hkd": "HK$", "nz$": "NZ$", "nzd": "NZ$", "jpy": "¥", "yen": "¥", "¥": "¥",
    "jpyconvert": "¥", "cny": "CN¥", "rmb": "CN¥", "cn¥": "CN¥", "krw": "₩", "won": "₩", "skrw": "₩", "php": "₱",
    "philippine peso": "₱", "ngn": "₦", "naira": "₦", "pkr": "PKR ", "lkr": "LKR ", "bdt": "৳", "rub": "₽",
    "ruble": "₽", "ils": "₪", "nis": "₪", "sek": "SEK ", "nok": "NOK ", "dkk": "DKK ", "pln": "PLN ", "brl": "R$",
    "mxn": "MX$", "nt$": "NT$", "twd": "NT$", "s$": "S$", "sgd": "S$", "myr": "MYR ", "rm": "MYR ", "idr": "IDR ",
    "idrconvert": "IDR ", "chf": "CHF ", "thb": "฿", "try": "₺", "uah": "UAH ", "zar": "ZAR ", "currency": "",
}  # fmt: skip
"""The sign that stands before the first unnamed value; a second one may be a scale."""

SCALES: Final[Mapping[str, str]] = {
    "c": "crore", "l": "lakh", "m": "million", "b": "billion", "k": "thousand", "t": "trillion",
}  # fmt: skip

DATES: Final = frozenset(
    "film date|filmdate|release date|start date|startdate|start date and age|release date and age|film release date"
    "|date|dts|end date|initial release date|video game release".split("|")
)
"""Year, month, day and place, over and over."""
