"""Ids by how they begin: what a person types of an alert's or a document's, and which is meant."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from listening.errors import ConfigError
from listening.translate import mark
from storage.engine import Warehouse
from storage.mentions import find_documents

#: Fewer characters of an id are a slip of the finger.
FEWEST: Final = 4
#: So much of an id is shown where several begin alike, and so many of them.
_SHOWN: Final = 12
_MOST_SHOWN: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What is said, marked for the catalogue, when the beginning does not mean one thing."""

    unknown: str
    where: str  # the hint on an unknown one
    several: str


_DOCUMENTS = Wording(
    unknown=mark("no document that begins with {start} has a mention of {brand}"),
    where=mark("vigie mentions inbox shows ids; four characters at least"),
    several=mark("several documents with a mention of {brand} begin with {start}"),
)


def the_only(
    start: str, find: Callable[[str], Sequence[str]], wording: Wording, **values: str
) -> str:
    """Return the id that begins so.

    Args:
        start: What somebody typed: the id, or its first four characters or more.
        find: Returns the ids that begin so, the likeliest first.
        wording: What is said otherwise; ``{start}`` is what was typed.
        values: Fills in further fields of the wording.

    Raises:
        ConfigError: None begins so, or several do; those are named.
    """
    begin = start.strip().casefold()
    found = find(begin) if len(begin) >= FEWEST else []
    if len(found) == 1:
        return found[0]
    if found:
        known = ", ".join(one[:_SHOWN] for one in found[:_MOST_SHOWN])
        raise ConfigError(
            wording.several,
            hint=mark("write more of it: {known}"),
            values={"start": start, "known": known} | values,
        )
    raise ConfigError(wording.unknown, hint=wording.where, values={"start": start} | values)


def the_document(warehouse: Warehouse, start: str, brand_id: str) -> str:
    """Return the id of the document with a mention of a brand whose id begins so.

    Args:
        warehouse: Writer or snapshot.
        start: The id, or how it begins.
        brand_id: The brand.

    Raises:
        ConfigError: There is none, or several begin so.
    """
    return the_only(
        start,
        lambda begin: find_documents(warehouse, begin, brand_id),
        _DOCUMENTS,
        brand=brand_id,
    )
