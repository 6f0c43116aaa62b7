"""Who wrote an article: JSON-LD, then meta elements, then the byline on the page."""

from collections.abc import Iterator
from typing import Any

from listening.collectors.byline import joined, names_in
from listening.collectors.html_page import HtmlPage, text_of

_ORGANISATIONS = frozenset({"Organization", "NewsMediaOrganization", "Corporation"})
_AUTHOR_META = (
    "author", "article:author", "article:author_name", "og:article:author", "parsely-author",
    "sailthru.author", "dc.creator", "dc.creator.name", "dcterms.creator", "creator",
    "citation_author", "byl", "cxenseparse:author", "authors", "article.author", "rbauthors",
)  # fmt: skip
_MAX_BYLINE_CHARS = 200
_MAX_BYLINES = 3
_IN_COMMENTS = "ancestor::*[contains(@class, 'comment') or contains(@id, 'comment')]"

_BYLINES = (
    "//*[@itemprop='author']//*[@itemprop='name']",
    "//*[@itemprop='author']",
    "//*[contains(concat(' ', normalize-space(@rel), ' '), ' author ')]",
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' author-name ')]",
    "//*[contains(@class, 'vcard')]//*[contains(@class, 'fn')]",
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' byline ')]",
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' author ')]",
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' auteur ')]",
)


def article_author(
    page: HtmlPage, nodes: list[dict[str, Any]], places: frozenset[str]
) -> str | None:
    """Return the first people that the page names, else the organisation behind it.

    A site's own name is no author as long as anybody else is named.
    """
    people, organisations = _linked_authors(page, nodes[:1])
    candidates = [
        people,
        *(
            [name for text in page.meta.get(one, ()) for name in names_in(text)]
            for one in _AUTHOR_META
        ),
        *_bylines(page),
        organisations,
    ]
    for names in candidates:
        kept = [name for name in names if letters(name) not in places]
        if kept:
            return joined(kept)
    return next((joined(names) for names in candidates if names), None)


def _bylines(page: HtmlPage) -> Iterator[list[str]]:
    """Yield what the page shows as its author, best marked first; commentators are none."""
    for path in _BYLINES:
        names: list[str] = []
        for element in page.root.xpath(path)[:_MAX_BYLINES]:
            line = element.get("content") or text_of(element)
            if len(line) <= _MAX_BYLINE_CHARS and not element.xpath(_IN_COMMENTS):
                names.extend(names_in(line))
        yield list(dict.fromkeys(names))


def _linked_authors(page: HtmlPage, nodes: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Return the people and the organisations that the JSON-LD names as authors."""
    by_id = {str(node["@id"]): node for node in page.nodes if "@id" in node and "name" in node}
    people: list[str] = []
    organisations: list[str] = []
    for node in nodes:
        authors = node.get("author") or node.get("creator") or []
        for author in authors if isinstance(authors, list) else [authors]:
            known = by_id.get(str(author.get("@id")), author) if isinstance(author, dict) else None
            kinds = set(types_of(known)) if known is not None else set()
            group = organisations if kinds & _ORGANISATIONS else people
            for name in _written_names(author if known is None else known):
                group.extend(names_in(name))
    return people, organisations


def _written_names(author: Any) -> list[str]:
    """Return the names of one author of a JSON-LD: a text, an object, a name in two parts."""
    if isinstance(author, dict):
        both = [author.get("givenName"), author.get("familyName")]
        author = author.get("name") or " ".join(part for part in both if isinstance(part, str))
    names = author if isinstance(author, list) else [author]
    return [name for name in names if isinstance(name, str)]


def types_of(node: dict[str, Any]) -> list[str]:
    """Return the types of an object of JSON-LD."""
    value = node.get("@type")
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def letters(text: str) -> str:
    """Return a text's letters and digits in lower case, to compare names by."""
    return "".join(char for char in text.casefold() if char.isalnum())
