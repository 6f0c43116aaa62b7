"""Tagging: scores by set beside peers, and the throughput of the whole stage.

``python -m benchmarks.sentiment [scores short stage terms]``. Scores are on the development sets,
through what ``vigie evaluate`` calls. Speeds are per second of processor time of one process, so
that other work on the machine weighs less; every peer is timed in the same run.
"""

import gzip
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any

from benchmarks.report import SHARED, skipped, table
from benchmarks.sentiment_peers import PEERS, Peer
from listening.model import Brand, BrandRole, DateQuality, Document, SourceKind
from sentiment.annotate import annotate, build_tagger
from sentiment.evaluate import LABELS, Case, Task, evaluate, read_cases

SETS = SHARED / "sentiment"
ARTICLES = SHARED / "collect" / "articles" / "gold.jsonl"
#: Set, task, what the issue asks: accuracy and macro-F1.
ASKED: tuple[tuple[str, Task, str], ...] = (
    ("fr_reviews", "polarity", ".80/.70"),
    ("fr_social", "polarity", ".65/.65"),
    ("fr_targeted", "targeted", ".77/.62"),
    ("fr_insults", "insult", ".75/.75"),
    ("en_social", "polarity", ".70/.70"),
    ("en_reviews", "polarity", ""),
    ("en_targeted", "targeted", ".68/.68"),
    ("en_insults", "insult", ""),
    ("en_irony", "irony", ""),
)
#: Sources shown on a line of their own.
SHOWN = {"brands_natural": ".73/.62"}
DOCUMENTS = 300
BRANDS, TERMS_EACH, QUERIES = 200, 5, 50
#: Share of the documents that name a brand: most of what is collected does not.
NAMED = 0.1
#: Longest text of the short ones: a post, not an article.
SHORT = 280
_SYLLABLES = (
    "ba", "cor", "del", "fi", "gan", "lo", "mi", "nor", "pra", "qui", "ro", "sta", "tel", "vo",
    "zan", "mer", "lux", "tri",
)  # fmt: skip


def pair(scores: dict[str, Any]) -> str:
    return f"{scores['accuracy']:.3f}/{scores['macro_f1']:.3f}".replace("0.", ".")


def two_classes(scores: dict[str, Any], cases: Sequence[Case]) -> str:
    """Return the accuracy on praise and blame only; "neutral" counts as wrong."""
    counts = {label: sum(case.label == label for case in cases) for label in ("neg", "pos")}
    right = sum(scores["recall"].get(label, 0.0) * count for label, count in counts.items())
    return f"{right / max(1, sum(counts.values())):.3f}".lstrip("0")


def peer_scores(peer: Peer, cases: Sequence[Case]) -> tuple[dict[str, str], float]:
    """Return a peer's figures by source ("" for all) and its texts a second."""
    judge = peer.build()
    started = time.process_time()
    said = [judge(case.text) for case in cases]
    elapsed = time.process_time() - started
    found = {}
    for source in ("", *sorted({case.source for case in cases})):
        pairs = [
            (case.label, label)
            for case, label in zip(cases, said, strict=True)
            if source in {"", case.source}
        ]
        right = sum(gold == label for gold, label in pairs)
        f1 = [
            2
            * sum(gold == label == one for gold, label in pairs)
            / sum((gold == one) + (label == one) for gold, label in pairs)
            for one in LABELS["polarity"]
            if any(gold == one for gold, _ in pairs)
        ]
        figures = {"accuracy": right / len(pairs), "macro_f1": sum(f1) / len(f1)}
        found[source] = pair(figures)
    return found, len(cases) / elapsed


def scores() -> None:
    rows: list[list[object]] = []
    for name, task, asked in ASKED:
        cases = read_cases(SETS / f"{name}.dev.jsonl.gz", task=task)
        ours = evaluate(cases, task=task)
        peers = {}
        if task in {"polarity", "targeted"}:
            peers = {one.name: peer_scores(one, cases) for one in PEERS if one.language == name[:2]}
        for source, wanted in (("", asked), *SHOWN.items()):
            if source and source not in ours["by_source"]:
                continue
            figures = ours["by_source"][source] if source else ours
            mine = [case for case in cases if source in {"", case.source}]
            beside = ", ".join(f"{n} {found[source]}" for n, (found, _) in peers.items())
            two = two_classes(figures, mine) if task in {"polarity", "targeted"} else ""
            speed = f"{ours['texts_per_s']:,.0f}" if not source else ""
            shown = source or name
            rows.append(
                [shown, figures["count"], pair(figures), wanted, two, figures["ece"], beside, speed]
            )
            print(*rows[-1], sep=" | ", file=sys.stderr, flush=True)
    head = ("set", "texts", "Vigie", "asked", "two classes", "ECE", "peers", "texts/s")
    table("Development sets: accuracy / macro-F1", head, rows)


def short_texts() -> None:
    """Time all of us and each peer on the same short texts, in turns."""
    rows = []
    for language in ("fr", "en"):
        cases = [
            case
            for case in read_cases(SETS / f"{language}_social.dev.jsonl.gz", task="polarity")
            if len(case.text) <= SHORT
        ]
        evaluate(cases, task="polarity")
        ours = max(evaluate(cases, task="polarity")["texts_per_s"] for _ in range(3))
        rows.append([language, "Vigie, all components", f"{ours:,.0f}"])
        rows += [
            [language, one.name, f"{peer_scores(one, cases)[1]:,.0f}"]
            for one in PEERS
            if one.language == language
        ]
    table(f"Posts of at most {SHORT} characters, one core", ("language", "tool", "texts/s"), rows)


def names(rng: random.Random, count: int) -> Iterator[str]:
    seen: set[str] = set()
    while len(seen) < count:
        name = "".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(3, 4))).capitalize()
        name += rng.choice(["", f" {rng.choice(_SYLLABLES)}{rng.choice(_SYLLABLES)}"])
        if name not in seen:
            seen.add(name)
            yield name


def watchlist(term_count: int, *, queries: int = 0) -> list[Brand]:
    rng = random.Random(7)  # noqa: S311
    terms = list(names(rng, term_count))
    size = max(1, min(TERMS_EACH, term_count))
    brands = []
    for number, first in enumerate(range(0, term_count, size)):
        mine = tuple(terms[first : first + size])
        query = (
            f'"{mine[0]}" PROCHE/5 (prix OU servic* OU délai) SAUF (match OU film)'
            if number < queries
            else ""
        )
        brands.append(
            Brand(
                brand_id=f"b{number}",
                name=mine[0],
                role=BrandRole.COMPETITOR,
                terms=mine,
                query=query,
            )
        )
    return brands


def texts_of_articles() -> list[str]:
    with ARTICLES.open(encoding="utf-8") as file:
        found = [json.loads(line).get("text") or "" for line in file]
    return [text for text in found if text]


def documents(texts: Sequence[str], brands: Sequence[Brand], share: float) -> list[Document]:
    """Return documents of real length; a share of them names a brand, in the middle of the text."""
    rng = random.Random(3)  # noqa: S311
    found = []
    for number in range(DOCUMENTS):
        text = texts[number % len(texts)]
        if rng.random() < share:
            place = text.find(" ", rng.randrange(len(text))) + 1
            name = rng.choice(rng.choice(brands).terms)
            text = f"{text[:place]}{name} {text[place:]}"
        found.append(as_document(number, text))
    return found


def as_document(number: int, text: str) -> Document:
    key = f"{number:032x}"
    return Document(
        document_id=key,
        source_id="benchmark",
        kind=SourceKind.FEED,
        url=None,
        canonical_url=None,
        title="",
        text=text,
        author_key=None,
        language=None,
        published_at=None,
        published_at_quality=DateQuality.COLLECTED,
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        content_hash=key,
    )


def stage_rate(share: float, terms: int, queries: int, texts: Sequence[str]) -> float:
    """Return documents a second of processor time, the best of three rounds."""
    brands = watchlist(terms, queries=queries)
    tagger = build_tagger(brands)
    given = documents(texts, brands, share)
    best = 0.0
    for _ in range(3):
        started = time.process_time()
        count = sum(1 for _ in annotate(given, tagger))
        best = max(best, count / (time.process_time() - started))
    return best


def posts() -> list[str]:
    found = []
    for name in ("fr_social", "fr_reviews", "en_social"):
        with gzip.open(SETS / f"{name}.dev.jsonl.gz", "rt", encoding="utf-8") as file:
            found += [json.loads(line)["text"] for line in file][:300]
    return found


def stage() -> None:
    terms = BRANDS * TERMS_EACH
    rows = []
    for what, texts in (("articles", texts_of_articles()), ("posts and reviews", posts())):
        size = sum(map(len, texts)) / len(texts)
        for share in (0.0, NAMED, 1.0):
            one = stage_rate(share, terms, QUERIES, texts)
            rows.append([what, f"{size:,.0f}", f"{share:.0%}", 1, f"{one:,.0f}"])
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            both = list(pool.map(stage_rate, [NAMED] * 2, [terms] * 2, [QUERIES] * 2, [texts] * 2))
        rows.append([what, f"{size:,.0f}", f"{NAMED:.0%}", 2, f"{sum(both):,.0f}"])
    title = f"Whole stage: {BRANDS} brands, {terms:,} terms, {QUERIES} queries"
    head = ("documents", "characters", "name a brand", "processes", "documents/s")
    table(title, head, rows)


def growth() -> None:
    texts = texts_of_articles()
    rates = {count: stage_rate(NAMED, count, 0, texts) for count in (10, 100, 1_000, 10_000)}
    rows = [[f"{n:,}", f"{rate:,.0f}", f"{rates[10] / rate:.2f}"] for n, rate in rates.items()]
    table("Growth with the number of terms", ("terms", "documents/s", "times 10 terms"), rows)


PARTS: dict[str, Callable[[], None]] = {
    "scores": scores,
    "short": short_texts,
    "stage": stage,
    "terms": growth,
}


def main(asked: Sequence[str] = ()) -> int:
    if not SETS.exists() or not ARTICLES.exists():
        skipped("Sentiment", f"{SETS} or {ARTICLES} is not there")
        return 0
    for part in asked or PARTS:
        PARTS[part]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
