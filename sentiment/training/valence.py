"""Builds ``models/opinion_*.tsv`` and ``models/abuse_*.tsv`` out of lexicons.

Run once; the files are shipped. Sources and licences: ``models/MODEL_CARD.md``.
``python -m sentiment.training.valence --site-packages DIR`` where DIR holds vaderSentiment 3.3.2,
vaderSentiment-fr 1.3.4 and textblob-fr 0.2.0.
"""

import argparse
import re
from collections import defaultdict
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from sentiment.scoring.spelling import fold_token

_VADER_FR = re.compile(r"(.+?)->(-?[\d.]+)")
_PATTERN = re.compile(r'form="([^"]+)".*?polarity="(-?[\d.]+)"')
_VERB_ER = (
    "er", "e", "es", "ent", "ons", "ez", "é", "ée", "és", "ées", "ait", "aient", "ais", "a", "era",
    "erai", "eront", "ant",
)  # fmt: skip
_VERB_IR = ("ir", "i", "is", "it", "ie", "ies", "issent", "issez", "issait", "ira", "issant")
Table = dict[str, list[float]]


def _lines(name: str) -> Iterator[list[str]]:
    text = (files("sentiment") / "lexicons" / name).read_text(encoding="utf-8")
    yield from (line.split("\t") for line in text.splitlines() if line and line[0] != "#")


def _forms(term: str, kind: str) -> list[str]:
    """Return the written forms of a French lexicon entry: a adjective, n noun, v verb."""
    if kind == "n":
        return [term, f"{term}s"]
    if kind == "a":
        feminine = term if term.endswith("e") else f"{term}e"
        for ending, other in (("eux", "euse"), ("eur", "euse"), ("if", "ive")):
            if term.endswith(ending):
                feminine = term.removesuffix(ending) + other
        if term.endswith(("el", "ul", "en", "on")):
            feminine = f"{term}{term[-1]}e"
        return [term, f"{term}s", feminine, f"{feminine}s"]
    if kind == "v" and term.endswith("er"):
        stem = term[:-2]
        return [stem + end for end in _VERB_ER]
    if kind == "v" and term.endswith("ir"):
        return [term[:-2] + end for end in _VERB_IR]
    return [term]


def opinion_table(language: str, packages: Path) -> Table:
    """Return our weights, VADER's and (French) pattern's by folded token."""
    table: Table = defaultdict(lambda: [0.0, 0.0, 0.0])
    for term, weight, *rest in _lines(f"opinions_{language}.tsv"):
        kind = rest[0] if rest and language == "fr" else "-"
        for form in _forms(term, kind):
            if " " not in form:
                table[fold_token(form)][0] = float(weight)
    for sign, weight, *_ in _lines("emoji.tsv"):
        table[fold_token(sign)][0] = float(weight)
    for column, pairs in enumerate(_others(language, packages), start=1):
        found: dict[str, list[float]] = defaultdict(list)
        for term, value in pairs:
            if " " not in term:
                found[fold_token(term)].append(value)
        for token, values in found.items():
            table[token][column] = round(sum(values) / len(values), 2)
    return table


def _others(language: str, packages: Path) -> list[list[tuple[str, float]]]:
    if language == "en":
        text = (packages / "vaderSentiment/vader_lexicon.txt").read_text(encoding="utf-8")
        rows = [line.split("\t") for line in text.splitlines() if "\t" in line]
        return [[(row[0], float(row[1])) for row in rows if row[0]]]
    text = (packages / "vaderSentiment_fr/fr_lexicon.txt").read_text(encoding="utf-8")
    matches = (_VADER_FR.match(line.strip()) for line in text.splitlines())
    vader = [(match[1], float(match[2])) for match in matches if match]
    text = (packages / "textblob_fr/fr-sentiment.xml").read_text(encoding="utf-8")
    return [vader, [(match[1], 4 * float(match[2])) for match in _PATTERN.finditer(text)]]


def abuse_table(language: str, opinions: Table) -> Table:
    """Return strict insults, rude words and our opinion weights by folded token."""
    table: Table = defaultdict(lambda: [0.0, 0.0, 0.0])
    for one, term in _lines("insults.tsv"):
        if one == language and " " not in term:
            table[fold_token(term)][0] = -3.0
    rude = files("sentiment.training") / "cases" / f"rude_{language}.txt"
    for word in rude.read_text(encoding="utf-8").split():
        table[fold_token(word)][1] = -2.0
    for token, (ours, vader, _) in opinions.items():
        table[token][2] = ours or round(vader, 2)
    return table


def main() -> None:
    """Write the four files."""
    parser = argparse.ArgumentParser(description="Build the lexicon files of the models.")
    parser.add_argument("--site-packages", type=Path, required=True)
    packages: Path = parser.parse_args().site_packages
    for language in ("fr", "en"):
        opinions = opinion_table(language, packages)
        _write(f"opinion_{language}", "ours, VADER, pattern", opinions)
        _write(f"abuse_{language}", "insult, rude, opinion", abuse_table(language, opinions))


def _write(name: str, columns: str, table: Table) -> None:
    path = Path(str(files("sentiment") / "models" / f"{name}.tsv"))
    lines = [f"# Token and weights: {columns}. Built by training.valence; see MODEL_CARD.md."]
    for token, weights in sorted(table.items()):
        if any(weights) and "\t" not in token:
            lines.append("\t".join([token, *(f"{weight:g}" for weight in weights)]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
