"""Bylines as pages show them: marked up for machines, by class names, or as a mere line of text.

Only what stands with the article counts: teasers, sidebars, comments and captions name others.
"""

import re
from collections.abc import Iterator
from typing import Any

from listening.collectors.articles.byline import is_person, names_in
from listening.collectors.reading.html_page import HtmlPage, text_of

_MAX_BYLINE_CHARS = 200
_MAX_BYLINES = 6
#: Authors of one article stand together: none farther up than this from the first.
_FAMILY = 4
_MAX_SCANNED = 6_000
_MAX_LINE_CHARS = 100
_ELSEWHERE = re.compile(
    r"comment|related|sidebar|widget|teaser|recommend|footer|popular|most-?(?:read|view)|"
    r"newsletter|promo|\bnav|menu|caption|credit|copyright|trending|latest|bio\b|read-?(?:more|next)|"
    r"testimonial|summary-?item|also-?like|breadcrumb|share|social|carousel",
    re.IGNORECASE,
)
_NEVER = re.compile(
    r"comment|related|recommend|testimonial|most-?(?:read|view)|trending|latest|popular|list",
    re.IGNORECASE,
)
_ELSEWHERE_TAGS = frozenset({"aside", "nav", "figure", "figcaption", "blockquote", "script"})
_ROOTS = frozenset({"article", "main", "body", "html"})
_BLOCKS = frozenset({"div", "p", "li", "ul", "h1", "h2", "h3", "h4", "h5", "h6", "br", "section"})

#: Best marked first; the last ones are only believed where they give a person's full name.
_MARKED = (
    "//*[@itemprop='author']//*[@itemprop='name']",
    "//*[@itemprop='author']",
    "//*[contains(concat(' ', normalize-space(@rel), ' '), ' author ')]",
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' author-name ')]",
    "//*[contains(@class, 'vcard')]//*[contains(@class, 'fn')]",
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' p-author ')]",
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' byline ')]",
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' author ')]",
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' auteur ')]",
)
_NAMED_ALIKE = (
    "//*[contains(@class, 'byline')]",
    "//*[contains(@class, 'author') or contains(@class, 'Author') or contains(@id, 'author')]",
    "//*[contains(@class, 'autor') or contains(@class, 'auteur') or contains(@class, 'verfasser')]",
)

_NAME = (
    r"[A-ZÀ-ÖØ-Þ][\w'’.\-]*"
    r"(?:\s+(?:de|du|des|von|van|der|den|la|le|da|di|dos|el|al|bin|[A-ZÀ-ÖØ-Þ][\w'’.\-]*)){0,4}"
)
#: «Par Camille Dupont», «06.11.2023 13:30 von Olga», «Posted by Konstantin @ 12:00 am».
_SIGNED = re.compile(
    rf"^(?P<before>.{{0,60}}?)(?:\b(?:[Bb]y|BY|[Pp]ar|PAR|[Vv]on|VON|[Pp]or|POR|[Dd]oor|[Dd]i)\s+|"
    rf"\b(?P<label>[Aa]uthor|[Aa]ut(?:eu|o)r(?:in|e|a)?|[Tt]exte?|[Ww]ords|[Rr]edaktion)\s*:\s*)"
    rf"(?P<name>{_NAME}(?:\s*(?:,|&|\bet\b|\band\b|\bund\b|\by\b)\s*{_NAME}){{0,4}})"
    r"\s*(?:$|[|@·•–—(\-]|,?\s*(?:am|on|le|um|at|in|the)?\s*\d|,)"
)
_LEADS = re.compile(
    r"\d|\b(?:posted|published|written|publi[ée]e?|r[ée]dig[ée]e?|[ée]crite?|geschrieben|"
    r"ver[öo]ffentlicht|erstellt|beitrag|artikel|article|post|updated|escrito|publicado|scritto|"
    r"pubblicato|recueillis?|submitted|geplaatst)\b",
    re.IGNORECASE,
)
_WORD_BEFORE = re.compile(
    r"\b(?:by|par|von|por|door|di|auth?or\w*|auteur\w*|texte?|words|redaktion)\b", re.IGNORECASE
)


def shown_bylines(page: HtmlPage) -> Iterator[list[str]]:
    """Yield what the page shows as its authors, best marked first."""
    for path in _MARKED:
        yield _together(page.root.xpath(path))
    for path in _NAMED_ALIKE:
        yield [name for name in _together(page.root.xpath(path)) if is_person(name)]
    yield from _signed_lines(page.root)
    for path in _MARKED:  # a box about the author beside the article
        yield [name for name in _together(page.root.xpath(path), beside=True) if is_person(name)]


def _together(elements: list[Any], *, beside: bool = False) -> list[str]:
    """Return the names of the first byline and of those right beside it."""
    names: list[str] = []
    family: Any = None
    count = 0
    for element in elements:
        line = element.get("content") or _first_line(element)
        if not line or len(line) > _MAX_BYLINE_CHARS or _is_elsewhere(element, beside=beside):
            continue
        if family is not None and family not in element.iterancestors():
            break
        signed = _SIGNED.match(line)
        found = names_in(signed["name"] if signed and _LEADS.search(signed["before"]) else line)
        if found and family is None:
            family = _kin(element)
        names.extend(found)
        count += 1
        if count >= _MAX_BYLINES:
            break
    return list(dict.fromkeys(names))


def _kin(element: Any) -> Any:
    """Return the ancestor in which the other authors of an article are looked for."""
    above: list[Any] = []
    for one in element.iterancestors():
        if one.tag in _ROOTS or len(above) == _FAMILY:
            break
        above.append(one)
    return above[-1] if above else element.getparent()


def _first_line(element: Any) -> str:
    """Return the first line of an element that holds more than one word for «by»."""
    whole = text_of(element)
    if len(whole) > 2 * _MAX_BYLINE_CHARS:
        return ""
    parts: list[str] = []
    for one in element.iter():
        if one is not element and one.tag in _BLOCKS and names_in("".join(parts)):
            return " ".join("".join(parts).split())
        if isinstance(one.tag, str) and one.tag not in {"script", "style"}:
            parts.append(one.text or "")
        if one is not element:
            parts.append(one.tail or "")
    return whole


def _signed_lines(root: Any) -> Iterator[list[str]]:
    """Yield the names in lines such as «Par Camille Dupont», in reading order."""
    for count, element in enumerate(root.iter()):
        if count > _MAX_SCANNED:
            return
        if not isinstance(element.tag, str) or element.tag in {"script", "style", "head", "title"}:
            continue
        for text, holder in ((element.text, element), (element.tail, element.getparent())):
            if not text or holder is None or len(text) > _MAX_LINE_CHARS:
                continue
            if _WORD_BEFORE.search(text) and (names := _signed(holder)):
                yield names
                break


def _signed(holder: Any) -> list[str]:
    line = text_of(holder)
    if len(line) > _MAX_LINE_CHARS or _is_elsewhere(holder):
        return []
    found = _SIGNED.match(line)
    if found is None:
        return []
    before = found["before"].strip(" ,|·–—-")
    names = names_in(found["name"])
    if found["label"] or _LEADS.search(before):
        return names
    return [name for name in names if is_person(name)] if not before else []


def _is_elsewhere(element: Any, *, beside: bool = False) -> bool:
    """Return whether an element stands in a part of the page that is not the article.

    Args:
        element: What names somebody.
        beside: Columns beside the article are good as well.
    """
    pattern = _NEVER if beside else _ELSEWHERE
    for one in (element, *element.iterancestors()):
        if one.tag in _ELSEWHERE_TAGS and not (beside and one.tag == "aside"):
            return True
        if one.tag in {"body", "html"}:
            return False
        if pattern.search(f"{one.get('class') or ''} {one.get('id') or ''}"):
            return True
    return False
