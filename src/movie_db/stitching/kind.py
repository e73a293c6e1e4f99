"""What is it: a film, a short film, a TV film, a series, or something else?

Never decided from a title: "Avatar: The Last Airbender" is a series, a novel bears the name of its film. Evidence
counts in this order, and the first that knows decides:

1. Wikidata's classes (P31);
2. categories of what is no work at all: lists, persons, disambiguation pages;
3. the short description, by its head noun: in "American film director" that is the director;
4. the definition in the lead ("… is a 1999 drama film"), read the same way;
5. the infobox: after the words, since a film series' article bears a film's infobox, and a TV film's a series';
6. the categories ("1999 films");
7. classes that two kinds share, such as that of film projects.

What counts as a film, and why, is a table in ARCHITECTURE.md.
"""

import re
from collections.abc import Iterable
from typing import Final

from movie_db.contract.kinds import WorkKind
from movie_db.stitching.wikidata_classes import CLASSES, LEANINGS

FILM_KINDS: Final[frozenset[WorkKind]] = frozenset({"film", "short film", "TV film"})
"""The kinds that belong into a movie database."""


def kind_of(
    *,
    wikidata_classes: Iterable[str] = (),
    infobox: str | None = None,
    description: str | None = None,
    lead: str | None = None,
    categories: Iterable[str] = (),
) -> WorkKind | None:
    """The kind of what a page or an item is about; None where the evidence does not say.

    Args:
        wikidata_classes: ids of the item's P31 values, such as `Q11424`.
        infobox: name of the page's first infobox template, such as `Infobox film`.
        description: the short description, such as `2009 film by James Cameron`.
        lead: plain text from the article's beginning; only its first definition is read.
        categories: the page's categories, with or without `Category:`.
    """
    classes, names = tuple(wikidata_classes), tuple(categories)
    return (
        of_classes(classes)
        or _first(names, _NO_WORK)
        or of_description(description)
        or of_lead(lead)
        or of_infobox(infobox)
        or of_categories(names)
        or next((LEANINGS[qid] for qid in classes if qid in LEANINGS), None)
    )


FILM_CLASSES: Final = frozenset(
    {
        *(qid for kind in FILM_KINDS for qid in CLASSES[kind]),
        *(qid for qid, kind in LEANINGS.items() if kind in FILM_KINDS),
    }
)
"""Wikidata's classes (P31) of what may belong into a movie database."""


def of_classes(classes: Iterable[str]) -> WorkKind | None:
    """By Wikidata's classes (P31). A film that is also a short or TV film is that; other mixtures decide nothing.

    Nor do the classes that two kinds share: see `kind_of`.
    """
    said = frozenset(classes)
    kinds = {kind for kind, ids in CLASSES.items() if ids & said}
    if len(kinds) > 1:
        kinds.discard("film")
        if not kinds <= FILM_KINDS:
            return None
    return kinds.pop() if len(kinds) == 1 else None


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_PARENTHESES = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_YEAR = re.compile(r"\b(?:18[89]|19\d|20\d)\d\b")
_MAKER = re.compile(r"\b(?:by|starring) [A-Z]|^(?i:upcoming|unreleased|unfinished|lost)\b")
_FILMISH = re.compile(r"film|movie|cinema|documentar|cartoon|motion picture|película|anime", re.I)

# Where a description's noun phrase ends: "2009 film | by …", "Character | in the film …".
_END = _words(
    """
    about across adapted after against aired also and around as at based before between broadcast by characterized
    comprising consisting co-written created described developed directed during edited featuring filmed following
    for formed from held hosted in inspired intended into made making of on or over part played presented produced
    published recorded referred released scheduled serving set shot showing starring televised that the through to
    under used which who whose with within without written
    """
)
_NOTHING = _words("a an any the its this one first second third fourth fifth last final next")

_FILM = _words("film movie biopic")
_SHORT = _words("short featurette")
_TV = _words("television tv made-for-television made-for-tv telefilm telemovie")
_FILM_TERMS = {("motion", "picture"), ("film", "adaptation"), ("film", "noir")}
_TV_FILM = _words("telefilm telemovie telefeature")
_ONCE = _words("special documentary docudrama mockumentary play")
_SHOWN_ONCE = _words("comedy stand-up concert musical variety")
_IN_CINEMAS = _words("film movie theatrical silent cliffhanger")
_UNMADE = _words("cancelled canceled unmade unproduced unrealized unrealised")
_SERIES = _words(
    """
    series miniseries mini-series serial sitcom docuseries docu-series soap telenovela teledrama show gameshow
    program programme webseries season
    """
)
_NOT_SCREEN = _words(
    """
    film movie book books novel novels comic comics manga manhwa game games album albums racing concert novella
    light lecture event sports play plays radio podcast audio
    """
)
# Genres and makings: the word alone does not tell whether it was a film, a play or a series.
_AMBIGUOUS = _words(
    """
    adaptation adventure anime animation biography cartoon chapter comedy crime debut drama entry epic fantasy feature
    fiction horror installment instalment melodrama mystery noir omnibus parody part picture prequel production project
    remake romance satire sequel spin-off thriller tragedy version video war western work
    """
)
_OTHER = _words(
    """
    actor actress advertisement album animator anthology attraction author autobiography award ballet band book
    boxset campaign character choreographer cinema cinematographer club comedian comic commercial company competition
    composer concert critic director disambiguation discography distributor edition editor entertainer episode event
    exhibition festival filmmaker filmmaking filmography franchise game genre group guide historian history hoax
    industry influence list magazine manga memoir model movement museum musical musician newspaper novel novelisation
    novelist novelization novella opera organisation organization overview painting performance person pilot play
    playwright podcast poem presenter producer rapper record ride saga school score screenplay screenwriter script
    scriptwriter simulator singer single sketch song soundtrack story studio style subgenre teaser technique term
    tetralogy theater theatre tour track trailer trilogy venue webcomic writer
    """
)
_OTHER_TERMS = {("music", "video"), ("video", "box"), ("dvd", "box"), ("blu-ray", "box")}
# "Making of the film": about one, but none.
_ABOUT = re.compile(r"(?:production|making|development|reception|music) of\b.*\b(?:film|movie)s?\b", re.I)
_SERIES_OF_WORKS = re.compile(r"series of\b.*\b(?:films|movies|books|novels|games|albums|comics|plays|stories)\b", re.I)


def _noun_phrase(text: str) -> tuple[str, ...]:
    """The lower-case words of the phrase that names the thing, its head noun last.

    Of several between commas the first that names something known: "a multi-director, international feature film".
    """
    phrases: list[list[str]] = [[]]
    end = 0
    for match in _WORD.finditer(text):
        word = match[0].lower()
        gap = text[end : match.start()]
        end = match.end()
        if phrases[-1] and (word in _END or re.search(r"[;:|&]|\s[–—-]\s|\.\s", gap)):
            break
        if "," in gap and phrases[-1]:
            phrases.append([])
        if word not in _NOTHING or phrases[-1]:
            phrases[-1].append(word)
    named = [tuple(words) for words in phrases if words]
    return next((words for words in named if _is_known(words)), named[0] if named else ())


def _is_known(words: tuple[str, ...]) -> bool:
    return words[-1] in _AMBIGUOUS or bool(_screen_work(words) or _other(words))


def of_description(description: str | None) -> WorkKind | None:
    """By a short description, in English.

    A film is one that a year, a maker or its being to come tells from the notion ("Film with no recorded sound").
    """
    text = _PARENTHESES.sub("", description or "").strip()
    words = _noun_phrase(text)
    if not words:
        return None
    if _ABOUT.match(text):
        return "other"
    said = _screen_work(words) or _other(words)
    if said in FILM_KINDS:
        if _UNMADE & set(words):
            return "other"
        return said if _is_one(text) else None
    if said == "series" and _SERIES_OF_WORKS.search(text):
        return "other"
    if said or words[-1] in _AMBIGUOUS or _YEAR.search(text) or _FILMISH.search(" ".join(words)):
        return said
    return "other"


def _is_one(text: str) -> bool:
    """Whether a film is meant, and not the notion."""
    return bool(_YEAR.search(text) or _MAKER.search(text))


def _screen_work(words: tuple[str, ...]) -> WorkKind | None:
    """The kind of film or series that the noun phrase names; None for all else."""
    head, rest = words[-1], frozenset(words[:-1])
    if head == "serial" and (rest & _IN_CINEMAS or any(word.endswith("-chapter") for word in rest)):
        return "film"
    if head in _SERIES:
        return "other" if head == "series" and rest & _NOT_SCREEN else "series"
    if head in _TV_FILM or (rest & _TV and head in _FILM | _ONCE) or (head == "special" and rest & _SHOWN_ONCE):
        return "TV film"
    if head in _SHORT or words[-2:] == ("short", "subject") or (head in _FILM and rest & _SHORT):
        return "short film"
    if head in _FILM or head == "documentary" or words[-2:] in _FILM_TERMS:
        return "film"
    return None


def _other(words: tuple[str, ...]) -> WorkKind | None:
    """`other` for what is surely no film: a person, a book, an event, or several things at once."""
    head = words[-1]
    several = len(head) > 3 and head.endswith("s") and not head.endswith("ss")
    unmade = head == "project" and _UNMADE & set(words)
    return "other" if several or unmade or head in _OTHER or words[-2:] in _OTHER_TERMS else None


_DEFINITION = re.compile(r"\b(?:is|was|are|were|will be)\s+(?:an?|the|one of the)\s+(?P<what>.+?)(?:\.\s|\.?$)", re.S)
# Titles have capitals: "A silent film is …" defines a notion, "A Serious Man is …" a film.
_NOTION = re.compile(r"An? [a-z]")


def of_lead(lead: str | None) -> WorkKind | None:
    """By an article's beginning in plain text: what its first "is a …" says."""
    text = lead or ""
    while (shorter := _PARENTHESES.sub("", text)) != text:
        text = shorter
    text = " ".join(text.split())
    definition = _DEFINITION.search(text)
    if not definition:
        return None
    return of_description(definition["what"]) or ("other" if _NOTION.match(text) else None)


_ON_SCREEN = re.compile(rf"{_FILMISH.pattern}|directed|screenplay|starring|short|television", re.I)


def is_off_screen(lead: str) -> bool:
    """Whether an article's whole lead speaks of nothing that is made for a screen, as every film's does."""
    return bool(lead) and not _ON_SCREEN.search(lead)


_INFOBOXES: Final[dict[str, WorkKind]] = {
    "film": "film",
    "movie": "film",
    "hollywood cartoon": "short film",
    "television film": "TV film",
    "short film": "short film",
    "animanga/ova": "film",
}
_SCREEN_BOX = re.compile(r"television|tv|animanga|web series", re.I)


def of_infobox(infobox: str | None) -> WorkKind | None:
    """By the name of the infobox template; one of another field (person, settlement, album …) means something else."""
    name = " ".join((infobox or "").replace("_", " ").lower().split()).removeprefix("template:")
    if not name.startswith("infobox"):
        return None
    subject = name.removeprefix("infobox").strip()
    if kind := _INFOBOXES.get(subject):
        return kind
    if not subject:
        return None
    if _SCREEN_BOX.match(subject):
        return "other" if "episode" in subject else "series"
    return "other"


_Forms = tuple[tuple[re.Pattern[str], WorkKind], ...]
_NO_WORK: Final[_Forms] = (
    (re.compile(r".*disambiguation pages.*|lists of .+|living people|\d{4} (?:births|deaths)", re.I), "other"),
)
# First match decides: a film's page may bear a franchise's category too, but a franchise's page no year's films
# ("2010s American films" it may).
_CATEGORIES: Final[_Forms] = (
    *_NO_WORK,
    (re.compile(r"\d{4} (?:.+ )?(?:television|tv) (?:films|specials)", re.I), "TV film"),
    (re.compile(r"\d{4} (?:.+ )?short films", re.I), "short film"),
    (
        re.compile(r"(?:\d{4}|lost(?= .+ )|unfinished|unreleased|upcoming) (?:(?!.*adapted into).+ )?films", re.I),
        "film",
    ),
    (re.compile(r"(?:.+ )?(?:tv|television) (?:series|seasons|shows|programs|programmes)(?: .+)?", re.I), "series"),
    (re.compile(r"(?:.+ )?film (?:series|trilogies)(?: .+)?", re.I), "other"),
    (
        re.compile(
            r"(?!(?:.+ )?films (?:about|based|directed|scored|set|with)\b)(?:.+ )?(?:albums|awards|ballets|books"
            r"|characters|comics|companies|festivals|filmographies|genres|manga|musicals|novels|operas|plays|podcasts"
            r"|singles|songs|studios|terminology|video games)(?: .+)?|\d{4} in film|film by year",
            re.I,
        ),
        "other",
    ),
)


def of_categories(categories: Iterable[str]) -> WorkKind | None:
    """By the page's categories, in English."""
    return _first(tuple(categories), _CATEGORIES)


def _first(categories: tuple[str, ...], forms: _Forms) -> WorkKind | None:
    names = [c.removeprefix("Category:").replace("_", " ") for c in categories]
    return next((kind for form, kind in forms if any(form.fullmatch(name) for name in names)), None)
