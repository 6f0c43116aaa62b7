"""Values for tests: valid by default, each field overridable."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from listening.config.alerts import RuleSpec
from listening.model import (
    Batch,
    Brand,
    BrandRole,
    DateQuality,
    Decision,
    Document,
    Evaluation,
    Evidence,
    Hit,
    Mention,
    Observation,
    OutgoingMessage,
    Polarity,
    RawDocument,
    RunStatus,
    Source,
    SourceKind,
    SourceRun,
    SourceType,
    TaggedDocument,
    Window,
)
from listening.notify.letter import Addressee

#: The moment at which most tests play: 02:14 in Paris.
NOW = datetime(2026, 11, 20, 1, 14, tzinfo=UTC)


def make_rule(**overrides: Any) -> RuleSpec:
    return RuleSpec.model_validate(
        {"id": "mauvais-buzz", "kind": "negative_spike", "brands": ["oeuf-a-la-coque"]} | overrides
    )


def make_observation(stories: int = 5, *, days_ago: int = 0, **overrides: Any) -> Observation:
    """Return one day of one brand: every negative text once, as many other mentions."""
    end = datetime(2026, 11, 20, 1, tzinfo=UTC) - timedelta(days=days_ago)
    values: dict[str, Any] = {
        "brand_id": "oeuf-a-la-coque",
        "window": Window(start=end - timedelta(days=1), end=end),
        "mention_count": 2 * stories,
        "negative_count": stories,
        "negative_story_count": stories,
        "negative_author_count": stories,
    }
    return Observation(**values | overrides)


def make_series(*stories: int) -> list[Observation]:
    """Return one observation per count, oldest first; the last day ends at ``NOW``'s night."""
    last = len(stories) - 1
    return [make_observation(count, days_ago=last - i) for i, count in enumerate(stories)]


def make_evaluation(
    stories: int = 34, *, days_ago: int = 0, decision: Decision = Decision.FIRED, **overrides: Any
) -> Evaluation:
    observation = make_observation(stories, days_ago=days_ago)
    values: dict[str, Any] = {
        "rule_id": "mauvais-buzz",
        "brand_id": "oeuf-a-la-coque",
        "evaluated_at": NOW - timedelta(days=days_ago),
        "observation": observation,
        "baseline": None,
        "p_value": 1e-6 if decision is Decision.FIRED else 0.5,
        "threshold": 0.01,
        "decision": decision,
    }
    return Evaluation(**values | overrides)


def make_source(source_id: str = "gazette-lyon", **overrides: Any) -> Source:
    values: dict[str, Any] = {
        "source_id": source_id,
        "kind": SourceKind.FEED,
        "url": f"https://{source_id}.example/feed",
        "source_type": SourceType.PRESS,
    }
    return Source(**values | overrides)


def make_raw_document(n: int = 1, **overrides: Any) -> RawDocument:
    """Return item ``n`` of a source, as a reader finds it."""
    values: dict[str, Any] = {
        "guid": f"guid-{n}",
        "url": f"https://gazette-lyon.example/article-{n}",
        "title": f"Article {n}",
        "text": f"Le texte de l'article {n}.",
        "published_at": NOW - timedelta(hours=n),
        "published_at_quality": DateQuality.GIVEN,
    }
    return RawDocument(**values | overrides)


def make_brand(brand_id: str = "oeuf-a-la-coque", **overrides: Any) -> Brand:
    values: dict[str, Any] = {
        "brand_id": brand_id,
        "name": brand_id.replace("-", " ").title(),
        "role": BrandRole.OWN,
        "terms": (brand_id.replace("-", " "),),
        "query_version": "q1",
    }
    return Brand(**values | overrides)


def make_document(n: int = 1, **overrides: Any) -> Document:
    """Return document ``n`` as a collector lands it; its hash follows from title and text."""
    values: dict[str, Any] = {
        "document_id": f"{n:032x}",
        "source_id": "gazette-lyon",
        "kind": SourceKind.FEED,
        "url": f"https://gazette-lyon.example/article-{n}",
        "canonical_url": f"https://gazette-lyon.example/article-{n}",
        "title": f"Article {n}",
        "text": f"L'Œuf à la Coque a changé de chef, et la salle {n} est pleine chaque soir.",
        "author_key": f"author-{n}",
        "language": "fr",
        "published_at": NOW - timedelta(hours=n),
        "published_at_quality": DateQuality.GIVEN,
        "fetched_at": NOW,
    } | overrides
    content = f"{values['title']}\n{values['text']}".encode(errors="surrogatepass")
    values.setdefault("content_hash", hashlib.sha256(content).hexdigest()[:32])
    return Document(**values)


def make_source_run(source_id: str = "gazette-lyon", **overrides: Any) -> SourceRun:
    values: dict[str, Any] = {
        "run_id": "run-1",
        "source_id": source_id,
        "started_at": NOW,
        "status": RunStatus.OK,
    }
    return SourceRun(**values | overrides)


def make_batch(*documents: Document, **overrides: Any) -> Batch:
    """Return a batch of these documents; without visits or states unless given."""
    values: dict[str, Any] = {
        "run_id": "run-1",
        "batch_id": "0001",
        "documents": documents,
        "states": (),
        "source_runs": (),
    }
    return Batch(**values | overrides)


def make_mention(n: int = 1, **overrides: Any) -> Mention:
    """Return what document ``n`` says of our brand."""
    values: dict[str, Any] = {
        "document_id": f"{n:032x}",
        "brand_id": "oeuf-a-la-coque",
        "polarity": Polarity.NEGATIVE,
        "score": -0.5,
        "confidence": 0.8,
        "evidence": (Evidence(term="froid", weight=-0.5, start=12, end=17),),
        "query_version": "q1",
        "model_version": "m1",
    } | overrides
    values.setdefault("hits", (Hit(brand_id=values["brand_id"], start=0, end=7, term="oeuf"),))
    return Mention(**values)


def make_tagged(document: Document, *mentions: Mention, **overrides: Any) -> TaggedDocument:
    values: dict[str, Any] = {
        "document_id": document.document_id,
        "content_hash": document.content_hash,
        "language": "fr",
        "mentions": mentions,
        "tagger_version": "t1",
    }
    return TaggedDocument(**values | overrides)


def make_addressee(**overrides: Any) -> Addressee:
    values: dict[str, Any] = {
        "client_id": "exemple",
        "client_name": "Bistrot",
        "recipient": "camille@exemple.example",
        "language": "fr",
        "sender": "Vigie <vigie@exemple.example>",
        "timezone": "Europe/Paris",
    }
    return Addressee(**values | overrides)


def make_message(n: int = 1, **overrides: Any) -> OutgoingMessage:
    """Return mail ``n``, small but whole; it is due at once."""
    message_id = f"<{n:032x}.firing.{n:012x}@bistrot.vigie>"
    values: dict[str, Any] = {
        "message_id": message_id,
        "fingerprint": f"{n:032x}",
        "recipient": "camille@exemple.example",
        "subject": f"Alerte {n}",
        "body": f"Message-ID: {message_id}\r\nSubject: Alerte {n}\r\n\r\nTexte.\r\n".encode(),
        "created_at": NOW,
    }
    return OutgoingMessage(**values | overrides)


CLIENT_YAML = """\
client: NAME
name: "Bistrot L'Œuf à la Coque"
language: fr
timezone: Europe/Paris
contact: mailto:camille@exemple.example
brands:
  - id: oeuf-a-la-coque
    name: "L'Œuf à la Coque"
    role: own
    terms: ["L'Œuf à la Coque", "Oeuf à la Coque Lyon"]
  - id: tartine
    name: "La Tartine Dorée"
    role: competitor
recipients:
  - {address: "camille@exemple.example"}
quiet_hours: {start: "21:00", end: "07:30"}
"""

SOURCES_YAML = """\
sources:
  - {id: gazette-lyon, kind: feed, url: "http://gazette.example/feed", type: press, weight: 2.0}
  - id: forum
    kind: feed
    url: "https://forum.example/latest.rss"
    type: forum
    every: 2d
"""

ALERTS_YAML = """\
rules:
  - {id: mauvais-buzz, kind: negative_spike, false_alarm_budget: "1 par trimestre"}
"""


def write_client(folder: Path, **bodies: str) -> Path:
    """Write a client's three files, each replaceable by keyword: ``sources="…"``; return it."""
    files = {
        "client": CLIENT_YAML.replace("NAME", folder.name),
        "sources": SOURCES_YAML,
        "alerts": ALERTS_YAML,
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in (files | bodies).items():
        (folder / f"{name}.yaml").write_text(body, encoding="utf-8")
    return folder
