"""Which addresses are galleries, so that nobody can have anything else asked."""

import unicodedata
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from movie_db.contract.errors import UsageError
from movie_db.contract.gallery_address import canonical_gallery, justwatch
from movie_db.crawling_module import galleries
from presence import present

MAX = "https://www.justwatch.com/us/provider/max/movies"


@pytest.mark.parametrize(
    ("address", "called"),
    [
        (MAX, MAX),
        ("http://JustWatch.com/us/provider/max?utm_source=x#top", MAX),
        ("https://www.justwatch.com/uk/movies?genres=hrr,war", "https://www.justwatch.com/uk/movies?genres=hrr,war"),
        ("www.justwatch.com/us/provider/Max/", MAX),
        ("justwatch.com/us/provider/max?sort_by=release_year&sort_asc=true&page=3&gclid=1&fbclid=2", MAX),
        (" https://m.justwatch.com/us/provider/max/movies\n", MAX),
        (f"{MAX}?genres=act&genres=cmy", f"{MAX}?genres=act,cmy"),
    ],
)
def test_an_address_is_made_anew_of_what_is_known_of_it(address: Any, called: Any) -> None:
    assert canonical_gallery(address) == called
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
            "https://www.justwatch.com/us/p/..%2fx",
            "https://www.justwatch.com/us/p%3fx/y",
            "https://www.justwatch.com/us/p/%ff",
            "https://www.justwatch.com/us/p/%00",
            "https://www.justwatch.com/us/p/%2561",
            "https://www.justwatch.com/us/p/x/y/z",
            "www.justwatch.com:8080/us/movies",
            "me@www.justwatch.com/us/movies",
            "www.justwatch.com.evil.example/us/movies",
        ),
        *(f"{MAX}/tv-shows", f"{MAX}?genres=xyz", f"{MAX}?providers=nfx", f"{MAX}?release_year_from=２０２０"),
    ],
)
def test_whatever_else_is_refused_in_one_sentence(address: Any) -> None:
    with pytest.raises(UsageError) as caught:
        canonical_gallery(address)
    assert "\n" not in str(caught.value)


def test_every_gallery_on_the_web_that_can_be_read_is_known() -> None:
    on_web = [adapter.reads for adapter in galleries.adapters() if adapter.reads.startswith("https://")]
    assert on_web
    for address in on_web:
        canonical_gallery(address.replace("<country>", "us").replace("<provider>", "max"))


SITE = "https://www.justwatch.com"


@pytest.mark.parametrize(
    ("path", "country", "provider"),
    [
        ("/be/plateforme/rtbf-auvio", "BE", "rtbf-auvio"),
        ("/cz/poskytovatel/canal-plus", "CZ", "canal-plus"),
        ("/se/leverantör/svt/filmer", "SE", "svt"),
        ("/pl/serwis-streamingowy/netflix/filmy", "PL", "netflix"),
        ("/kr/동영상서비스/netflix/영화", "KR", "netflix"),
        ("/jp/動画配信サービス/u-next", "JP", "u-next"),
        ("/th/ผู้ให้บริการ/netflix/ภาพยนตร์", "TH", "netflix"),
        ("/es/plataforma/netflix", "ES", "netflix"),
        ("/de/Anbieter/netflix/Filme", "DE", "netflix"),
        ("/kr/영화", "KR", None),
        ("/uk", "GB", None),
    ],
)
def test_a_countrys_own_words_are_taken_raw_and_percent_encoded(path: Any, country: Any, provider: Any) -> None:
    for written in (path, quote(path), quote(path).lower(), unicodedata.normalize("NFD", path)):
        gallery = present(justwatch(SITE + written))
        assert (gallery.country, gallery.provider) == (country, provider)
    plain = present(justwatch(SITE + path))
    assert present(justwatch(SITE + quote(path))).address == plain.address == canonical_gallery(SITE + path)
    if provider:
        assert plain.page == SITE + quote(path)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/us/movie/the-matrix", "one title"),
        ("/kr/영화/굿-럭-찰리", "one title"),
        ("/it/film/novit%C3%A0", "one title"),
        ("/us/tv-show/heat", "one title"),
        ("/kr/TV-프로그램", "series"),
        ("/us/provider/netflix/tv-shows", "series"),
        ("/us/provider/netflix/new", "timeline"),
        ("/us/streaming-charts", "gallery's address looks like"),
        ("/us/lists/my-list", "gallery's address looks like"),
        ("/us/provider/netflix/genre/action", "gallery's address looks like"),
        ("/us/movies?providers=amp,nfx", "filter 'providers' is not supported"),
        ("/us/provider/netflix?tomatoMeter=50", "filter 'tomatoMeter' is not supported"),
        ("/us/provider/netflix?q=x", "search within a gallery"),
        ("/us/movies?release_year_from=1999&release_year_from=2001", "is given twice"),
    ],
)
def test_what_is_no_gallery_is_refused_by_what_it_is(address: Any, says: Any) -> None:
    with pytest.raises(UsageError, match=says):
        canonical_gallery(SITE + address)


def test_a_short_link_is_refused_with_what_to_do() -> None:
    with pytest.raises(UsageError, match="short link: open it in a browser"):
        canonical_gallery("justwatch.to/abc")


@pytest.mark.parametrize("address", ["letterboxd.com/me/list/x", "www.imdb.com/list/ls1", "www.netflix.com"])
def test_an_address_without_a_scheme_is_no_file(address: str) -> None:
    with pytest.raises(UsageError, match="No gallery is known"):
        galleries.find(address)


def test_a_file_that_is_missing_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no file"):
        galleries.find(str(tmp_path / "films.csv"))
