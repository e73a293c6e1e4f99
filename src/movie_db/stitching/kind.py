"""What is it: a film, a short film, a TV film, a series, or something else?

Never decided from a title: "Avatar: The Last Airbender" is a series, a novel bears the name of its film. Evidence
counts in this order, and the first that knows decides:

1. Wikidata's classes (P31);
2. the short description, by its head noun: in "American film director" that is the director;
3. the definition in the lead ("… is a 1999 drama film"), read the same way;
4. the infobox: after the words, since a film series' article bears a film's infobox, and a TV film's a series';
5. the categories ("1999 films").
"""

import re
from collections.abc import Iterable
from typing import Final

from movie_db.contract.messages import WorkKind

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
    return (
        of_classes(wikidata_classes)
        or of_description(description)
        or of_lead(lead)
        or of_infobox(infobox)
        or of_categories(categories)
    )


_CLASSES: Final[dict[WorkKind, frozenset[str]]] = {
    "film": frozenset(
        {
            "Q11424",  # film
            "Q24869",  # feature film
            "Q202866",  # animated film
            "Q29168811",  # animated feature film
            "Q20650540",  # anime film
            "Q117717390",  # anime feature film
            "Q25110269",  # live-action/animated film
            "Q93204",  # documentary film
            "Q226730",  # silent film
            "Q229390",  # 3D film
            "Q18011172",  # film project
            "Q7751682",  # serial film
            "Q220898",  # original video animation
            "Q1257444",  # film adaptation
            "Q336144",  # independent film
            "Q130232",  # drama film
            "Q157443",  # comedy film
            "Q157394",  # fantasy film
            "Q188473",  # action film
            "Q200092",  # horror film
            "Q319221",  # adventure film
            "Q369747",  # war film
            "Q471839",  # science fiction film
            "Q645928",  # biographical film
            "Q842256",  # musical film
            "Q959790",  # crime film
            "Q1054574",  # romance film
            "Q1535153",  # superhero film
            "Q2484376",  # thriller film
        }
    ),
    "short film": frozenset(
        {
            "Q24862",  # short film
            "Q17517379",  # animated short film
            "Q117209498",  # anime short film
            "Q20667187",  # silent short film
        }
    ),
    "TV film": frozenset(
        {
            "Q506240",  # television film
            "Q98807719",  # animated television film
            "Q98701476",  # television film broadcast in two parts
            "Q1261214",  # television special
            "Q7697093",  # television play
        }
    ),
    "series": frozenset(
        {
            "Q5398426",  # television series
            "Q15416",  # television program
            "Q1259759",  # miniseries
            "Q526877",  # web series
            "Q581714",  # animated series
            "Q117467246",  # animated television series
            "Q117467261",  # anime series
            "Q63952888",  # anime television series
            "Q113671041",  # original net animation
            "Q1366112",  # drama television series
            "Q3464665",  # television series season
            "Q100269041",  # anime television series season
        }
    ),
    "other": frozenset(
        {
            "Q5",  # human
            "Q24856",  # film series
            "Q13593818",  # film trilogy
            "Q196600",  # media franchise
            "Q134556",  # single
            "Q7725310",  # series of creative works
            "Q21191270",  # television series episode
            "Q4167410",  # Wikimedia disambiguation page
            "Q13406463",  # Wikimedia list article
            "Q7725634",  # literary work
            "Q571",  # book
            "Q277759",  # book series
            "Q8261",  # novel
            "Q1667921",  # novel series
            "Q47461344",  # written work
            "Q25379",  # play
            "Q1004",  # comics
            "Q21198342",  # manga series
            "Q482994",  # album
            "Q4176708",  # soundtrack album
            "Q7366",  # song
            "Q105543609",  # musical work
            "Q215380",  # musical group
            "Q7889",  # video game
            "Q95074",  # fictional character
            "Q15632617",  # fictional human
            "Q15773347",  # film character
            "Q220505",  # film festival
            "Q618779",  # award
            "Q201658",  # film genre
            "Q1762059",  # film production company
            "Q10689397",  # television production company
            "Q6256",  # country
        }
    ),
}

FILM_CLASSES: Final = frozenset(qid for kind in FILM_KINDS for qid in _CLASSES[kind])
"""Wikidata's classes (P31) of what belongs into a movie database."""


def of_classes(classes: Iterable[str]) -> WorkKind | None:
    """By Wikidata's classes (P31). A film that is also a short or TV film is that; other mixtures decide nothing."""
    said = frozenset(classes)
    kinds = {kind for kind, ids in _CLASSES.items() if ids & said}
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
    adaptation adventure anime animation biography cartoon comedy crime drama epic fantasy feature fiction horror
    melodrama mystery noir omnibus parody picture prequel production remake romance satire sequel spin-off thriller
    tragedy version video war western work
    """
)
_OTHER = _words(
    """
    actor actress album animator anthology author award awards band book books character characters choreographer
    cinema cinematographer club comedian comic comics company competition composer concert critic director
    disambiguation discography distributor editor entertainer episode event festival festivals filmmaker filmmakers
    filmography films franchise game games genre genres group guide historian history industry list lists magazine
    manga memoir model movement movies museum musical musician newspaper novel novelist novella novels opera
    organisation organization person play playwright podcast poem presenter producer producers rapper record saga
    school score screenwriter scriptwriter singer single song songs soundtrack story studies studio studios style
    subgenre technique term theater theatre track trilogy tetralogy venue webcomic writer
    """
)
_SERIES_OF_WORKS = re.compile(r"series of\b.*\b(?:films|movies|books|novels|games|albums|comics|plays|stories)\b", re.I)


def _noun_phrase(text: str) -> tuple[str, ...]:
    """The lower-case words of the phrase that names the thing, its head noun last."""
    words: list[str] = []
    end = 0
    for match in _WORD.finditer(text):
        word = match[0].lower()
        gap = text[end : match.start()]
        end = match.end()
        if words and (word in _END or re.search(r"[,;:|&]|\s[–—-]\s|\.\s", gap)):
            break
        if word not in _NOTHING or words:
            words.append(word)
    return tuple(words)


def of_description(description: str | None) -> WorkKind | None:
    """By a short description, in English.

    A film is one that a year, a maker or its being to come tells from the notion ("Film with no recorded sound").
    """
    text = _PARENTHESES.sub("", description or "").strip()
    words = _noun_phrase(text)
    if not words:
        return None
    head, rest = words[-1], frozenset(words[:-1])
    dated = bool(_YEAR.search(text))
    if head in _SERIES:
        of_works = head == "series" and (rest & _NOT_SCREEN or _SERIES_OF_WORKS.search(text))
        return "other" if of_works else "series"
    if head in _TV_FILM or (rest & _TV and head in _FILM | _ONCE):
        return "TV film" if dated or _MAKER.search(text) else None
    if head in _SHORT or words[-2:] == ("short", "subject") or (head in _FILM and rest & _SHORT):
        return "short film" if dated or _MAKER.search(text) else None
    if head in _FILM or head == "documentary" or words[-2:] in _FILM_TERMS:
        return "film" if dated or _MAKER.search(text) else None
    if head in _OTHER:
        return "other"
    if head in _AMBIGUOUS or dated or _FILMISH.search(text):
        return None
    return "other"


_DEFINITION = re.compile(r"\b(?:is|was|are|were|will be)\s+(?:an?|the|one of the)\s+(?P<what>.+?)(?:\.\s|\.?$)", re.S)


def of_lead(lead: str | None) -> WorkKind | None:
    """By an article's beginning in plain text: what its first "is a …" says."""
    text = lead or ""
    while (shorter := _PARENTHESES.sub("", text)) != text:
        text = shorter
    definition = _DEFINITION.search(" ".join(text.split()))
    return of_description(definition["what"]) if definition else None


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


# First match decides: a film's page may bear a franchise's category too, but a franchise's page no year's films
# ("2010s American films" it may).
_CATEGORIES: Final[tuple[tuple[re.Pattern[str], WorkKind], ...]] = (
    (re.compile(r".*disambiguation pages.*|living people|\d{4} (?:births|deaths)", re.I), "other"),
    (re.compile(r"\d{4} (?:.+ )?(?:television|tv) (?:films|specials)", re.I), "TV film"),
    (re.compile(r"\d{4} (?:.+ )?short films", re.I), "short film"),
    (re.compile(r"\d{4} (?:(?!.*adapted into).+ )?films|upcoming films", re.I), "film"),
    (re.compile(r"(?:.+ )?(?:tv|television) (?:series|seasons|shows|programs|programmes)(?: .+)?", re.I), "series"),
    (re.compile(r"(?:.+ )?film (?:series|trilogies)(?: .+)?", re.I), "other"),
    (re.compile(r"(?:.+ )?(?:novels|albums|songs|video games|plays|books|film festivals)(?: .+)?", re.I), "other"),
)


def of_categories(categories: Iterable[str]) -> WorkKind | None:
    """By the page's categories, in English."""
    names = [c.removeprefix("Category:").replace("_", " ") for c in categories]
    for form, kind in _CATEGORIES:
        if any(form.fullmatch(name) for name in names):
            return kind
    return None
