"""The shipped lexicons: large enough, well formed, and the ones SOURCES.md describes."""

import hashlib
from importlib.resources import files

import pytest

from listening.errors import TaggingError
from sentiment.inflection import english_forms, french_forms
from sentiment.lexicon import LEXICON_FILES, lexicon_bytes, lexicons_digest, load_lexicon

FOLDER = files("sentiment") / "lexicons"


def rows(name: str) -> list[list[str]]:
    lines = lexicon_bytes(name).decode().splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("# ")]


@pytest.mark.parametrize("name", [pytest.param(name, id=name) for name in LEXICON_FILES])
def test_every_lexicon_is_listed_with_its_digest(name: str) -> None:
    sources = (FOLDER / "SOURCES.md").read_text(encoding="utf-8")

    digest = hashlib.sha256(lexicon_bytes(name)).hexdigest()

    assert f"`{name}`" in sources
    assert digest in sources, f"{name} was edited: put {digest} into SOURCES.md"


@pytest.mark.parametrize(
    ("name", "least"),
    [pytest.param("opinions_fr.tsv", 900, id="fr"), pytest.param("opinions_en.tsv", 450, id="en")],
)
def test_opinions_are_many_and_well_formed(name: str, least: int) -> None:
    found = rows(name)

    assert len(found) >= least
    assert all(len(row) == 3 and row[2] in "anv-" for row in found)
    assert all(-3 <= float(row[1]) <= 3 for row in found)
    assert len({(row[0], row[2] == "-") for row in found}) == len(found)


def test_a_missing_lexicon_is_named() -> None:
    with pytest.raises(TaggingError, match=r"nowhere\.tsv"):
        lexicon_bytes("nowhere.tsv")


def test_the_digest_covers_all_files() -> None:
    assert len(lexicons_digest()) == 64


@pytest.mark.parametrize(
    ("norms", "weight"),
    [
        pytest.param(["delicieuses"], 2.5, id="feminine-plural"),
        pytest.param(["nulle"], -3.0, id="doubled-consonant"),
        pytest.param(["pas", "terrible"], -2.5, id="phrase"),
        pytest.param(["bon", "anniversaire"], 0.0, id="neutral-phrase-hides-its-words"),
    ],
)
def test_the_longest_phrase_is_found(norms: list[str], weight: float) -> None:
    assert load_lexicon("fr").opinions.longest_at(norms, 0) == (len(norms), weight)


@pytest.mark.parametrize(
    ("term", "kind", "forms"),
    [
        pytest.param("heureux", "a", {"heureuse", "heureuses"}, id="eux"),
        pytest.param("actif", "a", {"active", "actives"}, id="if"),
        pytest.param("regal", "a", {"regale", "regaux"}, id="al"),
        pytest.param("ennuyer", "v", {"ennuie", "ennuyait", "ennuyee"}, id="yer"),
        pytest.param("reussir", "v", {"reussit", "reussie"}, id="ir"),
        pytest.param("plainte", "n", {"plainte", "plaintes"}, id="noun"),
        pytest.param("sympa", "-", {"sympa"}, id="as-written"),
    ],
)
def test_french_forms(term: str, kind: str, forms: set[str]) -> None:
    assert french_forms(term, kind) >= forms


@pytest.mark.parametrize(
    ("term", "kind", "forms"),
    [
        pytest.param("disappoint", "v", {"disappointed", "disappointing"}, id="verb"),
        pytest.param("please", "v", {"pleased", "pleasing"}, id="verb-in-e"),
        pytest.param("happy", "a", {"happier", "happiest", "happily"}, id="adjective-in-y"),
        pytest.param("loss", "n", {"loss"}, id="noun-in-s"),
    ],
)
def test_english_forms(term: str, kind: str, forms: set[str]) -> None:
    assert english_forms(term, kind) >= forms
