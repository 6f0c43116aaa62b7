"""Matching alone: how little the number of terms and of Boolean queries weighs, beside peers.

Times are processor time of this process, the best of several interleaved rounds, so that other work
on the machine weighs little.
"""

import gzip
import json
import random
import re
import time
from collections.abc import Callable, Sequence

import spacy
from spacy.matcher import PhraseMatcher

from benchmarks.report import SHARED, skipped, table
from listening.model import Brand, BrandRole
from listening.text import FOLDED_WORD, fold
from sentiment.matching import BrandMatcher

#: Reviews put together until a document has the length of an article or a long forum post.
LENGTH = 1_200
DOCUMENTS = 1_500
ROUNDS = 3
LIMIT = 2.0
NAMES = ("Azur", "Bol", "Cime", "Dune", "Étal", "Fjord", "Galet", "Halle", "Jade", "Orme", "Pré")
#: Shortest word of the texts that terms are made of.
SHORTEST = 5


def corpus() -> list[str]:
    """Return real texts joined to documents of real length."""
    path = SHARED / "sentiment" / "fr_reviews.train.jsonl.gz"
    if not path.exists():
        return []
    texts: list[str] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        held = ""
        for line in lines:
            held += json.loads(line)["text"] + "\n"
            if len(held) >= LENGTH:
                texts.append(held)
                held = ""
            if len(texts) == DOCUMENTS:
                break
    return texts


def invented_terms(count: int, words: Sequence[str]) -> list[str]:
    """Return names of one to three words; half of the words are of the texts themselves."""
    chance = random.Random(7)  # noqa: S311 - a benchmark
    terms: dict[str, None] = {}
    while len(terms) < count:
        size = chance.choice((1, 2, 2, 3))
        name = [
            chance.choice(NAMES) + str(chance.randrange(10_000)),
            *chance.choices(words, k=size),
        ]
        chance.shuffle(name)
        terms[" ".join(name[: size + 1])] = None
    return list(terms)


def brands_of(terms: Sequence[str], brand_count: int, queries: Sequence[str] = ()) -> list[Brand]:
    """Spread terms over brands; the last brands have a query each."""
    return [
        Brand(
            brand_id=f"b{n}",
            name=f"b{n}",
            role=BrandRole.COMPETITOR,
            terms=tuple(terms[n::brand_count]),
            query=queries[n - brand_count] if n >= brand_count else "",
        )
        for n in range(brand_count + len(queries))
    ]


def boolean_queries(count: int, words: Sequence[str]) -> list[str]:
    """Return queries of a dozen common words each, with every costly operator."""
    chance = random.Random(11)  # noqa: S311 - a benchmark
    made = []
    for n in range(count):
        a, b, c, d, e, f = chance.sample(list(words), 6)
        name = NAMES[n % len(NAMES)]
        made.append(
            f'({name} OU {a} OU "{b} {c}") PROCHE/6 ({d} OU {e[:4]}*) '
            f"ET ({name} MÊME_PHRASE {f} OU titre:{c} OU min:2 {b}) SAUF ({a} PROCHE/3 {c})"
        )
    return made


def cpu(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def match_all(matcher: BrandMatcher, texts: Sequence[str]) -> int:
    hits = 0
    for text in texts:
        folded = fold(text)
        words = FOLDED_WORD.findall(folded.text)
        if matcher.may_find(words):
            hits += len(matcher.match(text, folded, words=words).hits)
    return hits


def main() -> int:
    texts = corpus()
    texts[::10] = [
        f"{text}\n{NAMES[n % 11]} et {NAMES[n % 7]}." for n, text in enumerate(texts[::10])
    ]
    if not texts:
        skipped("Matching", "the development texts are not beside the checkout")
        return 0
    words = sorted(
        {w for text in texts[:300] for w in text.split() if w.isalpha() and len(w) >= SHORTEST}
    )
    runs: dict[str, Callable[[], object]] = {}
    for count in (10, 100, 1_000, 10_000):
        matcher = BrandMatcher(brands_of(invented_terms(count, words), min(count, 200)))
        runs[f"{count:,} terms"] = lambda matcher=matcher: match_all(matcher, texts)
    queries = boolean_queries(50, words)
    mixed = BrandMatcher(brands_of(invented_terms(1_000, words), 150, queries))
    runs["1,000 terms, 50 queries (200 brands)"] = lambda: match_all(mixed, texts)
    nlp = spacy.blank("fr")
    phrases = PhraseMatcher(nlp.vocab, attr="LOWER")
    phrases.add("all", list(nlp.pipe(invented_terms(1_000, words))))
    runs["peer: spaCy PhraseMatcher, 1,000 terms, no folding"] = lambda: [
        len(phrases(nlp.make_doc(text))) for text in texts
    ]
    pattern = re.compile("|".join(map(re.escape, invented_terms(1_000, words))), re.IGNORECASE)
    slow = texts[: len(texts) // 50]
    runs["peer: one regular expression, 1,000 terms, no folding"] = lambda: [
        len(pattern.findall(text)) for text in slow
    ]
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(ROUNDS):
        for name, run in runs.items():
            best[name] = min(best[name], cpu(run))
    counts = {name: len(slow) if "regular" in name else len(texts) for name in runs}
    base = best["10 terms"] / len(texts)
    rows = [
        (name, f"{counts[name] / best[name]:,.0f}", f"{best[name] / counts[name] / base:.2f}")
        for name in runs
    ]
    mean = sum(map(len, texts)) // len(texts)
    table(
        f"Matching {len(texts):,} documents of {mean:,} characters",
        ["watchlist", "documents/s, one core", "time against 10 terms"],
        rows,
    )
    return int(best["10,000 terms"] / best["10 terms"] > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main())
