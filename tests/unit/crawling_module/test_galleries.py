"""The registry of galleries finds adapters by scanning its package."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from movie_db.cli import main
from movie_db.contract.errors import UsageError
from movie_db.crawling_module import galleries, sources

TOY = '''
"""A toy gallery: a site with one address, and files that begin with TOY."""

from movie_db.crawling_module.galleries.base import Gallery


class ToyGallery(Gallery):
    reads = "https://toy.example/movies"

    @classmethod
    def at(cls, address):
        return cls("https://toy.example/movies") if address.startswith("https://toy.example/") else None

    @classmethod
    def in_file(cls, path, head):
        return cls(f"file:{path}") if head.startswith(b"TOY") else None

    async def films(self, read, run):
        return
        yield
'''


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "zz_toy"  # after the others, and imported anew
    (tmp_path / f"{name}.py").write_text(TOY)
    monkeypatch.setattr(galleries, "__path__", [*galleries.__path__, str(tmp_path)])
    monkeypatch.delitem(sys.modules, f"{galleries.__name__}.{name}", raising=False)


@pytest.mark.usefixtures("toy")
def test_a_file_in_the_folder_adds_a_gallery_by_address_and_by_content(tmp_path: Path) -> None:
    mine, own = tmp_path / "a.list", tmp_path / "b.list"
    mine.write_text("TOY\nAlien")
    own.write_text("Alien")
    assert type(galleries.find("https://toy.example/x")).__name__ == "ToyGallery"
    assert type(galleries.find(str(mine))).__name__ == "ToyGallery"
    assert type(galleries.find(str(own))).__name__ == "OwnList"


@pytest.mark.usefixtures("toy")
def test_the_help_and_the_errors_list_every_gallery() -> None:
    reads = "https://toy.example/movies"
    with pytest.raises(UsageError, match=reads):
        galleries.find("https://example.org/movies")
    assert reads in CliRunner().invoke(main, ["list", "--help"]).output.replace("\n", " ")


def test_the_help_of_parse_lists_every_source() -> None:
    shown = CliRunner().invoke(main, ["parse", "--help"]).output
    assert all(source in shown for source in sources.readable())


def test_addresses_are_checked_without_the_crawlers_libraries() -> None:
    code = """
import sys
for name in ("scrapy", "parsel", "mwparserfromhell"):
    sys.modules[name] = None
from movie_db.contract.gallery_address import canonical_gallery
print(canonical_gallery("www.justwatch.com/us/provider/max/movies"))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "https://www.justwatch.com/us/provider/max/movies"


def test_every_source_is_found_by_each_of_its_hosts() -> None:
    for name, source in sources.registered().items():
        for host in source.HOSTS:
            found = sources.by_host(host.replace("*", "en"))
            assert found is not None
            assert name == found.SOURCE
    assert sources.by_host("example.org") is None
