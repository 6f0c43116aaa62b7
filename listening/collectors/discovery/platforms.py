"""Where the feeds of known platforms lie, by the addresses of their pages; pure functions.

Sources: the platforms' own help pages and the table of macieklamberski/feedscout.
"""

import re
from collections.abc import Callable, Iterator
from urllib.parse import quote, urlencode

from listening.collectors.discovery.candidate import Address, Candidate, is_on
from listening.model import SourceType

_OVERBLOG = re.compile(
    r"[\w-]+\.(?:over-blog\.(?:com|fr|net|org|it|de|es)|overblog\.com|over\.blog)"
)
_SLUG = re.compile(r"[\w.-]+")
#: Paths of Tumblr, Medium and Pinterest that are no accounts.
_PAGES_OF_SITES = frozenset(
    {"about", "help", "login", "signup", "explore", "search", "ideas", "today", "settings", "me",
     "new-story", "topics", "tags"}
)  # fmt: skip


def _candidate(url: str, source_type: SourceType, name: str) -> Candidate:
    return Candidate(url=url, source_type=source_type, found_by=name)


# -- video, pictures ----------------------------------------------------------------------------


def _youtube(address: Address) -> Iterator[Candidate]:
    """Channels, playlists and old user names; a @handle needs its page, which has the link."""
    if not is_on(address.host, "youtube.com"):
        return
    values: dict[str, str] = {}
    match address.steps:
        case ["channel", channel, *_]:
            values = {"channel_id": channel}
        case ["playlist"] if address.parameter("list"):
            values = {"playlist_id": address.parameter("list")}
        case ["user", user, *_]:
            values = {"user": user}
    if values:
        feed = f"https://www.youtube.com/feeds/videos.xml?{urlencode(values)}"
        yield _candidate(feed, SourceType.SOCIAL, "youtube")


def _videos(address: Address) -> Iterator[Candidate]:
    if address.host == "vimeo.com" and len(address.steps) == 1:
        yield _candidate(
            f"https://vimeo.com/{address.steps[0]}/videos/rss", SourceType.SOCIAL, "vimeo"
        )
    if address.host == "dailymotion.com" and len(address.steps) == 1:
        yield _candidate(
            f"https://www.dailymotion.com/rss/user/{address.steps[0]}/1",
            SourceType.SOCIAL,
            "dailymotion",
        )


def _flickr(address: Address) -> Iterator[Candidate]:
    if address.host != "flickr.com":
        return
    base = "https://api.flickr.com/services/feeds/photos_public.gne"
    match address.steps:
        case ["photos", "tags", tag, *_]:
            yield _candidate(f"{base}?tags={quote(tag)}", SourceType.SOCIAL, "flickr")
        case ["photos", user, *_] if "@" in user:
            yield _candidate(f"{base}?id={quote(user, safe='@')}", SourceType.SOCIAL, "flickr")
        case ["search"] if address.parameter("text") or address.parameter("tags"):
            words = address.parameter("tags") or address.parameter("text").replace(" ", ",")
            yield _candidate(f"{base}?tags={quote(words, safe=',')}", SourceType.SOCIAL, "flickr")


def _pinterest(address: Address) -> Iterator[Candidate]:
    if not re.fullmatch(r"(?:\w+\.)?pinterest\.(?:com|fr|ca|co\.uk|de|es|it)", address.host):
        return
    match address.steps:
        case [user] if user not in _PAGES_OF_SITES and _SLUG.fullmatch(user):
            feed = f"{address.origin}/{user}/feed.rss"
        case [user, board] if user not in _PAGES_OF_SITES and not board.startswith("_"):
            feed = f"{address.origin}/{user}/{board}.rss"
        case _:
            return
    yield _candidate(feed, SourceType.SOCIAL, "pinterest")


def _scoopit(address: Address) -> Iterator[Candidate]:
    if address.host != "scoop.it":
        return
    match address.steps:
        case ["topic" | "t", topic, *_]:
            feed = f"https://www.scoop.it/t/{topic}/rss.xml"
            yield _candidate(feed, SourceType.SOCIAL, "scoop.it")


# -- social networks ----------------------------------------------------------------------------


def _mastodon(address: Address) -> Iterator[Candidate]:
    """Accounts and tags, on any host: Mastodon has no host of its own."""
    if is_on(address.host, "medium.com") or is_on(address.host, "youtube.com"):
        return
    match address.steps:
        case [account, *rest] if re.fullmatch(r"@[\w.-]+", account) and not rest:
            feed = f"{address.origin}/{account}.rss"
            yield _candidate(feed, SourceType.SOCIAL, "mastodon")
        case ["tags", tag] if not tag.endswith(".rss"):
            yield _candidate(f"{address.origin}/tags/{tag}.rss", SourceType.SOCIAL, "mastodon")


def _bluesky(address: Address) -> Iterator[Candidate]:
    match address.steps:
        case ["profile", handle] if address.host == "bsky.app":
            feed = f"https://bsky.app/profile/{handle}/rss"
            yield _candidate(feed, SourceType.SOCIAL, "bluesky")


def _reddit(address: Address) -> Iterator[Candidate]:
    """Sub-reddits, users, threads and searches; about one request a minute is allowed."""
    if not is_on(address.host, "reddit.com") or not address.steps:
        return
    base = "https://www.reddit.com/"
    match address.steps:
        case ["r", name]:
            feed = f"{base}r/{name}/new.rss"
        case ["user" | "u", name, *_]:
            feed = f"{base}user/{name}.rss"
        case ["r", name, "comments", thread, *_]:
            feed = f"{base}r/{name}/comments/{thread}.rss"
        case ["search" | "r", *_] if address.parameter("q"):
            query = urlencode({"q": address.parameter("q"), "sort": "new"})
            feed = f"{base}{'/'.join(address.steps)}.rss?{query}"
        case _:
            return
    yield _candidate(feed, SourceType.SOCIAL, "reddit")


# -- blogs --------------------------------------------------------------------------------------


def _medium(address: Address) -> Iterator[Candidate]:
    if not is_on(address.host, "medium.com"):
        return
    base = "https://medium.com/feed/"
    if address.host != "medium.com":
        yield _candidate(f"{address.origin}/feed", SourceType.BLOG, "medium")
        return
    match address.steps:
        case ["tag", tag, *_]:
            yield _candidate(f"{base}tag/{tag}", SourceType.SEARCH, "medium")
        case ["feed", *_]:
            return
        case [name, *_] if name not in _PAGES_OF_SITES:
            yield _candidate(base + name, SourceType.BLOG, "medium")


def _tumblr(address: Address) -> Iterator[Candidate]:
    if not is_on(address.host, "tumblr.com"):
        return
    name = address.host.removesuffix("tumblr.com").rstrip(".")
    steps = address.steps
    if not name and steps and steps[0] == "blog":
        steps = steps[1:]
    if not name and steps and steps[0] not in {*_PAGES_OF_SITES, "tagged"}:
        name, steps = steps[0], steps[1:]
    if not name:
        return
    base = f"https://{name}.tumblr.com"
    match steps:
        case ["tagged", tag, *_]:
            yield _candidate(f"{base}/tagged/{tag}/rss", SourceType.BLOG, "tumblr")
        case _:
            yield _candidate(f"{base}/rss", SourceType.BLOG, "tumblr")


def _blog_hosts(address: Address) -> Iterator[Candidate]:
    """Platforms whose blogs all keep their feed at one path."""
    host, origin = address.host, address.origin
    if host.endswith(".substack.com"):
        yield _candidate(f"{origin}/feed", SourceType.BLOG, "substack")
    if ".blogspot." in f".{host}":
        yield from _blogger(address)
    if host.endswith((".wordpress.com", ".hypotheses.org")):
        yield _candidate(f"{origin}/feed/", SourceType.BLOG, "wordpress")
    if _OVERBLOG.fullmatch(host):
        yield _candidate(f"{origin}/rss", SourceType.BLOG, "overblog")
    if host.endswith(".canalblog.com"):
        yield _candidate(f"{origin}/rss.xml", SourceType.BLOG, "canalblog")
    if host.endswith((".ghost.io", ".bearblog.dev")):
        yield _candidate(f"{origin}/rss/", SourceType.BLOG, "ghost")


def _blogger(address: Address) -> Iterator[Candidate]:
    base = f"{address.origin}/feeds/posts/default"
    match address.steps:
        case ["search", "label", label, *_]:
            yield _candidate(f"{base}/-/{label}?alt=rss", SourceType.BLOG, "blogger")
        case _:
            yield _candidate(f"{base}?alt=rss&max-results=100", SourceType.BLOG, "blogger")


# -- searches, questions, reviews, code ---------------------------------------------------------


def _news_searches(address: Address) -> Iterator[Candidate]:
    if address.host == "news.google.com" and address.steps[:1] != ["rss"]:
        kept = {
            name: address.parameter(name)
            for name in ("q", "hl", "gl", "ceid")
            if address.parameter(name)
        }
        if address.steps[:1] in (["search"], ["topics"], ["publications"]):
            path = "/".join(address.steps)
            feed = f"https://news.google.com/rss/{path}?{urlencode(kept)}"
            yield _candidate(feed.rstrip("?"), SourceType.SEARCH, "google-news")
    if address.host == "bing.com" and address.steps[:2] == ["news", "search"]:
        query = {"q": address.parameter("q"), "format": "rss"}
        market = {"mkt": address.parameter("mkt")} if address.parameter("mkt") else {}
        feed = f"https://www.bing.com/news/search?{urlencode(query | market)}"
        yield _candidate(feed, SourceType.SEARCH, "bing-news")


def _app_store(address: Address) -> Iterator[Candidate]:
    found = re.match(r"/(\w\w)/app/(?:[^/]+/)?id(\d+)", address.path)
    if address.host == "apps.apple.com" and found:
        feed = (
            f"https://itunes.apple.com/{found[1]}/rss/customerreviews/"
            f"id={found[2]}/sortBy=mostRecent/xml"
        )
        yield _candidate(feed, SourceType.REVIEW, "app-store")


def _stack_exchange(address: Address) -> Iterator[Candidate]:
    sites = ("stackexchange.com", "stackoverflow.com", "serverfault.com", "superuser.com")
    if not any(is_on(address.host, site) for site in sites):
        return
    match address.steps:
        case ["questions", "tagged", tag, *_]:
            yield _candidate(f"{address.origin}/feeds/tag/{tag}", SourceType.FORUM, "stackexchange")
        case ["questions", number, *_] if number.isdecimal():
            feed = f"{address.origin}/feeds/question/{number}"
            yield _candidate(feed, SourceType.FORUM, "stackexchange")


def _github(address: Address) -> Iterator[Candidate]:
    match address.steps:
        case [owner, name, *_] if address.host == "github.com":
            feed = f"https://github.com/{owner}/{name}/releases.atom"
            yield _candidate(feed, SourceType.OWN, "github")


#: One function per platform; each yields nothing for addresses that are not its own.
RECIPES: tuple[Callable[[Address], Iterator[Candidate]], ...] = (
    _youtube,
    _videos,
    _flickr,
    _pinterest,
    _scoopit,
    _mastodon,
    _bluesky,
    _reddit,
    _medium,
    _tumblr,
    _blog_hosts,
    _news_searches,
    _app_store,
    _stack_exchange,
    _github,
)
