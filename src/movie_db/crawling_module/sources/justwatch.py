"""JustWatch as a source: all fields of a title, its credits and its offers, 50 titles a request."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from movie_db.contract.errors import BadPage
from movie_db.contract.messages import Credit, MovieFacts, Offer, Rating, SourceRecord
from movie_db.crawling_module.sources import graphql
from movie_db.crawling_module.sources._texts import translated
from movie_db.crawling_module.sources.base import Answer, Ask, Reads, several
from movie_db.stitching import values

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
"""Of each title."""
_NODES: Final = re.compile(r'(n\d+): node\(id: "(\w+)"\)')
WRITERS: Final = frozenset({"WRITER", "SCREENPLAY"})


_TEXTS: Final = "t%d: content(country: $country, language: $l%d) { title shortDescription }"


def plan(ids: Iterable[str], country: str, languages: Sequence[str] = ()) -> list[Ask]:
    """Requests for the titles with these JustWatch ids (`tm…`), as seen from `country`, in English.

    Texts also in those of `languages` that have a code of two letters: JustWatch knows no others.
    """
    ordered = sorted(set(ids))
    spoken = {f"l{n}": language for n, language in enumerate(code for code in languages if len(code) == 2)}
    declared = "".join(f", ${name}: Language!" for name in spoken)
    texts = " ".join(_TEXTS % (n, n) for n in range(len(spoken)))
    title = TITLE.replace("\n}", f"\n  {texts}\n}}") if texts else TITLE
    asks = []
    for start in range(0, len(ordered), BATCH):
        nodes = " ".join(f'n{i}: node(id: "{key}") {{ ...T }}' for i, key in enumerate(ordered[start : start + BATCH]))
        query = f"query GetTitles($country: Country!, $language: Language!{declared}) {{ {nodes} }} {title}"
        asks.append(graphql.ask("GetTitles", query, {"country": country, "language": "en", **spoken}))
    return asks


def parse(answer: Answer) -> dict[str, SourceRecord | None]:
    """The records of one answer to `plan`, by JustWatch id.

    Titles that JustWatch no longer has are absent; one that could not be read is None, and the others are there.
    """
    asked = json.loads(answer.ask.body or b"{}")
    variables = asked["variables"]
    told, troubled = graphql.parts(answer)
    records: dict[str, SourceRecord | None] = {}
    for name, key in _NODES.findall(asked["query"]):
        node = told.get(name)
        if isinstance(node, dict) and node.get("content"):
            records[key] = read_node(node, variables["country"], variables["language"], answer)
        elif name in troubled:
            records[key] = None
    return records


def parse_texts(answer: Answer, records: Mapping[str, SourceRecord | None]) -> dict[str, list[SourceRecord]]:
    """The texts in other languages of one answer to `plan`, by JustWatch id; `records` are those that it gives."""
    asked = json.loads(answer.ask.body or b"{}")
    told, _ = graphql.parts(answer)
    found: dict[str, list[SourceRecord]] = {}
    for name, key in _NODES.findall(asked["query"]):
        record = records.get(key)
        for alias, language in asked["variables"].items():
            content = told[name].get(f"t{alias[1:]}") if record and re.fullmatch(r"l\d+", alias) else None
            if record and isinstance(content, dict) and (texts := _texts(record, content, language)):
                found.setdefault(key, []).append(texts)
    return found


def _texts(record: SourceRecord, content: dict[str, Any], language: str) -> SourceRecord | None:
    """A title's texts; where JustWatch has none in this language, it gives those that it has."""
    title, plot = content.get("title"), content.get("shortDescription")
    if not all(text is None or isinstance(text, str) for text in (title, plot)):
        return None
    told = MovieFacts(title=values.name(title or ""), plot=(plot or "").strip() or None)
    return translated(record, record.model_copy(update={"facts": told}), language)


def read_node(node: dict[str, Any], country: str, language: str, answer: Answer) -> SourceRecord | None:
    """The record of one title, by fragment T; None if it could not be read."""
    try:
        return _record(node, country, language, answer)
    except (ValueError, OverflowError, KeyError, TypeError, AttributeError):
        return None


_COUNTRY: Final = re.compile(r"/([a-z]{2})/")
_DOMAINS: Final = {"UK": "GB"}


def parse_saved(answer: Answer) -> dict[str, SourceRecord]:
    """The records of an answer whose request is not known, by JustWatch id: offers are those of the country that the
    titles' addresses name.

    Raises:
        BadPage, TryLater: JustWatch refused, or this is no answer about titles.
    """
    told, _ = graphql.parts(answer)
    records: dict[str, SourceRecord] = {}
    for node in told.values():
        content = node.get("content") if isinstance(node, dict) else None
        if not isinstance(content, dict):
            continue
        try:
            named = _COUNTRY.match(content["fullPath"])
            country = named[1].upper() if named else ""
            records[node["id"]] = _record(node, _DOMAINS.get(country, country), "en", answer)
        except (ValueError, OverflowError, KeyError, TypeError, AttributeError) as error:
            raise BadPage(f"JustWatch answered with a film that can't be read ({type(error).__name__}).") from None
    return records


def _record(node: dict[str, Any], country: str, language: str, answer: Answer) -> SourceRecord:
    content = node["content"]
    credits = content.get("credits") or []
    poster = content.get("posterUrl")
    rated = values.certificates(content.get("ageCertification") or "", country or None)
    clip = next((c["externalId"] for c in content.get("clips") or [] if c.get("externalId")), None)
    return SourceRecord(
        source="justwatch",
        source_id=node["id"],
        url=f"https://www.justwatch.com{content['fullPath']}",
        retrieved_at=answer.retrieved_at,
        licence=LICENCE,
        language=language,
        kind="film",
        ids={"justwatch": node["id"], **graphql.outside_ids(content)},
        facts=MovieFacts(
            title=" ".join(content["title"].split()),
            original_title=values.name(content.get("originalTitle") or ""),
            year=content.get("originalReleaseYear") or None,
            release_date=content.get("originalReleaseDate") or None,
            runtime=content.get("runtime") or None,
            plot=(content.get("shortDescription") or "").strip() or None,
            genres=tuple(g["translation"] for g in content.get("genres") or []),
            countries=tuple(c for c in content.get("productionCountries") or [] if re.fullmatch(r"[A-Z]{2}", c)),
            age_rating=rated[0].rating if rated else None,
            ratings=_ratings(content.get("scoring") or {}),
            directors=tuple(_credit(c) for c in credits if c["role"] == "DIRECTOR"),
            writers=tuple(_credit(c) for c in credits if c["role"] in WRITERS),
            cast=tuple(_credit(c, n) for n, c in enumerate((c for c in credits if c["role"] == "ACTOR"), 1)),
            poster_url=f"{IMAGES}{poster}" if poster and len(poster) < 200 else None,
            trailer_url=f"https://www.youtube.com/watch?v={clip}" if clip else None,
            offers=tuple(_offer(o, country) for o in node.get("offers") or []),
        ),
        several=several(certificates=rated),
    )


def _credit(credit: dict[str, Any], billing: int | None = None) -> Credit:
    person = credit.get("personId")
    role = values.name(credit.get("characterName") or "") if billing else None
    ids = {"justwatch": str(person)} if person else {}
    return Credit(name=credit["name"], ids=ids, role=role or "", billing=billing)


def _offer(offer: dict[str, Any], country: str) -> Offer:
    url = offer.get("standardWebURL") or ""
    return Offer(
        provider=offer["package"]["clearName"],
        country=country,
        kind=offer["monetizationType"].lower(),
        presentation=(offer.get("presentationType") or "").lstrip("_").lower() or None,
        price=offer.get("retailPriceValue"),
        currency=offer.get("currency") if offer.get("retailPriceValue") is not None else None,
        url=url if re.fullmatch(r"https?://\S{1,1990}", url) else None,
        available_to=(offer.get("availableTo") or "")[:10] or None,
    )


def _ratings(scoring: dict[str, Any]) -> tuple[Rating, ...]:
    """IMDb and TMDB score on 0 to 10, the Tomatometer on 0 to 100, JustWatch's own on 0 to 1."""
    found = []
    if scoring.get("imdbScore"):
        votes = scoring.get("imdbVotes")
        score = scoring["imdbScore"]
        found.append(Rating(source="imdb", score=score, votes=int(votes) if votes else None, original=f"{score}/10"))
    if scoring.get("tmdbScore"):
        score = scoring["tmdbScore"]
        found.append(Rating(source="tmdb", score=round(score, 1), original=f"{score}/10"))
    if scoring.get("tomatoMeter"):
        meter = scoring["tomatoMeter"]
        found.append(Rating(source="rotten tomatoes", score=meter / 10, original=f"{meter} %"))
    if scoring.get("jwRating"):
        own = scoring["jwRating"]
        found.append(Rating(source="justwatch", score=round(own * 10, 1), original=f"{own}"))
    return tuple(found)
