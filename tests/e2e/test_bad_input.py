"""What a build can't do, it refuses in one sentence that says what would be right; whatever of it is found late."""

from pathlib import Path

import pytest

from movie_db.contract.settings import Settings

MAX = Settings().gallery
REPLAY = ("--replay", str(Path(__file__).parents[2] / "sample" / "max.warc.gz"))
NETFLX = "https://www.justwatch.com/us/provider/netflx/movies"
GERMAN = "https://www.justwatch.com/de/provider/netflix/movies"
NOWHERE = {"MOVIE_DB_GATEWAY": "http://127.0.0.1:9", "MOVIE_DB_WIKI_API": "http://127.0.0.1:9"}


def prepare(folder: Path) -> None:
    (folder / "cut.warc.gz").write_bytes(Path(REPLAY[1]).read_bytes()[:100])


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "sentence"),
    [
        ([MAX, "--replay", "cut.warc.gz"], {}, 2, "cut.warc.gz is no WARC file that can be read"),
        ([NETFLX, *REPLAY], {}, 2, "knows no provider 'netflx' in this country; the closest are netflix"),
        ([GERMAN, *REPLAY], {}, 1, "The recording has no answer to POST https://apis.justwatch.com/graphql"),
        ([MAX], NOWHERE, 1, "No service of ours answers at 127.0.0.1:9"),
    ],
)
def test_a_build_refuses_in_one_sentence(workplace, arguments, environment, code, sentence):
    prepare(workplace.folder)
    before = {path: path.read_bytes() for path in workplace.folder.iterdir()}
    ended = workplace.run("build", *arguments, **environment)
    assert ended.code == code, ended.said
    assert sentence in ended.said[-1]
    assert len(ended.said) == 1
    assert ended.said[0].startswith("movie-db: ")
    assert ended.out == ""
    assert {path: path.read_bytes() for path in before} == before
