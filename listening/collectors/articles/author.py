"""Who wrote an article: JSON-LD, then meta elements, then the byline on the page."""

from collections.abc import Iterable, Iterator
from typing import Any

from listening.collectors.articles.byline import is_person, joined, names_in
from listening.collectors.articles.byline_page import shown_bylines
from listening.collectors.reading.html_page import HtmlPage
from listening.collectors.reading.plaintext import one_line

_ORGANISATIONS = frozenset(
    {"Organization", "NewsMediaOrganization", "Corporation", "LocalBusiness", "WebSite"}
)
_AUTHOR_META = (
    "author", "article:author", "article:author_name", "og:article:author", "parsely-author",
    "sailthru.author", "dc.creator", "dc.creator.name", "dcterms.creator", "creator",
    "citation_author", "byl", "cxenseparse:author", "authors", "article.author", "rbauthors",
    "articleauthor", "article_author", "article-author", "dc.author", "dcsext.author", "bt:author",
    "vr:author", "cxenseparse:pageauthor", "mediator_author", "og:author", "lp:author", "byline",
)  # fmt: skip
#: What a site's own name may have after it and still be the site's.
_OF_SITES = (
    *("redaktion", "news", "nachrichten", "com", "net", "org", "de", "fr", "team", "online"),
    *("magazine", "magazin", "staff", "editors", "editorial", "redaction", "rédaction", "blog"),
    *("desk", "newsdesk", "newsroom", "redaccion", "redacción", "redazione", "admin"),
)
_MIN_SITE_LETTERS = 3


def article_author(
    page: HtmlPage, nodes: list[dict[str, Any]], places: frozenset[str]
) -> str | None:
    """Return the first people or agencies that the page names, else the site behind it.

    A site's own name is no author as long as anybody else is named.
    """
    seen: list[str] = []
    for groups in _candidates(page, nodes):
        kept = [group for group in groups if not all(_is_site(name, places) for name in group)]
        names = [name for group in kept for name in group]
        others = [name for name in names if not _is_site(name, places)]
        if any(map(is_person, others)):  # «Le Figaro et AFP» stays, the site beside a person goes
            names = others
        if names:
            return joined(names)
        seen = seen or next(iter(groups), [])
    return joined(seen)


def _candidates(page: HtmlPage, nodes: list[dict[str, Any]]) -> Iterator[list[list[str]]]:
    """Yield groups of names, surest first; the page itself is only searched when it comes to it."""
    yield _linked_authors(page, nodes[:1])
    for name in _AUTHOR_META:
        yield _named(page.meta.get(name, ()))
    for names in shown_bylines(page):
        yield [names] if names else []
    yield _named(one for one in page.meta.get("twitter:creator", ()) if "@" not in one)


def _named(lines: Iterable[str]) -> list[list[str]]:
    return [names for line in lines if (names := names_in(line))]


def _is_site(name: str, places: frozenset[str]) -> bool:
    """Return whether a name is that of the site, perhaps with «newsroom» after it."""
    plain = letters(name)
    return plain in places or any(
        plain.startswith(place) and plain[len(place) :] in _OF_SITES
        for place in places
        if len(place) >= _MIN_SITE_LETTERS
    )


def _linked_authors(page: HtmlPage, nodes: list[dict[str, Any]]) -> list[list[str]]:
    """Return the people and organisations that the JSON-LD names as authors, one group each."""
    by_id = {str(node["@id"]): node for node in page.nodes if "@id" in node and "name" in node}
    groups: list[list[str]] = []
    for node in nodes:
        authors = node.get("author") or node.get("creator") or []
        for author in authors if isinstance(authors, list) else [authors]:
            known = by_id.get(str(author.get("@id")), author) if isinstance(author, dict) else None
            kinds = set(types_of(known)) if known is not None else set()
            for name in _written_names(author if known is None else known):
                # An organisation's name is whole: «Contributors to …» are no role.
                is_whole = bool(kinds & _ORGANISATIONS)
                groups.append([one_line(name)] if is_whole else names_in(name))
    return [group for group in groups if any(group)]


def _written_names(author: Any) -> Iterator[str]:
    """Yield the names of one author of a JSON-LD: a text, an object, a name in two parts."""
    if isinstance(author, dict):
        both = [author.get("givenName"), author.get("familyName")]
        author = author.get("name") or " ".join(part for part in both if isinstance(part, str))
    names = author if isinstance(author, list) else [author]
    yield from (name for name in names if isinstance(name, str))


def types_of(node: dict[str, Any]) -> list[str]:
    """Return the types of an object of JSON-LD."""
    value = node.get("@type")
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def letters(text: str) -> str:
    """Return a text's letters and digits in lower case, to compare names by."""
    return "".join(char for char in text.casefold() if char.isalnum())
