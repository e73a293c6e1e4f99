"""The shipped recording as a web that answers any question about its 120 films, however it is cut into batches."""

import copy
import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from scrapy import Request
from scrapy.http import Response

from movie_db.crawling_module.gathering.fetcher import Fetcher
from movie_db.stitching.folding import fold
from movie_db.web_gateway.recording import read_warc

SAMPLE = Path(__file__).parents[2] / "sample" / "max.warc.gz"


class Known:
    """What the recording tells: titles of JustWatch, items and pages, by their names."""

    def __init__(self) -> None:
        self.packages: list[Any] = []
        self.listed: dict[str, Any] = {}
        self.nodes: dict[str, Any] = {}
        self.rows: list[Any] = []
        self.entities: dict[str, Any] = {}
        self.pages: dict[str, Any] = {}
        self.redirects: dict[str, str] = {}
        for entry in read_warc(SAMPLE):
            reply = json.loads(entry.answer.body)
            if "data" in reply:
                self._justwatch(reply["data"])
            elif "results" in reply:
                self.rows += reply["results"]["bindings"]
            elif "entities" in reply:
                self.entities |= reply["entities"]
            else:
                query = reply["query"]
                steps = [*query.get("normalized", ()), *query.get("redirects", ())]
                self.redirects |= {step["from"]: step["to"] for step in steps}
                self.pages |= {page["title"]: page for page in query["pages"] if "missing" not in page}

    def _justwatch(self, data: Any) -> None:
        if "packages" in data:
            self.packages = data["packages"]
        elif "popularTitles" in data:
            self.listed |= {e["node"]["id"]: e["node"] for e in data["popularTitles"]["edges"]}
        else:
            self.nodes |= {node["id"]: node for node in data.values() if node}


def page_of(item: Any) -> Any:
    """The title of an item's English page."""
    return item.get("sitelinks", {}).get("enwiki", {}).get("title")


def _classes(item: Any) -> Any:
    claims = item.get("claims") or {}
    return [claim["mainsnak"]["datavalue"]["value"]["id"] for claim in claims.get("P31", ())]


class RecordedWeb:
    """Answers Scrapy's requests from `Known`. `broken` gives the status with which a host answers instead."""

    def __init__(self, known: Known, **broken: int) -> None:
        self.known = known
        self.broken = broken
        self.asked: Counter[str] = Counter()
        self.versions = True
        self.hints = True
        self.without_key = {"api.themoviedb.org", "www.omdbapi.com"}
        self.answers: dict[str, Callable[[Request], Any]] = {
            "apis.justwatch.com": self._justwatch,
            "query.wikidata.org": self._sparql,
            "www.wikidata.org": self._wikidata,
            "en.wikipedia.org": self._wikipedia,
        }

    def speak(self, language: str) -> None:
        """From now on there are texts in this language: of every second film's item and page, of those that JustWatch
        gives odd numbers, and of all people."""
        spoken = set(sorted(filter(None, map(page_of, self.known.entities.values())))[::2])

        def justwatch(request: Request) -> Any:
            reply, requests_ = copy.deepcopy(self._justwatch(request)), json.loads(request.body)["variables"]
            for node in filter(None, reply["data"].values()) if "l0" in requests_ else ():
                content = node["content"]
                texts = {"title": content["title"], "shortDescription": content["shortDescription"]}
                if requests_["l0"] == language and int(node["id"][2:]) % 2:
                    texts = {name: text and f"{language} {text}" for name, text in texts.items()}
                node["t0"] = texts
            return reply

        def wikidata(request: Request) -> Any:
            reply = copy.deepcopy(self._wikidata(request))
            expected_ = parse_qs(urlsplit(request.url).query)["languages"][0].split("|")
            for item in reply["entities"].values() if language in expected_ else ():
                if "Q5" in _classes(item) or page_of(item) in spoken:
                    name = item["labels"]["en"]["value"]
                    item["labels"][language] = {"language": language, "value": f"{name} ({language})"}
                    item.setdefault("descriptions", {})[language] = {"language": language, "value": f"in {language}"}
                if page_of(item) in spoken:
                    item["sitelinks"][f"{language}wiki"] = {"title": f"{page_of(item)} ({language})"}
            return reply

        def wikipedia(request: Request) -> Any:
            requests_ = parse_qs(urlsplit(request.url).query)["titles"][0].split("|")
            text = "'''Un film'''.\n== Trama ==\n[[File:A.jpg|thumb|A]]Una ''trama'' di [[film]].\n== Altro ==\n"
            revisions = [{"slots": {"main": {"content": text}}}]
            return {"query": {"pages": [{"ns": 0, "pageid": 1, "title": t, "revisions": revisions} for t in requests_]}}

        self.answers |= {"apis.justwatch.com": justwatch, "www.wikidata.org": wikidata}
        self.answers[f"{language}.wikipedia.org"] = wikipedia

    def fetcher(self) -> Fetcher:
        return Fetcher(self.download, None, datetime.now(UTC))

    async def download(self, request: Request) -> Response:
        return self.answer(request)

    def answer(self, request: Request) -> Response:
        host = urlsplit(request.url).hostname or ""
        self.asked[host] += 1
        if host in self.without_key:
            refusal = json.dumps({"detail": f"{host} is asked with a key only."}).encode()
            return Response(request.url, 403, {"X-Gateway-Error": "no-key"}, refusal)
        status = self.broken.get(host)
        if status or host not in self.answers or request.url.endswith("/robots.txt"):
            return Response(request.url, status or 404, {}, b"")
        return Response(request.url, 200, {}, json.dumps(self.answers[host](request)).encode())

    def _justwatch(self, request: Request) -> Any:
        requests_ = json.loads(request.body)
        variables = requests_["variables"]
        if requests_["operationName"] == "GetPackages":
            return {"data": {"packages": self.known.packages}}
        if requests_["operationName"] == "GetPopularTitles":
            first, offset = variables["first"], variables["offset"]
            nodes = list((self.known.nodes if "...T" in requests_["query"] else self.known.listed).values())
            edges = [{"node": node} for node in nodes[offset : offset + first]]
            return {"data": {"popularTitles": {"totalCount": len(nodes), "edges": edges}}}
        names = re.findall(r'(n\d+): node\(id: "(\w+)"\)', requests_["query"])
        return {"data": {name: self.known.nodes.get(key) for name, key in names}}

    def _sparql(self, request: Request) -> Any:
        query = re.sub(r"PREFIX \w+: <[^>]*> ", "", parse_qs(request.body.decode())["query"][0])
        if "?answer" in query:
            return {"results": {"bindings": [{"answer": {"value": "42"}}] if self.hints else []}}
        if not self.hints and "hint:Query" in query:
            return {"results": {"bindings": []}}
        if "schema:version" in query:
            return {"results": {"bindings": self._versions(re.findall(r"wd:(Q\d+)", query))}}
        literals = set(map(json.loads, re.findall(r'"(?:[^"\\]|\\.)*"', query)))
        column = "id" if "?of" in query else "asked"
        rows = [row for row in self.known.rows if column in row and row[column]["value"] in literals]
        return {"results": {"bindings": rows}}

    def _versions(self, qids: Any) -> Any:
        """The revisions that the query service has heard of; as the stand-in web, it may have heard of none."""
        reply = {q: self.known.entities[q]["lastrevid"] for q in qids if q in self.known.entities and self.versions}
        return [{"item": {"value": f"http://e/{q}"}, "version": {"value": str(n)}} for q, n in reply.items()]

    def _wikidata(self, request: Request) -> Any:
        query = parse_qs(urlsplit(request.url).query)
        if "srsearch" in query:
            words = query["srsearch"][0].rpartition(" haswbstatement:")[0].casefold().split()
            names = {
                q: fold(e["labels"].get("en", {}).get("value", "")).split() for q, e in self.known.entities.items()
            }
            return {"query": {"search": [{"title": q} for q, reply in names.items() if set(words) <= set(reply)]}}
        ids = query["ids"][0].split("|")
        return {"entities": {q: self.known.entities.get(q, {"id": q, "missing": ""}) for q in ids}}

    def _wikipedia(self, request: Request) -> Any:
        if "/search/page?" in request.url:
            return {"pages": []}
        titles = parse_qs(urlsplit(request.url).query)["titles"][0].split("|")
        led = {title: self.known.redirects[title] for title in titles if title in self.known.redirects}
        pages = [self.known.pages.get(led.get(t, t), {"ns": 0, "title": t, "missing": True}) for t in titles]
        pages = [p | {"lastrevid": p["revisions"][0]["revid"]} if "revisions" in p else p for p in pages]
        redirects = [{"from": source, "to": target} for source, target in led.items()]
        return {"batchcomplete": True, "query": {"redirects": redirects, "pages": pages}}
