"""Mails as a real browser shows them: the longest realistic content, narrow, wide and dark.

``python -m tests.engines.mail_pages`` makes the pictures of docs/images anew. What is measured of
them, ``test_mail_pages.py`` does. Chromium: Debian's package ``chromium``, or any on the PATH.
"""

import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from listening.model import AlertState, OutgoingMessage, RuleKind, Severity
from listening.notify.answer import LinkMaker
from listening.notify.digest import render_digest
from listening.notify.digest_facts import AlertLine, BrandFigures, SourceTrouble
from listening.notify.facts import Breakdown, Share
from listening.notify.letter import Addressee
from listening.notify.message import render_alert
from listening.notify.summary import render_summary
from tests.builders import NOW, make_addressee
from tests.listening.notify import test_digest as week
from tests.listening.notify import test_message as alert
from tests.listening.notify.test_past import PAST

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
NARROW, WIDE = 380, 900

#: Of a picture that is kept.
COLOURS = 40
PERSON = "camille@exemple.example"
LINKS = LinkMaker(base_url="https://vigie.exemple.example", key=bytes(32))

#: Titles as sites write them, and an address that no line can break.
TITLES = {
    "fr": (
        (
            "Intoxication présumée à L’Œuf à la Coque : ce que l’on sait des treize clients"
            " hospitalisés, de l’enquête ouverte par la préfecture et de la réponse de la maison"
        ),
        "« Deux heures d’attente, des plats froids, et personne pour s’excuser »",
        "Brunch du dimanche : à fuir ?",
        "Fermeture administrative : la préfecture confirme l’inspection de vendredi",
        "Re: Re: [Avis] L’Œuf à la Coque, Lyon 1er – votre expérience",
    ),
    "en": (
        (
            "Suspected food poisoning at L’Œuf à la Coque: what is known about the thirteen"
            " guests in hospital, the inquiry opened by the prefecture and the answer of the house"
        ),
        "“Two hours of waiting, cold plates, and nobody to say sorry”",
        "Sunday brunch: one to avoid?",
        "Closed by the authorities: the prefecture confirms Friday’s inspection",
        "Re: Re: [Review] L’Œuf à la Coque, Lyon – how was yours?",
    ),
}
LONG_ADDRESS = (
    "https://www.gazette-des-pentes.example/actualites/lyon/premier-arrondissement/2026/11/19/"
    "intoxication-presumee-a-loeuf-a-la-coque-ce-que-lon-sait-des-treize-clients-hospitalises"
    "-3141592.html?utm_source=rss&utm_medium=feed&utm_campaign=une&xtor=RSS-3141592653"
)
WORDS = {
    "fr": {
        "topic": ("hygiène", "attente et service", "prix", "accueil des groupes et des familles"),
        "source": (
            "La Gazette des Pentes et de la Presqu’île, édition de Lyon et de Villeurbanne",
            "Avis de table",
            "Le forum des Pentes",
            "Les Assiettes bavardes",
        ),
        "author": (
            "Le forum des Pentes · 3fa2c1",
            "Avis de table · 90b41d",
            "La Gazette des Pentes",
            "Les Assiettes bavardes · 77e0aa",
        ),
        "term": ("intoxication", "hospitalisés", "attente", "froid"),
    },
    "en": {
        "topic": ("hygiene", "waiting and service", "prices", "welcome of groups and families"),
        "source": (
            "La Gazette des Pentes et de la Presqu’île, édition de Lyon et de Villeurbanne",
            "Avis de table",
            "Le forum des Pentes",
            "Les Assiettes bavardes",
        ),
        "author": (
            "Le forum des Pentes · 3fa2c1",
            "Avis de table · 90b41d",
            "La Gazette des Pentes",
            "Les Assiettes bavardes · 77e0aa",
        ),
        "term": ("poisoning", "hospital", "waiting", "cold"),
    },
}


@dataclass(frozen=True, slots=True)
class Page:
    """One mail in one window."""

    name: str
    make: Callable[[], OutgoingMessage]
    width: int = WIDE
    is_dark: bool = False
    is_blocked: bool = False  # pictures are not shown
    is_filed: bool = False  # one of docs/images

    @property
    def message(self) -> OutgoingMessage:
        """The mail, made when it is looked at: collecting tests costs nothing."""
        return self.make()


def long_alert(language: str, kind: RuleKind = RuleKind.NEGATIVE_SPIKE) -> OutgoingMessage:
    """Return an alert mail with the longest content that real sites make."""
    facts = alert.make_facts_of(kind)
    documents = tuple(
        alert.make_document(
            title=title,
            url=LONG_ADDRESS if n == 0 else f"https://forum.example/t/{n}",
            source_title=WORDS[language]["source"][min(n, 3)],
            published_at=NOW - timedelta(hours=3 + n),
            score=(0.9 if kind is RuleKind.POSITIVE_SPIKE else -0.9) / (n + 1),
            story_id=f"story-{n}",
            story_size=(14, 5, 1, 1, 1)[n],
            weight=(3.0, 1.0, 1.0, 2.5, 1.0)[n],
            reply_count=(0, 2, 0, 0, 31)[n],
        )
        for n, title in enumerate(TITLES[language])
    )
    breakdowns = tuple(
        Breakdown(
            kind=one,
            shares=(
                *(
                    Share(name=name, text_share=0.42 * 0.5**n, author_share=0.3 * 0.7**n)
                    for n, name in enumerate(WORDS[language][one])
                ),
                *([Share(name=None, text_share=0.11, author_share=0.1)] if one in NONES else []),
            ),
            value_count={"topic": 7, "source": 40, "author": 29, "term": 118}[one],
            text_count=34,
            author_count=29,
        )
        for one in ("topic", "source", "author", "term")
    )
    facts = replace(
        facts,
        documents=documents[:3],
        read_documents=(documents[0], documents[4], documents[3]),
        is_reading_known=True,
        breakdowns=breakdowns,
        sql=STATEMENT,
    )
    return render_alert(facts, _reader(language))


def _reader(language: str) -> Addressee:
    name = "Bistrot L’Œuf à la Coque"
    return make_addressee(recipient=PERSON, client_name=name, language=language, links=LINKS)


NONES = {"topic", "term"}
STATEMENT = """SELECT count(DISTINCT story_id) AS stories, count(*) AS mentions
FROM mentions
WHERE brand_id = 'oeuf-a-la-coque'
    AND polarity = 'negative'
    AND mentioned_at >= TIMESTAMPTZ '2026-11-19 01:00:00+00:00'
    AND mentioned_at < TIMESTAMPTZ '2026-11-20 01:00:00+00:00';"""


def long_week(language: str) -> OutgoingMessage:
    """Return a weekly digest with many brands, alerts and ill sources."""
    names = ("L’Œuf à la Coque", "La Tartine Dorée", "Le Pain Perdu", "Chez Ninon et Compagnie")
    brands = tuple(
        BrandFigures(
            name=name, mention_count=1234 // (n + 1), previous_count=980 // (n + 1),
            story_count=400, negative_count=120 // (n + 1), net_sentiment=24.0 - 17 * n,
            net_sentiment_margin=6.0 + n, judged_count=34,
            is_small_sample=n == 3, share=0.5**(n + 1),
            share_margin=0.03,
            rising_terms=("intoxication", "préfecture", "brunch") if not n else (),
        )
        for n, name in enumerate(names)
    )  # fmt: skip
    alerts = tuple(
        AlertLine(
            brand_name=names[n % 4], rule_id=("mauvais-buzz", "concurrents", "mots-graves")[n % 3],
            severity=(Severity.CRITICAL, Severity.WARNING, Severity.INFO)[n % 3],
            state=(AlertState.RESOLVED, AlertState.ACKNOWLEDGED, AlertState.FIRING)[n % 3],
            opened_at=NOW - timedelta(days=6 - n), peak_count=34 - 5 * n,
            verdict=(True, None, False)[n % 3],
        )
        for n in range(5)
    )  # fmt: skip
    troubles = tuple(
        SourceTrouble(
            title=title, health=("failing", "silent", "never_read")[n % 3],
            reason="The server's certificate or encryption is not acceptable.",
            read_at=NOW - timedelta(days=3 + n), silent_days=12 + n, habit_days=4.0,
        )
        for n, title in enumerate((WORDS["fr"]["source"] * 10)[:40])
    )  # fmt: skip
    facts = week.make_week(brands=brands, alerts=alerts, troubles=troubles)
    return render_digest(facts, _reader(language))


def storm(language: str) -> OutgoingMessage:
    """Return the summary of a night on which much happens at once."""
    kinds = (RuleKind.NEGATIVE_SPIKE, RuleKind.GRAVE_WORD, RuleKind.SHARE_DROP, RuleKind.FLATLINE)
    names = ("L’Œuf à la Coque", "L’Œuf à la Coque", "La Tartine Dorée", "Chez Ninon et Compagnie")
    alerts = []
    for n, (kind, name) in enumerate(zip(kinds, names, strict=True)):
        facts = alert.make_facts_of(kind, is_over=n == len(kinds) - 1)
        title = TITLES[language][n]
        document = alert.make_document(title=title, url=LONG_ADDRESS, story_size=1)
        rule = facts.rule.model_copy(update={"id": kind.value.replace("_", "-")})
        loud = (Severity.CRITICAL, Severity.CRITICAL, Severity.WARNING, Severity.INFO)[n]
        changed = replace(facts.alert, severity=loud)
        texts = () if kind is RuleKind.FLATLINE else (document,)
        alerts.append(replace(facts, alert=changed, rule=rule, brand_name=name, documents=texts))
    return render_summary(alerts, _reader(language), past=PAST)


def pages() -> list[Page]:
    """Return every mail and window that is looked at."""
    french, english = partial(long_alert, "fr"), partial(long_alert, "en")
    sheet_fr, sheet_en = partial(long_week, "fr"), partial(long_week, "en")
    praise = partial(long_alert, "fr", RuleKind.POSITIVE_SPIKE)
    new_site = partial(long_alert, "en", RuleKind.NEW_SOURCE)
    return [
        Page("alert-fr", french, is_filed=True),
        Page("alert-fr-narrow", french, width=NARROW),
        Page("alert-fr-narrow-dark", french, width=NARROW, is_dark=True, is_filed=True),
        Page("alert-fr-blocked", french, width=NARROW, is_blocked=True),
        Page("alert-en", english, is_filed=True),
        Page("alert-en-dark", english, is_dark=True),
        Page("praise-fr", praise),
        Page("new-site-en-narrow", new_site, width=NARROW),
        Page("storm-fr", partial(storm, "fr"), is_filed=True),
        Page("storm-en-narrow", partial(storm, "en"), width=NARROW),
        Page("week-fr", sheet_fr, is_filed=True),
        Page("week-fr-narrow", sheet_fr, width=NARROW),
        Page("week-en", sheet_en),
        Page("week-en-narrow-dark", sheet_en, width=NARROW, is_dark=True, is_filed=True),
    ]


def page_of(message: OutgoingMessage, *, is_blocked: bool = False) -> str:
    """Return the HTML of a mail, its picture inside, as a mail program would show it."""
    parsed = message_from_bytes(message.body, _class=EmailMessage, policy=default)
    body = parsed.get_body(("html",))
    assert body is not None
    page = str(body.get_content())
    for part in parsed.walk():
        if part.get_content_type() == "image/png":
            data = b64encode(part.get_payload(decode=True)).decode()  # type: ignore[arg-type]
            address = "cid:" + str(part["Content-ID"]).strip("<>")
            page = page.replace(address, "" if is_blocked else f"data:image/png;base64,{data}")
    return page


class Browser:
    """A Chromium without a window."""

    def __init__(self, folder: Path) -> None:
        found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
        if found is None:
            raise FileNotFoundError("no Chromium on the PATH: apt-get install chromium")
        self._program, self._folder = found, folder

    def sizes(self, looked_at: Sequence[Page]) -> dict[str, tuple[int, int]]:
        """Return how wide and how high the content of pages is, each in a window of its width.

        A window of its own is never narrower than 500 pixels, a frame is.
        """
        frames = "".join(
            f'<iframe src="{self._written(page).name}" width="{page.width}" height="800"></iframe>'
            for page in looked_at
        )
        probe = """<pre></pre><script>addEventListener("load", () => {
          document.querySelector("pre").textContent = "size " + [...document.querySelectorAll(
            "iframe")].map(one => one.contentDocument.documentElement)
            .map(it => `${it.scrollWidth} ${it.scrollHeight}`).join(" "); });</script>"""
        style = "<style>iframe { border: 0; display: block; }</style>"
        (self._folder / "frame.html").write_text(style + frames + probe, encoding="utf-8")
        window = ("--allow-file-access-from-files", "--window-size=1000,900")
        said = self._run("frame.html", "--dump-dom", *window)
        found = re.search(r"<pre>size ([\d ]+)</pre>", said)
        assert found is not None, said[-500:]
        numbers = iter(map(int, found[1].split()))
        return {page.name: (next(numbers), next(numbers)) for page in looked_at}

    def shoot(self, page: Page, path: Path, *, height: int) -> None:
        """Write a picture of the whole page, small enough to keep."""
        window = f"--window-size={page.width},{height}"
        name = self._written(page).name
        self._run(name, f"--screenshot={path}", window, is_dark=page.is_dark)
        path.write_bytes(with_few_colours(self._pixels(path)))

    def _pixels(self, path: Path) -> NDArray[np.uint8]:
        """Return rows of red, green, blue: whoever draws pictures can read them."""
        data = b64encode(path.read_bytes()).decode()
        (self._folder / "pixels.html").write_text(
            f"""<img src="data:image/png;base64,{data}"><pre></pre><script>
            addEventListener("load", () => {{
              const it = document.querySelector("img"), c = document.createElement("canvas");
              c.width = it.naturalWidth; c.height = it.naturalHeight;
              const context = c.getContext("2d"); context.drawImage(it, 0, 0);
              const bytes = context.getImageData(0, 0, c.width, c.height).data;
              let text = ""; for (let n = 0; n < bytes.length; n += 3 * 4096)
                text += btoa(String.fromCharCode(...bytes.subarray(n, n + 3 * 4096)));
              document.querySelector("pre").textContent = `${{c.height}} ${{c.width}} ${{text}}`;
            }});</script>""",
            encoding="utf-8",
        )
        said = self._run("pixels.html", "--dump-dom")
        height, width, text = said.split("<pre>")[1].split("</pre>")[0].split(" ")
        pixels = np.frombuffer(b64decode(text), dtype=np.uint8)
        return pixels.reshape(int(height), int(width), 4)[:, :, :3]

    def _written(self, page: Page) -> Path:
        path = self._folder / f"{page.name}.html"
        path.write_text(page_of(page.message, is_blocked=page.is_blocked), encoding="utf-8")
        return path

    def _run(self, name: str, *options: str, is_dark: bool = False) -> str:
        done = subprocess.run(  # noqa: S603 - found on the PATH
            [
                self._program,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--force-device-scale-factor=1",
                f"--user-data-dir={self._folder / 'profile'}",
                f"--blink-settings=preferredColorScheme={0 if is_dark else 1}",
                *options,
                (self._folder / name).as_uri(),
            ],
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        return done.stdout


def with_few_colours(pixels: NDArray[np.uint8]) -> bytes:
    """Return a PNG in the colours that occur most: a third of the size, and as readable."""
    height, width, _ = pixels.shape
    packed = pixels.astype(np.int64) @ np.array([1 << 16, 1 << 8, 1])
    colours, places, counts = np.unique(packed, return_inverse=True, return_counts=True)
    apart = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1)
    palette = apart[np.argsort(-counts)[:COLOURS]]
    nearest = ((apart[:, None, :] - palette[None, :, :]) ** 2).sum(axis=2).argmin(axis=1)
    rows = nearest[places].astype(np.uint8).reshape(height, width)
    lines = np.hstack([np.zeros((height, 1), np.uint8), rows])  # no filter: flat areas repeat
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", head),
        (b"PLTE", palette.astype(np.uint8).tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


def main(*names: str) -> None:
    """Write the pictures of docs/images, or those that are named."""
    folder = ROOT / "docs" / "images"
    chosen = [page for page in pages() if (page.name in names if names else page.is_filed)]
    with tempfile.TemporaryDirectory() as scratch:
        browser = Browser(Path(scratch))
        sizes = browser.sizes(chosen)
        for page in chosen:
            browser.shoot(page, folder / f"mail-{page.name}.png", height=sizes[page.name][1])


if __name__ == "__main__":
    main(*sys.argv[1:])
