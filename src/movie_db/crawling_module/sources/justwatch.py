"""JustWatch as a source: all fields of a title, its credits and its offers, 50 titles per request."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from movie_db.contract.errors import ContractError, SourceError, UnreadableError
from movie_db.contract.fitting import fit
from movie_db.contract.messages import MovieFacts, SourceRecord
from movie_db.contract.parts import UNREADABLE, prune
from movie_db.crawling_module.sources import _justwatch_shapes as shapes
from movie_db.crawling_module.sources import graphql
from movie_db.crawling_module.sources.answers import numbered, opened
from movie_db.crawling_module.sources.base import Reads, SavedAnswer, SourceAnswer, SourceRequest, several
from movie_db.crawling_module.sources.translations import translated
from movie_db.stitching import values

SOURCE: Final = "justwatch"
HOSTS: Final = ("apis.justwatch.com",)
BATCH: Final = 50
LICENCE: Final = "JustWatch terms of use"
IMAGES: Final = "https://images.justwatch.com"
TITLE: Final = """
fragment T on Movie {
  id objectType
  offers(country: $country, platform: WEB) {
    monetizationType presentationType retailPriceValue currency standardWebURL availableTo
    package { clearName shortName }
  }
  content(country: $country, language: $language) {
    title originalTitle fullPath originalReleaseYear originalReleaseDate runtime shortDescription ageCertification
    productionCountries
    posterUrl(profile: S718, format: JPG)
    genres { translation(language: $language) }
    externalIds { imdbId tmdbId wikidataId }
    scoring { imdbScore imdbVotes tmdbScore tomatoMeter jwRating }
    clips(providers: [YOUTUBE]) { externalId }
    credits { role name characterName personId }
  }
}"""
READS: Final[Reads] = {
    "id": "text",
    "offers[].monetizationType": "text",
    "offers[].presentationType": "text",
    "offers[].retailPriceValue": "number?",
    "offers[].currency": "text?",
    "offers[].standardWebURL": "text",
    "offers[].availableTo": "text?",
    "offers[].package.clearName": "text",
    "content.title": "text",
    "content.originalTitle": "text",
    "content.fullPath": "text",
    "content.originalReleaseYear": "number",
    "content.originalReleaseDate": "text",
    "content.runtime": "number",
    "content.shortDescription": "text",
    "content.ageCertification": "text",
    "content.productionCountries[]": "text",
    "content.posterUrl": "text",
    "content.genres[].translation": "text",
    "content.externalIds.imdbId": "text",
    "content.externalIds.tmdbId": "text",
    "content.externalIds.wikidataId": "text?",
    "content.scoring.imdbScore": "number",
    "content.scoring.imdbVotes": "number",
    "content.scoring.tmdbScore": "number",
    "content.scoring.tomatoMeter": "number?",
    "content.scoring.jwRating": "number?",
    "content.clips[].externalId": "text?",
    "content.credits[].role": "text",
    "content.credits[].name": "text",
    "content.credits[].characterName": "text",
    "content.credits[].personId": "number",
}
"""The fields of each title."""
_NODES: Final = re.compile(r'(n\d+): node\(id: "(\w+)"\)')
WRITERS: Final = frozenset({"WRITER", "SCREENPLAY"})


_TEXTS: Final = "t%d: content(country: $country, language: $l%d) { title shortDescription }"


def plan(ids: Iterable[str], country: str, languages: Sequence[str] = ()) -> list[SourceRequest]:
    """Return the requests for the titles with these JustWatch ids (`tm…`), as seen from `country`, in English.

    Texts are also requested in those of `languages` with a code of two letters: JustWatch has no others.
    """
    ordered = sorted(set(ids))
    spoken = {f"l{n}": language for n, language in enumerate(code for code in languages if len(code) == 2)}
    declared = "".join(f", ${name}: Language!" for name in spoken)
    texts = " ".join(_TEXTS % (n, n) for n in range(len(spoken)))
    title = TITLE.replace("\n}", f"\n  {texts}\n}}") if texts else TITLE
    requests = []
    for start in range(0, len(ordered), BATCH):
        nodes = " ".join(f'n{i}: node(id: "{key}") {{ ...T }}' for i, key in enumerate(ordered[start : start + BATCH]))
        query = f"query GetTitles($country: Country!, $language: Language!{declared}) {{ {nodes} }} {title}"
        requests.append(graphql.request("GetTitles", query, {"country": country, "language": "en", **spoken}))
    return requests


def parse(answer: SourceAnswer) -> dict[str, SourceRecord | None]:
    """Return the records of one answer to `plan`, by JustWatch id.

    Titles that JustWatch no longer has are absent; unreadable ones are None.
    """
    request = json.loads(answer.request.body or b"{}")
    variables = request["variables"]
    data, troubled = graphql.parts(answer)
    records: dict[str, SourceRecord | None] = {}
    for name, key in _NODES.findall(request["query"]):
        node = data.get(name)
        if isinstance(node, dict) and node.get("content"):
            records[key] = read_node(node, variables["country"], variables["language"], answer)
        elif name in troubled:
            records[key] = None
    return records


class State(NamedTuple):
    """Return the state of each title of one answer to `plan`, by JustWatch id."""

    usable: bool
    error: SourceError | None


def states(answer: SourceAnswer) -> dict[str, State]:
    """The state of each title of one answer to `plan`, by JustWatch id."""
    data = graphql.partial(answer)
    errors = {str(failure.path[0]): failure.error for failure in reversed(data.failures) if failure.path}
    found = {}
    for name, key in _NODES.findall(json.loads(answer.request.body or b"{}")["query"]):
        node, error = data.data.get(name), errors.get(name)
        if isinstance(node, dict) and not node.get("content"):
            silent = "content" in node
            error = error or (graphql.UpstreamError if silent else UnreadableError)(
                "JustWatch returned a title without content."
            )
        complete = isinstance(node, dict) and node.get("content") and (not error or node.get("offers") is not None)
        found[key] = State(bool(complete), error)
    return found


def parse_texts(answer: SourceAnswer, records: Mapping[str, SourceRecord | None]) -> dict[str, list[SourceRecord]]:
    """Return the texts in other languages of one answer to `plan`, by JustWatch id; `records` are the answer's
    records.
    """
    request = json.loads(answer.request.body or b"{}")
    data, _ = graphql.parts(answer)
    found: dict[str, list[SourceRecord]] = {}
    for name, key in _NODES.findall(request["query"]):
        record = records.get(key)
        for alias, language in request["variables"].items():
            content = data[name].get(f"t{alias[1:]}") if record and re.fullmatch(r"l\d+", alias) else None
            if record and isinstance(content, dict) and (texts := _texts(record, content, language)):
                found.setdefault(key, []).append(texts)
    return found


def _texts(record: SourceRecord, content: dict[str, Any], language: str) -> SourceRecord | None:
    """Return a title's texts; if JustWatch has none in this language, it returns those that it has."""
    title, plot = content.get("title"), content.get("shortDescription")
    title, plot = (text if isinstance(text, str) else "" for text in (title, plot))
    data = MovieFacts(title=values.name(title), plot=plot.strip() or None)
    return translated(record, record.model_copy(update={"facts": data}), language)


def read_node(node: dict[str, Any], country: str, language: str, answer: SourceAnswer) -> SourceRecord | None:
    """Return the record of one title, by fragment T; None if it can't be read."""
    try:
        return _record(node, country, language, answer)
    except (ContractError, *UNREADABLE):
        return None


_COUNTRY: Final = re.compile(r"/([a-z]{2})/")
_DOMAINS: Final = {"UK": "GB"}


def recognizes(saved: SavedAnswer) -> bool:
    """Whether a saved answer is a GraphQL answer with data or errors."""
    body = opened(saved.body)
    return isinstance(body.get("data"), dict) or isinstance(body.get("errors"), list)


def parse_saved(saved: SavedAnswer) -> Iterable[SourceRecord]:
    """Parse a saved answer, whose request is unknown. Offers get the country in the titles' addresses.

    Raises:
        SourceError: JustWatch refused the request, or this is not an answer about titles.
    """
    answer = saved.answer(SOURCE)
    data, _ = graphql.parts(answer)
    records: dict[str, SourceRecord] = {}
    unreadable = 0
    for node in data.values():
        content = node.get("content") if isinstance(node, dict) else None
        if not isinstance(content, dict):
            continue
        path = content.get("fullPath")
        named = _COUNTRY.match(path) if isinstance(path, str) else None
        country = named[1].upper() if named else ""
        if record := read_node(node, _DOMAINS.get(country, country), "en", answer):
            records[record.source_id] = record
        else:
            unreadable += 1
    if unreadable and not records:
        raise UnreadableError("JustWatch returned a movie that can't be read.")
    return records.values()


def _record(node: dict[str, Any], country: str, language: str, answer: SourceAnswer) -> SourceRecord:
    if "title" not in node["content"]:
        raise ContractError("a title of JustWatch has no title")
    _number_actors(node)
    data, lost = prune(shapes.TITLE.validate_python, node)
    content = data["content"]
    credits = content.get("credits") or []
    poster = content.get("posterUrl")
    rated = values.certificates(content.get("ageCertification") or "", country or None)
    clip = next((key for c in content.get("clips") or [] if (key := c.get("externalId"))), None)
    path = content.get("fullPath")
    return fit(
        SourceRecord,
        {
            "source": "justwatch",
            "source_id": data["id"],
            "url": f"https://www.justwatch.com{path}" if path else answer.url,
            "retrieved_at": answer.retrieved_at,
            "licence": LICENCE,
            "language": language,
            "kind": "film",
            "ids": {"justwatch": data["id"], **_ids(content.get("externalIds") or {})},
            "facts": {
                "title": " ".join((content.get("title") or "").split()) or None,
                "original_title": values.name(content.get("originalTitle") or ""),
                "year": content.get("originalReleaseYear") or None,
                "release_date": content.get("originalReleaseDate") or None,
                "runtime": content.get("runtime") or None,
                "plot": (content.get("shortDescription") or "").strip() or None,
                "genres": [values.name(g["translation"]) for g in content.get("genres") or []],
                "countries": content.get("productionCountries") or [],
                "age_rating": rated[0].rating if rated else None,
                "ratings": _ratings(content.get("scoring") or {}),
                "directors": [_credit(c) for c in credits if c["role"] == "DIRECTOR"],
                "writers": [_credit(c) for c in credits if c["role"] in WRITERS],
                "cast": [_credit(c, c.get("billing")) for c in credits if c["role"] == "ACTOR"],
                "poster_url": f"{IMAGES}{poster}" if poster else None,
                "trailer_url": f"https://www.youtube.com/watch?v={clip}" if clip else None,
                "offers": [_offer(o, country) for o in data.get("offers") or []],
            },
            "several": several(certificates=rated),
        },
        lost,
    )


def _number_actors(node: dict[str, Any]) -> None:
    content = node.get("content")
    credits = content.get("credits") if isinstance(content, dict) else None
    numbered(
        [c for c in credits if isinstance(c, dict) and c.get("role") == "ACTOR"] if isinstance(credits, list) else ()
    )


def _ids(data: shapes.Outside) -> dict[str, str | None]:
    """Return the ids of other sites in a title's content."""
    ids = {"imdb": data.get("imdbId"), "tmdb": data.get("tmdbId"), "wikidata": data.get("wikidataId")}
    return {namespace: value for namespace, value in ids.items() if value}


def _credit(credit: shapes.Credit, billing: int | None = None) -> dict[str, Any]:
    person = credit.get("personId")
    role = values.name(credit.get("characterName") or "") if billing else None
    ids = {"justwatch": person} if person else {}
    return {"name": values.name(credit["name"]), "ids": ids, "role": role or "", "billing": billing}


def _offer(offer: shapes.Offer, country: str) -> dict[str, Any]:
    url, price = offer.get("standardWebURL") or "", offer.get("retailPriceValue")
    return {
        "provider": offer["package"]["clearName"],
        "country": country,
        "kind": offer["monetizationType"].lower(),
        "presentation": (offer.get("presentationType") or "").lstrip("_").lower() or None,
        "price": price,
        "currency": offer.get("currency") if price is not None else None,
        "url": url if re.fullmatch(r"https?://\S{1,1990}", url) else None,
        "available_to": (offer.get("availableTo") or "")[:10] or None,
    }


def _ratings(scoring: shapes.Scoring) -> list[dict[str, Any]]:
    """Return ratings: IMDb and TMDB score from 0 to 10, the Tomatometer from 0 to 100, JustWatch's own from 0 to 1."""
    found: list[dict[str, Any]] = []
    if score := scoring.get("imdbScore"):
        votes = scoring.get("imdbVotes")
        found.append({"source": "imdb", "score": score, "votes": votes or None, "original": f"{score}/10"})
    if score := scoring.get("tmdbScore"):
        found.append({"source": "tmdb", "score": round(score, 1), "original": f"{score}/10"})
    if meter := scoring.get("tomatoMeter"):
        found.append({"source": "rotten tomatoes", "score": meter / 10, "original": f"{meter} %"})
    if own := scoring.get("jwRating"):
        found.append({"source": "justwatch", "score": round(own * 10, 1), "original": f"{own}"})
    return found
