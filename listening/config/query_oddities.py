"""What is allowed in the queries of client.yaml but probably not meant."""

from collections.abc import Iterator

from listening.config.problem import Loc, problem, shorten
from listening.config.yaml_file import YamlFile
from listening.config.yaml_place import place_in
from listening.errors import ConfigError
from listening.query.error import QueryError
from listening.query.nodes import Literal, Node, Not, children
from listening.query.parser import Query, read_query
from listening.text import fold_term
from listening.translate import mark


def find_query_oddities(client: YamlFile) -> list[ConfigError]:
    """Return the remarks on every query, and the terms that make a query useless."""
    brands = client.data.get("brands")
    found: list[ConfigError] = []
    for index, brand in enumerate(brands if isinstance(brands, list) else []):
        text = brand.get("query") if isinstance(brand, dict) else None
        if not isinstance(text, str):
            continue
        try:
            query = read_query(text)
        except QueryError:
            continue  # told as a problem
        found.extend(_remarks(client, ("brands", index, "query"), query))
        found.extend(_wider_terms(client, index, brand.get("terms"), query))
    return found


def _remarks(client: YamlFile, loc: Loc, query: Query) -> Iterator[ConfigError]:
    for note in query.notes:
        place = place_in(client.text, client.place_of(loc), query.text, note.start)
        yield problem(note.message, path=client.path, place=place, loc=loc, **note.values)


def _wider_terms(
    client: YamlFile, index: int, terms: object, query: Query
) -> Iterator[ConfigError]:
    """Find terms that are words of the query: alone they find all that it narrows down."""
    narrowed = isinstance(query.root, Literal)
    words = set() if narrowed else {fold_term(one.text) for one in _positive(query.root)}
    for position, term in enumerate(terms if isinstance(terms, list) else []):
        if isinstance(term, str) and fold_term(term) in words:
            loc: Loc = ("brands", index, "terms", position)
            yield problem(
                mark("{term} alone finds every text that the query narrows down"),
                path=client.path,
                place=client.place_of(loc),
                loc=loc,
                hint=mark("remove it from terms: the query is enough"),
                term=shorten(term),
            )


def _positive(node: Node) -> Iterator[Literal]:
    if isinstance(node, Literal):
        yield node
    elif not isinstance(node, Not):
        for child in children(node):
            yield from _positive(child)
