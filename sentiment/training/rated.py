"""Rated reviews as mentions of a brand: how people speak of a place or a series, whatever its name.

A review of a restaurant or a series seldom names it. An invented brand is put where the review says
«ce restaurant», else before it as a title or after it as a last word; the stars are what is said of
it. Reviews of three stars are left out: they praise and blame, and teach nothing about neutral.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from sentiment.training.cases import BRANDS
from sentiment.training.corpus import POLARITY, Row

#: Name of the rows as a set.
SOURCE: Final = "stars"
SETS: Final = ("allocine_tv", "tripadvisor")
#: A shorter review says nothing that the other sets do not.
_SHORTEST: Final = 40
_PLACE: Final = re.compile(
    r"\b(?:ce|cet|cette|le|la|l['’])\s?(?:restaurant|resto|établissement|etablissement|hôtel|hotel"
    r"|endroit|lieu|adresse|brasserie|pizzeria|bistrot|bistro|auberge|crêperie|table|maison|série"
    r"|serie|site)\b",
    re.IGNORECASE,
)
#: Share of the reviews that name their place in which the brand stands there.
_IN_PLACE: Final = 0.8
#: Share of the others that it closes instead of opening them.
_AT_END: Final = 0.25
_OPENINGS: Final = (
    "{X}\n", "{X} : ", "{X}. ", "Re: {X}\n", "Avis sur {X}\n", "{X} - ", "@{X} ", "{X}, ",
    "Chez {X} : ", "{X} !! ",
)  # fmt: skip
_THANKS: Final = " Merci {X}"
_CLOSINGS: Final = (
    " {X}.", " {X}", "\n{X}", " #{X}", _THANKS, " ({X})", " Voilà pour {X}.", " Bref, {X}.",
    " C'était {X}.",
)  # fmt: skip


def rated_rows(reviews: Sequence[Row], *, seed: int) -> list[Row]:
    """Return each review of a place or a series as a mention; the same for the same seed.

    Args:
        reviews: Rated texts; those of other sets, short ones and neutral ones are passed over.
        seed: Chooses brands and where they stand.
    """
    rng = random.Random(seed)  # noqa: S311
    pools: defaultdict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in reviews:
        is_charged = POLARITY[row.label] != "neu"
        if row.source in SETS and is_charged and len(row.text) >= _SHORTEST:
            pools[row.source, row.label].append(row)
    return [one for _, pool in sorted(pools.items()) for row in pool for one in _named(row, rng)]


def _named(row: Row, rng: random.Random) -> Iterator[Row]:
    text, brand = row.text.strip(), rng.choice(BRANDS)
    place = _PLACE.search(text)
    if place and rng.random() < _IN_PLACE:
        start, told = place.start(), text[: place.start()] + brand + text[place.end() :]
    elif rng.random() < _AT_END:
        closing = rng.choice(_CLOSINGS)
        if closing == _THANKS and POLARITY[row.label] == "neg":
            return
        start, told = len(text) + closing.index("{"), text + closing.replace("{X}", brand)
    else:
        opening = rng.choice(_OPENINGS)
        start, told = opening.index("{"), opening.replace("{X}", brand) + text
    yield Row(told, row.label, SOURCE, start, start + len(brand))
