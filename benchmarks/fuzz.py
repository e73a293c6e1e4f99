"""Throws damaged input at every parser: `python benchmarks/fuzz.py [--minutes 10] [PARSER…]`; needs the extra `bench`.

`A+B` gives each input to both. Guided by coverage (Atheris), from the saved pages of `tests/pages`: of bytes, and of
JSON whose values are swapped, torn out or put elsewhere. Nothing but the project's own errors may be raised. What fell
is kept in `--keep`.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

PAGES: Final = Path(__file__).resolve().parents[1] / "tests" / "pages"
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
SLOW: Final = 60
"""Seconds that one input may take on a machine that does other things too."""
ODD: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 1e308, float("nan"), 10**30, "", "x", "N/A", "0", "\ud800", "x" * 300, "1999-99-99", [], {},
    [[]], [None], {"value": None}, {"id": 1},
)  # fmt: skip
"""What stands where something else was due."""

SEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "justwatch": (
        """{"data": {"n0": {"id": "tm1", "content": {"title": "A", "fullPath": "/us/movie/a", "runtime": 90,
        "credits": [{"role": "ACTOR", "name": "B", "characterName": "C", "personId": 1}], "ageCertification": "R",
        "scoring": {"imdbScore": 7.1, "imdbVotes": 9}, "genres": [{"translation": "War"}],
        "productionCountries": ["US"], "clips": [{"externalId": "x"}], "externalIds": {"imdbId": "tt0000001"}},
        "offers": [{"currency": "USD",
        "package": {"clearName": "C"}, "monetizationType": "RENT", "retailPriceValue": 3}]}}}""",
        """{"data": {"popularTitles": {"totalCount": 1, "edges": [{"node": {"id": "tm1", "objectType": "MOVIE",
        "content": {"title": "A", "fullPath": "/us/movie/a", "externalIds": {"imdbId": "tt0000001"}}}}]}}}""",
    ),
    "justwatch_page": (
        """<h1>Films on C</h1><div class="total-titles">1 titles</div><div class="title-list-grid__item" data-id="tm1"
        data-title="A"><a href="/us/movie/a"></a></div><script type="application/ld+json">{"@type": "Movie",
        "name": "A", "duration": "PT1H", "actor": [{"name": "B"}], "sameAs": [], "genre": ["War"]}</script>""",
    ),
    "sparql": (
        """{"results": {"bindings": [{"of": {"value": "imdb"}, "id": {"value": "tt1"}, "asked": {"value": "A"},
        "item": {"value": "http://www.wikidata.org/entity/Q1"}, "years": {"value": "1999"}}]}}""",
    ),
    "wikipedia": (
        "{{Infobox film\n| budget = {{INR|2.5 crore}}\n| starring = {{ubl|[[A]]|B}}\n}}\n'''A'''\n== Cast ==\n"
        "{|\n! Actor !! Role\n|-\n| rowspan=2 | [[A B]] || C\n|}\n* [[D]] as E\n",
        "<page><title>A</title><ns>0</ns><id>1</id><revision><text>'''A'''</text></revision></page>",
    ),
    "search": ('{"movies": [{"title": "A", "id": 1}]}',),
    "items": ('{"query": {"searchinfo": {"totalhits": 1}, "search": [{"ns": 0, "title": "Q1"}]}}',),
    "values": ("$6-7 million (est.)", "₹25 crore", "1h 29m", "June 25, 1982 (UK)"),
}
"""Good inputs that no saved page is."""


class Target(NamedTuple):
    """A parser that takes bytes; `seeds` are good inputs."""

    parse: Callable[[bytes], object]
    seeds: tuple[bytes, ...] = ()


def targets() -> Mapping[str, Target]:
    """All parsers, by their names."""
    from movie_db.crawling_module.galleries import justwatch_html
    from movie_db.crawling_module.galleries import justwatch_list as justwatch
    from movie_db.crawling_module.saved_answers import SavedAnswer, read, readable
    from movie_db.crawling_module.sources import wiki_search, wikidata, wikipedia
    from movie_db.crawling_module.sources.base import SourceAnswer, SourceRequest
    from movie_db.stitching import values

    def reading(source: str, body: bytes) -> object:
        return read(source, SavedAnswer("tm1.html", body, NOW))

    def answered(parse: Callable[[SourceAnswer], object], body: bytes) -> object:
        url = "https://example.org/?title=A"
        return parse(SourceAnswer(SourceRequest("x", url), url, NOW, body))

    def told(body: bytes) -> None:
        text = body.decode("utf-8", "replace")
        for parse in (values.money, values.box_office, values.minutes, values.date, values.name, values.certificate):
            parse(text)
        for code in (values.country_code, values.language_code):
            code(text)

    more = {source: tuple(map(str.encode, seeds)) for source, seeds in SEEDS.items()}
    found = {source: Target(partial(reading, source), (*saved(source), *more.get(source, ()))) for source in readable()}
    return found | {
        "justwatch_list": Target(
            partial(answered, partial(justwatch.titles, convert=justwatch.entry_of)), more["justwatch"][1:]
        ),
        "justwatch_html": Target(partial(answered, justwatch_html.parse), more["justwatch_page"]),
        "wikipedia_guesses": Target(wikipedia.parse_guesses, tuple(saved("wikipedia"))),
        "wikidata_ids": Target(wikidata.parse_by_ids, more["sparql"]),
        "wikidata_titles": Target(wikidata.parse_by_titles, more["sparql"]),
        "wikidata_search": Target(wikidata.parse_search, more["items"]),
        "wiki_search": Target(partial(answered, wiki_search.parse), more["search"]),
        "values": Target(told, more["values"]),
    }


def saved(source: str) -> Iterator[bytes]:
    for path in sorted(PAGES.glob(f"{source}/*/answer.*")):
        yield path.read_bytes()


def damaged(seed: bytes, choose: Callable[[int], int]) -> bytes:
    """The seed with up to five of its values swapped, if it is JSON; `choose(n)` picks one of n."""
    try:
        root = [json.loads(seed)]
    except ValueError:
        return seed
    for _ in range(1 + choose(5)):
        places = list(_places(root))
        holder, key = places[choose(len(places))]
        odd = choose(len(ODD) + 2)
        if odd < len(ODD):
            holder[key] = json.loads(json.dumps(ODD[odd]))
        elif odd == len(ODD):
            other, at = places[choose(len(places))]
            holder[key] = json.loads(json.dumps(other[at]))
        elif holder is not root:
            del holder[key]
    return json.dumps(root[0], ensure_ascii=True).encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], (dict, list)):
            yield from _places(value[key])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parsers", nargs="*", metavar="PARSER", help="only these (all)")
    parser.add_argument("--minutes", type=float, default=10, help="for each parser (10)")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "movie_db_fuzz", metavar="DIR")
    parser.add_argument("--within", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.within:
        fuzz(asked.parsers[0], asked.minutes, asked.keep)
        return
    names = sorted(targets())
    if unknown := {name for told in asked.parsers for name in told.split("+")} - set(names):
        sys.exit(f"There is no parser {min(unknown)!r}: it is one of {', '.join(names)}.")
    fallen = 0
    for name in asked.parsers or names:
        command = [
            sys.executable,
            __file__,
            name,
            "--within",
            "--minutes",
            str(asked.minutes),
            "--keep",
            str(asked.keep),
        ]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        runs = [line for line in ended.stderr.splitlines() if line.startswith("Done ")]
        fallen += ended.returncode != 0
        print(f"{name:30} {runs[0] if runs else 'FELL'}", flush=True)
        if ended.returncode:
            print(ended.stderr[-3000:])
    sys.exit(1 if fallen else 0)


def fuzz(name: str, minutes: float, keep: Path) -> None:
    """Fuzzes one parser in this process, and ends it."""
    import atheris

    with atheris.instrument_imports(include=["movie_db.crawling_module", "movie_db.stitching"]):
        import movie_db.crawling_module.saved_answers  # noqa: F401
    from movie_db.contract.errors import MovieDbError

    together = [targets()[one] for one in name.split("+")]
    seeds = [seed for target in together for seed in target.seeds]
    corpus = keep / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (corpus / f"seed{number}").write_bytes(b"\xff" + seed)

    def once(data: bytes) -> None:
        # The first byte tells whether the rest is the input itself, or steers how a seed is damaged.
        if data[:1] < b"\x80" and seeds:
            provider = atheris.FuzzedDataProvider(data[1:])
            body = damaged(seeds[provider.ConsumeIntInRange(0, len(seeds) - 1)], _chooser(provider))
        else:
            body = data[1:]
        for target in together:
            try:
                target.parse(body)
            except MovieDbError:
                continue

    limits = [f"-max_total_time={round(minutes * 60)}", f"-timeout={SLOW}", "-max_len=20000", "-rss_limit_mb=2000"]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={keep}/{name}-", str(corpus)], once)
    atheris.Fuzz()


def _chooser(provider: Any) -> Callable[[int], int]:
    return lambda n: int(provider.ConsumeIntInRange(0, n - 1))


if __name__ == "__main__":
    main()
