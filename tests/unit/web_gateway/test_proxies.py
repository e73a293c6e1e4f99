from typing import Any

import pytest

from movie_db.contract.errors import UsageError
from movie_db.web_gateway.proxies import Proxies

HOST = "en.wikipedia.org"


@pytest.mark.parametrize(
    ("setting", "environment", "proxy"),
    [
        (None, {}, None),
        (None, {"HTTPS_PROXY": "http://p:3128"}, "http://p:3128"),
        (None, {"HTTPS_PROXY": "http://p:3128", "https_proxy": "http://q:1"}, "http://q:1"),
        (None, {"HTTPS_PROXY": "http://p:3128", "https_proxy": ""}, None),
        (None, {"ALL_PROXY": "p:3128"}, "http://p:3128"),
        (None, {"ALL_PROXY": "http://a:1", "HTTPS_PROXY": "https://p:2/"}, "https://p:2/"),
        (None, {"HTTP_PROXY": "http://p:3128"}, None),
        ("http://u:p%40@[::1]:8", {"HTTPS_PROXY": "http://p:3128"}, "http://u:p%40@[::1]:8"),
        (None, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "localhost, .wikipedia.org"}, None),
        (None, {"HTTPS_PROXY": "http://p:1", "no_proxy": "EN.Wikipedia.org:443"}, None),
        (None, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, None),
        (None, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*.wikipedia.org"}, None),
        ("http://p:1", {"NO_PROXY": "wikipedia.org"}, None),
        (None, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "pedia.org,wikidata.org,, en.wikipedia.org:80"}, "http://p:1"),
    ],
)
def test_a_host_is_asked_through_the_proxy_that_the_user_names(setting: Any, environment: Any, proxy: Any) -> None:
    found = Proxies(setting, environment).of(HOST)
    assert (str(found) if found else None) == proxy


@pytest.mark.parametrize(
    "address",
    [
        "socks5://u:s3cret@p:1080",
        "ftp://p",
        "http://",
        "http://u:s3cret@p:99999",
        "http://p:1/s3cret",
        "http://[::1",
        "p q",
    ],
)
@pytest.mark.parametrize("name", ["MOVIE_DB_PROXY", "HTTPS_PROXY", "ALL_PROXY"])
def test_what_is_no_forward_proxy_is_refused_by_its_variable_without_its_value(name: str, address: str) -> None:
    given = {name: address}
    with pytest.raises(UsageError, match=f"^{name} takes the address of a forward proxy") as told:
        Proxies(given.pop("MOVIE_DB_PROXY", None), given)
    assert "s3cret" not in str(told.value)
