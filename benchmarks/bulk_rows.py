"""Rows of the film tables, made up of real titles, years, minutes and names: what benchmarks/bulk.py writes."""

import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from made_films import Made, films
from movie_db.movie_db_client.repository import Row

Tables = dict[str, list[Row]]
"""By table, in an order in which each may name rows of those before it."""

_GENRES: Final = (
    "Action Adventure Animation Comedy Crime Documentary Drama Family Fantasy History Horror Music Mystery Romance "
    "Science-Fiction Sport Thriller War Western"
).split()
_COUNTRIES: Final = "US GB FR DE IT JP IN KR ES CA".split()
_ROLES: Final = "Himself;Herself;The Stranger;Dr. {};Detective {};Young {};{};Mrs. {};Captain {};Narrator".split(";")
_CAST: Final = 10
_SENTENCES: Final = 4


def tables(shared: Path, number: int) -> Tables:
    """So many films with all that belongs to them, always the same ones."""
    chance = random.Random(11)
    made = films(shared, number)
    words = [word for film in made[:5000] for word in film.title.split()]
    given, surnames = zip(*(n for f in made if len(n := f.director.split(" ", 1)) == 2), strict=True)
    names = sorted({film.director for film in made if film.director})
    known = {name: n for n, name in enumerate(names, 1)}
    actors = [f"{chance.choice(given)} {chance.choice(surnames)}" for _ in range(2 * number)]
    studios = [f"{chance.choice(surnames)} {chance.choice(('Pictures', 'Films', 'Studios'))}" for _ in range(400)]
    told: Tables = {
        "genres": [{"genre_id": n, "name": name} for n, name in enumerate(_GENRES, 1)],
        "directors": [_person("director_id", n, name, chance) for name, n in known.items()],
        "actors": [_person("actor_id", n, name, chance) for n, name in enumerate(actors, 1)],
        "studios": [{"studio_id": n, "name": name, "location": None} for n, name in enumerate(studios, 1)],
    }
    told |= {t: [] for t in ("movies", "cast", "ratings", "movie_directors", "movie_studios", "movie_genres")}
    told |= {t: [] for t in ("movie_countries", "movie_languages", "external_ids")}
    for place, film in enumerate(made, 1):
        _film(told, place, film, known.get(film.director), len(actors), words, surnames, chance)
    return told


def _person(key: str, number: int, name: str, chance: random.Random) -> Row:
    born = date(chance.randint(1880, 2000), chance.randint(1, 12), chance.randint(1, 28)) if number % 3 else None
    return {
        key: number,
        "name": name[:255],
        "dob": born,
        "birth_year": born.year if born else None,
        "nationality": chance.choice(("American", "British", "French", None)),
        "bio": f"{name} is known for work in film." if number % 4 == 0 else None,
    }


def _film(
    told: Tables,
    n: int,
    film: Made,
    director: int | None,
    actors: int,
    words: list[str],
    surnames: tuple[str, ...],
    chance: random.Random,
) -> None:
    studio = chance.randint(1, 400)
    score = Decimal(chance.randint(10, 100)) / 10
    sentences = (" ".join(chance.choices(words, k=15)).capitalize() + "." for _ in range(_SENTENCES))
    told["movies"].append(
        {
            "movie_id": n,
            "title": film.title[:255],
            "original_title": film.title[:255] if n % 5 == 0 else None,
            "tagline": " ".join(chance.choices(words, k=6)) if n % 2 else None,
            "plot": " ".join(sentences),
            "language": "en",
            "country": chance.choice(_COUNTRIES),
            "release_date": date(film.year, chance.randint(1, 12), chance.randint(1, 28)) if film.year else None,
            "runtime": film.minutes,
            "budget": Decimal(chance.randint(1, 200) * 1_000_000) if n % 3 == 0 else None,
            "box_office": Decimal(chance.randint(10_000, 900_000_000)) if n % 3 == 0 else None,
            "rating": score,
            "rating_count": int(chance.paretovariate(0.5)) % 2**30,
            "director_id": director,
            "writer_id": None,
            "studio_id": studio,
            "distributor_id": None,
            "poster_url": f"https://images.example/poster/{n * 7919}/s718/{n}.jpg",
            "trailer_url": f"https://videos.example/watch?v={n * 104729:x}" if n % 2 else None,
            "age_rating": chance.choice(("G", "PG", "PG-13", "R", None)),
            "imdb_id": f"tt{n:07}",
            "tmdb_id": str(n * 3),
            "homepage": f"https://film{n}.example/" if n % 4 == 0 else None,
            "release_year": film.year,
            "release_month": None,
            "release_date_precision": "day" if film.year else None,
            "budget_currency": "USD" if n % 3 == 0 else None,
            "box_office_currency": "USD" if n % 3 == 0 else None,
            "age_rating_system": None,
        }
    )
    for place, actor in enumerate(chance.sample(range(1, actors + 1), _CAST), 1):
        role = chance.choice(_ROLES).format(chance.choice(surnames))
        row = {"movie_id": n, "actor_id": actor, "role": role[:255], "billing_order": place}
        told["cast"].append({"cast_id": len(told["cast"]) + 1, **row})
    for source in ("imdb", "tmdb"):
        row = {"movie_id": n, "source": source, "score": score, "votes": chance.randint(1, 10**6), "original": None}
        told["ratings"].append({"rating_id": len(told["ratings"]) + 1, **row})
    if director:
        told["movie_directors"].append({"movie_id": n, "director_id": director, "position": 1})
    told["movie_studios"].append({"movie_id": n, "studio_id": studio, "position": 1})
    told["movie_languages"].append({"movie_id": n, "language": "en", "position": 1})
    for place, genre in enumerate(chance.sample(range(1, len(_GENRES) + 1), 1 + n % 3), 1):
        told["movie_genres"].append({"movie_id": n, "genre_id": genre, "position": place})
    for place, country in enumerate(chance.sample(_COUNTRIES, 1 + n % 2), 1):
        told["movie_countries"].append({"movie_id": n, "country": country, "position": place})
    for namespace, value in (("imdb", f"tt{n:07}"), ("tmdb", str(n * 3)), ("wikidata", f"Q{n + 10**6}")):
        told["external_ids"].append({"entity": "movie", "namespace": namespace, "value": value, "entity_id": n})


def changed(told: Tables) -> Tables:
    """The same rows by their keys, each otherwise in one field, as a refresh finds them."""
    fields = {
        "genres": "name",
        "directors": "name",
        "actors": "name",
        "studios": "name",
        "movies": "rating_count",
        "cast": "role",
        "ratings": "votes",
        "external_ids": "entity_id",
    }
    news: Tables = {}
    for table, rows in told.items():
        field = fields.get(table, "position")
        news[table] = [
            row | {field: f"{value[:250]} II" if isinstance(value := row[field], str) else value + 1} for row in rows
        ]
    return news
