"""Which kind of source a page belongs to: by its JSON's shape, or by the marks an engine leaves.

Several marks of one engine have to add up: a page that merely speaks of phpBB is not a forum.
"""

import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from listening.collectors.reading.charset import decode
from listening.collectors.reading.jsonpage import dig
from listening.model import SourceKind

#: Marks are looked for in so much of a page; more is the posts of a long thread.
_MAX_CHARS = 400_000
_HEAD_CHARS = 2_000
#: Marks of an engine that have to be found, by their weight.
_ENOUGH = 2

_FEED = re.compile(
    r"\s*(?:<\?xml[^>]*\?>|<!--.*?-->|<\?[^>]*\?>|<!DOCTYPE[^>[]*(?:\[.*?\])?>|\s)*"
    r"<(?:\w+:)?(?:rss|feed|rdf|channel)\b",
    re.IGNORECASE | re.DOTALL,
)

_Marks = tuple[tuple[re.Pattern[str], int], ...]


def _marks(*pairs: tuple[str, int]) -> _Marks:
    return tuple((re.compile(pattern, re.IGNORECASE), weight) for pattern, weight in pairs)


#: Patterns with weights; the kind with the highest sum wins, the first of equals.
MARKS: Mapping[SourceKind, _Marks] = MappingProxyType(
    {
        SourceKind.DISCOURSE: _marks(
            (r"<meta name=\"generator\" content=\"Discourse", 2),
            (r"data-discourse-setup|id=\"data-discourse", 2),
            (r"class=\"crawler-post|topic-body crawler", 1),
        ),
        SourceKind.FLARUM: _marks(
            (r"id=\"flarum-(?:loading|content|json-payload)", 2),
            (r"flarum\.core\.app|window\.flarum|app\.load\(", 1),
        ),
        SourceKind.NODEBB: _marks(
            (r"<meta (?:name|property)=\"generator\" content=\"NodeBB", 2),
            (r"component=\"(?:topic|post|category)", 1),
            (r"nodebb(?:\.min)?\.js|app\.cache_buster|/assets/nodebb", 1),
        ),
        SourceKind.XENFORO: _marks(
            (r"<html[^>]+id=\"(?:XF|XenForo)\"", 2),
            (r"data-xf-init=|XF\.config|XenForo\.", 1),
            (r"class=\"[^\"]*\bmessage--post\b|class=\"[^\"]*messageList", 1),
        ),
        SourceKind.INVISION: _marks(
            (r"data-ipstemplate|ips\.setSetting|ipsSettings|ipb\.vars", 2),
            (r"class=['\"][^'\"]*\bips(?:Comment|App|DataItem|Layout|Block)", 1),
            (r"data-controller=['\"]core\.front", 1),
        ),
        SourceKind.VBULLETIN: _marks(
            (r"<meta name=\"generator\" content=\"vBulletin", 2),
            (
                r"vbulletin_global\.js|vbulletin_(?:css|important|menu)|vBulletin_init|vb_disable_ajax",
                2,
            ),
            (r"id=\"post_message_\d|class=\"[^\"]*\b(?:postbitlegacy|postcontainer|b-post)\b", 1),
            (r"showthread\.php\?", 1),
        ),
        SourceKind.MYBB: _marks(
            (r"MyBBEditor|my_post_key|mybb\.com", 2),
            (r"class=\"(?:post_body scaleimages|mycode_)|id=\"posts_container\"", 1),
        ),
        SourceKind.SMF: _marks(
            (r"smf_(?:theme_url|scripturl|default_theme_url|session_id)", 2),
            (r"simplemachines\.org|class=\"post_wrapper\"", 1),
        ),
        SourceKind.PHPBB: _marks(
            (r"id=\"phpbb\"|phpBB style name|class=\"nojs notouch section-view", 2),
            (r"Powered by(?:\s|<[^>]+>)*phpBB|phpbb\.com|phpbbex\.com|forumactif|Forumotion", 2),
            (r"view(?:topic|forum)[^\"'/?#]*\?", 1),
            (r"<(?:div|span)[^>]+class=\"postbody\"|class=\"postdetails\"", 1),
        ),
        SourceKind.MACHINA: _marks(
            (r"machina\.(?:board_theme|packages)|machina\.init\(", 2),
            (r"class=\"forum-name-link\"|class=\"[^\"]*topic-name-link", 1),
        ),
        SourceKind.ASKBOT: _marks(
            (r"askbot\['|askbot\[\"|askbot\.(?:js|min)|Powered by Askbot|askbot\.org", 2),
            (r"class=\"post js-question\"|data-post-id=", 1),
        ),
        SourceKind.FORUM: _marks(
            (r"id=\"pun(?:wrap|viewtopic|viewforum|index)?\"|id=\"brd-(?:wrap|main)\"", 3),
            (r"class=\"[^\"]*\bItem(?:Comment|Discussion)\b|gdn\.meta|vanilla_discussion", 2),
            (r"id=\"bbpress-forums\"|class=\"[^\"]*\bbbp-reply-content\b", 3),
            (r"schema\.org/DiscussionForumPosting", 2),
        ),
    }
)


def detect_kind(
    body: bytes, content_type: str | None = None, url: str | None = None
) -> SourceKind | None:
    """Return the kind of source that a page belongs to, or None when nothing tells.

    Args:
        body: Uncompressed bytes of any page of it.
        content_type: HTTP header, when there was one.
        url: Where it came from; only told apart what the content leaves open.
    """
    text = decode(body, content_type=content_type).text.lstrip("\x00 \t\r\n")
    if text.startswith(("{", "[")):
        return _kind_of_json(text, url or "")
    if _FEED.match(text[:_HEAD_CHARS]):
        return SourceKind.FEED
    if "<" not in text[:_HEAD_CHARS]:
        return None
    page = text[:_MAX_CHARS]
    best, best_weight = None, _ENOUGH - 1
    for kind, marks in MARKS.items():
        weight = sum(weight for pattern, weight in marks if pattern.search(page))
        if weight > best_weight:
            best, best_weight = kind, weight
    return best


def _kind_of_json(text: str, url: str) -> SourceKind | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    for kind, is_of_kind in _SHAPES.items():
        if is_of_kind(value):
            return kind
    if isinstance(value, dict) and "jsonfeed.org" in str(value.get("version", "")):
        return SourceKind.FEED
    if value == [] and "/api/v1/timelines" in url:
        return SourceKind.MASTODON
    return SourceKind.FEED if isinstance(dig(value, "items"), list) else None


def _has(value: Any, *paths: tuple[str | int, ...]) -> bool:
    return all(dig(value, *path) is not None for path in paths)


_SHAPES: Mapping[SourceKind, Callable[[Any], bool]] = MappingProxyType(
    {
        SourceKind.DISCOURSE: lambda v: (
            _has(v, ("topic_list", "topics"))
            or _has(v, ("post_stream", "posts"))
            or _has(v, ("latest_posts",))
            or _has(v, ("posts", 0, "topic_id"), ("posts", 0, "username"))
            or _has(v, ("cooked",), ("topic_id",))
        ),
        SourceKind.NODEBB: lambda v: (
            _has(v, ("posts", 0, "pid"))
            or _has(v, ("topics", 0, "tid"))
            or _has(v, (0, "pid"), (0, "tid"))
            or _has(v, ("templateValues",))
            or _has(v, ("tid",), ("cid",))
        ),
        SourceKind.FLARUM: lambda v: (
            dig(v, "data", 0, "type") in {"discussions", "posts"}
            or dig(v, "data", "type") in {"discussions", "posts"}
        ),
        SourceKind.STACKEXCHANGE: lambda v: (
            _has(v, ("items",), ("quota_max",)) or _has(v, ("items", 0, "question_id"))
        ),
        SourceKind.ASKBOT: lambda v: (
            _has(v, ("questions", 0, "answer_ids"))
            or _has(v, (0, "comment_added_at"))
            or (_has(v, ("questions",)) and _has(v, ("pages",)))
        ),
        SourceKind.HACKERNEWS: lambda v: (
            _has(v, ("hits",), ("nbHits",)) or _has(v, ("hits", 0, "objectID"))
        ),
        SourceKind.REDDIT: lambda v: dig(v, "kind") == "Listing" or dig(v, 0, "kind") == "Listing",
        SourceKind.LEMMY: lambda v: (
            _has(v, ("posts", 0, "post", "ap_id")) or _has(v, ("comments", 0, "comment", "ap_id"))
        ),
        SourceKind.BLUESKY: lambda v: (
            str(dig(v, "posts", 0, "uri") or "").startswith("at://")
            or str(dig(v, "feed", 0, "post", "uri") or "").startswith("at://")
        ),
        SourceKind.MASTODON: lambda v: (
            _has(v, (0, "account", "acct"), (0, "content")) or _has(v, ("statuses", 0, "account"))
        ),
        SourceKind.ISSO: lambda v: (
            _has(v, ("replies",), ("total_replies",))
            or _has(v, (0, "created"), (0, "mode"), (0, "text"))
        ),
    }
)
