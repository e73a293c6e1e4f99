"""How long an ingest takes: `python benchmarks/ingest.py [--db URL] [--films N]`, on films made up for it.

Each film has a JustWatch, a Wikidata and a Wikipedia record, 20 actors of a pool shared by all films, offers and
ratings; each person has a PersonItem. Prints CPU and wall seconds of the first ingest, of the same log again, and of an
export.
"""

import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from movie_db.contract.log import SegmentWriter
from movie_db.contract.messages import (
    Company,
    Credit,
    Message,
    MovieFacts,
    MovieItem,
    MovieListEntry,
    Offer,
    Origin,
    PersonItem,
    Rating,
    RunStarted,
    SourceRecord,
)
from movie_db.movie_db_client.data_model.engine import make_engine
from movie_db.movie_db_client.data_model.schema_version import upgrade
from movie_db.movie_db_client.exporting.export import MoviesToExport, export_movies
from movie_db.movie_db_client.ingest.ingest import ingest_once
from movie_db.movie_db_client.repository.sql import SqlStore, SqlUnitOfWork

AT = datetime(2026, 11, 1, tzinfo=UTC)
RUN = "bench"
GALLERY = "https://www.justwatch.com/us/provider/max/movies"


def person(number: int, *, known: bool) -> Credit:
    ids = {"wikidata": f"Q{number + 1}"} if known else {"justwatch": str(number + 1)}
    return Credit(name=f"Person {number} of the Pool", ids=ids)


def film(number: int, people: list[int]) -> MovieItem:
    key, item = f"tm{number + 1}", f"Q{900_000_000 + number}"
    cast = [
        person(n, known=False).model_copy(update={"role": f"Role {n}", "billing": i}) for i, n in enumerate(people, 1)
    ]
    facts = MovieFacts(
        title=f"Film {number}",
        year=1950 + number % 70,
        runtime=90 + number % 60,
        plot="What happens in it. " * 20,
        genres=("Drama", "Action & Adventure"),
        countries=("US",),
        cast=tuple(cast),
        directors=(person(people[0], known=False),),
        ratings=(Rating(source="imdb", score=7.5, votes=number),),
        offers=tuple(Offer(provider=f"Shop {n}", country="US", kind="flatrate", presentation="hd") for n in range(6)),
    )

    def record(source: str, source_id: str, ids: dict[str, str], facts: MovieFacts) -> SourceRecord:
        url = f"https://{source}.example/{source_id.replace(' ', '_')}"
        return SourceRecord.model_validate(
            {"source": source, "source_id": source_id, "url": url, "retrieved_at": AT, "licence": "CC0", "ids": ids}
            | {"facts": facts}
        )

    records = (
        record("justwatch", key, {"justwatch": key, "imdb": f"tt{number + 1:07}"}, facts),
        record(
            "wikidata",
            item,
            {"wikidata": item, "imdb": f"tt{number + 1:07}"},
            MovieFacts(
                title=f"Film {number}",
                release_date=f"{1950 + number % 70}-03-04",
                genres=("drama film",),
                cast=tuple(person(n, known=True) for n in people),
                directors=(person(people[0], known=True),),
                studios=(Company(name=f"Studio {number % 300}", ids={"wikidata": f"Q{5_000_000 + number % 300}"}),),
            ),
        ),
        record(
            "wikipedia",
            f"Film {number}",
            {"wikipedia": f"Film {number}", "wikidata": item},
            MovieFacts(title=f"Film {number}", plot="A longer plot. " * 150, languages=("en",)),
        ),
    )
    entry = MovieListEntry(
        run=RUN, gallery=GALLERY, key=key, position=number + 1, title=f"Film {number}", ids={"justwatch": key}
    )
    return MovieItem(run=RUN, entry=entry, records=records, outcomes={"justwatch": "found", "wikidata": "found"})


def messages(films: int, pool: int) -> Iterator[Message]:
    chance = random.Random(7)
    told: set[int] = set()
    yield RunStarted(run=RUN, gallery=GALLERY, started_at=AT)
    for number in range(films):
        people = chance.sample(range(pool), 20)
        yield film(number, people)
        for n in people:
            if n not in told:
                told.add(n)
                origin = Origin(
                    source="wikidata",
                    source_id=f"Q{n + 1}",
                    url=f"https://www.wikidata.org/wiki/Q{n + 1}",
                    retrieved_at=AT,
                    licence="CC0",
                )
                ids = {"wikidata": f"Q{n + 1}", "imdb": f"nm{n + 1:07}"}
                yield PersonItem.model_validate(
                    {"run": RUN, "origin": origin, "name": f"Person {n} of the Pool", "ids": ids}
                    | {"born": "1970-05-06", "nationality": "American", "bio": "An actor."}
                )


def timed(what: str, work: Callable[[], object]) -> None:
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    click.echo(
        f"{what}: {time.process_time() - cpu:.1f} s CPU, {time.perf_counter() - wall:.1f} s, peak {peak} MB  {result}"
    )


@click.command(help=__doc__)
@click.option("--db", help="A database to fill [default: a new SQLite file].")
@click.option("--films", default=2408, show_default=True)
@click.option("--pool", default=20_000, show_default=True, help="People to choose from.")
def main(db: str | None, films: int, pool: int) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        with SegmentWriter(folder / "item_list" / "bench-1.jsonl") as writer:
            for message in messages(films, pool):
                writer.write(message)
        url = db or f"sqlite:///{folder / 'bench.sqlite'}"
        upgrade(url)
        engine = make_engine(url)
        store = SqlStore(engine)
        timed("ingest", lambda: ingest_once(lambda: SqlUnitOfWork(store), folder))
        with SqlUnitOfWork(store) as unit:
            rows = unit.repository.read("ingest_progress")
            unit.repository.delete("ingest_progress", segment=[row["segment"] for row in rows])
            unit.commit()
        timed("again", lambda: ingest_once(lambda: SqlUnitOfWork(store), folder))
        timed("export", lambda: export_movies(MoviesToExport(engine), "jsonl", folder / "movies.jsonl"))
        engine.dispose()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
