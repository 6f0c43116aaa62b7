"""Reader of single pages: the article on a web page, without what surrounds it."""

from datetime import datetime

from listening.collectors import faults
from listening.collectors.articles.meta import article_facts
from listening.collectors.articles.text import article_text
from listening.collectors.reading.html_page import open_page
from listening.collectors.reading.items import finish_item
from listening.collectors.reading.plaintext import one_line
from listening.errors import UnreadableSourceError
from listening.model import RawDocument, Reading


def read_article(
    body: bytes, *, content_type: str | None = None, url: str | None = None, now: datetime
) -> Reading:
    """Return the one document that a page holds.

    Its address is the canonical one that the page states, unless that is on another site. Call it
    where a deadline can stop it: guessing dates and text may be slow on hostile pages.

    Args:
        body: Uncompressed bytes.
        content_type: HTTP header, when there was one.
        url: Address the body came from.
        now: The visit; later dates are refused.

    Raises:
        UnreadableSourceError: No page, or one without any text of its own.
    """
    page = open_page(body, content_type=content_type, url=url)
    facts = article_facts(page, url=url, now=now)
    text = article_text(page, facts, url=url) or facts.summary
    if not text:
        raise UnreadableSourceError(url or "", faults.NO_ARTICLE)
    found = set(page.faults)
    if facts.published_at is None:
        found.add(faults.DATE_MISSING)
    document = RawDocument(
        guid=None,
        url=facts.url,
        title=one_line(facts.title, is_html=False),
        text=text,
        author=facts.author,
        published_at=facts.published_at,
        published_at_quality=facts.quality,
        updated_at=facts.updated_at,
        language=facts.language,
    )
    if document.url is None:
        # The page was given as a file: nothing is wrong with it, and its text identifies it.
        finished = finish_item(document, author=None, language=None, found=set())
    else:
        finished = finish_item(document, author=None, language=None, found=found)
    return Reading(
        kind="article",
        title=facts.site or "",
        site_url=facts.url,
        documents=(finished,),
        faults=faults.in_order(found),
    )
