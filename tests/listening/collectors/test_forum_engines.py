"""One page per engine, and what it must give.

The pages of XenForo, vBulletin, Invision, Forumactif, Flarum, phpBB 2, subsilver2 and SMF are
written by us after the engines' templates, django-machina's was made by the engine from our texts:
see tests/fixtures/forums/README.md.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from listening.collectors.discovery.engine import detect_kind
from listening.collectors.parse import parse_files
from listening.errors import UnreadableSourceError
from listening.model import DateQuality, RawDocument, SourceKind
from tests.builders import NOW
from tests.listening.collectors.forum_pages import WRITTEN, read_page, written

_AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)

#: (id, author, date as shown or stated, text, parent) of every post of a page.
Post = tuple[str, str, str, str, str | None]
CASES: dict[str, tuple[SourceKind, str, list[Post]]] = {
    "xenforo2.html": (
        SourceKind.XENFORO,
        "Avis sur la livraison",
        [
            (
                "9001",
                "Camille",
                "2026-11-18T08:12:44+00:00",
                "Commande reçue froide, et en retard.\nPersonne ne répond au téléphone.",
                None,
            ),
            (
                "9004",
                "Théo L.",
                "2026-11-19T19:03:00+00:00",
                "Pareil chez moi, remboursé en deux jours.",
                "9001",
            ),
        ],
    ),
    "xenforo1.html": (
        SourceKind.XENFORO,
        "La carte du midi",
        [
            (
                "501",
                "Odile",
                "2016-06-15T14:13:20+00:00",
                "La carte change chaque semaine, bravo.",
                None,
            ),
            ("502", "Yann", "2016-06-16T18:33:00+00:00", "Trop souvent à mon goût.", "501"),
        ],
    ),
    "vbulletin4.html": (
        SourceKind.VBULLETIN,
        "Service client",
        [
            (
                "2201",
                "Jeanne",
                "2026-11-08T10:22:00+01:00",
                "Toujours pas de nouvelles du service client.",
                None,
            ),
            ("2202", "Marc 59", "2026-11-19T14:02:00+01:00", "Relancez-les par écrit.", "2201"),
        ],
    ),
    "vbulletin3.html": (
        SourceKind.VBULLETIN,
        "Cold soup",
        [
            ("77", "Ruth", "2026-11-18T21:41:00-05:00", "The soup was cold again.", None),
            ("78", "Guest 12", "2026-11-20T08:05:00-05:00", "Send it back.", "77"),
        ],
    ),
    "invision4.html": (
        SourceKind.INVISION,
        "Adresse fermée ?",
        [
            (
                "33001",
                "Nadia",
                "2026-11-17T07:30:11+00:00",
                "Rideau baissé ce midi.\nQuelqu’un sait pourquoi ?",
                None,
            ),
            (
                "33002",
                "Invité Paul",
                "2026-11-17T09:00:00+00:00",
                "Travaux jusqu’à lundi.",
                "33001",
            ),
        ],
    ),
    "askbot013.html": (
        SourceKind.ASKBOT,
        "Les bocaux Martin sont-ils chers ?",
        [
            (
                "1",
                "Zoé",
                "2026-11-19T02:04:14+00:00",
                "Je les trouve très chers 🥒, à 12,50 €.\nEt vous ?",
                None,
            ),
            ("2", "Émile", "2026-11-19T02:04:18+00:00", "Pas pour moi.", "1"),
            ("3", "Inès", "2026-11-19T02:04:20+00:00", "Moi si ! Vraiment.", "2"),
        ],
    ),
    "forumactif.html": (
        SourceKind.PHPBB,
        "Où manger à Lyon ?",
        [
            (
                "310",
                "Bastien",
                "2026-10-05T10:22:00+00:00",
                "Une bonne adresse pour dimanche ?",
                None,
            ),
            ("311", "Agnès", "2026-11-19T21:40:00+00:00", "L’Œuf à la Coque, sans hésiter.", "310"),
        ],
    ),
    "phpbb2.html": (
        SourceKind.PHPBB,
        "Tarte aux pralines",
        [
            ("401", "Simone", "2004-10-05T10:22:00+01:00", "Qui a la recette ?", None),
            ("402", "René", "2004-10-06T20:01:00+01:00", "Moi, mais elle est secrète.", "401"),
        ],
    ),
    "subsilver2.html": (
        SourceKind.PHPBB,
        "Queue at noon",
        [
            ("31", "walter", "2018-10-05T10:22:00+01:00", "Half an hour for a sandwich.", None),
            ("32", "mod_ann", "2018-10-06T21:00:00+01:00", "Come at two.", "31"),
        ],
    ),
    "smf21.html": (
        SourceKind.SMF,
        "Pain trop cuit",
        [
            ("130", "Lucie", "2026-11-18T08:15:09+01:00", "Deux jours de suite.\nBrûlé.", None),
            ("131", "Lecteur2", "2026-11-19T23:28:10+01:00", "Le mien était parfait.", "130"),
        ],
    ),
    "smf20.html": (
        SourceKind.SMF,
        "Opening hours",
        [
            ("21", "Ben", "2012-03-04T18:15:09+00:00", "Closed on Mondays?", None),
            ("22", "Guesty", "2012-03-05T09:00:00+00:00", "And on Tuesdays.", "21"),
        ],
    ),
    "machina.html": (
        SourceKind.MACHINA,
        "Avis n°1 — livraison",
        [
            ("19", "camille", "2026-11-21T05:22:00+00:00", "Message 0 du sujet 1, bien.", None),
            ("20", "Lecteur1", "2026-11-21T05:22:00+00:00", "Message 1 du sujet 1, bien.", "19"),
            ("21", "camille", "2026-11-21T05:22:00+00:00", "Message 2 du sujet 1, bien.", "19"),
        ],
    ),
    "nodebb_topic.json": (
        SourceKind.NODEBB,
        "Terrasse & chauffage",
        [
            ("10", "lina", "2026-11-20T00:02:30+00:00", "On gèle en terrasse.", None),
            ("11", "Zoé", "2026-11-20T00:03:00+00:00", "Il y a des plaids.", "10"),
        ],
    ),
    "nodebb_topic.html": (
        SourceKind.NODEBB,
        "Terrasse & chauffage",
        [
            ("10", "lina", "2026-11-20T00:02:30+00:00", "On gèle en terrasse.", None),
            ("11", "Zoé", "2026-11-20T00:03:00+00:00", "Il y a des plaids.", "10"),
        ],
    ),
    "flarum_posts.json": (
        SourceKind.FLARUM,
        "Le menu du jour",
        [
            ("71", "Inès", "2026-11-19T08:00:00+00:00", "Menu à 18 €, correct.", None),
            ("72", "olaf", "2026-11-19T09:30:00+00:00", "Trop salé.", "71"),
        ],
    ),
    "discourse_topic.json": (
        SourceKind.DISCOURSE,
        "Réservation en ligne",
        [
            ("301", "mado", "2026-11-18T10:00:00+00:00", "Le site plante toujours.", None),
            ("302", "kevin", "2026-11-18T11:00:00+00:00", "Chez moi ça marche.", "301"),
        ],
    ),
}


def shown(document: RawDocument) -> Post:
    at = document.published_at
    return (
        document.guid or "",
        document.author or "",
        at.isoformat() if at else "",
        document.text,
        document.in_reply_to,
    )


@pytest.mark.parametrize("name", CASES)
def test_a_page_gives_its_posts(name: str) -> None:
    kind, title, posts = CASES[name]

    step = read_page(kind, written(name), now=_AT)

    assert [shown(document) for document in step.documents] == posts
    assert {document.title for document in step.documents} == {title}
    assert step.faults == ()


@pytest.mark.parametrize("name", CASES)
def test_an_engine_is_recognised_by_its_page(name: str) -> None:
    assert detect_kind(written(name)) is CASES[name][0]


@pytest.mark.parametrize("name", [name for name in CASES if name.endswith("html")])
def test_posts_have_addresses_of_their_own(name: str) -> None:
    step = read_page(CASES[name][0], written(name), url="https://forum.example/x/y?t=1", now=_AT)

    urls = [document.url for document in step.documents]
    assert None not in urls
    assert len(set(urls)) == len(urls)


def test_a_date_without_its_zone_is_inferred() -> None:
    shown_date = read_page(SourceKind.SMF, written("smf20.html"), now=_AT).documents[0]
    stated = read_page(SourceKind.XENFORO, written("xenforo2.html"), now=_AT).documents[0]

    assert shown_date.published_at_quality is DateQuality.INFERRED
    assert stated.published_at_quality is DateQuality.GIVEN


@pytest.mark.parametrize("kind", [kind for kind, _, _ in CASES.values()])
def test_a_page_of_something_else_is_unreadable(kind: SourceKind) -> None:
    for body in (b"", b"<html><body><p>Bonjour</p></body></html>", b"{}", b"[1]", b"\x00\xff"):
        for role in ("thread", "posts", "index"):
            with pytest.raises(UnreadableSourceError):
                read_page(kind, body, role=role)


def test_nothing_is_recognised_in_an_ordinary_page() -> None:
    page = b"<html><body><p>phpBB, XenForo and vBulletin are forums.</p></body></html>"

    assert detect_kind(page) is None
    assert detect_kind(b"bonjour") is None
    assert detect_kind(b"<rss version='2.0'><channel/></rss>") is SourceKind.FEED


def test_files_of_any_kind_are_parsed_by_what_they_are() -> None:
    names = [str(WRITTEN / name) for name in CASES]

    parsed = list(parse_files([*names, str(WRITTEN / "README.md")], kind=None, now=NOW))

    found = {Path(one.file).name: [document.id for document in one.documents] for one in parsed}
    assert found.pop("README.md") == []
    assert parsed[-1].error == "unknown_kind"
    assert found == {name: [post[0] for post in posts] for name, (_, _, posts) in CASES.items()}
    assert parsed[0].documents[0].kind is SourceKind.XENFORO
