"""What a world's files say of its films, read without a line of the project's own code: for `coverage.py`.

A film's rows are found by the gold's ids. `told` gives, for each film and field, what each source says of it, in a form
in which spellings compare equal: texts folded to letters and digits, sums and minutes as numbers, dates as ISO.
"""

import csv
import gzip
import html
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pycountry

Told = dict[str, dict[str, list[Any]]]
"""Field → source → values."""


@lru_cache(maxsize=200_000)
def fold(text: object) -> str:
    """Letters and digits alone, without accents and case."""
    plain = unicodedata.normalize("NFKD", str(text)).casefold()
    return "".join(c for c in plain if c.isalnum())


def lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        with open(path, encoding="utf-8") as file:
            yield from map(json.loads, file)


def table(path: Path) -> Iterator[dict[str, str]]:
    r"""A file of IMDb's, without what is \N."""
    if path.exists():
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield {name: cell for name, cell in row.items() if cell not in {None, "", r"\N"}}


class World:
    """A world's rows, by their ids."""

    def __init__(self, folder: Path) -> None:
        self.gold = list(lines(folder / "gold.jsonl"))
        self.justwatch = {row["id"]: row for row in lines(folder / "justwatch.jsonl")}
        self.wikidata = {row["id"]: row for row in lines(folder / "wikidata.jsonl")}
        self.wikipedia = {row["title"]: row for row in lines(folder / "wikipedia.jsonl")}
        tmdb = [row for row in lines(folder / "tmdb.jsonl") if row.get("media_type") != "tv"]
        self.tmdb = {str(row["id"]): row for row in tmdb} | {row["imdb_id"]: row for row in tmdb if row.get("imdb_id")}
        self.omdb = {row["imdbID"]: row for row in lines(folder / "omdb.jsonl") if row.get("imdbID")}
        imdb = folder / "imdb"
        self.imdb: dict[str, dict[str, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))
        for name in ("title.basics", "title.ratings", "title.crew", "title.principals", "title.akas"):
            for row in table(imdb / f"{name}.tsv.gz"):
                self.imdb[row.get("tconst") or row["titleId"]][name].append(row)
        self.names = {row["nconst"]: row for row in table(imdb / "name.basics.tsv.gz")}

    def told(self, film: dict[str, Any]) -> Told:
        """What the sources say of a film of the gold."""
        told: Told = defaultdict(lambda: defaultdict(list))
        imdb, tmdb = film.get("imdb_id"), str(film.get("tmdb_id"))
        of_justwatch(self.justwatch[film["justwatch_id"]], told)
        if page := self.wikipedia.get(film.get("wikipedia_title") or ""):
            of_wikipedia(page, told)
        if item := self.wikidata.get(film["wikidata_id"]):
            of_wikidata(item, self.wikidata, told)
        if row := self.tmdb.get(tmdb) or self.tmdb.get(imdb or ""):
            of_tmdb(row, told)
        if imdb and (row := self.omdb.get(imdb)):
            of_omdb(row, told)
        if imdb and (rows := self.imdb.get(imdb)):
            of_imdb(imdb, rows, self.names, told)
        return told


def add(told: Told, source: str, field: str, values: Iterable[Any]) -> None:
    kept = [value for value in values if value not in (None, "", 0)]
    if kept:
        told[field][source] += kept


def one(told: Told, source: str, **fields: Any) -> None:
    """Single values: texts are folded."""
    for field, value in fields.items():
        add(told, source, field, [fold(value) if isinstance(value, str) else value])


GENRES: Final = {
    "act": "Action Adventure", "ani": "Animation", "cmy": "Comedy", "crm": "Crime", "doc": "Documentary",
    "drm": "Drama", "fnt": "Fantasy", "hst": "History", "hrr": "Horror", "fml": "Family", "msc": "Music",
    "trl": "Mystery Thriller", "rma": "Romance", "scf": "Science-Fiction", "spt": "Sport", "war": "War",
    "wsn": "Western", "rly": "Reality", "eur": "European",
}  # fmt: skip
"""JustWatch's short names: it shows `Action & Adventure`, `Mystery & Thriller`."""


def of_justwatch(row: dict[str, Any], told: Told) -> None:
    scoring, credits = row.get("scoring") or {}, row.get("credits") or []
    one(
        told, "justwatch", title=row["title"], original_title=row.get("originalTitle"), plot=row.get("shortDescription")
    )
    one(told, "justwatch", year=row.get("originalReleaseYear"), runtime=row.get("runtime"))
    one(told, "justwatch", age_rating=row.get("ageCertification"))
    add(told, "justwatch", "release_date", [row.get("originalReleaseDate")])
    add(told, "justwatch", "genres", (fold(n) for g in row.get("genres") or [] for n in GENRES.get(g, g).split()))
    add(
        told, "justwatch", "countries", (c for c in row.get("productionCountries") or [] if len(c) == 2 and c.isalpha())
    )
    add(told, "justwatch", "poster_url", [row.get("posterUrl")])
    add(told, "justwatch", "trailer_url", [clip.get("externalId") for clip in row.get("clips") or []])
    for role, field in (("DIRECTOR", "directors"), ("WRITER", "writers"), ("SCREENPLAY", "writers"), ("ACTOR", "cast")):
        add(told, "justwatch", field, (fold(c["name"]) for c in credits if c["role"] == role))
    add(told, "justwatch", "roles", (fold(c.get("characterName") or "") for c in credits if c["role"] == "ACTOR"))
    ratings(told, "justwatch", "imdb", scoring.get("imdbScore"), scoring.get("imdbVotes"))
    ratings(told, "justwatch", "tmdb", scoring.get("tmdbScore"))
    ratings(told, "justwatch", "rotten tomatoes", (scoring.get("tomatoMeter") or 0) / 10)
    ratings(told, "justwatch", "justwatch", (scoring.get("jwRating") or 0) * 10)
    one(told, "justwatch", imdb_id=row.get("imdbId"), tmdb_id=str(row.get("tmdbId") or ""))


def ratings(told: Told, source: str, rater: str, score: float | None, votes: Any = None) -> None:
    if score:
        add(told, source, f"rating of {rater}", [round(float(score), 1)])
        add(told, source, f"votes of {rater}", [int(re.sub(r"\D", "", str(votes)) or 0) if votes else None])


def of_tmdb(row: dict[str, Any], told: Told) -> None:
    crew, cast = ((row.get("credits") or {}).get(part) or [] for part in ("crew", "cast"))
    one(told, "tmdb", title=row["title"], original_title=row.get("original_title"), plot=row.get("overview"))
    one(told, "tmdb", tagline=row.get("tagline"), runtime=row.get("runtime"), imdb_id=row.get("imdb_id"))
    one(told, "tmdb", tmdb_id=str(row["id"]))
    add(told, "tmdb", "release_date", [row.get("release_date")])
    one(told, "tmdb", year=int((row.get("release_date") or "0")[:4] or 0))
    add(told, "tmdb", "genres", (fold(g["name"]) for g in row.get("genres") or []))
    spoken = [row.get("original_language"), *(x.get("iso_639_1") for x in row.get("spoken_languages") or [])]
    add(told, "tmdb", "languages", ("yue" if x == "cn" else x for x in spoken if x != "xx"))
    add(told, "tmdb", "countries", (x["iso_3166_1"] for x in row.get("production_countries") or []))
    one(told, "tmdb", budget=row.get("budget"), box_office=row.get("revenue"))
    add(told, "tmdb", "poster_url", [row.get("poster_path")])
    clips = (row.get("videos") or {}).get("results") or []
    add(told, "tmdb", "trailer_url", (c["key"] for c in clips if c["type"] == "Trailer" and c["site"] == "YouTube"))
    add(told, "tmdb", "homepage", [row.get("homepage")])
    add(told, "tmdb", "studios", (fold(c["name"]) for c in row.get("production_companies") or []))
    add(told, "tmdb", "directors", (fold(c["name"]) for c in crew if c.get("job") == "Director"))
    add(told, "tmdb", "writers", (fold(c["name"]) for c in crew if c.get("job") in {"Writer", "Screenplay", "Story"}))
    add(told, "tmdb", "cast", (fold(c["name"]) for c in cast))
    add(told, "tmdb", "roles", (fold(c.get("character") or "") for c in cast))
    if row.get("vote_count"):
        ratings(told, "tmdb", "tmdb", row.get("vote_average"), row["vote_count"])


def of_omdb(row: dict[str, Any], told: Told) -> None:
    said = {name: value for name, value in row.items() if value not in ("N/A", "")}
    parts = {
        n: re.sub(r"\([^()]*\)", "", said.get(n, "")).split(",") for n in ("Genre", "Director", "Writer", "Actors")
    }
    one(told, "omdb", title=said.get("Title"), plot=said.get("Plot"), age_rating=said.get("Rated"))
    one(told, "omdb", year=int(said.get("Year", "0")[:4]), imdb_id=said.get("imdbID"))
    one(told, "omdb", runtime=int((re.findall(r"\d+", said.get("Runtime", "")) or [0])[0]))
    one(told, "omdb", box_office=int(re.sub(r"\D", "", said.get("BoxOffice", "")) or 0))
    add(told, "omdb", "release_date", [day(said.get("Released", ""))])
    for name, field in (("Genre", "genres"), ("Director", "directors"), ("Writer", "writers"), ("Actors", "cast")):
        add(told, "omdb", field, map(fold, parts[name]))
    add(told, "omdb", "languages", map(language, said.get("Language", "").split(",")))
    add(told, "omdb", "countries", map(country, said.get("Country", "").split(",")))
    add(told, "omdb", "poster_url", [said.get("Poster")])
    add(told, "omdb", "homepage", [said.get("Website")])
    ratings(told, "omdb", "imdb", float(said.get("imdbRating", 0)), said.get("imdbVotes"))
    ratings(told, "omdb", "metacritic", int(said.get("Metascore", 0)) / 10)
    for rating in said.get("Ratings") or []:
        if rating["Source"] == "Rotten Tomatoes":
            ratings(told, "omdb", "rotten tomatoes", int(rating["Value"].rstrip("%")) / 10)


def of_imdb(tconst: str, rows: dict[str, list[dict[str, str]]], names: dict[str, dict[str, str]], told: Told) -> None:
    one(told, "imdb", imdb_id=tconst)

    def named(ids: Iterable[str]) -> Iterator[str]:
        return (fold(names[i]["primaryName"]) for i in ids if "primaryName" in names.get(i, {}))

    for row in rows["title.basics"]:
        one(told, "imdb", title=row.get("primaryTitle"), original_title=row.get("originalTitle"))
        one(told, "imdb", year=int(row.get("startYear", 0)), runtime=int(row.get("runtimeMinutes", 0)))
        add(told, "imdb", "genres", map(fold, row.get("genres", "").split(",")))
    for row in rows["title.ratings"]:
        ratings(told, "imdb", "imdb", float(row["averageRating"]), row.get("numVotes"))
    for row in rows["title.crew"]:
        add(told, "imdb", "directors", named(row.get("directors", "").split(",")))
        add(told, "imdb", "writers", named(row.get("writers", "").split(",")))
    for row in rows["title.principals"]:
        kinds = {"director": "directors", "writer": "writers", "actor": "cast", "actress": "cast", "self": "cast"}
        if field := kinds.get(row.get("category", "")):
            add(told, "imdb", field, named([row["nconst"]]))
        if field == "cast":
            add(told, "imdb", "roles", map(fold, json.loads(row.get("characters", "[]"))))
    add(told, "imdb", "alternative_titles", (fold(row.get("title", "")) for row in rows["title.akas"]))


def claims(item: dict[str, Any], pid: str) -> list[Any]:
    """The values of a property: the preferred ones, if there are any."""
    said = [
        s for s in item["claims"].get(pid, []) if s["rank"] != "deprecated" and s["mainsnak"]["snaktype"] == "value"
    ]
    best = [s for s in said if s["rank"] == "preferred"] or said
    return [s["mainsnak"]["datavalue"]["value"] for s in best]


def moment(value: dict[str, Any]) -> str:
    """A time of Wikidata's, cut to its precision."""
    return str(value["time"][1:11])[: {9: 4, 10: 7}.get(value["precision"], 10)]


def of_wikidata(item: dict[str, Any], items: dict[str, dict[str, Any]], told: Told) -> None:
    def labels(pid: str) -> Iterator[str]:
        for value in claims(item, pid):
            label = items.get(value["id"], {}).get("labels", {})
            if found := label.get("en") or next(iter(label.values()), None):
                yield found["value"]

    for label in item["labels"].values():
        add(told, "wikidata", "title", [fold(label["value"])])
    for aliases in item.get("aliases", {}).values():
        add(told, "wikidata", "alternative_titles", (fold(a["value"]) for a in aliases))
    add(told, "wikidata", "original_title", (fold(v["text"]) for v in claims(item, "P1476")))
    days = [moment(v) for v in claims(item, "P577")]
    add(told, "wikidata", "year", (int(d[:4]) for d in days))
    add(told, "wikidata", "release_date", (d for d in days if len(d) == 10))
    add(told, "wikidata", "runtime", (round(float(v["amount"])) for v in claims(item, "P2047")))
    for pid, field in (("P57", "directors"), ("P58", "writers"), ("P161", "cast"), ("P272", "studios")):
        add(told, "wikidata", field, map(fold, labels(pid)))
    add(told, "wikidata", "distributors", map(fold, labels("P750")))
    add(told, "wikidata", "genres", (fold(re.sub(" film$", "", label)) for label in labels("P136")))
    add(told, "wikidata", "countries", map(country, labels("P495")))
    add(told, "wikidata", "languages", map(language, labels("P364")))
    add(told, "wikidata", "budget", (round(float(v["amount"])) for v in claims(item, "P2130")))
    add(told, "wikidata", "box_office", (round(float(v["amount"])) for v in claims(item, "P2142")))
    add(told, "wikidata", "homepage", claims(item, "P856"))
    add(told, "wikidata", "imdb_id", claims(item, "P345"))
    add(told, "wikidata", "tmdb_id", claims(item, "P4947"))


COUNTRIES: Final = {"sovietunion": "SU", "czechoslovakia": "CS", "yugoslavia": "YU", "westgermany": "DE"} | {
    "eastgermany": "DD", "turkey": "TR", "russia": "RU", "southkorea": "KR", "usa": "US", "us": "US", "uk": "GB",
    "iran": "IR", "taiwan": "TW", "czechrepublic": "CZ", "macau": "MO", "vietnam": "VN", "unitedstatesofamerica": "US",
    "greatbritain": "GB",
}  # fmt: skip


def country(name: str) -> str | None:
    key = fold(name)
    if key in COUNTRIES or not key:
        return COUNTRIES.get(key)
    known = {fold(c.name): c.alpha_2 for c in pycountry.countries}
    return known.get(key)


def language(name: str) -> str | None:
    name = name.strip()
    known = {
        "Mandarin": "zh",
        "Egyptian": "egy",
        "Chinese": "zh",
        "Cantonese": "yue",
        "Greek": "el",
        "Farsi": "fa",
        "Punjabi": "pa",
    }
    found = known.get(name) or (pycountry.languages.get(name=name) if name else None)
    return getattr(found, "alpha_2", None) or getattr(found, "alpha_3", None) or found


def day(text: str) -> str | None:
    for form in ("%B %d, %Y", "%d %B %Y", "%d %b %Y", "%b %d, %Y"):
        try:
            return datetime.strptime(text.strip(), form).date().isoformat()
        except ValueError:
            continue
    return None


UNSEEN: Final = re.compile(r"<!--.*?-->|<ref\b[^>]*/>|<ref\b.*?</ref>", re.DOTALL)
PARAMETER: Final = re.compile(r"^\s*\|\s*(\w+)\s*=[ \t]*(.*?)(?=^\s*\|\s*\w+\s*=|^\}\}|\Z)", re.MULTILINE | re.DOTALL)
LINK: Final = re.compile(r"\[\[(?:[^\]|]*\|)?([^\]|]*)\]\]")


def of_wikipedia(page: dict[str, Any], told: Told) -> None:
    text = UNSEEN.sub("", page["wikitext"])
    top, _, rest = text.partition("\n'''")
    box = {name: value.strip() for name, value in PARAMETER.findall(top[max(0, top.find("{{Infobox film")) :])}
    add(told, "wikipedia", "title", [fold(shown(box.get("name", "")))])
    for field, names in (
        ("directors", ("director",)),
        ("writers", ("writer", "screenplay", "story")),
        ("cast", ("starring",)),
        ("studios", ("production_companies", "studio")),
        ("distributors", ("distributor",)),
    ):
        add(told, "wikipedia", field, (fold(n) for name in names for n in listed(box.get(name, ""))))
    add(told, "wikipedia", "countries", map(country, listed(box.get("country", ""))))
    add(told, "wikipedia", "languages", map(language, listed(box.get("language", ""))))
    add(told, "wikipedia", "runtime", [int((re.findall(r"\d+", box.get("runtime", "")) or [0])[0])])
    add(told, "wikipedia", "budget", sums(box.get("budget", "")))
    add(told, "wikipedia", "box_office", sums(box.get("gross", "")))
    days = list(dated(box.get("released", "")))
    add(told, "wikipedia", "release_date", (d for d in days if len(d) == 10))
    add(told, "wikipedia", "year", (int(d[:4]) for d in days))
    section = re.search(r"^==\s*Plot\s*==\n(.*?)(?=^==|\Z)", text, re.MULTILINE | re.DOTALL)
    add(told, "wikipedia", "plot", [fold(shown(section[1])) if section else None])
    cast = re.search(r"^==\s*Cast\s*==\n(.*?)(?=^==|\Z)", rest, re.MULTILINE | re.DOTALL)
    for name, role in re.findall(r"^\*\s*(.+?)(?: as (.+))?$", cast[1] if cast else "", re.MULTILINE):
        add(told, "wikipedia", "cast", [fold(shown(name))])
        add(told, "wikipedia", "roles", [fold(shown(role))])
    if found := re.search(r"\{\{IMDb title\|(\w+)", text):
        add(told, "wikipedia", "imdb_id", [f"tt{found[1].removeprefix('tt')}"])


def shown(text: str) -> str:
    return html.unescape(re.sub(r"\{\{.*?\}\}|'''?|<[^>]*>", "", LINK.sub(r"\1", text)))


def listed(text: str) -> Iterator[str]:
    """The names of a value: of the list templates, of breaks, bullets, links and commas between links."""
    text = LINK.sub(lambda m: f"\0{m[1]}\0", text)
    text = re.sub(
        r"\{\{\s*(?:plainlist|ubl|unbulleted list|flatlist|hlist)\s*\|?|\}\}", "\n", text, flags=re.IGNORECASE
    )
    for item in re.split(r"<br[^>]*>|\n\s*\*?|\|", re.sub(r"\s*\([^()]*\)", "", text)):
        parts = re.split(r"\0\s*,\s*\0", item) if "\0" in item else re.split(r", | ?/ ?", item)
        for part in parts:
            if name := shown(part.replace("\0", "")).strip(" *,/"):
                yield name


NUMBER: Final = r"\d+(?:[.,]\d+)*"
SUM: Final = re.compile(rf"({NUMBER})(?:\s*[–-]\s*\$?({NUMBER}))?\s*(million|billion)?")


def sums(text: str) -> Iterator[int]:
    """The amounts of a value; of a range both ends."""
    text = re.sub(r"\{\{US\$\|([^}]*)\}\}", r"$\1", re.sub(r"\s*\[\d+\]", "", text)).replace("&nbsp;", " ")
    for low, high, scale in SUM.findall(text):
        for number in filter(None, (low, high)):
            thousands = re.fullmatch(r"\d{1,3}(?:([.,])\d{3})+", number) and not scale
            plain = re.sub(r"[.,]", "", number) if thousands else number.replace(",", "")
            yield round(float(plain) * {"million": 10**6, "billion": 10**9}.get(scale, 1))


def dated(text: str) -> Iterator[str]:
    for name, inside in re.findall(r"\{\{\s*([^|{}]+)\|([^{}]*)\}\}", text):
        if fold(name) in {"filmdate", "startdate"}:
            values = [v.strip() for v in inside.split("|") if "=" not in v]
            for i in range(0, len(values), 4):
                year, month, date = [*values[i : i + 3], "", ""][:3]
                if year.isdecimal():
                    yield f"{year}-{int(month):02}-{int(date):02}" if month and date else year
    for found in re.findall(r"[A-Z][a-z]+ \d{1,2}, \d{4}", text):
        if said := day(found):
            yield said
