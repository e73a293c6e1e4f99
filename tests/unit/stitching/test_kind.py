"""What a page is about, told by its description, its lead, its infobox, its categories or its item."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from movie_db.stitching.kind import FILM_CLASSES, FILM_KINDS, is_off_screen, kind_of
from movie_db.stitching.wikidata_classes import CLASSES, LEANINGS

DESCRIPTIONS = {
    "film": """
        2009 film by James Cameron
        2009 American epic science fiction film by James Cameron
        2022 film directed by James Cameron
        1996 science fiction film
        1954 film by Akira Kurosawa
        1941 American film by Orson Welles
        2003 South Korean film
        2016 Indian Hindi-language sports drama film by Nitesh Tiwari
        1927 silent film by Fritz Lang
        1915 American silent movie
        2001 Japanese animated fantasy film by Hayao Miyazaki
        1984 Japanese anime film directed by Hayao Miyazaki
        2018 documentary film by Morgan Neville
        2003 documentary by Errol Morris
        1984 American concert film
        2016 biographical drama film directed by Garth Davis
        2007 direct-to-video film by Joe Chappelle
        1939 film adaptation of the novel by Margaret Mitchell
        2009 British-American stop-motion film
        Upcoming film by Christopher Nolan
        Upcoming American superhero film
        Film by Sergei Eisenstein
        Unfinished film by Orson Welles
        Lost film by Alfred Hitchcock
        1972 film by Francis Ford Coppola based on the novel by Mario Puzo
        2008 film in the Marvel Cinematic Universe
        The 1933 film directed by Merian C. Cooper
        1994 film (The Lion King)
        2018 biopic directed by Bryan Singer
        1987 anthology film
        1949 British film noir directed by Carol Reed, the film
        1936 film serial by Frederick Stephani
        1943 American 15-chapter theatrical serial
        1945 Republic movie serial
        Unreleased superhero film
        2012 multi-director, international feature film
    """,
    "short film": """
        1902 French short film by Georges Méliès
        1928 animated short film
        2016 animated short by Alan Barillaro
        1935 Three Stooges short
        2001 Pixar animated short film
        1945 short subject by Robert Benchley
    """,
    "TV film": """
        2006 television film directed by Kenny Ortega
        1971 television film by Steven Spielberg
        1983 American television movie
        1995 made-for-television film
        1965 animated television special
        1978 American TV special
        2004 British television docudrama
        1977 television play by Mike Leigh
        1974 Australian telemovie
        2019 stand-up comedy special by Dave Chappelle
        2021 musical comedy special by Bo Burnham
        2018 concert special by Beyoncé
    """,
    "series": """
        American animated television series
        American animated television series (2005–2008)
        British crime drama television series
        2019 American superhero streaming television miniseries
        Japanese anime television series
        South Korean television series
        American sitcom
        British television sitcom (1975–1979)
        American television documentary series
        2019 British docudrama miniseries
        Mexican telenovela
        American game show
        American late-night talk show
        Web series
        Television series based on the film
        2017 television series by David Lynch
        Television program
        1949 American radio serial
        Japanese original video animation series
        2018 British television serial
    """,
    "other": """
        Topics referred to by the same term
        Disambiguation page providing links to topics that could be referred to by the same search term
        Wikimedia disambiguation page
        Wikimedia list article
        Film series
        American science fiction film series
        1997–2007 film series
        Series of films by Peter Jackson
        Film trilogy by Krzysztof Kieślowski
        Trilogy of films by Sergio Leone
        American media franchise
        Film franchise
        2004 novel by Dan Brown
        Novel by Frank Herbert
        1965 science fiction novel
        1938 play by Thornton Wilder
        Novel series by J. K. Rowling
        Manga series by Katsuhiro Otomo
        American comic book series
        Soundtrack album from the film Avatar
        2009 soundtrack album by James Horner
        2009 film score by James Horner
        1978 soundtrack
        2009 video game
        Video game series
        1989 video game based on the film
        American film director
        American film director (born 1954)
        American actor and film producer
        Indian film actress
        American filmmaker
        Italian film director, screenwriter and composer (1929–1989)
        Swedish band
        Annual film festival
        Film festival in France
        Annual film festival held in Cannes, France
        Fictional character in the film series
        Fictional character from the 1977 film Star Wars
        Character in the television series Twin Peaks
        American film production company
        Defunct American film studio
        Film distribution company
        Film genre
        Genre of film
        List of films by Alfred Hitchcock
        Award for best film of the year
        1998 song by Celine Dion
        1985 single by Huey Lewis and the News
        Episode of American television series
        2013 episode of Doctor Who
        Radio series
        Material manifestation of a deity on Earth
        City in France
        Species of moth
        Family name
        Visual art of moving pictures, cinema
        Cancelled superhero film
        Unproduced 1974 film by Alejandro Jodorowsky
        Unmade film project of Stanley Kubrick
        1983 music video by John Landis
        2003 DVD box set of the Alien films
        Overview of the events of 2019 in film
        Appearances of Spider-Man in film
        Adaptations of the Charles Dickens novel
        Production of 2009 film
        Making of the 1968 film
        Transfer of a story to a film
        Filmmaking in Japan
        2006 unaired pilot
        2011 teaser trailer
        Painter, film director and poet
        Ghost town in Nevada, United States
    """,
}
UNSURE = """
    Film with no synchronized recorded sound
    Film
    American film
    Work
    1957 Soviet war drama
    1999 romantic comedy
    1943 cartoon
    2011 remake of the film by John Carpenter
    2005 stage production
    1990 original video animation
    Third installment of the Alien film series
"""


def _rows(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize(
    ("kind", "description"), [(kind, row) for kind, text in DESCRIPTIONS.items() for row in _rows(text)]
)
def test_a_description_tells_the_kind(kind: Any, description: Any) -> None:
    assert kind_of(description=description) == kind


@pytest.mark.parametrize("description", [*_rows(UNSURE), "", "  ", "()", "–", None])
def test_a_description_that_does_not_tell_stays_unsure(description: Any) -> None:
    assert kind_of(description=description) is None


@pytest.mark.parametrize(
    ("classes", "kind"),
    [
        (["Q11424"], "film"),
        (["Q24869"], "film"),
        (["Q29168811"], "film"),
        (["Q24862"], "short film"),
        (["Q11424", "Q24862"], "short film"),
        (["Q11424", "Q506240"], "TV film"),
        (["Q5398426"], "series"),
        (["Q1259759", "Q5398426"], "series"),
        (["Q24856"], "other"),
        (["Q5"], "other"),
        (["Q7725634"], "other"),
        (["Q482994"], "other"),
        (["Q7889"], "other"),
        (["Q4167410"], "other"),
        (["Q11424", "Q5398426"], None),
        (["Q11424", "Q8261"], None),
        (["Q7751682"], "film"),
        (["Q52207399"], "film"),
        (["Q193977"], "other"),
        (["Q11424", "Q193977"], None),
        (["Q653916"], "other"),
        (["Q24634210"], "other"),
        (["Q999999999"], None),
        ([], None),
    ],
)
def test_the_classes_of_an_item_tell_the_kind(classes: Any, kind: Any) -> None:
    assert kind_of(wikidata_classes=classes) == kind


@pytest.mark.parametrize(
    ("infobox", "kind"),
    [
        ("Infobox film", "film"),
        ("infobox_Film ", "film"),
        ("Template:Infobox movie", "film"),
        ("Infobox Hollywood cartoon", "short film"),
        ("Infobox television", "series"),
        ("Infobox television episode", "other"),
        ("Infobox book", "other"),
        ("Infobox album", "other"),
        ("Infobox person", "other"),
        ("Infobox film awards", "other"),
        ("Infobox film festival", "other"),
        ("Infobox", None),
        ("Use dmy dates", None),
        (None, None),
    ],
)
def test_the_infobox_tells_the_kind(infobox: Any, kind: Any) -> None:
    assert kind_of(infobox=infobox) == kind


@pytest.mark.parametrize(
    ("lead", "kind"),
    [
        ("Avatar is a 2009 epic science fiction film directed, written and edited by James Cameron.", "film"),
        ("Avatar: The Last Airbender is an American animated fantasy action television series.", "series"),
        ("Spirited Away (Japanese: 千と千尋 (Sen to Chihiro), lit. 'It is a name') is a 2001 Japanese film.", "film"),
        ("Dune is a 1965 epic science fiction novel by Frank Herbert. It is the basis of a 1984 film.", "other"),
        ("Alpha and Omega is a series of American animated films.", "other"),
        ("Duel is a 1971 American action thriller television film directed by Steven Spielberg.", "TV film"),
        ("Werner Herzog is a German film director, screenwriter, author and actor.", "other"),
        ("A silent film is a film with no synchronized recorded sound.", "other"),
        ("A Serious Man is a 2009 black comedy-drama film by the Coen brothers.", "film"),
        ("A Real Woman is a French film.", None),
        ("The Owner is a multi-director, international feature film of 2012.", "film"),
        ("Jane Doe is a Spanish painter, dancer, and film actress.", "other"),
        ("starring Noah Ringer as Aang", None),
    ],
)
def test_the_definition_in_the_lead_tells_the_kind(lead: Any, kind: Any) -> None:
    assert kind_of(lead=lead) == kind


@pytest.mark.parametrize(
    ("categories", "kind"),
    [
        (["Category:2009 films", "American epic films"], "film"),
        (["2009 films", "2009 3D films", "Avatar (franchise) films", "Film series introduced in 2009"], "film"),
        (["1928 animated short films", "1928 films"], "short film"),
        (["1971 television films", "1971 films"], "TV film"),
        (["2005 American television series debuts", "Television series adapted into films"], "series"),
        (["American film series", "2010s American animated films"], "other"),
        (["Upcoming films", "Bangladeshi films"], "film"),
        (["1965 American novels", "Novels adapted into films"], "other"),
        (["1954 births", "Living people", "Film directors from California"], "other"),
        (["Disambiguation pages with short descriptions"], "other"),
        (["Lost American drama films"], "film"),
        (["Lost films", "Film and video terminology"], "other"),
        (["Animated films based on novels"], None),
        (["Film characters introduced in 1977"], "other"),
        (["2019 in film", "Film by year"], "other"),
        (["1987 singles", "Songs written for films"], "other"),
        (["Articles with short description"], None),
    ],
)
def test_the_categories_tell_the_kind(categories: Any, kind: Any) -> None:
    assert kind_of(categories=categories) == kind


def test_the_item_counts_more_than_the_description() -> None:
    assert kind_of(wikidata_classes=["Q5398426"], description="2005 film") == "series"


def test_an_item_that_does_not_tell_leaves_it_to_the_description() -> None:
    assert kind_of(wikidata_classes=["Q999999999"], description="2005 film") == "film"


def test_a_film_series_is_no_film_though_its_article_bears_a_films_infobox() -> None:
    assert kind_of(infobox="Infobox film", description="Indian horror film series") == "other"
    assert kind_of(infobox="Infobox film", lead="1920 is a series of Indian horror films.") == "other"


def test_a_tv_film_is_a_film_though_its_article_bears_a_series_infobox() -> None:
    assert kind_of(infobox="Infobox television", description="2006 television film by Kenny Ortega") in FILM_KINDS


@pytest.mark.parametrize("categories", [["Lists of accolades by film"], ["1954 births"], ["Disambiguation pages"]])
def test_a_page_about_no_work_is_no_film_though_its_lead_defines_one(categories: Any) -> None:
    assert kind_of(lead="La La Land is a 2016 American musical film.", categories=categories) == "other"


@pytest.mark.parametrize(
    ("classes", "description", "kind"),
    [
        (["Q18011172"], "Upcoming film by James Cameron", "film"),
        (["Q18011172"], "Cancelled superhero film", "other"),
        (["Q18011172"], None, "film"),
        (["Q220898"], "1985 film by Toyoo Ashida", "film"),
        (["Q220898"], "Japanese original video animation series", "series"),
        (["Q220898"], "1990 original video animation", "film"),
    ],
)
def test_a_class_that_two_kinds_share_decides_where_the_words_do_not(classes: Any, description: Any, kind: Any) -> None:
    assert kind_of(wikidata_classes=classes, description=description) == kind


def test_no_class_stands_for_two_kinds() -> None:
    listed = [qid for ids in (*CLASSES.values(), LEANINGS) for qid in ids]
    assert len(listed) == len(set(listed))
    assert {"Q11424", "Q24862", "Q506240", "Q18011172"} <= FILM_CLASSES
    assert not {"Q5398426", "Q5", "Q24856"} & FILM_CLASSES


@pytest.mark.parametrize(
    ("lead", "off"),
    [
        ("The bluejays play baseball, sometimes poorly.", True),
        ("Parinay tells of a village school, starring Shabana Azmi.", False),
        ("Die Klavierspielerin ist ein Spielfilm.", False),
        ("", False),
    ],
)
def test_a_lead_that_speaks_of_nothing_on_a_screen_is_told(lead: Any, off: Any) -> None:
    assert is_off_screen(lead) is off


def test_nothing_known_is_unsure() -> None:
    assert kind_of() is None


@pytest.mark.world
def test_every_description_of_a_world_is_told_as_its_item_says() -> None:
    shared = os.environ.get("MOVIE_DB_SHARED")
    if not shared:
        pytest.skip("MOVIE_DB_SHARED is not set: no world to measure on")
    world = Path(shared) / "worlds" / "max"
    classes = {}
    for line in (world / "wikidata.jsonl").read_text("utf-8").splitlines():
        entity = json.loads(line)
        claims = entity.get("claims", {}).get("P31", [])
        classes[entity["id"]] = [c["mainsnak"]["datavalue"]["value"]["id"] for c in claims]
    pages = [json.loads(line) for line in (world / "wikipedia.jsonl").read_text("utf-8").splitlines()]
    wrong = [
        (page["title"], page["description"])
        for page in pages
        if kind_of(description=page["description"]) != kind_of(wikidata_classes=classes[page["wikidata"]])
    ]
    assert len(pages) > 10_000
    assert wrong == [], wrong[:5]
