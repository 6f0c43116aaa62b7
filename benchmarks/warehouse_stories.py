"""Stories: containment beside exact hash, MinHash LSH and simhash, on edited and different texts.

Texts are those of the shared collection. Each is made into variants that are the same story
(halves, excerpts, corrections, a site's own lines around it) and, apart from them, there are texts
that are not: other articles, and bulletins of one frame with other figures, on forty sites.
"""

# ruff: noqa: PLR2004 — shares of the recipe

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from datasketch import MinHash, MinHashLSH

from benchmarks.report import SHARED, skipped, table
from listening.model import Batch, DateQuality, Document, SourceKind
from listening.text import FOLDED_WORD, fold
from storage.engine import open_writer
from storage.loading import load_batch
from storage.migrate import migrate

GOLD = SHARED / "collect" / "articles" / "gold.jsonl"
TITLE = "Stories: which copies are found, and what is joined wrongly"
NOW = datetime(2026, 11, 20, tzinfo=UTC)
SEED = 5
KINDS = ("copy", "half", "excerpt 20 %", "corrected", "site's lines", "own intro + half")


@dataclass(frozen=True, slots=True)
class Text:
    """One text, and the story that it is part of."""

    kind: str
    story: int
    source: str
    text: str


def originals() -> list[str]:
    lines = GOLD.read_text(encoding="utf-8").splitlines()
    texts = (json.loads(line).get("text", "") for line in lines)
    return sorted({text for text in texts if len(text.split()) >= 120})


def variants(text: str, dice: random.Random) -> Iterator[tuple[str, str]]:
    words = text.split()
    half = len(words) // 2
    yield "copy", text.upper()
    yield "half", " ".join(words[:half] if dice.random() < 0.5 else words[half:])
    start = dice.randrange(len(words) * 4 // 5)
    yield "excerpt 20 %", " ".join(words[start : start + max(40, len(words) // 5)])
    yield "corrected", " ".join(w[::-1] if dice.random() < 0.03 else w for w in words)
    frame = " ".join(f"ligne{dice.randrange(10**6)}" for _ in range(60))
    yield "site's lines", f"{frame} {text} {frame}"
    intro = " ".join(f"mot{dice.randrange(10**6)}" for _ in range(max(20, half // 2)))
    yield "own intro + half", f"{intro} {' '.join(words[:half])}"


def bulletins(dice: random.Random, *, count: int = 120) -> Iterator[Text]:
    """Weather and results: sentences of a frame, other figures and names, several sites."""
    skies = ("ensoleillé", "couvert", "pluvieux", "brumeux", "orageux", "changeant", "neigeux")
    for number in range(count):
        town = f"Ville{number}"
        opening = (
            f"Météo à {town} : le temps sera {dice.choice(skies)} ce matin avec"
            f" {dice.randrange(-5, 30)} degrés au lever du jour et {dice.choice(skies)} en soirée."
        )
        hours = [
            f"À {hour} heures il fera {dice.randrange(-5, 35)} degrés, le vent soufflera à"
            f" {dice.randrange(5, 90)} kilomètres par heure et le ciel sera {dice.choice(skies)}."
            for hour in range(8, 20, 3)
        ]
        whole = " ".join([opening, *hours])
        yield Text("weather", 10_000 + number, f"site-{number % 40}", whole)
        games = [
            f"À domicile, l'équipe de Club{dice.randrange(500)} a battu Club{dice.randrange(500)}"
            f" par {dice.randrange(1, 9)} à {dice.randrange(9)} devant {dice.randrange(9000)}"
            " spectateurs."
            for _ in range(6)
        ]
        yield Text("results", 20_000 + number, f"site-{number % 40}", " ".join(games))


def collection() -> list[Text]:
    dice = random.Random(SEED)  # noqa: S311 — a benchmark's dice
    texts = []
    for story, original in enumerate(originals()):
        texts.append(Text("original", story, f"press-{story % 30}", original))
        texts += [
            Text(kind, story, f"other-{number}", text)
            for number, (kind, text) in enumerate(variants(original, dice))
        ]
    return [*texts, *bulletins(dice)]


def words_of(text: str) -> list[str]:
    return FOLDED_WORD.findall(fold(text).text)


def exact(texts: Sequence[Text]) -> list[object]:
    return [" ".join(words_of(one.text)) for one in texts]


def minhash(texts: Sequence[Text]) -> list[object]:
    index = MinHashLSH(threshold=0.5, num_perm=128)
    groups: list[object] = []
    for number, one in enumerate(texts):
        words = words_of(one.text)
        sketch = MinHash(num_perm=128)
        sketch.update_batch([" ".join(words[i : i + 3]).encode() for i in range(len(words) - 2)])
        near = index.query(sketch)
        groups.append(min((groups[int(n)] for n in near), key=str) if near else number)
        index.insert(str(number), sketch)
    return groups


def simhash(texts: Sequence[Text]) -> list[object]:
    """64 bits over 3-word shingles, at most 10 apart (the usual 3 finds even less)."""
    seen: list[int] = []
    groups: list[object] = []
    for number, one in enumerate(texts):
        words = words_of(one.text)
        sums = [0] * 64
        for i in range(len(words) - 2):
            value = hash(" ".join(words[i : i + 3]))
            for bit in range(64):
                sums[bit] += 1 if value >> bit & 1 else -1
        mine = sum(1 << bit for bit, total in enumerate(sums) if total > 0)
        near = [n for n, other in enumerate(seen) if (mine ^ other).bit_count() <= 10]
        groups.append(groups[near[0]] if near else number)
        seen.append(mine)
    return groups


def vigie(texts: Sequence[Text]) -> list[object]:
    documents = tuple(document(number, one) for number, one in enumerate(texts))
    batch = Batch(run_id="run", batch_id="1", documents=documents, states=(), source_runs=())
    with (
        tempfile.TemporaryDirectory() as folder,
        open_writer(Path(folder) / "warehouse.duckdb") as connection,
    ):
        migrate(connection, now=NOW)
        load_batch(connection, batch, now=NOW)
        rows = connection.execute(
            "SELECT story_id FROM fct_documents ORDER BY document_id"
        ).fetchall()
    return [row[0] for row in rows]


def document(number: int, one: Text) -> Document:
    return Document(
        document_id=f"{number:032x}",
        source_id=one.source,
        kind=SourceKind.FEED,
        url=None,
        canonical_url=None,
        title="",
        text=one.text,
        author_key=None,
        language="fr",
        published_at=None,
        published_at_quality=DateQuality.COLLECTED,
        fetched_at=NOW + timedelta(seconds=number),
        content_hash=f"{number:032x}",
    )


TOOLS: dict[str, Callable[[Sequence[Text]], list[object]]] = {
    "vigie": vigie,
    "exact folded hash": exact,
    "MinHash LSH (0.5)": minhash,
    "simhash (10 bits)": simhash,
}


def main() -> int:
    if not GOLD.exists():
        skipped(TITLE, f"no articles at {GOLD.parent}")
        return 0
    texts = collection()
    rows = []
    for name, tool in TOOLS.items():
        started = time.process_time()
        groups = tool(texts)
        seconds = time.process_time() - started
        rows.append([name, *scores(texts, groups), f"{1000 * seconds / len(texts):.2f}"])
    count = sum(one.kind == "original" for one in texts)
    bad = ["joined: other article", "weather", "results"]
    table(f"{TITLE} ({count} articles)", ["", *KINDS, *bad, "ms a text"], rows)
    return 0


def scores(texts: Sequence[Text], groups: Sequence[object]) -> list[str]:
    """Return found shares by kind of variant, and shares of different texts in a wrong group."""
    first = {one.story: groups[n] for n, one in enumerate(texts) if one.kind == "original"}
    found = []
    for kind in KINDS:
        same = [groups[n] == first[one.story] for n, one in enumerate(texts) if one.kind == kind]
        found.append(f"{sum(same) / len(same):.2f}")
    stories: dict[object, set[int]] = {}
    for one, group in zip(texts, groups, strict=True):
        stories.setdefault(group, set()).add(one.story)
    wrong = []
    for kind in ("original", "weather", "results"):
        joined = [
            len(stories[group]) > 1
            for one, group in zip(texts, groups, strict=True)
            if one.kind == kind
        ]
        wrong.append(f"{sum(joined) / len(joined):.2f}")
    return found + wrong


if __name__ == "__main__":
    sys.exit(main())
