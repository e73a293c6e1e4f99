"""Parses a Wikipedia article into a film's record: infobox, lead, cast, plot, short description."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from movie_db.contract.fitting import fit
from movie_db.contract.ids import MovieNamespace, PersonNamespace, is_movie_id
from movie_db.contract.kinds import WorkKind
from movie_db.contract.messages import Release, SourceRecord
from movie_db.crawling_module.sources.base import several
from movie_db.crawling_module.sources.wikitext import rendering
from movie_db.crawling_module.sources.wikitext.cast import section_cast
from movie_db.crawling_module.sources.wikitext.infobox import Infobox, infobox
from movie_db.crawling_module.sources.wikitext.name_lists import items
from movie_db.crawling_module.sources.wikitext.rendering import Piece
from movie_db.crawling_module.sources.wikitext.templates import SEPARATOR
from movie_db.stitching import values
from movie_db.stitching.folding import fold_compact
from movie_db.stitching.kind import is_off_screen, kind_of

SOURCE: Final = "wikipedia"
LICENCE: Final = "CC BY-SA 4.0"


@dataclass(frozen=True, slots=True)
class Article:
    """A page's wikitext, with the API's facts about the page and its newest revision."""

    title: str
    pageid: int
    qid: str | None
    description: str | None
    wikitext: str
    revision: str | None = None
    edited_at: datetime | None = None


_HEADING: Final = re.compile(r"^==([^=\n][^\n]*?)==[ \t]*(?:<!--[^\n]*-->)?[ \t]*$", re.MULTILINE)
_PLOT: Final = ("plot", "plot summary", "synopsis", "plot synopsis", "premise", "story", "summary", "storyline")
_WRITTEN: Final = ("writer", "writers", "screenplay", "screenwriter", "teleplay", "story", "story_artist", "dialogue")
_CAST: Final = ("cast", "cast and characters", "starring", "voice cast", "cast list", "characters", "main cast")
_NO_INFOBOX: Final = Infobox("", {})


def article_record(article: Article, retrieved_at: datetime, url: str) -> SourceRecord:
    """Return the article as a record. Missing or damaged parts are absent.

    Sums and dates follow the rules of `values.money`, `values.box_office` and `values.earliest`. Cast: the infobox's,
    in its order, with roles from the cast section, then the section's others.
    """
    top, sections = parted(article.wikitext)
    top = rendering.without_unseen(top)
    box = infobox(top) or _NO_INFOBOX
    lead = _lead(top)
    description = article.description or _short_description(top)
    title, showings = _title(article, box), _showings(box)
    released = [showing.date for showing in showings]
    lasts, cost, earned = (
        rendering.plain(box.first(*names)) for names in (("runtime",), ("budget",), ("gross", "box_office", "revenue"))
    )
    plot = next((sections[s] for s in _PLOT if s in sections), "")
    cast = next((s for s in _CAST if s in sections), "")
    year = values.year_of(min(released, default=None)) or _year_said(article.title, description, lead)
    return fit(
        SourceRecord,
        {
            "source": SOURCE,
            "source_id": article.title,
            "url": url,
            "retrieved_at": retrieved_at,
            "licence": LICENCE,
            "language": "en",
            "revision": article.revision,
            "edited_at": article.edited_at,
            "kind": _kind(article.wikitext, box.name or None, description, lead),
            "ids": _ids(article, sections.get("external links", "")),
            "facts": {
                "title": title,
                "original_title": _original_title(box),
                "alternative_titles": tuple(n for n in _other_names(top) if n != title),
                "year": year if year and year >= 1870 else None,
                "release_date": values.earliest(released),
                "runtime": values.minutes(lasts),
                "plot": rendering.prose(plot) or None,
                "languages": _coded(box.first("language", "languages"), values.language_code),
                "countries": _coded(box.first("country", "countries"), values.country_code),
                "budget": values.money(cost),
                "box_office": values.box_office(earned),
                "directors": _credits(box.first("director", "directors", "directed_by"))
                or _described_director(description),
                "writers": _credits(*(box.first(n) for n in _WRITTEN)),
                "cast": _cast(box, sections.get(cast, ""), cast),
                "studios": _companies(box.first("production_companies", "production_company", "studio", "company")),
                "distributors": _companies(box.first("distributor", "distributors", "licensee")),
                "poster_url": _poster(box),
                "homepage": _homepage(box, sections.get("external links", "")),
            },
            "several": several(
                runtimes=values.runtimes(lasts),
                budgets=values.sums(cost),
                box_offices=values.sums(earned),
                releases=showings,
            ),
        },
    )


def parted(wikitext: str) -> tuple[str, dict[str, str]]:
    """Return the text above the first heading, and the level-two sections by lower-case name."""
    pieces = _HEADING.split(wikitext)
    found: dict[str, str] = {}
    for heading, text in zip(pieces[1::2], pieces[2::2], strict=True):
        found.setdefault(heading.strip().lower(), text)
    return pieces[0], found


def _lead(top: str) -> str:
    """Return the prose below the top's templates, as plain text."""
    start = 0
    while match := re.compile(r"\s*\{\{").match(top, start):
        end = rendering.template_end(top, match.end() - 2)
        if end is None:
            # A template that never closes: the lead begins with its first line in bold.
            bold = re.compile(r"^'''", re.MULTILINE).search(top, start)
            start = bold.start() if bold else len(top)
            break
        start = end
    return rendering.prose(top[start : start + 20_000])


_CATEGORY: Final = re.compile(r"\[\[[ \t]*category[ \t]*:[ \t]*([^\]|\n]+)", re.IGNORECASE)


def _kind(wikitext: str, box: str | None, description: str | None, lead: str) -> WorkKind | None:
    """Return the kind of the page's subject. A redirect has none."""
    if wikitext.lstrip()[:9].lower() == "#redirect":
        return "other"
    options = kind_of(infobox=box, description=description, lead=lead, categories=_CATEGORY.findall(wikitext))
    return options or ("other" if is_off_screen(lead) else None)


_SHORT: Final = re.compile(r"\{\{\s*short description\s*\|\s*(?:1\s*=\s*)?([^{}|]+)", re.IGNORECASE)


def _short_description(top: str) -> str | None:
    match = _SHORT.search(top)
    return match[1].strip() or None if match and match[1].strip().lower() != "none" else None


_SAID_YEAR: Final = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_DEFINED: Final = re.compile(r"\b(?:is|was) an? (?:[a-z]+ )?(1[89]\d\d|20\d\d)\b")


def _year_said(title: str, description: str | None, lead: str) -> int | None:
    """Return the year in the page's name, its description, or the lead's definition."""
    suffix = re.search(r"\(([^()]*)\)$", title)
    for match in (
        _SAID_YEAR.search(suffix[1]) if suffix else None,
        _SAID_YEAR.search(description or ""),
        _DEFINED.search(lead[:1000]),
    ):
        if match:
            return int(match[1])
    return None


_DISAMBIGUATOR: Final = re.compile(r" \([^()]*\)$")


def _title(article: Article, box: Infobox) -> str | None:
    written = rendering.plain(box.first("name", "title", "cartoon_name")).partition("; ")[0]
    return values.name(written) or values.name(_DISAMBIGUATOR.sub("", article.title))


_BOLD: Final = re.compile(r"'''''(?P<name>[^'\n]+(?:'[^'\n]+)*)'''''(?!')")


def _other_names(top: str) -> Iterable[str]:
    """Yield names in bold italics in the lead's first paragraph: the film's own and alternative ones."""
    start = re.search(r"^[^{|}\n]*'''''[^\n]*$", top, re.MULTILINE)
    options = (values.name(rendering.plain(m["name"])) for m in _BOLD.finditer(start[0] if start else ""))
    return dict.fromkeys(filter(None, options))


_NATIVE: Final = re.compile(r"kanji|kana|hangul|simplified|traditional|chinese|native|original|[a-z]{2,3}")


def _original_title(box: Infobox) -> str | None:
    """The title in its own script, from {{Film name}} or `native_name`."""
    raw = box.first("film_name", "native_name", "native_title", "original_title")
    if not raw:
        return None
    for template in rendering.parse(str(raw)).ifilter_templates(recursive=False):
        for parameter in template.params:
            name = str(parameter.name).strip().lower()
            if parameter.showkey and _NATIVE.fullmatch(name) and (value := rendering.plain(parameter.value)):
                return values.name(value)
    return values.name(rendering.plain(raw))


_RELEASED: Final = (
    "released",
    "release_date",
    "release",
    "first_aired",
    "original_release",
    "first_release",
    "airdate",
)


def _showings(box: Infobox) -> list[Release]:
    items = (rendering.tidy(item) for item in rendering.rendered(box.first(*_RELEASED)).split(SEPARATOR))
    return [showing for item in items for showing in values.releases(item)]


_PARTS: Final = re.compile(r"[,/;&]| and ")


def _coded(raw: Piece, code: Callable[[str], str | None]) -> tuple[str, ...]:
    """The codes of the countries or languages that a value lists."""
    parts = (p for item in items(raw) for p in ([item] if code(item) else _PARTS.split(item)))
    return tuple(dict.fromkeys(c for p in parts if (c := code(p))))


def _names(*raw: Piece) -> list[str]:
    return list(dict.fromkeys(n for piece in raw for item in items(piece) if (n := values.name(item))))


_LINKED: Final = re.compile(r"\[\[([^\[\]|{}<>#\n]{1,255})(?:\|([^\[\]\n]*))?\]\]")


def _pages(*raw: Piece) -> dict[str, str]:
    """Return the pages that names link to, by folded name.

    Only pages of the same name count: `[[Coen brothers|Joel Coen]]` doesn't link to the person's own page.
    """
    found: dict[str, str] = {}
    for target, shown in (link for piece in raw for link in _LINKED.findall(str(piece))):
        page = " ".join(target.replace("_", " ").split())
        page = page[:1].upper() + page[1:]
        name = fold_compact(shown.strip(" '") or page)
        if page and name == fold_compact(_DISAMBIGUATOR.sub("", page)):
            found.setdefault(name, page)
    return found


def _page_of(name: str, pages: Mapping[str, str]) -> dict[PersonNamespace, str]:
    """Return the person's page; not a single name alone, which may be anybody's."""
    page = pages.get(fold_compact(name))
    return {"wikipedia": page} if page and (" " in name or page != name) else {}


def _credits(*raw: Piece) -> list[dict[str, Any]]:
    pages = _pages(*raw)
    return [{"name": n, "ids": _page_of(n, pages), "billing": i} for i, n in enumerate(_names(*raw), 1)]


def _companies(raw: Piece) -> list[dict[str, Any]]:
    pages = _pages(raw)
    named = ((n, pages.get(fold_compact(n))) for n in _names(raw))
    return [{"name": n, "ids": {"wikipedia": page} if page else {}} for n, page in named]


_BY: Final = re.compile(r"\bfilm (?:written and )?(?:directed )?by ([^\W\d_][^,;()]+)$")


def _described_director(description: str | None) -> list[dict[str, Any]]:
    """Return the director in a short description such as `2018 film by Steven Caple Jr.`."""
    match = _BY.search(description or "")
    return _credits(match[1]) if match else []


def _cast(box: Infobox, section: str, heading: str) -> list[dict[str, Any]]:
    """Return the infobox's cast, then the section's. People with the same folded name are one."""
    starring = box.first("starring", "voices", "voice_actor", "cast")
    narrating = box.first("narrator", "narrated_by")
    pages = _pages(starring, section, narrating)
    billed = {fold_compact(n): n for n in _names(starring)}
    roles: dict[str, str] = {}
    for name, role in section_cast(section, heading):
        billed.setdefault(fold_compact(name), name)
        roles.setdefault(fold_compact(name), role)
    for name in _names(narrating):
        billed.setdefault(fold_compact(name), name)
        roles[fold_compact(name)] = roles.get(fold_compact(name)) or "Narrator"
    return [
        {"name": n, "ids": _page_of(n, pages), "role": roles.get(key, ""), "billing": i}
        for i, (key, n) in enumerate(billed.items(), 1)
    ]


_IMDB: Final = re.compile(
    r"\{\{\s*imdb(?: (?:title|movie|film))?\s*\|\s*(?:(?:id|1)\s*=\s*)?(?:tt)?0*(\d{1,10})\s*[|}]", re.IGNORECASE
)
_SITE: Final = re.compile(
    r"\{\{\s*official (?:website|site)\s*\|\s*(?:(?:url|1)\s*=\s*)?(https?://[^\s|{}]+)"
    r"|\[(https?://\S+) [^\]\n]*\bofficial (?:web ?)?site\b",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"(?:https?://)?((?:[\w-]+\.)+[a-z]{2,}(?:/[^\s|\[\]{}<]*)?)", re.IGNORECASE)


def _ids(article: Article, links: str) -> dict[MovieNamespace, str]:
    """Return the page's ids. An IMDb id counts only if the external links have just one title: others may be a
    sequel's.
    """
    titles = {f"tt{int(number):07}" for number in _IMDB.findall(links)}
    found: dict[MovieNamespace, str | None] = {
        "wikipedia": article.title,
        "wikidata": article.qid,
        "imdb": titles.pop() if len(titles) == 1 else None,
    }
    return {n: v for n, v in found.items() if v and is_movie_id(n, v)}


def _homepage(box: Infobox, links: str) -> str | None:
    """Return the infobox's site, or else the official one among the external links."""
    written = str(box.first("website", "homepage", "official_website"))
    own, linked = _ADDRESS.search(written), _SITE.search(links)
    scheme = "https" if "https://" in written else "http"
    found = f"{scheme}://{own[1]}" if own else (linked[1] or linked[2]) if linked else ""
    return found if 0 < len(found) <= 255 else None


_FILE: Final = re.compile(
    r"(?:\[\[)?(?:(?:file|image)\s*:)?\s*([^|\[\]{}<>\n]+\.(?:jpe?g|png|gif|webp))", re.IGNORECASE
)
_POSTER: Final = re.compile(
    r"poster|one[- ]sheet|cover|artwork|lobby card|locandina|affiche|plakat|cartel\b", re.IGNORECASE
)


def _poster(box: Infobox) -> str | None:
    """Return the address of the infobox's picture, if its name or caption says that it is a poster."""
    picture = _FILE.match(str(box.first("image", "poster")).strip())
    options = " ".join(str(box.first(name)) for name in ("image", "caption", "alt"))
    if picture is None or not (_POSTER.search(options) or "poster" in box.values):
        return None
    found = f"https://en.wikipedia.org/wiki/Special:FilePath/{quote(picture[1].strip().replace(' ', '_'))}"
    return found if len(found) <= 255 else None
