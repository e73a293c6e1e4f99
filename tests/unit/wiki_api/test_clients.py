"""Searching through a recorded upstream: which pages are films, and how few questions that takes."""

from typing import Any

import pytest

from movie_db.contract.errors import UnreadableError
from movie_db.wiki_api.clients import MovieWikiClient, WikiClient

SEARCH = ("en.wikipedia.org", "/w/rest.php/v1/search/page")
DETAILS = ("en.wikipedia.org", "/w/api.php")
ITEMS = ("www.wikidata.org", "/w/api.php")


def page(id_: Any, title: Any, description: Any = None, **more: Any) -> Any:
    return {"id": id_, "key": title.replace(" ", "_"), "title": title, "description": description} | more


class FakeUpstream:
    """Gives recorded answers and keeps the questions."""

    def __init__(self, *pages: Any, details: Any = (), classes: Any = None) -> None:
        self.asked: list[tuple[Any, ...]] = []
        entities = {
            item: {"claims": {"P31": [claim(value) for value in values]}} for item, values in (classes or {}).items()
        }
        self.answers: dict[tuple[str, str], Any] = {
            SEARCH: {"pages": list(pages)},
            DETAILS: {"batchcomplete": True, "query": {"pages": list(details)}},
            ITEMS: {"entities": entities},
        }

    def get_json(self, host: Any, path: Any, query: Any, cache_control: Any = None) -> Any:
        self.asked.append((host, path, dict(query), cache_control))
        return self.answers[host, path]

    @property
    def doors(self) -> Any:
        return [(host, path) for host, path, _, _ in self.asked]


def claim(value: Any, rank: Any = "normal") -> Any:
    return {"rank": rank, "mainsnak": {"snaktype": "value", "datavalue": {"value": {"id": value}}}}


def titles(found: Any) -> Any:
    return [p.title for p in found]


def test_a_search_asks_once_with_title_and_limit() -> None:
    upstream = FakeUpstream(page(1, "Avatar (2009 film)", "2009 film by James Cameron"))
    found = WikiClient(upstream).search_page("Avatar", limit=7, cache_control="max-age=60")
    assert titles(found) == ["Avatar (2009 film)"]
    assert upstream.asked == [(*SEARCH, {"q": "Avatar", "limit": 7}, "max-age=60")]


def test_a_thumbnail_without_scheme_gets_one() -> None:
    thumbnail = {"url": "//upload.wikimedia.org/a.jpg", "width": 60, "height": 89, "mimetype": "image/jpeg", "size": 1}
    found = WikiClient(FakeUpstream(page(1, "Avatar", thumbnail=thumbnail))).search_page("Avatar")
    assert found[0].model_dump()["thumbnail"] == {
        "url": "https://upload.wikimedia.org/a.jpg",
        "width": 60,
        "height": 89,
        "mimetype": "image/jpeg",
        "duration": None,
    }


def test_only_films_are_kept_and_clear_descriptions_cost_no_question() -> None:
    upstream = FakeUpstream(
        page(1, "Avatar (2009 film)", "2009 film by James Cameron"),
        page(2, "Avatar: The Last Airbender", "American animated television series (2005–2008)"),
        page(3, "Avatar (soundtrack)", "2009 soundtrack album by James Horner"),
        page(4, "Avatar (disambiguation)", "Topics referred to by the same term"),
        page(5, "Avatar (film series)", "American science fiction film series"),
        page(6, "James Cameron", "Canadian filmmaker (born 1954)"),
        page(7, "Avatar: The Way of Water", "2022 film by James Cameron"),
    )
    found = MovieWikiClient(upstream).search_movie("Avatar")
    assert titles(found) == ["Avatar (2009 film)", "Avatar: The Way of Water"]
    assert found[1].url == "https://en.wikipedia.org/wiki/Avatar:_The_Way_of_Water"
    assert upstream.doors == [SEARCH]


def test_a_series_is_not_let_through_whatever_of_it_is_known() -> None:
    title = "Avatar: The Last Airbender"
    series = {"pageid": 1, "pageprops": {"wikibase_item": "Q1"}}
    of_series = {"title": "Category:2005 American television series debuts"}
    for upstream in (
        FakeUpstream(page(1, title, "American animated television series (2005–2008)")),
        FakeUpstream(page(1, title), details=[series | {"categories": [of_series]}]),
        FakeUpstream(page(1, title), details=[series], classes={"Q1": ["Q117467246"]}),
        FakeUpstream(page(1, title), details=[series]),
    ):
        assert MovieWikiClient(upstream).search_movie(title) == []


def test_the_film_after_a_series_is_found_and_the_series_is_not() -> None:
    lists = {"title": "Category:Lists of American fantasy television series episodes"}
    upstream = FakeUpstream(
        page(1, "Avatar: The Last Airbender", "American animated television series (2005–2008)"),
        page(2, "Avatar: The Last Airbender (2024 TV series)", "American fantasy television series"),
        page(3, "The Last Airbender", "2010 film by M. Night Shyamalan"),
        page(4, "Avatar: The Last Airbender (video game)", "2006 video game"),
        page(5, "List of Avatar: The Last Airbender episodes"),
        details=[{"pageid": 5, "categories": [lists]}],
    )
    assert titles(MovieWikiClient(upstream).search_movie("Avatar: The Last Airbender")) == ["The Last Airbender"]


@pytest.mark.parametrize(
    ("description", "found"),
    [("1954 film by Akira Kurosawa", ["Dune"]), ("1965 novel by Frank Herbert", []), ("1957 Soviet war drama", [])],
)
def test_a_page_of_which_only_the_description_is_known_goes_by_that(description: Any, found: Any) -> None:
    upstream = FakeUpstream(page(1, "Dune", description), details=[{"pageid": 1, "description": description}])
    assert titles(MovieWikiClient(upstream).search_movie("Dune")) == found


def test_a_film_project_is_a_film_unless_its_description_says_it_was_given_up() -> None:
    upstream = FakeUpstream(
        page(1, "Avatar 4"),
        page(2, "Superman Lives"),
        details=[
            {"pageid": 1, "pageprops": {"wikibase_item": "Q1"}},
            {"pageid": 2, "pageprops": {"wikibase_item": "Q2"}, "description": "Cancelled superhero film"},
        ],
        classes={"Q1": ["Q18011172"], "Q2": ["Q18011172"]},
    )
    assert titles(MovieWikiClient(upstream).search_movie("Avatar")) == ["Avatar 4"]


def test_a_film_without_description_is_kept_by_its_categories() -> None:
    upstream = FakeUpstream(page(1, "Dune"), details=[{"pageid": 1, "categories": [{"title": "Category:2021 films"}]}])
    assert titles(MovieWikiClient(upstream).search_movie("Dune")) == ["Dune"]
    assert upstream.doors == [SEARCH, DETAILS]


def test_a_film_without_description_and_categories_is_kept_by_its_item() -> None:
    upstream = FakeUpstream(
        page(1, "Dune"),
        page(2, "Dune (series)"),
        page(3, "Dune (play)"),
        details=[{"pageid": n, "pageprops": {"wikibase_item": f"Q{n}"}} for n in (1, 2, 3)],
        classes={"Q1": ["Q11424"], "Q2": ["Q5398426"], "Q3": ["Q25379"]},
    )
    assert titles(MovieWikiClient(upstream).search_movie("Dune")) == ["Dune"]
    assert upstream.doors == [SEARCH, DETAILS, ITEMS]
    assert upstream.asked[2][2]["ids"] == "Q1|Q2|Q3"


def test_a_class_that_was_withdrawn_does_not_count() -> None:
    upstream = FakeUpstream(
        page(1, "Dune"), details=[{"pageid": 1, "pageprops": {"wikibase_item": "Q1"}}], classes={"Q1": []}
    )
    upstream.answers[ITEMS]["entities"]["Q1"]["claims"]["P31"] = [claim("Q11424", rank="deprecated")]
    assert MovieWikiClient(upstream).search_movie("Dune") == []


def test_what_stays_unsure_is_left_out() -> None:
    upstream = FakeUpstream(page(1, "Dune", "1957 Soviet war drama"), details=[{"pageid": 1}])
    assert MovieWikiClient(upstream).search_movie("Dune") == []


def test_a_disambiguation_page_without_description_is_no_film() -> None:
    details = [{"pageid": 1, "pageprops": {"disambiguation": "", "wikibase_item": "Q1"}}]
    upstream = FakeUpstream(page(1, "Dune"), details=details)
    assert MovieWikiClient(upstream).search_movie("Dune") == []
    assert upstream.doors == [SEARCH, DETAILS]


def test_unsure_pages_below_the_last_film_wanted_are_not_looked_at() -> None:
    upstream = FakeUpstream(page(1, "Dune (2021 film)", "2021 film by Denis Villeneuve"), page(2, "Dune"))
    assert titles(MovieWikiClient(upstream).search_movie("Dune", limit=1)) == ["Dune (2021 film)"]
    assert upstream.doors == [SEARCH]


def test_many_unsure_pages_are_asked_for_fifty_at_a_time() -> None:
    upstream = FakeUpstream(*(page(n, f"Page {n}") for n in range(1, 61)))
    MovieWikiClient(upstream).search_movie("Page", limit=100)
    asked = [query["pageids"].split("|") for _, path, query, _ in upstream.asked if path == "/w/api.php"]
    assert [len(ids) for ids in asked] == [50, 10]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Avatar: The Way of Water 2022 film", "Avatar The Way of Water 2022 film"),
        ("-30-", "30-"),
        ("!Women Art Revolution", "Women Art Revolution"),
        ('"Wuthering Heights"', "Wuthering Heights"),
        ("*batteries not included", "batteries not included"),
        ("Spider-Man: No Way Home", "Spider-Man No Way Home"),
        ("What's Up, Doc?", "What's Up, Doc"),
        ("?", "?"),
    ],
)
def test_a_title_is_searched_as_words_not_as_search_syntax(title: Any, words: Any) -> None:
    upstream = FakeUpstream()
    MovieWikiClient(upstream).search_movie(title)
    assert upstream.asked[0][2]["q"] == words


@pytest.mark.parametrize("answer", [{}, {"pages": None}, {"pages": [{"id": "x"}]}, {"pages": [None]}])
def test_search_results_of_an_unknown_shape_are_an_error_not_an_empty_result(answer: Any) -> None:
    upstream = FakeUpstream()
    upstream.answers[SEARCH] = answer
    with pytest.raises(UnreadableError, match="unknown shape"):
        WikiClient(upstream).search_page("Avatar")


@pytest.mark.parametrize("door", [DETAILS, ITEMS])
def test_details_of_an_unknown_shape_are_an_error_not_an_empty_result(door: Any) -> None:
    upstream = FakeUpstream(page(1, "Dune"), details=[{"pageid": 1, "pageprops": {"wikibase_item": "Q1"}}])
    upstream.answers[door] = {"error": {"code": "maxlag"}}
    with pytest.raises(UnreadableError, match="unknown shape"):
        MovieWikiClient(upstream).search_movie("Dune")


class PartedUpstream(FakeUpstream):
    """Gives its details in parts, as they are asked for by `continue`."""

    def __init__(self, *pages: Any, parts: Any, **more: Any) -> None:
        super().__init__(*pages, **more)
        self._parts = parts

    def get_json(self, host: Any, path: Any, query: Any, cache_control: Any = None) -> Any:
        if (host, path) != DETAILS:
            return super().get_json(host, path, query, cache_control)
        self.asked.append((host, path, dict(query), cache_control))
        return self._parts[query.get("clcontinue")]


def part(pages: Any, continued: Any = None) -> Any:
    ends = {"continue": continued} if continued else {"batchcomplete": True}
    return ends | {"query": {"pages": pages}}


def test_categories_that_come_in_parts_are_all_read() -> None:
    many = [{"title": f"Category:Novels of {n}"} for n in range(1900, 1910)]
    first = part(
        [{"pageid": 1, "categories": many}, {"pageid": 2, "pageprops": {"wikibase_item": "Q2"}}],
        {"clcontinue": "2|Y", "continue": "||pageprops", "servertoken": 7},
    )
    second = {"continue": {"clcontinue": "2|Z", "continue": "||"}}
    third = part([{"pageid": 1, "categories": []}, {"pageid": 2, "categories": [{"title": "Category:2021 films"}]}])
    upstream = PartedUpstream(
        page(1, "Dune (novel)"), page(2, "Dune"), parts={None: first, "2|Y": second, "2|Z": third}
    )
    assert titles(MovieWikiClient(upstream).search_movie("Dune")) == ["Dune"]
    assert upstream.doors == [SEARCH, DETAILS, DETAILS, DETAILS]
    again = upstream.asked[2][2]
    assert (again["clcontinue"], again["continue"], again["servertoken"]) == ("2|Y", "||pageprops", "7")
    assert again["pageids"] == "1|2"


def test_a_page_has_the_properties_and_categories_of_all_parts() -> None:
    parts = {
        None: part([{"pageid": 1, "categories": [{"title": "Category:A"}]}], {"clcontinue": "b"}),
        "b": part(
            [{"pageid": 1, "pageprops": {"disambiguation": ""}, "categories": [{"title": "Category:1984 films"}]}]
        ),
    }
    assert MovieWikiClient(PartedUpstream(page(1, "Dune"), parts=parts)).search_movie("Dune") == []


def test_an_answer_that_continues_in_a_circle_is_an_error() -> None:
    parts = {None: part([], {"clcontinue": "a"}), "a": part([], {"clcontinue": "a"})}
    with pytest.raises(UnreadableError, match="without end"):
        MovieWikiClient(PartedUpstream(page(1, "Dune"), parts=parts)).search_movie("Dune")


@pytest.mark.parametrize("continued", ["a", ["a"], 7])
def test_a_continuation_of_an_unknown_shape_is_an_error(continued: Any) -> None:
    parts = {None: part([], continued)}
    with pytest.raises(UnreadableError, match="unknown shape"):
        MovieWikiClient(PartedUpstream(page(1, "Dune"), parts=parts)).search_movie("Dune")
