"""The invented world: the brands, and every source of the demonstration's web with its habits."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from listening.model import SourceType

#: The client's own brand and its two competitors, as in ``clients/exemple/client.yaml``.
OWN_BRAND = "oeuf-a-la-coque"
HEN = "poule-au-pot-d-or"
HEART = "coeur-d-aubepine"
RIVALS = (HEN, HEART)

#: Time zone in which the invented people live.
TIMEZONE = "Europe/Paris"

#: Port of all the demonstration's hosts; ``clients/exemple/sources.yaml`` has it in its addresses.
DEMO_PORT = 8765


class FeedFormat(StrEnum):
    """How a source writes its feed."""

    RSS20 = "rss20"
    RDF = "rdf"
    ATOM = "atom10"
    JSON = "json1"


class Quirk(StrEnum):
    """One way in which real feeds differ from the textbook."""

    LATIN1 = "latin1"  # declared and encoded as ISO-8859-1
    GZIP = "gzip"  # compressed when the client accepts it
    HTML = "html"  # the text is HTML in CDATA (content:encoded)
    RELATIVE = "relative"  # links are relative
    BOLD = "bold"  # titles with <b>, links with tracking parameters, as alert mails have them


class Fault(StrEnum):
    """What is wrong with a source, on purpose."""

    TRUNCATED = "truncated"  # XML that stops in the middle of an item
    PAGE = "page"  # an HTML page where the feed was
    REFUSED = "refused"  # nobody listens at that address
    SLOW = "slow"  # answers, but after seconds
    NOT_FOUND = "not_found"  # 404
    GONE = "gone"  # 410
    ROBOTS = "robots"  # robots.txt forbids it
    BUSY = "busy"  # 503 with Retry-After


#: Faults after which a visitor still gets documents.
READABLE_FAULTS = frozenset({Fault.TRUNCATED, Fault.SLOW})


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSource:
    """One site of the demonstration, alone on its loopback address."""

    source_id: str
    title: str
    source_type: SourceType
    host: str  # 127.0.0.0/8: one address a site, so that politeness per host costs nothing
    path: str = "/feed.xml"
    form: FeedFormat = FeedFormat.RSS20
    language: str = "fr"
    writes: str  # kind of texts it publishes; empty: none
    share: float = 1.0  # part it has of the texts of its kind, relative to the others
    author: str | None = None  # the one author of a blog
    quirks: frozenset[Quirk] = frozenset()
    fault: Fault | None = None

    @property
    def is_readable(self) -> bool:
        """True when a visit brings documents, at once or late, whole or in part."""
        return self.fault is None or self.fault in READABLE_FAULTS


#: Falls silent in the story; see ``listening.demo.plot``.
SILENT_SOURCE = "tablier-bleu"
#: Repeats what others wrote, under their addresses.
SEARCH_SOURCE = "veille-oeuf"


@cache
def demo_sources() -> tuple[DemoSource, ...]:
    """Return every site, in the order of its address."""
    text = (files("listening.demo") / "world.yaml").read_text(encoding="utf-8")
    return tuple(_to_source(entry) for entry in yaml.safe_load(text))


def demo_source(source_id: str) -> DemoSource:
    """Return one site by its id.

    Raises:
        KeyError: There is no such site.
    """
    return {source.source_id: source for source in demo_sources()}[source_id]


def _to_source(entry: Mapping[str, Any]) -> DemoSource:
    fault = entry.get("fault")
    return DemoSource(
        source_id=entry["id"],
        title=entry["title"],
        source_type=SourceType(entry["type"]),
        host=f"127.0.0.{entry['host']}",
        path=entry.get("path", "/feed.xml"),
        form=FeedFormat(entry.get("form", "rss20")),
        language=entry.get("language", "fr"),
        writes=entry.get("writes", ""),
        share=float(entry.get("share", 1.0)),
        author=entry.get("author"),
        quirks=frozenset(Quirk(quirk) for quirk in entry.get("quirks", ())),
        fault=Fault(fault) if fault else None,
    )
