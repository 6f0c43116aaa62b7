"""Other versions, skins and languages of the engines we know, two posts each, written by us.

The markup follows the engines' own templates; names and texts are invented. Each page has the same
conversation, so that one test says what every variant must give.
"""

from datetime import UTC, datetime

import pytest

from listening.collectors.sandbox.task import Task
from listening.collectors.sandbox.worker import perform
from listening.model import Reading, SourceKind

_AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def _prosilver(body: str, title: str = "Soupe froide") -> str:
    return (
        '<html lang="fr"><head><title>x</title></head><body id="phpbb" class="section-viewtopic">'
        f'<div id="page-body"><h2><a href="./viewtopic.php?f=2&amp;t=7">{title}</a></h2>{body}'
        '</div><div class="copyright">Powered by <a href="https://www.phpbb.com/">phpBB</a></div>'
        "</body></html>"
    )


def _post30(number: int, head: str, text: str) -> str:
    return (
        f'<div id="p{number}" class="post bg2"><div class="inner"><span class="corners-top"></span>'
        f'<div class="postbody"><h3 class="first"><a href="#p{number}">Re: Soupe froide</a></h3>'
        f'<p class="author"><a href="./viewtopic.php?p={number}#p{number}"><img alt="Message"/></a>'
        f'{head}</p><div class="content">{text}</div><div class="notice">Modifié hier.</div>'
        f'<div id="sig{number}" class="signature">Mangez bien</div></div>'
        f'<dl class="postprofile" id="profile{number}"><dt><a href="./u">Avatar</a></dt></dl>'
        "</div></div>"
    )


_QUOTE = "<blockquote><div><cite>Odile a écrit:</cite>La soupe était froide.</div></blockquote>"

PHPBB30_FR = _prosilver(
    _post30(12, "par <strong><a href='./memberlist.php?u=2'>Odile</a></strong> » Mer 18 Nov 2026, "
            "18:15 ", "La soupe était froide.")
    + _post30(13, "par <strong>Yann</strong> » Hier, 09:02 ", f"{_QUOTE}Pas la mienne.")
)  # fmt: skip
PHPBB30_DE = _prosilver(
    _post30(12, "von <strong><a href='./u'>Odile</a></strong> » Mi 18. Nov 2026, 18:15 ",
            "La soupe était froide.")
    + _post30(13, "von <strong>Yann</strong> » Gestern 09:02 ", f"{_QUOTE}Pas la mienne.")
)  # fmt: skip
PHPBB32_ES = _prosilver(
    _post30(12, "<span class='responsive-hide'>por <strong><a class='username'>Odile</a>"
            "</strong> » </span>Mié Nov 18, 2026 6:15 pm ", "La soupe était froide.")
    + _post30(13, "<span class='responsive-hide'>por <strong><span class='username-coloured'>Yann"
              "</span></strong> » </span><time datetime='2026-11-19T09:02:00+00:00'>Jue</time>",
              f"{_QUOTE}Pas la mienne.")
)  # fmt: skip

PHPBB2_DE = """<html><body><a class="maintitle" href="viewtopic.php?t=7">Soupe froide</a>
<table class="forumline"><tr><td class="row1"><span class="name"><a
name="12"></a><b>Odile</b></span>
<br/><span class="postdetails">Anmeldedatum: 04.03.2004<br/>Beiträge: 12</span></td><td
class="row1">
<table><tr><td><a href="viewtopic.php?p=12#12"><img/></a><span
class="postdetails">Verfasst am: Mi Nov
18, 2026 6:15 pm<span class="gen">&nbsp;</span>&nbsp; &nbsp;Titel: Soupe froide</span></td></tr><tr>
<td><span class="postbody">La soupe était froide.</span><span class="gensmall"></span></td></tr>
</table></td></tr><tr><td class="row2"><span class="name"><a name="13"></a><b>Yann</b></span><br/>
<span class="postdetails">Gast</span></td><td class="row2"><table><tr><td><a
href="viewtopic.php?p=13#13"><img/></a><span
class="postdetails">Verfasst am: Do Nov 19, 2026 9:02 am
<span class="gen">&nbsp;</span>Titel:</span></td></tr><tr><td><span class="postbody"></span><table>
<tr><td><span class="genmed"><b>Odile hat folgendes geschrieben:</b></span></td></tr><tr>
<td class="quote">La soupe était froide.</td></tr></table><span class="postbody">Pas la mienne.
</span><span
class="postbody"><br/>_________________<br/>Mangez bien</span></td></tr></table></td></tr>
</table><a href="viewforum.php?f=1">Forum</a> Powered by <a href="http://www.phpbb.com/">phpBB</a>
</body></html>"""


def _smf1(number: int, author: str, date: str, text: str) -> str:
    return f"""<tr><td style="padding: 1px"><a name="msg{number}"></a><table><tr><td
class="windowbg">
<table><tr><td valign="top" width="16%" rowspan="2"><b>{author}</b><div
class="smalltext">Membre<br/>
Messages: 12</div></td><td valign="top"><table><tr><td><div style="font-weight: bold;"
id="subject_{number}"><a href="https://gout.example/index.php?topic=7.msg{number}#msg{number}">Re:
Soupe froide</a></div><div class="smalltext">&#171; <b>Répondre #1 le:</b> {date} &#187;</div></td>
</tr></table><hr class="hrcolor"/><div class="post">{text}</div></td></tr><tr><td valign="bottom"
class="smalltext"><div
class="signature">Mangez bien</div></td></tr></table></td></tr></table></td></tr>"""


SMF1 = f"""<html><head><title>Soupe froide</title><script>var smf_theme_url = "x";</script>
</head><body>
<form name="quickModForm"><table class="tborder"><tr class="titlebg"><td
id="top_subject">Sujet: Soupe
froide &nbsp;(Lu 12 fois)</td></tr></table><table class="bordercolor">{
    _smf1(
        12,
        '<a href="https://gout.example/index.php?action=profile;u=2">Odile</a>',
        "18 Novembre 2026, 18:15:09",
        "La soupe était froide.",
    )
}{
    _smf1(
        13,
        "Yann",
        "<b>Hier</b> à 09:02:00",
        '<div class="quoteheader"><a href="index.php?topic=7.'
        'msg12#msg12">Citation de: Odile</a></div><div class="quote">La soupe</div>Pas la mienne.',
    )
}</table></form></body></html>"""

MYBB16 = """<html><body><div class="navigation"><a href="index.php">Goût</a> / <span
class="active">Soupe
froide</span></div><script>var my_post_key = "a";</script><a name="pid12"></a><table class="tborder"
id="post_12"><tbody><tr><td class="tcat"><div class="float_left smalltext">11-18-2026, 06:15 PM
</div><div class="float_right smalltext"><strong>Post: <a
href="showthread.php?tid=7&amp;pid=12#pid12">
#1</a></strong></div></td></tr><tr><td class="trow1"><table><tr><td
class="post_author"><strong><span
class="largetext"><a href="member.php?action=profile&amp;uid=2">Odile</a></span></strong></td></tr>
</table></td></tr><tr><td class="trow2 post_content"><div class="post_body"
id="pid_12">La soupe était
froide.</div><div class="signature">Mangez bien</div></td></tr></tbody></table><table
class="tborder"
id="post_13"><tbody><tr><td class="tcat"><div class="float_left smalltext">Yesterday, 09:02 AM</div>
<div class="float_right smalltext"><strong>Post: <a
href="showthread.php?tid=7&amp;pid=13#pid13">#2</a>
</strong></div></td></tr><tr><td class="post_author"><strong><span class="largetext">Yann</span>
</strong></td></tr><tr><td class="trow1"><div class="post_body" id="pid_13"><blockquote><cite>Odile
Wrote:</cite>La soupe</blockquote>Pas la mienne.</div></td></tr></tbody></table></body></html>"""

XENFORO23 = """<html id="XF" lang="fr-FR"><body><h1 class="p-title-value">Soupe froide</h1>
<article class="message message--post js-post" data-author="Odile" data-content="post-12"
id="js-post-12"><span id="post-12"></span><div class="message-inner"><header
class="message-attribution"><ul class="message-attribution-main"><li class="u-concealed"><a
href="/threads/soupe.7/post-12"><time class="u-dt" datetime="2026-11-18T18:15:09+0000"
title="x">Mercredi</time></a></li></ul></header><article class="message-body js-selectToQuote"><div
class="bbWrapper">La soupe était froide.</div></article><aside class="message-signature"><div
class="bbWrapper">Mangez bien</div></aside></div></article><article class="message message--post
js-post" data-author="Yann" data-content="post-13" id="js-post-13"><header
class="message-attribution">
<ul class="message-attribution-main"><li><a href="/threads/soupe.7/post-13"><time
datetime="2026-11-19T09:02:00+0000">Hier</time></a></li></ul></header><article class="message-body">
<div class="bbWrapper"><blockquote class="bbCodeBlock bbCodeBlock--quote" data-quote="Odile"
data-source="post: 12"><div class="bbCodeBlock-title">Odile a dit:</div>La soupe</blockquote>Pas la
mienne.</div></article></article></body></html>"""

VBULLETIN5 = """<html><head><meta name="generator" content="vBulletin 5.6.4"/></head><body><h1
class="main-title js-main-title">Soupe froide</h1><ul class="conversation-list"><li
data-node-id="12"
class="b-post b-post--first js-post"><div class="b-post__sep"></div><div class="b-userinfo"><div
class="author h-text-size--14"><strong><a href="/member/2-odile">Odile</a></strong></div></div><div
class="b-post__timestamp"><time datetime="2026-11-18T18:15:09">11-18-2026, 06:15 PM</time></div><div
class="b-post__content js-post__content"><h2 class="b-post__title">Soupe froide</h2><div
class="js-post__content-text restore">La soupe était froide.</div></div></li><li data-node-id="13"
class="b-post js-post"><div class="author"><strong>Yann</strong></div><div
class="b-post__timestamp">
<time datetime="2026-11-19T09:02:00">11-19-2026</time></div><div class="b-post__content"><div
class="js-post__content-text"><div class="bbcode_container"><div class="bbcode_quote"><div
class="quote_container">La soupe</div></div></div>Pas la mienne.</div></div></li></ul>
</body></html>"""

VBULLETIN3_FR = """<html><head><meta name="generator" content="vBulletin
3.8.11"/></head><body><table>
<tr><td class="navbar"><a
href="showthread.php?t=7"></a> <strong>Soupe froide</strong></td></tr></table>
<div id="edit12"><table id="post12" class="tborder"><tr><td class="thead"><a
name="post12"><img/></a>
18/11/2026, 18h15</td></tr><tr><td class="alt2"><div id="postmenu_12"><a class="bigusername"
href="member.php?u=2">Odile</a></div></td><td class="alt1"><div id="post_message_12">La soupe était
froide.</div><div>__________________<br/>Mangez bien</div></td></tr></table></div><div id="edit13">
<table id="post13" class="tborder"><tr><td class="thead"><a
name="post13"><img/></a> Hier, 09h02</td>
</tr><tr><td class="alt2"><div id="postmenu_13">Yann</div></td><td class="alt1"><div
id="post_message_13"><div style="margin:20px"><div class="smallfont">Citation:</div><table><tr><td
class="alt2"><div>Envoyé par <strong>Odile</strong></div><div>La soupe</div></td></tr></table>
</div>Pas
la mienne.</div></td></tr></table></div></body></html>"""

IPBOARD3 = """<html><body><h1
class="ipsType_pagetitle">Soupe froide</h1><script>ipb.vars['x']=1;</script>
<div class="post_block hentry clear" id="post_id_12"><div class="post_wrap"><h3 class="row2"><span
class="post_id right"><a href="/topic/7-soupe/#entry12">#1</a></span><span class="author vcard"><a
class="url fn name" href="/user/2-odile/"><span itemprop="name">Odile</span></a></span></h3><div
class="author_info"><ul><li>Membre</li></ul></div><div class="post_body"><p
class="posted_info">Posté
<abbr class="published" title="2026-11-18T18:15:09+00:00">18 novembre 2026 - 18:15</abbr></p><div
class="post entry-content">La soupe était froide.</div><div
class="signature">Mangez bien</div></div>
</div></div><div class="post_block hentry clear" id="post_id_13"><h3 class="row2"><span
class="author
vcard">Yann</span></h3><div class="post_body"><p class="posted_info"><abbr class="published"
title="2026-11-19T09:02:00+00:00">Hier</abbr></p><div class="post entry-content"><p
class="citation">
Odile, on 18 Nov, said:</p><div class="blockquote"><div class="quote">La soupe</div></div>Pas la
mienne.</div></div></div></body></html>"""

INVISION5 = """<html data-ipstemplate="x"><body><h1
class="ipsPageHeader__title"><span>Soupe froide</span>
</h1><article id="elComment_12" class="ipsEntry js-ipsEntry ipsEntry--post"><header
class="ipsEntry__header"><div class="ipsEntry__header-align"><div class="ipsPhotoPanel__text"><h3
class="ipsEntry__username"><a href="/profile/2-odile/">Odile</a></h3><p><a
href="/topic/7-soupe/?do=findComment&amp;comment=12"><time datetime="2026-11-18T18:15:09Z">18 nov.
</time></a></p></div></div></header><div class="ipsEntry__content" data-role="commentContent"><p>La
soupe était froide.</p></div></article><article id="elComment_13" class="ipsEntry
js-ipsEntry"><header
class="ipsEntry__header"><h3 class="ipsEntry__username">Yann</h3><time
datetime="2026-11-19T09:02:00Z">
hier</time></header><div class="ipsEntry__content" data-role="commentContent"><blockquote
class="ipsQuote" data-ipsquote-contentcommentid="12"><div class="ipsQuote_citation">Odile</div>La
soupe</blockquote><p>Pas la mienne.</p></div></article></body></html>"""

PAGES = {
    "phpbb-3.0-french": (PHPBB30_FR, SourceKind.PHPBB),
    "phpbb-3.0-german": (PHPBB30_DE, SourceKind.PHPBB),
    "phpbb-3.2-spanish": (PHPBB32_ES, SourceKind.PHPBB),
    "phpbb-2-german": (PHPBB2_DE, SourceKind.PHPBB),
    "smf-1.1-french": (SMF1, SourceKind.SMF),
    "mybb-1.6": (MYBB16, SourceKind.MYBB),
    "xenforo-2.3-french": (XENFORO23, SourceKind.XENFORO),
    "vbulletin-5": (VBULLETIN5, SourceKind.VBULLETIN),
    "vbulletin-3-french": (VBULLETIN3_FR, SourceKind.VBULLETIN),
    "ipboard-3-french": (IPBOARD3, SourceKind.INVISION),
    "invision-5": (INVISION5, SourceKind.INVISION),
}


@pytest.mark.parametrize("name", PAGES)
def test_every_variant_gives_its_posts(name: str) -> None:
    markup, kind = PAGES[name]
    task = Task(kind=None, body=markup.encode(), content_type="text/html; charset=utf-8", url=None,
                source_id="x", now=_AT)  # fmt: skip

    answer = perform(task)

    assert isinstance(answer, Reading), answer
    assert answer.kind == kind
    assert [(one.guid, one.author, one.text) for one in answer.documents] == [
        ("12", "Odile", "La soupe était froide."),
        ("13", "Yann", "Pas la mienne."),
    ]
    assert [f"{one.published_at:%d %H:%M}" for one in answer.documents] == ["18 18:15", "19 09:02"]
    assert [one.in_reply_to for one in answer.documents] == [None, "12"]
    assert {one.title for one in answer.documents} == {"Soupe froide"}


def test_a_quote_of_xenforo_2_names_its_post() -> None:
    markup = XENFORO23.replace('data-source="post: 12"', 'data-source="post: 9"')
    task = Task(kind=None, body=markup.encode(), content_type=None, url=None, source_id="x",
                now=_AT)  # fmt: skip

    answer = perform(task)

    assert isinstance(answer, Reading)
    assert answer.documents[1].in_reply_to == "9"


def test_smileys_are_signs_and_no_letters() -> None:
    text = (
        "Merci <img class='smilies' alt=':shock:' src='a.gif'> beaucoup <img alt='Photo de plat'>"
    )
    post = _post30(12, "par <strong>Odile</strong> » Hier, 09:02 ", text)
    task = Task(kind=SourceKind.PHPBB, body=_prosilver(post).encode(), content_type=None, url=None,
                source_id="x", now=_AT)  # fmt: skip

    answer = perform(task)

    assert isinstance(answer, Reading)
    assert " ".join(answer.documents[0].text.split()) == "Merci 😲 beaucoup"
