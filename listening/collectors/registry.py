"""The kinds of source: one reader or one walk each, in dictionaries one can read."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from listening.collectors.anyforum import AnyForum
from listening.collectors.askbot import Askbot
from listening.collectors.blog import Blog
from listening.collectors.bluesky import Bluesky
from listening.collectors.discourse import Discourse
from listening.collectors.extract import read_article
from listening.collectors.feed_comments import FeedComments
from listening.collectors.feeds.flavour import read_any_feed
from listening.collectors.flarum import Flarum
from listening.collectors.hackernews import HackerNews
from listening.collectors.invision import Invision
from listening.collectors.isso import Isso
from listening.collectors.lemmy import Lemmy
from listening.collectors.machina import Machina
from listening.collectors.mastodon import Mastodon
from listening.collectors.mybb import MyBb
from listening.collectors.nodebb import NodeBb
from listening.collectors.phpbb import PhpBb
from listening.collectors.reddit import Reddit
from listening.collectors.sitemap import Sitemap
from listening.collectors.smf import Smf
from listening.collectors.stackexchange import StackExchange
from listening.collectors.vbulletin import VBulletin
from listening.collectors.walk import Walk
from listening.collectors.wordpress import WordPress
from listening.collectors.xenforo import XenForo
from listening.model import Reading, SourceKind


class Reader(Protocol):
    """Turns one body into documents; runs in a worker process with a deadline.

    Raises nothing but ``UnreadableSourceError``.
    """

    def __call__(
        self, body: bytes, *, content_type: str | None, url: str | None, now: datetime
    ) -> Reading:
        """Return what the body holds."""
        ...


# Add a kind of source here, and only here; a test fails if a SourceKind is missing.

#: Kinds whose sources are one body.
READERS: Mapping[SourceKind, Reader] = MappingProxyType(
    {SourceKind.FEED: read_any_feed, SourceKind.PAGE: read_article}
)

#: Kinds whose sources are walked page by page.
WALKS: Mapping[SourceKind, Walk] = MappingProxyType(
    {
        SourceKind.ASKBOT: Askbot(),
        SourceKind.BLOG: Blog(),
        SourceKind.BLUESKY: Bluesky(),
        SourceKind.COMMENTS: FeedComments(),
        SourceKind.DISCOURSE: Discourse(),
        SourceKind.FLARUM: Flarum(),
        SourceKind.FORUM: AnyForum(),
        SourceKind.HACKERNEWS: HackerNews(),
        SourceKind.INVISION: Invision(),
        SourceKind.ISSO: Isso(),
        SourceKind.LEMMY: Lemmy(),
        SourceKind.MACHINA: Machina(),
        SourceKind.MASTODON: Mastodon(),
        SourceKind.MYBB: MyBb(),
        SourceKind.NODEBB: NodeBb(),
        SourceKind.PHPBB: PhpBb(),
        SourceKind.REDDIT: Reddit(),
        SourceKind.SITEMAP: Sitemap(),
        SourceKind.SMF: Smf(),
        SourceKind.STACKEXCHANGE: StackExchange(),
        SourceKind.VBULLETIN: VBulletin(),
        SourceKind.WORDPRESS: WordPress(),
        SourceKind.XENFORO: XenForo(),
    }
)
