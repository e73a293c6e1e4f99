"""How well films are told from what is taken for them: `python benchmarks/kinds.py`.

Two sets of labelled pages: `near_misses.jsonl`, pages of the English Wikipedia labelled by hand, their leads in words
of our own; and, if MOVIE_DB_SHARED is set, whole articles, films and others. A page is judged right if it is said to
be a film and is one, or said to be something else and is; undecided is wrong. Beside the rules, on the same pages:
"(film)" in the title, a film's infobox, and a model of words (needs the extra `bench`), cross-validated.
"""

import json
import os
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from movie_db.contract.kinds import WorkKind
from movie_db.crawling_module.sources.wikipedia import Article, article_record
from movie_db.stitching.kind import FILM_KINDS, kind_of
from movie_db.wiki_api.clients import MovieWikiClient
from movie_db.wiki_api.upstream import Query

NEAR_MISSES: Final = Path(__file__).with_name("near_misses.jsonl")
NOW: Final = datetime.now(UTC)
_XML: Final = "{*}"


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled page. `wikitext` is a whole article's, or made of the row's parts."""

    title: str
    kind: WorkKind
    family: str
    wikitext: str
    classes: tuple[str, ...] = ()
    infobox: str | None = None
    description: str | None = None
    lead: str = ""
    categories: tuple[str, ...] = ()
    held_out: bool = False

    @property
    def is_film(self) -> bool:
        return self.kind in FILM_KINDS


@dataclass(slots=True)
class Score:
    """What a judge said of rows: True a film, False something else, None undecided."""

    rows: Sequence[Row]
    said: Sequence[bool | None]
    wrong: list[Row] = field(init=False)

    def __post_init__(self) -> None:
        self.wrong = [row for row, film in zip(self.rows, self.said, strict=True) if film is not row.is_film]

    @property
    def right(self) -> float:
        return 1 - len(self.wrong) / len(self.rows)

    @property
    def precision(self) -> float:
        return self._share(of=sum(film is True for film in self.said))

    @property
    def recall(self) -> float:
        return self._share(of=sum(row.is_film for row in self.rows))

    def _share(self, of: int) -> float:
        found = sum(row.is_film and film is True for row, film in zip(self.rows, self.said, strict=True))
        return found / of if of else 1.0

    def __str__(self) -> str:
        undecided = sum(film is None for film in self.said)
        return f"{self.right:8.2%} {self.precision:9.2%} {self.recall:8.2%} {undecided:10}"


Judge = Callable[[Row], bool | None]


def near_misses(path: Path = NEAR_MISSES) -> list[Row]:
    """The labelled pages, each with wikitext made of its parts."""
    return [_row(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def _row(parts: dict[str, Any]) -> Row:
    parts |= {"classes": tuple(parts["classes"]), "categories": tuple(parts["categories"])}
    description = f"{{{{Short description|{d}}}}}\n" if (d := parts["description"]) else ""
    infobox = f"{{{{{box}\n| name = {parts['title']}\n}}}}\n" if (box := parts["infobox"]) else ""
    links = "".join(f"[[Category:{name}]]\n" for name in parts["categories"])
    return Row(**parts, wikitext=f"{description}{infobox}{parts['lead']}\n\n==References==\n{links}")


def articles(shared: Path) -> list[Row]:
    """The shared folder's whole articles, films and others."""
    expected = json.loads((shared / "data/wikitext/expected.json").read_text("utf-8"))
    rows = []
    for path in sorted((shared / "data/wikitext").glob("*.xml")):
        page = ElementTree.parse(path).getroot()
        title, text = page.findtext(f".//{_XML}title") or path.stem, page.findtext(f".//{_XML}text") or ""
        is_film = expected[path.stem]["is_film"]
        rows.append(Row(title, "film" if is_film else "other", "article", text))
    for path in sorted((shared / "data/wikitext_not_films").glob("*.txt")):
        title = path.stem.replace("-", " ").replace("_", " ")
        rows.append(Row(title, "other", "article", path.read_text("utf-8", errors="replace")))
    return rows


def is_film(kind: WorkKind | None) -> bool | None:
    """Whether the kind is a film's; None stays None."""
    return None if kind is None else kind in FILM_KINDS


def with_wikidata(row: Row) -> bool | None:
    """The rules, all evidence at hand."""
    return is_film(_kind(row, row.classes))


def without_wikidata(row: Row) -> bool | None:
    """The rules, without the item's classes."""
    return is_film(_kind(row, ()))


def _kind(row: Row, classes: tuple[str, ...]) -> WorkKind | None:
    return kind_of(
        wikidata_classes=classes,
        infobox=row.infobox,
        description=row.description,
        lead=row.lead,
        categories=row.categories,
    )


def as_article(row: Row) -> bool | None:
    """The crawler's way: the page's wikitext through the parser."""
    return is_film(
        article_record(Article(row.title, 1, None, None, row.wikitext), NOW, "https://en.wikipedia.org").kind
    )


class _OnePage:
    """Wikimedia's answers for a search that finds one row's page."""

    def __init__(self, row: Row) -> None:
        self._row = row

    def get_json(self, host: str, path: str, query: Query, cache_control: str | None = None) -> dict[str, Any]:
        row = self._row
        if path.endswith("search/page"):
            return {"pages": [{"id": 1, "key": row.title, "title": row.title, "description": row.description}]}
        if host == "www.wikidata.org":
            claims = [{"mainsnak": {"snaktype": "value", "datavalue": {"value": {"id": c}}}} for c in row.classes]
            return {"entities": {"Q1": {"claims": {"P31": claims}}}}
        categories = [{"title": f"Category:{name}"} for name in row.categories]
        return {"query": {"pages": [{"pageid": 1, "pageprops": {"wikibase_item": "Q1"}, "categories": categories}]}}


def as_found(row: Row) -> bool | None:
    """The search's way, which leaves out what it can't decide."""
    return bool(MovieWikiClient(_OnePage(row)).search_movie(row.title))


def by_title(row: Row) -> bool | None:
    """Baseline: "(film)", "(2009 film)" and the like in the title."""
    return row.title.endswith("film)")


def by_infobox(row: Row) -> bool | None:
    """Baseline: the page has a film's infobox."""
    return "{{infobox film\n" in row.wikitext.lower() or "{{infobox film " in row.wikitext.lower()


def by_model(rows: Sequence[Row]) -> list[bool | None] | None:
    """Baseline: logistic regression on words and word pairs of description and lead, said by ten-fold validation.

    Returns:
        What it says of each row, each by a model that did not see the row; None if scikit-learn is not installed.
    """
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import StratifiedKFold, cross_val_predict
        from sklearn.pipeline import make_pipeline
    except ImportError:
        return None
    texts = [f"{row.description or ''} . {row.lead or row.wikitext[:1000]} . {row.infobox or ''}" for row in rows]
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(C=100, max_iter=2000)
    )
    folds = StratifiedKFold(10, shuffle=True, random_state=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [bool(film) for film in cross_val_predict(model, texts, [row.is_film for row in rows], cv=folds)]


RULES: Final[dict[str, Judge]] = {
    "rules, with Wikidata": with_wikidata,
    "rules, without Wikidata": without_wikidata,
    "rules, from wikitext": as_article,
    "rules, in the search": as_found,
}
BASELINES: Final[dict[str, Judge]] = {'"(film)" in the title': by_title, "a film's infobox": by_infobox}


def report(name: str, rows: Sequence[Row], judges: dict[str, Judge], model: Iterable[bool | None] | None) -> None:
    """Prints a table of the judges on the rows, and each page that the rules judge wrongly."""
    print(f"\n{name}: {len(rows)} pages, {sum(row.is_film for row in rows)} of them films")
    print(f"{'':28}{'right':>8} {'precision':>9} {'recall':>8} {'undecided':>10}")
    wrong: dict[str, list[str]] = {}
    for judged_by, judge in judges.items():
        score = Score(rows, [judge(row) for row in rows])
        print(f"{judged_by:28}{score}")
        if judged_by in RULES:
            for row in score.wrong:
                wrong.setdefault(row.title, []).append(judged_by)
    if model is not None:
        print(f"{'words, ten-fold':28}{Score(rows, list(model))}")
    for title, judged_by_all in wrong.items():
        print(f"  wrong: {title} ({'; '.join(judged_by_all)})")


def main() -> None:
    rows = near_misses()
    everything = {**RULES, **BASELINES}
    said = by_model(rows)
    report("Near misses", rows, everything, said)
    held_out = [i for i, row in enumerate(rows) if row.held_out]
    report(
        "Of these, written after the rules",
        [rows[i] for i in held_out],
        everything,
        said and [said[i] for i in held_out],
    )
    if shared := os.environ.get("MOVIE_DB_SHARED"):
        whole = articles(Path(shared))
        report("Whole articles", whole, {"rules, from wikitext": as_article, **BASELINES}, by_model(whole))
    if said is None:
        print("\nThe model was not tried: install the extra `bench`.")


if __name__ == "__main__":
    main()
