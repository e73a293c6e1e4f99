"""Countries and languages: English names, as sources write them, to ISO codes and back. Uses pycountry's lists."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import pycountry

from movie_db.stitching.folding import fold

COUNTRY_NAMES: Final[Mapping[str, str]] = {
    "GB": "United Kingdom", "RU": "Russia", "BN": "Brunei", "CV": "Cape Verde", "CI": "Ivory Coast", "CD": "DR Congo",
    "CG": "Republic of the Congo", "FK": "Falkland Islands", "FM": "Micronesia", "TR": "Turkey", "CZ": "Czech Republic",
    "MO": "Macau", "PS": "Palestine", "VA": "Vatican City", "SZ": "Eswatini", "KR": "South Korea", "KP": "North Korea",
    "SU": "Soviet Union", "YU": "Yugoslavia", "CS": "Czechoslovakia", "DD": "East Germany",
}  # fmt: skip
"""Common English names that differ from ISO's. Former states have the codes that ISO withdrew (ISO 3166-3), but West
Germany has that of Germany."""

_OTHER_COUNTRIES: Final[Mapping[str, str]] = {
    "us": "US", "usa": "US", "u s": "US", "u s a": "US", "united states of america": "US", "america": "US",
    "uk": "GB", "u k": "GB", "great britain": "GB", "britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "united kingdom of great britain and ireland": "GB", "korea": "KR",
    "republic of korea": "KR", "west germany": "DE", "nazi germany": "DE", "weimar republic": "DE",
    "german empire": "DE", "federal republic of germany": "DE", "gdr": "DD", "german democratic republic": "DD",
    "ussr": "SU", "u s s r": "SU", "russian soviet federative socialist republic": "SU", "ukrainian ssr": "SU",
    "russian empire": "RU", "serbia and montenegro": "RS", "federal republic of yugoslavia": "RS",
    "socialist federal republic of yugoslavia": "YU", "czechoslovak socialist republic": "CS",
    "british raj": "IN", "british india": "IN", "dominion of india": "IN", "british hong kong": "HK",
    "peoples republic of china": "CN", "mainland china": "CN", "republic of china": "TW", "holland": "NL",
    "kingdom of the netherlands": "NL", "kingdom of denmark": "DK", "kingdom of italy": "IT", "turkiye": "TR",
    "burma": "MM", "uae": "AE", "macedonia": "MK", "republic of ireland": "IE", "irish free state": "IE",
    "state of palestine": "PS", "palestinian territories": "PS", "the bahamas": "BS", "the gambia": "GM",
    "empire of japan": "JP", "imperial state of iran": "IR", "pahlavi iran": "IR", "russian federation": "RU",
    "democratic republic of the congo": "CD", "swaziland": "SZ", "viet nam": "VN", "south vietnam": "VN",
    "french fourth republic": "FR", "austria hungary": "AT", "union of south africa": "ZA", "east timor": "TL",
}  # fmt: skip

LANGUAGE_NAMES: Final[Mapping[str, str]] = {
    "zh": "Chinese", "yue": "Cantonese", "pa": "Punjabi", "el": "Greek", "ms": "Malay", "ne": "Nepali", "ps": "Pashto",
    "sw": "Swahili", "or": "Odia", "sh": "Serbo-Croatian", "nb": "Norwegian Bokmål", "nn": "Norwegian Nynorsk",
    "ga": "Irish", "tl": "Tagalog", "si": "Sinhala", "ky": "Kyrgyz", "ug": "Uyghur", "oc": "Occitan",
    "gd": "Scottish Gaelic", "kl": "Greenlandic", "hbo": "Biblical Hebrew", "arc": "Aramaic", "grc": "Ancient Greek",
}  # fmt: skip
_OTHER_LANGUAGES: Final[Mapping[str, str]] = {
    "mandarin": "zh", "mandarin chinese": "zh", "standard chinese": "zh", "standard mandarin": "zh", "putonghua": "zh",
    "taiwanese mandarin": "zh", "yue chinese": "yue", "cantonese chinese": "yue", "hokkien": "nan", "taiwanese": "nan",
    "taiwanese hokkien": "nan", "shanghainese": "wuu", "american english": "en", "british english": "en",
    "mexican spanish": "es", "castilian": "es", "farsi": "fa", "dari": "fa", "filipino": "tl", "bangla": "bn",
    "bahasa indonesia": "id", "flemish": "nl", "brazilian portuguese": "pt", "oriya": "or", "gaelic": "ga",
    "irish gaelic": "ga", "modern greek": "el", "panjabi": "pa", "bokmal": "nb", "nynorsk": "nn", "malaysian": "ms",
    "hindustani": "hi", "hindi urdu": "hi", "modern hebrew": "he", "egyptian arabic": "ar", "standard arabic": "ar",
    "canadian french": "fr", "quebec french": "fr", "swiss german": "gsw", "inuit": "iu", "khmer language": "km",
    "moldovan": "ro", "sinhalese": "si", "silent": "zxx", "kirghiz": "ky", "asl": "ase", "lakota": "lkt",
}  # fmt: skip
_NO_LANGUAGE: Final = frozenset({"mul", "und", "zxx", "mis"})
"""ISO's codes for several languages, an unknown one or none."""


def _spellings(entry: Any) -> Iterator[str]:
    for attribute in ("name", "common_name", "official_name", "inverted_name"):
        name: str | None = getattr(entry, attribute, None)
        if name:
            yield name
            head, comma, tail = name.partition(", ")
            if comma:
                yield f"{tail} {head}"
            yield name.partition(" (")[0]


@cache
def _countries() -> Mapping[str, str]:
    iso = {fold(n): c.alpha_2 for c in pycountry.countries for n in _spellings(c)}
    ours = {fold(n): code for code, n in COUNTRY_NAMES.items()}
    return iso | ours | dict(_OTHER_COUNTRIES)


def _short(language: Any) -> str:
    return str(getattr(language, "alpha_2", None) or language.alpha_3)


@cache
def _languages() -> Mapping[str, str]:
    # Of languages with the same name, those with a two-letter code come first, then living ones.
    ranked = sorted(pycountry.languages, key=lambda e: (hasattr(e, "alpha_2"), getattr(e, "type", "") == "L"))
    iso = {fold(n): _short(e) for e in ranked for n in _spellings(e)}
    return iso | {fold(n): code for code, n in LANGUAGE_NAMES.items()} | dict(_OTHER_LANGUAGES)


def country_code(name: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of an English country name, or of a code of two or three letters; None if unknown.

    `Soviet Union` gives SU, `Yugoslavia` YU, `Czechoslovakia` CS, `East Germany` DD; `West Germany` gives DE.
    """
    name = name.strip()
    if len(name) in {2, 3} and name.isascii() and name.isupper():
        code = pycountry.countries.get(alpha_2=name) or pycountry.countries.get(alpha_3=name)
        if code or name in COUNTRY_NAMES:
            return str(code.alpha_2) if code else name
    key = fold(name)
    return _countries().get(key) or _countries().get(key.removeprefix("the "))


def language_code(name: str) -> str | None:
    """The ISO 639 code of an English language name or of a code: two letters if possible, otherwise three.

    Mandarin gives `zh`, like sources with two-letter codes only; Cantonese gives `yue`. No language (silent films,
    `mul`, `und`) gives None.
    """
    name = name.strip()
    if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", name):
        entry = pycountry.languages.get(**{f"alpha_{len(name.split('-')[0])}": name.split("-")[0]})
        code = {"cmn": "zh", "fil": "tl"}.get(name) or (_short(entry) if entry else None)
    else:
        key = fold(name)
        code = _languages().get(key) or _languages().get(key.removesuffix(" language").removeprefix("early modern "))
    return None if code in _NO_LANGUAGE else code


def country_name(code: str) -> str:
    """The common English name of a country's code; the code itself if unknown."""
    if code in COUNTRY_NAMES:
        return COUNTRY_NAMES[code]
    entry = pycountry.countries.get(alpha_2=code)
    return str(getattr(entry, "common_name", None) or entry.name).partition(",")[0] if entry else code


def language_name(code: str) -> str:
    """The English name of a language's code; the code itself if unknown."""
    if code in LANGUAGE_NAMES:
        return LANGUAGE_NAMES[code]
    entry = pycountry.languages.get(**{f"alpha_{len(code)}": code}) if len(code) in {2, 3} else None
    return str(entry.name).partition(" (")[0] if entry else code
