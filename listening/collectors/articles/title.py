"""An article's title: the page's headline, JSON-LD, meta elements; without the site's name."""

import re
from typing import Any
from urllib.parse import urlsplit

from listening.collectors.articles.author import letters
from listening.collectors.reading.html_page import HtmlPage, text_of
from listening.collectors.reading.plaintext import one_line

_TITLE_META = ("og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title",
               "sailthru.title", "citation_title", "headline")  # fmt: skip
#: What parts a headline from the site's name in <title>.
_TITLE_BORDER = re.compile(r"\s+(?:[|•·»«\u203a\u2039/\\–—~]|::|-)\s+")
_AROUND = " |•·»«\u203a\u2039/\\–—~:-"
_MIN_HEADLINE_LETTERS = 12
_MAX_HEADINGS = 20
#: What follows a title cut at a quote: quoted words, up to a border.
_CUT_QUOTE = re.compile(r"\s?\"[^\"|]{1,150}\"(?:(?!\s[|•·»\-–—]\s).){0,150}")


def article_title(page: HtmlPage, headlines: list[str], places: frozenset[str]) -> str:
    """Return the headline: the one in the page where it agrees with what the page states.

    Args:
        page: The page.
        headlines: What its JSON-LD says.
        places: Names of the site, letters only.
    """
    stated = _stated_titles(page, headlines, places)
    whole = text_of(found[0]) if (found := page.root.xpath("//head/title|//title")) else ""
    stated = [_uncut(one, whole) for one in stated]
    headings = [
        one_line(text_of(one), is_html=False)
        for one in page.root.xpath("//h1")
        if not _leads_home(one)
    ]
    headings = [one for one in headings if letters(one) not in {"", *places}]
    long = [one for one in headings if len(letters(one)) >= _MIN_HEADLINE_LETTERS]
    agreed = _agreed_title(headings, stated)
    if agreed:
        return agreed
    if headlines and len(stated) > 1 and letters(stated[0]) == letters(stated[1]):
        return stated[0]
    if len(headings) == 1 and long:
        return headings[0]
    if stated:
        return stated[0]
    return _headed_part(page, whole, headings) or _without_site(whole, places)


def _headed_part(page: HtmlPage, whole: str, headings: list[str]) -> str | None:
    """Return the heading that <title> repeats, between the names of blog and section."""
    smaller = page.root.xpath("//h2|//h3")[:_MAX_HEADINGS]
    for heading in (*headings, *(text_of(one) for one in smaller)):
        if len(letters(heading)) >= _MIN_HEADLINE_LETTERS and heading in whole:
            return heading
    return headings[0] if headings and headings[0] in whole else None


def _leads_home(heading: Any) -> bool:
    """Return whether a heading is the name of the site: a link to its first page."""
    return any(
        urlsplit(str(href)).path in {"", "/", "/index.html", "/index.php"} and "#" not in str(href)
        for href in heading.xpath(".//a/@href|parent::a/@href")
    )


def _uncut(stated: str, whole: str) -> str:
    """Return a title that an unescaped quote in its attribute cut off, as <title> goes on."""
    quotes = _CUT_QUOTE.match(whole[len(stated) :]) if whole.startswith(stated) else None
    return f"{stated}{quotes.group().rstrip()}" if quotes else stated


def _stated_titles(page: HtmlPage, headlines: list[str], places: frozenset[str]) -> list[str]:
    """Return the titles of JSON-LD and meta elements, without the site's name."""
    written = [*headlines, *(page.first(name) or "" for name in _TITLE_META)]
    lines = [_without_site(one_line(text), places) for text in written if text]
    return [line for line in lines if letters(line) not in {"", *places}]


def _agreed_title(headings: list[str], stated: list[str]) -> str | None:
    """Return what page and statement agree on; where one holds the other, the shorter one.

    A heading may have a kicker before it, a stated title the site's name after it.
    """
    pairs = [
        (heading, one, letters(heading), letters(one)) for heading in headings for one in stated
    ]
    for _, one, left, right in pairs:
        if left != right and left.endswith(right) and len(right) >= _MIN_HEADLINE_LETTERS:
            return one
    for heading, _, left, right in pairs:
        if left == right:
            return heading
    for heading, one, left, right in pairs:
        shorter, longer = sorted((left, right), key=len)
        if len(shorter) >= _MIN_HEADLINE_LETTERS and shorter in longer:
            return min(heading, one, key=len)
    return None


def _without_site(title: str, places: frozenset[str]) -> str:
    """Return a title without the name of the site before or after it."""
    parts = _TITLE_BORDER.split(title)
    if len(parts) == 1:
        return title
    if letters(parts[-1]) in places:
        return title[: title.rindex(parts[-1])].rstrip(_AROUND)
    if letters(parts[0]) in places:
        return title[title.index(parts[0]) + len(parts[0]) :].lstrip(_AROUND)
    return title
