"""The pages behind the feeds: a site's first page, and one page per item for links in mails."""

from collections.abc import Sequence
from html import escape

from listening.demo.compose import DemoItem
from listening.demo.feeds import CONTENT_TYPES, feed_url, item_url, paragraphs_html
from listening.demo.world import DemoSource

_STYLE = (
    "body{font:17px/1.55 Georgia,serif;max-width:42em;margin:2em auto;padding:0 1em;color:#222}"
    "header,footer{font:14px sans-serif;color:#666}h1{line-height:1.2}a{color:#8a3b12}"
)

_NOTICE = {
    "fr": "Page de démonstration : tout ce qui est écrit ici est inventé.",
    "en": "Demonstration page: everything written here is invented.",
}


def render_article(source: DemoSource, item: DemoItem) -> str:
    """Return the page of one item."""
    byline = f"<p>{escape(item.author)}</p>" if item.author else ""
    instant = item.published_at.isoformat()
    return _page(
        source,
        item.title,
        f"<article><h1>{escape(item.title)}</h1>{byline}"
        f'<p><time datetime="{instant}">{item.published_at:%Y-%m-%d %H:%M} UTC</time></p>'
        f"{paragraphs_html(item.text)}</article>",
    )


def render_home(source: DemoSource, items: Sequence[DemoItem], *, port: int) -> str:
    """Return a site's first page: its titles, newest first."""
    entries = "".join(
        f'<li><a href="{escape(item_url(item, port))}">{escape(item.title)}</a></li>'
        for item in reversed(items)
    )
    link = (
        f'<link rel="alternate" type="{CONTENT_TYPES[source.form]}"'
        f' href="{feed_url(source, port)}">'
    )
    return _page(source, source.title, f"<h1>{escape(source.title)}</h1><ul>{entries}</ul>", link)


def _page(source: DemoSource, title: str, main: str, head: str = "") -> str:
    return (
        f'<!doctype html>\n<html lang="{source.language}">\n<head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>{head}<style>{_STYLE}</style></head>\n"
        f'<body><header><a href="/">{escape(source.title)}</a></header>\n<main>{main}</main>\n'
        f"<footer><p>{_NOTICE[source.language]}</p></footer></body>\n</html>\n"
    )
