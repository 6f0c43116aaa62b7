"""Forums of engines without a reader of their own; pages written by us after their templates."""

import json
from datetime import UTC, datetime

import pytest

from listening.collectors.anyforum import is_conversation
from listening.collectors.discovery.engine import detect_kind
from listening.collectors.sandbox.task import Task
from listening.collectors.sandbox.worker import perform
from listening.model import Reading, SourceKind

_AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)

FLUXBB = """<body><div id="punviewtopic" class="pun"><ul class="crumbs"><li><a href="index.php">
Accueil</a></li><li>»&#160;<a href="viewtopic.php?id=7"><strong>Soupe froide</strong></a></li></ul>
<div id="p12" class="blockpost rowodd firstpost blockpost1"><h2><span><span class="conr">#1</span>
<a href="viewtopic.php?pid=12#p12">18-11-2026 18:15:09</a></span></h2><div class="box">
<div class="inbox"><div class="postbody"><div class="postleft"><dl><dt><strong>
<a href="profile.php?id=2">Odile</a></strong></dt><dd>Membre</dd></dl></div><div class="postright">
<h3>Soupe froide</h3><div class="postmsg"><p>La soupe était froide.</p>
<p class="postedit"><em>Dernière modification par Odile</em></p></div>
<div class="postsignature postmsg"><hr /><p>Mangez bien</p></div></div></div></div></div></div>
<div id="p13" class="blockpost roweven"><h2><span><span class="conr">#2</span>
<a href="viewtopic.php?pid=13#p13">Hier 09:02:00</a></span></h2><div class="box"><div class="inbox">
<div class="postbody"><div class="postleft"><dl><dt><strong>Yann</strong></dt></dl></div>
<div class="postright"><div class="postmsg"><div class="quotebox"><cite>Odile a écrit :</cite>
<blockquote><div><p>La soupe était froide.</p></div></blockquote></div><p>Pas la mienne.</p></div>
</div></div></div></div></div></div></body>"""

PUNBB = """<body><div id="brd-wrap"><div id="brd-viewtopic" class="brd-page"><h1 class="main-title">
<a class="permalink" href="viewtopic.php?id=7">Soupe froide</a></h1>
<div class="post odd firstpost"><div id="p12" class="posthead"><h3 class="hn post-ident">
<span class="post-byline"><span>Topic by </span>
<strong><a href="profile.php?id=2">Odile</a></strong>
</span> <span class="post-link"><a class="permalink" href="viewtopic.php?pid=12#p12">2026-11-18
18:15:09</a></span></h3></div><div class="postbody"><div class="post-entry">
<div class="entry-content"><p>La soupe était froide.</p></div></div></div></div>
<div class="post even"><div id="p13" class="posthead"><h3 class="hn post-ident">
<span class="post-byline"><span>Reply by </span><strong>Yann</strong></span>
<span class="post-link"><a class="permalink"
href="viewtopic.php?pid=13#p13">Yesterday 09:02:00</a></span></h3></div>
<div class="postbody"><div class="post-entry"><div class="entry-content"><div class="quotebox">
<cite>Odile wrote:</cite><blockquote><p>La soupe.</p></blockquote></div><p>Pas la mienne.</p></div>
</div></div></div></div></div></body>"""

VANILLA = """<body class="vanilla_discussion_index"><div id="Item_0" class="PageTitle"><h1>Soupe
froide</h1></div><div id="Discussion_12" class="Item ItemDiscussion"><div class="Discussion">
<div class="Item-Header DiscussionHeader"><span class="Author">
<a class="PhotoWrap" href="/profile/o"><img alt="Odile"/></a><a href="/profile/Odile"
class="Username">Odile</a></span>
<div class="Meta DiscussionMeta"><span class="MItem DateCreated"><a class="Permalink"
href="/discussion/12/soupe"><time title="x" datetime="2026-11-18T18:15:09+00:00">18 nov.</time></a>
</span></div></div><div class="Item-Body"><div class="Message userContent">La soupe était froide.
</div></div></div></div><ul class="MessageList DataList Comments"><li class="Item ItemComment"
id="Comment_13"><div class="Comment"><span class="Author"><a class="Username" href="/profile/Yann">
Yann</a></span><div class="Meta CommentMeta CommentInfo"><span class="MItem DateCreated">
<a href="/discussion/comment/13/#Comment_13" class="Permalink"><time
datetime="2026-11-19T09:02:00+00:00">hier</time></a></span></div><div class="Message userContent">
<blockquote class="Quote
UserQuote">La soupe</blockquote>Pas la mienne.</div></div></li></ul></body>"""

BBPRESS = """<body><h1 class="entry-title">Soupe froide</h1><div id="bbpress-forums"><ul>
<li class="bbp-body"><div id="post-12" class="bbp-reply-header"><div class="bbp-meta">
<span class="bbp-reply-post-date">18 novembre 2026 à 18 h 15 min</span>
<a href="https://gout.example/forums/topic/soupe/#post-12" class="bbp-reply-permalink">#12</a></div>
</div><div class="loop-item-0 post-12 topic hentry"><div class="bbp-reply-author"><a
class="bbp-author-link" href="/u/odile"><span class="bbp-author-name">Odile</span></a></div>
<div class="bbp-reply-content"><p>La soupe était froide.</p></div></div>
<div id="post-13" class="bbp-reply-header"><div class="bbp-meta"><span class="bbp-reply-post-date">
19 novembre 2026 à 9 h 02 min</span></div></div><div class="loop-item-1 post-13 reply hentry">
<div class="bbp-reply-author"><span class="bbp-author-name">Yann</span></div>
<div class="bbp-reply-content"><blockquote>La soupe</blockquote><p>Pas la mienne.</p></div></div>
</li></ul></div></body>"""

DISCOURSE = """<head><meta name="generator" content="Discourse
3.2.0"><title>Soupe froide - Goût</title>
</head><body class="crawler"><div itemscope itemtype="http://schema.org/DiscussionForumPosting">
<meta itemprop="headline" content="Soupe froide"><div id="post_12" class="topic-body crawler-post">
<div class="crawler-post-meta"><span class="creator" itemprop="author" itemscope
itemtype="http://schema.org/Person"><a itemprop="url" href="/u/Odile"><span itemprop="name">Odile
</span></a></span><span class="crawler-post-infos"><time datetime="2026-11-18T18:15:09Z"
itemprop="datePublished">18 Novembre</time></span></div><div class="post"
itemprop="text"><p>La soupe
était froide.</p></div></div><div id="post_13" itemprop="comment" itemscope
itemtype="http://schema.org/Comment" class="topic-body crawler-post"><span class="creator"
itemprop="author" itemscope><a><span itemprop="name">Yann</span></a></span><time
datetime="2026-11-19T09:02:00Z" itemprop="datePublished">19</time><div class="post" itemprop="text">
<aside
class="quote"><blockquote>La soupe</blockquote></aside><p>Pas la mienne.</p></div></div></div>
</body>"""

MICRODATA = """<html><body><h1>Soupe froide</h1><article itemscope id="m12"
itemtype="https://schema.org/DiscussionForumPosting"><b itemprop="author" itemscope><i
itemprop="name">Odile</i></b><meta itemprop="datePublished" content="2026-11-18T18:15:09Z">
<div itemprop="text">La soupe était froide.</div><section itemprop="comment" itemscope id="m13"
itemtype="https://schema.org/Comment"><span itemprop="author">Yann</span><time
itemprop="datePublished" datetime="2026-11-19T09:02:00Z">hier</time><div itemprop="text">
<blockquote>La soupe</blockquote>Pas la mienne.</div></section></article></body></html>"""

UNKNOWN = """<html><body><h1>Soupe froide</h1><div class="liste"><div id="message_12" class="bloc">
<div class="tete"><a href="/membres/odile.html">Odile</a> <span class="quand">a écrit</span>
<span class="date">le 18/11/2026 à 18:15:09</span></div><div class="texte-message">La soupe était
froide.</div><div class="signature">Mangez bien</div></div><div id="message_13" class="bloc">
<div class="tete"><a href="/membres/yann.html">Yann</a> <span class="date">Hier à 09:02</span></div>
<div class="texte-message"><blockquote>La soupe</blockquote>Pas la mienne.</div></div></div>
</body></html>"""

PAGES = {
    "fluxbb": (FLUXBB, SourceKind.FORUM),
    "punbb": (PUNBB, SourceKind.FORUM),
    "vanilla": (VANILLA, SourceKind.FORUM),
    "bbpress": (BBPRESS, SourceKind.FORUM),
    "discourse": (DISCOURSE, SourceKind.DISCOURSE),
    "microdata": (MICRODATA, SourceKind.FORUM),
    "unknown": (UNKNOWN, SourceKind.FORUM),
}


def read(markup: str) -> Reading:
    task = Task(kind=None, body=markup.encode(), content_type="text/html; charset=utf-8", url=None,
                source_id="x", now=_AT)  # fmt: skip
    answer = perform(task)
    assert isinstance(answer, Reading), answer
    return answer


@pytest.mark.parametrize("name", PAGES)
def test_posts_of_any_engine(name: str) -> None:
    markup, kind = PAGES[name]

    reading = read(markup)

    assert reading.kind == kind
    assert [(one.guid, one.author, one.text) for one in reading.documents] == [
        ("12", "Odile", "La soupe était froide."),
        ("13", "Yann", "Pas la mienne."),
    ]
    assert [f"{one.published_at:%d %H:%M}" for one in reading.documents] == ["18 18:15", "19 09:02"]
    assert [one.in_reply_to for one in reading.documents] == [None, "12"]
    assert {one.title for one in reading.documents} == {"Soupe froide"}


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(
            "<html><body><p>phpBB et Vanilla sont des forums.</p></body></html>", id="page"
        ),
        pytest.param(
            "<html><body>"
            + "".join(f"<div id='item-{n}'><a href='/p/{n}'>Plat {n}</a></div>" for n in range(9))
            + "</body></html>",
            id="list",
        ),
        pytest.param("bonjour", id="text"),
        pytest.param("", id="nothing"),
    ],
)
def test_other_pages_are_no_conversations(markup: str) -> None:
    assert not is_conversation(markup.encode(), content_type=None, now=_AT)
    assert detect_kind(markup.encode()) is None


def _comment(number: int, name: str, date: str, text: str, answers: str = "") -> str:
    return (
        f"<li id='comment-{number}' class='comment'><article id='div-comment-{number}'><footer>"
        f"<b class='fn comment-author'>{name} sagt:</b> <span class='comment-meta'>{date}</span>"
        f"</footer><div class='comment-content'><p>{text}</p></div></article>"
        f"<ul class='children'>{answers}</ul></li>"
    )


def _teaser(number: int) -> str:
    return (
        f"<div id='post-{number}'><h3><a href='/a/{number}'>Ein anderer Artikel</a></h3>"
        f"<span class='author'>Hanna</span> <time datetime='2026-11-1{number}'>neulich</time>"
        "<p class='entry-text'>Ein langer Anfang, der zum Lesen des ganzen Artikels einlädt.</p>"
        "</div>"
    )


def test_comments_under_an_article_are_posts_and_teasers_are_none() -> None:
    markup = (
        "<html><body><h1>Kalte Suppe</h1><ol>"
        + _comment(
            12,
            "Odile",
            "Am 18. Nov 2026 um 18:15",
            "Sie war kalt.",
            _comment(13, "Jan", "Am 19. Nov 2026 um 09:02", "Meine war nie kalt."),
        )
        + f"</ol>{_teaser(1)}{_teaser(2)}{_teaser(3)}</body></html>"
    )

    documents = read(markup).documents

    assert [(one.guid, one.author, one.text) for one in documents] == [
        ("12", "Odile", "Sie war kalt."),
        ("13", "Jan", "Meine war nie kalt."),
    ]


def test_flarum_s_saved_page_carries_its_posts() -> None:
    posts = [
        {
            "type": "posts", "id": str(number),
            "attributes": {"number": at, "createdAt": f"2026-11-1{7 + at}T09:02:00+00:00",
                           "contentType": "comment", "contentHtml": f"<p>{text}</p>"},
            "relationships": {"user": {"data": {"type": "users", "id": str(at)}},
                              "discussion": {"data": {"type": "discussions", "id": "5"}}},
        }
        for at, (number, text) in enumerate([(12, "La soupe."), (13, "Pas la mienne.")], start=1)
    ]  # fmt: skip
    users = [
        {"type": "users", "id": "1", "attributes": {"displayName": "Odile"}},
        {"type": "users", "id": "2", "attributes": {"displayName": "Yann"}},
    ]
    topic = {"type": "discussions", "id": "5", "attributes": {"title": "Soupe froide"}}
    payload = json.dumps({"apiDocument": {"data": topic, "included": [*posts, *users]}})
    for script in (
        f'<script id="flarum-json-payload" type="application/json">{payload}</script>',
        f"<script>app.load({payload});</script>",
    ):
        reading = read(f'<html><body><div id="flarum-loading"></div>{script}</body></html>')

        assert [(one.guid, one.author, one.text) for one in reading.documents] == [
            ("12", "Odile", "La soupe."),
            ("13", "Yann", "Pas la mienne."),
        ]
        assert {one.title for one in reading.documents} == {"Soupe froide"}
