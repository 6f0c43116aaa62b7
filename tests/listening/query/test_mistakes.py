"""Every mistake is shown where it is, with what to write instead, in French and in English."""

import pickle

import pytest

from listening.query.error import QueryError, show_error
from listening.query.limits import (
    MAX_CHARS,
    MAX_DEPTH,
    MAX_LITERALS,
    MAX_PHRASE_WORDS,
    MAX_WILDCARDS,
)
from listening.query.parser import read_query
from listening.translate import translator


@pytest.mark.parametrize(
    ("query", "marked", "french"),
    [
        pytest.param("", "", "la requête est vide", id="empty"),
        pytest.param("a && b", "&&", "écrivez ET / AND", id="and-of-programmers"),
        pytest.param("a || b", "||", "écrivez OU / OR", id="or-of-programmers"),
        pytest.param("a -fruit", "-fruit", "écrivez SAUF fruit", id="minus"),
        pytest.param("!fruit a", "!fruit", "écrivez SAUF fruit", id="exclamation"),
        pytest.param("+a b", "+a", 'guillemets doubles : "a"', id="plus"),
        pytest.param("'a b'", "'a", "guillemets doubles", id="single-quotes"),
        pytest.param("a, b", "a,", "écrivez OU entre des variantes", id="commas"),
        pytest.param('a "b c', '"', "vont par deux", id="open-quote"),
        pytest.param("«a b» ET «c", "«", "vont par deux", id="open-guillemet"),
        pytest.param('a ""', '""', "aucun mot entre ces guillemets", id="empty-quotes"),
        pytest.param("(a OU b", "(", "écrivez ) là où le groupe finit", id="open-parenthesis"),
        pytest.param("a OU b)", ")", "n'en ferme aucune", id="closing-parenthesis"),
        pytest.param("a ET ()", ")", "rien entre ces parenthèses", id="empty-parentheses"),
        pytest.param("a ET", "ET", "rien après ET", id="ends-with-an-operator"),
        pytest.param("OU a", "OU", "rien avant OU", id="begins-with-an-operator"),
        pytest.param("a ET OU b", "OU", "il manque un mot", id="two-operators"),
        pytest.param("a SAUF", "SAUF", "rien après SAUF", id="nothing-left-out"),
        pytest.param("a PROCHE b", "PROCHE", "écrivez PROCHE/8", id="near-without-number"),
        pytest.param("a NEAR5 b", "NEAR5", "écrivez NEAR/5", id="near-without-slash"),
        pytest.param("a proche/5 b", "proche/5", "écrivez PROCHE/5", id="near-in-small-letters"),
        pytest.param("a PROCHE/101 b", "PROCHE/101", "au-delà de 100", id="near-too-far"),
        pytest.param("(a ET b) PROCHE/5 c", "PROCHE/5", "qu'entre des mots", id="near-of-and"),
        pytest.param("tite:a", "tite:a", "vouliez-vous dire titre: ?", id="misspelt-field"),
        pytest.param("foo:a", "foo:a", "il n'y a pas de champ foo", id="unknown-field"),
        pytest.param("a http://b.example", "http://b.example", "site:exemple.fr", id="address"),
        pytest.param("a langue:de", "langue:", "fr, en, other", id="unknown-language"),
        pytest.param("a type:journal", "type:", "press, blog", id="unknown-type"),
        pytest.param("a site:gazette", "site:", "pas un nom de site", id="no-site"),
        pytest.param("titre:(site:a.fr)", "titre:", "que des mots", id="field-in-title"),
        pytest.param("min:0 a", "min:0", "va de 1 à 100", id="min-zero"),
        pytest.param("ab*", "ab*", "moins de 3 lettres", id="short-stem"),
        pytest.param("*ange", "*ange", "moins de 3 lettres", id="leading-wildcard"),
        pytest.param("abcd*e*f*g*", "abcd*e*f*g*", "plus de 3 signes", id="many-wildcards"),
        pytest.param("formes:oran*", "formes:", "sans * ni ?", id="forms-of-a-wildcard"),
        pytest.param("a ?!", "?!", "n'est pas un mot", id="signs-only"),
        pytest.param("langue:fr", "langue:fr", "ne nomme aucune marque", id="no-name"),
        pytest.param("a OU SAUF b", "a OU SAUF b", "SAUF b à lui seul", id="no-name-in-one-branch"),
    ],
)
def test_a_mistake_is_marked_and_mended(query: str, marked: str, french: str) -> None:
    with pytest.raises(QueryError) as caught:
        read_query(query)

    error = caught.value
    assert query[error.start : error.end] == marked
    shown = show_error(query, error, translator("fr"))
    assert french in shown.replace("\xa0", " ")
    assert shown.splitlines()[1].strip("^ ") == ""
    assert show_error(query, error, translator("en")) != shown


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("a" * (MAX_CHARS + 1), id="characters"),
        pytest.param(" OU ".join(["a"] * (MAX_LITERALS + 1)), id="words"),
        pytest.param(" OU ".join(["abc*"] * (MAX_WILDCARDS + 1)), id="wildcards"),
        pytest.param("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), id="parentheses"),
        pytest.param("SAUF " * (MAX_DEPTH + 2) + "a", id="negations"),
        pytest.param(" PROCHE/1 ".join(["a"] * (MAX_DEPTH + 2)), id="near-in-a-row"),
        pytest.param('"' + "a " * (MAX_PHRASE_WORDS + 1) + '"', id="words-of-a-phrase"),
    ],
)
def test_a_query_beyond_the_limits_is_refused(query: str) -> None:
    with pytest.raises(QueryError):
        read_query(query)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        pytest.param("orange ET mobile", 0, id="nothing-to-say"),
        pytest.param("orange et mobile", 2, id="small-operator"),
        pytest.param("orange ET mobile OU box", 1, id="mixed"),
        pytest.param("(orange ET mobile) OU box", 0, id="mixed-with-parentheses"),
        pytest.param("auteur:azur orange", 0, id="value-beside-a-word"),
    ],
)
def test_remarks(query: str, count: int) -> None:
    assert len(read_query(query).notes) == count


def test_quotes_of_every_kind_are_accepted() -> None:
    roots = {read_query(f"{a}mot clé{b}").root for a, b in ('""', "«»", "“”", "„“")}

    assert len(roots) == 1


def test_an_error_crosses_processes() -> None:
    with pytest.raises(QueryError) as caught:
        read_query("a && b")

    copy = pickle.loads(pickle.dumps(caught.value))
    assert (str(copy), copy.start, copy.end) == (str(caught.value), 2, 4)
