"""Which addresses are galleries, so that nobody can have anything else asked."""

import pytest

from movie_db.contract.errors import UsageError
from movie_db.contract.gallery_address import on_the_web
from movie_db.crawling_module import galleries

MAX = "https://www.justwatch.com/us/provider/max/movies"


@pytest.mark.parametrize(
    ("address", "called"),
    [
        (MAX, MAX),
        ("http://JustWatch.com/us/provider/max?utm_source=x#top", MAX),
        ("https://www.justwatch.com/uk/movies?genres=hrr,war", "https://www.justwatch.com/uk/movies?genres=hrr,war"),
    ],
)
def test_an_address_is_made_anew_of_what_is_known_of_it(address, called):
    assert on_the_web(address) == called
    assert galleries.find(address).address == called


@pytest.mark.parametrize(
    "address",
    [
        *(
            "",
            "-",
            "films.csv",
            "/etc/passwd",
            "file:///etc/passwd",
            "file:/etc/passwd",
            "//www.justwatch.com/us/movies",
        ),
        *("ftp://www.justwatch.com/us/movies", "gopher://www.justwatch.com/us/movies", "javascript:alert(1)"),
        *("http://127.0.0.1/us/provider/max/movies", "http://[::1]/us/movies", "http://2130706433/us/movies"),
        *("http://localhost:8200/v1/movies", "http://169.254.169.254/latest/meta-data", "http://0/us/movies"),
        *("https://www.justwatch.com.evil.example/us/movies", "https://evil.example/www.justwatch.com/us/movies"),
        *("https://evil.example\\@www.justwatch.com/us/movies", "https://www.justwatch.com\\@evil.example/us/movies"),
        *("https://me@www.justwatch.com/us/movies", "https://me:secret@www.justwatch.com/us/movies"),
        *("https://www.justwatch.com:8443/us/movies", "https://www.justwatch.com:443/us/movies"),
        *("https://www.justwatch.com:x/us/movies", "https://www.justwatch.com./us/movies"),
        *(
            "https://www.justwatch.com/",
            "https://www.justwatch.com/us/../../movies",
            "https://www.justwatch.com/us/p/x",
        ),
        *(f"{MAX}/tv-shows", f"{MAX}?genres=xyz", f"{MAX}?page=2", f"{MAX}?release_year_from=２０２０"),
    ],
)
def test_whatever_else_is_refused_in_one_sentence(address):
    with pytest.raises(UsageError) as caught:
        on_the_web(address)
    assert "\n" not in str(caught.value)


def test_every_gallery_on_the_web_that_can_be_read_is_known():
    on_web = [adapter.takes for adapter in galleries.ADAPTERS if "://" in adapter.takes]
    assert on_web
    for address in on_web:
        on_the_web(address.replace("<country>", "us").replace("<provider>", "max"))
