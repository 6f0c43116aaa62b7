"""Turns of phrase around a brand, by language: the patterns of ``lexicons/relations_*.tsv``."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from sentiment.lexicon import table_rows

#: The brand, and another one, in a pattern and in the sentence that it is held against.
TARGET: Final = "§"
OTHER: Final = "¤"
#: Written before a word that begins with a capital inside its sentence: perhaps a name.
CAPITAL: Final = "^"
#: Letters of a word that find the patterns it may be in.
KEY: Final = 4
_WIDE: Final = "……"
_GAP_SIGNS: Final = ("~", "…", _WIDE)
#: Kinds that hold beside a negation: « pas compétitif par rapport à X ».
_UNDENIED: Final = frozenset(
    {"contrary", "excepted", "flaw", "landmark", "like", "measured", "nothing", "owned", "rival"}
)


@dataclass(frozen=True, slots=True)
class Grammar:
    """The small words of a language that patterns are read with."""

    small: str  # what « ~ » stands for, up to three times
    negations: str  # that no « … » spans
    before: frozenset[str]  # words shortly before a turn that take it away
    denying: frozenset[str]  # first words of turns that deny by themselves
    aside: frozenset[str]  # words before a brand that is not what its sentence talks of
    spelled: Mapping[str, str]  # how the web writes words that the patterns need
    has_sides: bool  # whether the sides of « mais » tell brands apart; measured


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


GRAMMARS: Final = {
    "fr": Grammar(
        small=(
            "a|aller|au|aux|avec|ce|celle|celles|celui|cet|cette|ceux|chez|comme|concurrent"
            "|concurrents|concurents|concurent|d'|de|des|du|en|faire|l'|la|le|les|leur|livreur|ma"
            "|mes|mon|nos|notre|par|passer|qu'|que|site|societe|sur|style|transporteur|type|un|une|via|vos|votre"
        ),
        negations="pas|jamais|rien|ni",
        before=_set("pas jamais rien ni aucun aucune sans peu"),
        denying=_set("n' ne pas plus rien jamais inutile"),
        aside=_set("a au aux avec chez comme dans en par qu qu' que sur via"),
        spelled={
            "c": "c'",
            "d": "d'",
            "j": "j'",
            "l": "l'",
            "n": "n'",
            "qu": "qu'",
            "pa": "pas",
            "ke": "que",
            "moin": "moins",
            "mieu": "mieux",
            "milleur": "meilleur",
            "che": "chez",
            "rapports": "rapport",
            "pare": "par",
            "compares": "compare",
        },
        has_sides=True,
    ),
    "en": Grammar(
        small=(
            "a|an|and|any|at|by|for|from|going|good|her|his|in|its|my|of|old|on|our|some|that|the"
            "|their|these|this|those|to|using|via|with|your"
        ),
        negations="no|not|never|nothing|nor",
        before=_set(
            "no not never nothing without hardly nor can't cannot don't dont doesn't didn't isn't"
            " aren't wasn't weren't won't wouldn't couldn't shouldn't haven't hasn't"
        ),
        denying=_set(
            "no not never nothing none nobody nowhere can't cannot couldn't don't dont doesn't"
            " didn't isn't wasn't weren't aren't ain't won't wouldn't shouldn't do should anyone"
        ),
        aside=_set("at by from in like near of on than through to via with"),
        spelled={"u": "you", "ur": "your", "n": "and", "luv": "love", "thx": "thanks"},
        has_sides=False,
    ),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One line of a table."""

    kind: str
    pattern: re.Pattern[str]
    keys: frozenset[str]  # how the words begin of which a sentence needs one
    needs: tuple[frozenset[str], ...]  # the same for each other element
    is_denying: bool


@cache
def turns_of(language: str) -> tuple[Turn, ...]:
    """Return the turns of a language in order; none for a language without a table."""
    return tuple(_read_turns(language)) if language in GRAMMARS else ()


@cache
def turns_by_key(language: str) -> dict[str, list[int]]:
    """Return the numbers of the turns that need a word that begins so."""
    by_key: dict[str, list[int]] = defaultdict(list)
    for number, turn in enumerate(turns_of(language)):
        for key in turn.keys:
            by_key[key].append(number)
    return dict(by_key)


def _read_turns(language: str) -> Iterator[Turn]:
    grammar, gaps = GRAMMARS[language], _gaps(GRAMMARS[language])
    for kind, line in table_rows(f"relations_{language}.tsv"):
        items = line.split()
        pattern = re.compile("(?<= )" + "".join(_element(item, gaps) for item in items))
        is_denying = kind in _UNDENIED or not grammar.denying.isdisjoint(items[0].split("/"))
        keys, *needs = _keys(items)
        yield Turn(kind, pattern, keys, tuple(needs), is_denying)


def _gaps(grammar: Grammar) -> dict[str, str]:
    word = rf"(?:(?!\^?(?:{grammar.negations}) )[^\s,;:.!?()\"…]+ )"
    return {
        "~": rf"(?:\^?(?:{grammar.small}) ){{0,3}}",
        "…": word + "{0,5}?",
        _WIDE: r"(?:\S+ ){0,12}?",
    }


def _element(item: str, gaps: Mapping[str, str]) -> str:
    """Return the regular expression of one element of a pattern."""
    if item in gaps:
        return gaps[item]
    is_optional = len(item) > 1 and item.endswith("?")
    if item == OTHER:
        found = rf"(?:(?:chez|sur|a|de|d'|du|la|le|l') )?(?:{OTHER}|\^\S+) "
    else:
        options = [
            re.escape(one[:-1]) + r"\w*" if one.endswith("*") else re.escape(one)
            for one in item.removesuffix("?" if is_optional else "").split("/")
        ]
        found = rf"\^?(?:{'|'.join(options)}) "
    return f"(?:{found})?" if is_optional else found


def _keys(items: list[str]) -> list[frozenset[str]]:
    """Return how the words begin of which a sentence needs one, by element, the rarest first."""
    plain = [one.split("/") for one in items if one not in {*_GAP_SIGNS, TARGET, OTHER}]
    needed = [one for one in plain if not one[-1].endswith("?") and TARGET not in one]
    ranked = sorted(needed, key=lambda one: -min(len(word.rstrip("*")) for word in one))
    return [frozenset(word.rstrip("*")[:KEY] for word in one) for one in ranked]
