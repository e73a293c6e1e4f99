"""Decides the kind of a work: film, short film, TV film, series, or something else.

The title is no evidence: "Avatar: The Last Airbender" is a series, and a novel has the same name as its film. Evidence
is used in this order, and the first that gives a result decides:

1. Wikidata's classes (P31);
2. categories of pages that are not about a work: lists, people, disambiguation pages;
3. the short description, by its head noun: in "American film director", that is "director";
4. the definition in the lead ("… is a 1999 drama film"), read the same way;
5. the infobox, after the texts, since articles about film series have the infobox of a film, and TV films that of a
   series;
6. the categories ("1999 films");
7. classes that two kinds share, such as film projects.

What counts as a film, and why, is a table in ARCHITECTURE.md.
"""

import re
from collections.abc import Iterable
from typing import Final

from movie_db.contract.kinds import WorkKind
from movie_db.stitching.wikidata_classes import CLASSES, LEANINGS

FILM_KINDS: Final[frozenset[WorkKind]] = frozenset({"film", "short film", "TV film"})
"""The kinds that belong in a movie database."""


def kind_of(
    *,
    wikidata_classes: Iterable[str] = (),
    infobox: str | None = None,
    description: str | None = None,
    lead: str | None = None,
    categories: Iterable[str] = (),
) -> WorkKind | None:
    """The kind of work that a page or an item is about; None if the evidence does not decide.

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
"""Wikidata's classes (P31) of works that may belong in a movie database."""


def of_classes(classes: Iterable[str]) -> WorkKind | None:
    """The kind by Wikidata's classes (P31). A film that is also a short or TV film is that kind.

    Other mixtures decide nothing, nor do classes that two kinds share (see `kind_of`).
    """
    given = frozenset(classes)
    kinds = {kind for kind, ids in CLASSES.items() if ids & given}
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
# Genres and formats that may be a film, a play or a series.
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
# "Making of the film": about a film, but not a film.
_ABOUT = re.compile(r"(?:production|making|development|reception|music) of\b.*\b(?:film|movie)s?\b", re.I)
_SERIES_OF_WORKS = re.compile(r"series of\b.*\b(?:films|movies|books|novels|games|albums|comics|plays|stories)\b", re.I)


def _noun_phrase(text: str) -> tuple[str, ...]:
    """The lower-case words of the phrase that names the work, the head noun last.

    Of several phrases between commas, the first with a known noun: "a multi-director, international feature film".
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
    return next((words for words in named if _has_known_noun(words)), named[0] if named else ())


def _has_known_noun(words: tuple[str, ...]) -> bool:
    return words[-1] in _AMBIGUOUS or bool(_screen_work(words) or _other(words))


def of_description(description: str | None) -> WorkKind | None:
    """The kind by a short description in English.

    A year, a maker or a word such as "upcoming" distinguishes a film from a concept ("Film with no recorded sound").
    """
    text = _PARENTHESES.sub("", description or "").strip()
    words = _noun_phrase(text)
    if not words:
        return None
    if _ABOUT.match(text):
        return "other"
    kind = _screen_work(words) or _other(words)
    if kind in FILM_KINDS:
        if _UNMADE & set(words):
            return "other"
        return kind if _is_one(text) else None
    if kind == "series" and _SERIES_OF_WORKS.search(text):
        return "other"
    if kind or words[-1] in _AMBIGUOUS or _YEAR.search(text) or _FILMISH.search(" ".join(words)):
        return kind
    return "other"


def _is_one(text: str) -> bool:
    """Whether a text describes one film, not a concept."""
    return bool(_YEAR.search(text) or _MAKER.search(text))


def _screen_work(words: tuple[str, ...]) -> WorkKind | None:
    """The kind of film or series that the noun phrase names; None for anything else."""
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
    """`other` for what is certainly not a film: a person, a book, an event, or a plural."""
    head = words[-1]
    several = len(head) > 3 and head.endswith("s") and not head.endswith("ss")
    unmade = head == "project" and _UNMADE & set(words)
    return "other" if several or unmade or head in _OTHER or words[-2:] in _OTHER_TERMS else None


_DEFINITION = re.compile(r"\b(?:is|was|are|were|will be)\s+(?:an?|the|one of the)\s+(?P<what>.+?)(?:\.\s|\.?$)", re.S)
# Titles are capitalized: "A silent film is …" defines a concept, "A Serious Man is …" a film.
_CONCEPT = re.compile(r"An? [a-z]")


def of_lead(lead: str | None) -> WorkKind | None:
    """The kind by the start of an article in plain text: the phrase after its first "is a"."""
    text = lead or ""
    while (shorter := _PARENTHESES.sub("", text)) != text:
        text = shorter
    text = " ".join(text.split())
    definition = _DEFINITION.search(text)
    if not definition:
        return None
    return of_description(definition["what"]) or ("other" if _CONCEPT.match(text) else None)


_ON_SCREEN = re.compile(rf"{_FILMISH.pattern}|directed|screenplay|starring|short|television", re.I)


def is_off_screen(lead: str) -> bool:
    """Whether an article's lead has no word about films or television. The lead of every film has one."""
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
    """The kind by the name of the infobox template. Other infoboxes (person, settlement, album …) mean `other`."""
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
# The first match decides. A film's page may also have the category of a franchise, but a franchise's page is not in the
# films of one year (though it may be in "2010s American films").
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
    """The kind by the page's categories in English."""
    return _first(tuple(categories), _CATEGORIES)


def _first(categories: tuple[str, ...], forms: _Forms) -> WorkKind | None:
    names = [c.removeprefix("Category:").replace("_", " ") for c in categories]
    return next((kind for form, kind in forms if any(form.fullmatch(name) for name in names)), None)
