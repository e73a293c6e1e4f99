from typing import Any

import pytest

from movie_db.contract.errors import UsageError
from movie_db.web_gateway.addresses import admit, follow
from movie_db.web_gateway.errors import GatewayError
from movie_db.web_gateway.host_policy import TABLE, row_of, user_agent
from presence import present


def test_every_number_has_a_source_and_makes_sense() -> None:
    for row in TABLE:
        assert len(row.source) > 40, row.host
        assert row.rate > 0
        assert row.concurrency >= 1
        assert row.first_idle <= row.idle <= row.timeout <= row.patience


def test_an_answer_that_begins_late_is_waited_for_and_a_hang_leaves_time_for_two_more_tries() -> None:
    for row in TABLE:
        tries = [row.silence(attempt) for attempt in range(1, row.tries + 1)]
        assert tries[-1] == row.idle >= 40, row.host
        assert sum(tries[:3]) < row.patience, row.host


@pytest.mark.parametrize("host", ["apis.justwatch.com", "www.wikidata.org", "en.wikipedia.org"])
def test_much_at_once_may_take_half_a_minute_to_its_first_byte_at_the_first_try(host: str) -> None:
    row = present(row_of(host))
    assert row.silence(1) > 30
    assert row.timeout > 2 * 30


def test_wikimedia_hosts_are_asked_three_at_once_and_its_query_service_one() -> None:
    hosts = ("en.wikipedia.org", "www.wikidata.org", "query.wikidata.org")
    assert [present(row_of(host)).concurrency for host in hosts] == [3, 3, 1]


@pytest.mark.parametrize(
    "host",
    ["en.wikipedia.org", "it.wikipedia.org", "zh-min-nan.wikipedia.org", "simple.wikipedia.org", "www.omdbapi.com"],
)
def test_hosts_of_the_table_are_known(host: str) -> None:
    assert row_of(host)


@pytest.mark.parametrize(
    "host",
    "wikipedia.org en.m.wikipedia.org evilwikipedia.org .wikipedia.org en.wikipedia.org.evil.com www.wikipedia.org "
    "upload.wikipedia.org 127.wikipedia.org it_.wikipedia.org -it.wikipedia.org".split(),
)
def test_hosts_that_only_look_alike_are_not(host: Any) -> None:
    assert row_of(host) is None


def test_robots_rules_pages_but_not_doors_made_for_programs() -> None:
    wikipedia = present(row_of("en.wikipedia.org"))
    assert wikipedia.obeys_robots("/wiki/Alien") is True
    assert wikipedia.obeys_robots("/w/index.php") is True
    assert wikipedia.obeys_robots("/w/api.php") is False
    assert wikipedia.obeys_robots("/w/rest.php/v1/page/AC%2FDC") is False
    assert present(row_of("www.justwatch.com")).obeys_robots("/us/provider/max") is True


@pytest.mark.parametrize(
    "path",
    [
        "/w/api.php/../../wiki/X",
        "/w/rest.php/../../wiki/X",
        "/w/rest.php/%2e%2e/%2E./wiki/X",
        "/w/rest.php/..%2f..%2fwiki/X",
        "/w/rest.php/..%5C..%5cwiki/X",
        "/w/rest.php/..\\..\\wiki/X",
        "/w/rest.php/%252e%252e/%252e%252e/wiki/X",
        "/w/rest.php/..;/..;x=1/wiki/X",
        "/w/rest.php//../../wiki/X",
        "/w//api.php",
        "//w/api.php",
        "/w/api.php/wiki/X",
        "/w/api.php;/wiki/X",
        "/w/api.phpx",
        "/./w/./index.php",
        "/w/rest.php/%2e%2e/index.php",
        "/w/rest.php/..",
    ],
)
def test_no_detour_makes_a_page_a_door(path: str) -> None:
    address = admit(f"http://en.wikipedia.org{path}")
    assert address.policy.obeys_robots(address.path)


def test_the_user_agent_names_us_and_the_operator() -> None:
    assert user_agent("1.2", "aiohttp/3", "me@example.org") == "movie_db/1.2 (me@example.org) aiohttp/3"
    assert user_agent("1.2", "aiohttp/3", None).startswith("movie_db/1.2 (builds a personal movie database")


@pytest.mark.parametrize("contact", ["a\r\nX-Evil: 1", "né@example.org", "a) b"])
def test_a_contact_that_does_not_fit_a_header_is_refused(contact: str) -> None:
    with pytest.raises(UsageError, match="MOVIE_DB_CONTACT"):
        user_agent("1", "x/1", contact)


def test_an_address_is_passed_on_as_it_was_written() -> None:
    url = "http://EN.wikipedia.org/wiki//A%20b%2Fc;d\\e?x=%C3%A9/../&y=a+b%7Cc|d#part"
    assert admit(url).url == "https://en.wikipedia.org/wiki//A%20b%2Fc;d\\e?x=%C3%A9/../&y=a+b%7Cc|d"
    assert admit("http://en.wikipedia.org?x=1").url == "https://en.wikipedia.org/?x=1"
    assert admit("http://en.wikipedia.org:80/").url == "https://en.wikipedia.org/"


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/wiki/A/../B", "/wiki/B"),
        ("/wiki/./A", "/wiki/A"),
        ("/wiki/A/..", "/wiki/"),
        ("/wiki/A/%2e", "/wiki/A/"),
        ("/../../etc", "/etc"),
        ("/wiki/%2E%2e/x", "/x"),
        ("/wiki/...", "/wiki/..."),
        ("/wiki/.hidden", "/wiki/.hidden"),
        ("", "/"),
    ],
)
def test_segments_of_dots_are_resolved_so_that_what_is_judged_is_what_is_asked(path: Any, plain: Any) -> None:
    address = admit(f"http://en.wikipedia.org{path}?x")
    assert (address.path, address.target) == (plain, f"{plain}?x")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("/wiki/Alien", "bad-request"),
        ("ftp://en.wikipedia.org/", "bad-request"),
        ("http://me:secret@en.wikipedia.org/", "bad-request"),
        ("http://en.wikipedia.org:99999/", "bad-request"),
        ("http://[::1/", "bad-request"),
        ("http://en.wikipedia.org/é", "bad-request"),
        ("http://en.wikipedia.org:8080/", "host-not-allowed"),
        ("http://en.wikipedia.org:443/", "host-not-allowed"),
        ("http://127.0.0.1/", "host-not-allowed"),
        ("http://[::1]/", "host-not-allowed"),
        ("http://en.wikipedia.org./", "host-not-allowed"),
        ("http://example.org/", "host-not-allowed"),
    ],
)
def test_addresses_that_we_do_not_go_to(url: Any, code: Any) -> None:
    with pytest.raises(GatewayError) as refused:
        admit(url)
    assert refused.value.code == code


def test_the_users_key_is_not_part_of_the_address_that_is_shown() -> None:
    assert (
        admit("http://www.omdbapi.com/?apikey=s3cret&i=tt0078748").shown_url == "https://www.omdbapi.com/?i=tt0078748"
    )
    assert (
        admit("http://api.themoviedb.org/3/movie/348?api_key=s3cret").shown_url
        == "https://api.themoviedb.org/3/movie/348"
    )
    assert "s3cret" in admit("http://www.omdbapi.com/?apikey=s3cret").url


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://evil.com/",
        "//evil.com/",
        "https://en.wikipedia.org:8443/",
        "http://en.wikipedia.org/",
        "file:///etc/passwd",
        "https://a:b@en.wikipedia.org/",
        "https://[::1",
    ],
)
def test_redirects_out_of_the_allowed_hosts_are_refused(location: str) -> None:
    with pytest.raises(GatewayError) as refused:
        follow(admit("http://en.wikipedia.org/wiki/A"), location)
    assert refused.value.code == "redirect-refused"


def test_redirects_within_them_are_followed() -> None:
    base = admit("http://en.wikipedia.org/wiki/A")
    assert follow(base, "B?x=1").url == "https://en.wikipedia.org/wiki/B?x=1"
    assert follow(base, "https://de.wikipedia.org/wiki/C").url == "https://de.wikipedia.org/wiki/C"
