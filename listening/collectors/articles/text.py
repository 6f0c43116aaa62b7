"""The text of an article without its page: trafilatura in two modes, then a broom of our own."""

import re
import unicodedata
from collections.abc import Iterable

from listening.collectors.articles.meta import ArticleFacts
from listening.collectors.reading.html_page import HtmlPage
from listening.collectors.reading.plaintext import literal_text, plain_text

#: Precision mode leaves out more of the page, and now and then most of the article: below this
#: share of the default mode's text it has. Every value from 0.3 to 0.6 gives the same mean F1 on
#: the tuning half of the article collection.
_MIN_KEPT_SHARE = 0.5
#: A text shorter than this is tried again in recall mode.
_SHORT_CHARS = 200
#: The JSON-LD's articleBody is taken when it has so many times the characters that were found.
_BODY_RATIO = 1.5
_MIN_BODY_CHARS = 300

#: Lines that are never a sentence of an article: buttons and notices, compared without case,
#: accents and punctuation.
_BUTTONS = frozenset(
    button.strip()
    for button in """
    share|share this|share on facebook|share on twitter|share on linkedin|share on whatsapp|tweet
    email|print|copy link|link copied|close|fullscreen|thumbnails|previous|next|comments|comment
    loading comments|leave a comment|advertisement|advertisements|ad|sponsored|promoted
    recommended|related|related articles|related stories|related topics|you might also like
    read more|see also|more on this story|sign up|subscribe|subscribe now|log in|skip advertisement
    story continues below advertisement|article continues below advertisement|recommended videos
    recent slide shows|featured slide shows|related videos|click here to get the fox news app
    partager|partager sur facebook|partager sur twitter|partager sur linkedin|partager cet article
    partager l article|imprimer|envoyer par mail|envoyer|copier le lien|lien copie|fermer|suivant
    precedent|publicite|lire aussi|a lire aussi|a lire egalement|lire plus|lire la suite|voir aussi
    sur le meme sujet|sur le meme theme|commentaires|commenter|laisser un commentaire|s abonner
    je m abonne|s inscrire|se connecter|newsletter|article reserve aux abonnes|contenus sponsorises
    la suite apres cette publicite|la suite apres la publicite|ecouter l article|ecouter
    teilen|drucken|anzeige|werbung|mehr zum thema|auch interessant|lesen sie auch|kommentare
    empfohlener redaktioneller inhalt|merken|vorlesen|schliessen|compartir|imprimir|publicidad
    relacionado|comentarios|condividi|stampa|pubblicita
    """.replace("\n", "|").split("|")
    if button.strip()
)
#: Only here may a line repeat title, byline or date.
_HEAD_LINES = 6
_MAX_STAMP_CHARS = 120
_STAMP_WORDS = re.compile(
    r"\b\d{1,2}\s*h(?:\s*\d{2})?\b|\d+|[\W_]+|"
    r"\b(?:by|par|von|por|di|posted|published|updated|publi[ée]e?|mis à jour|modifi[ée]e?|"
    r"ver[öo]ffentlicht|aktualisiert|stand|on|at|le|am|um|uhr|à|the|and|et|und|gmt|utc|cet|cest|"
    r"est|edt|pst|pdt|bst|pm|min(?:utes?)?|read|de lecture|lecture|temps|"
    r"mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|"
    r"jan\w*|f[eé][bv]\w*|mar[sc]?\w*|a[pv]r\w*|ma[iy]|ju[inl]\w*|ao[uû]t|aug\w*|sep\w*|"
    r"o[ck]t\w*|nov\w*|d[eé][cz]\w*)\b",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*[-*•]\s+")
_CELL = re.compile(r"\s*\|\s*")


def article_text(page: HtmlPage, facts: ArticleFacts, *, url: str | None) -> str:
    """Return the article's paragraphs, one per line; empty when the page holds none."""
    text = _extracted(page, url=url)
    body = plain_text(facts.body)  # some sites put HTML into it
    is_longer = len(body) >= _MIN_BODY_CHARS and len(body) > _BODY_RATIO * len(text)
    if is_longer or (body and _flat(body) == _flat(text)):  # the same, but with its paragraphs
        text = body
    return literal_text("\n".join(_kept_lines(text.split("\n"), facts)))


def _extracted(page: HtmlPage, *, url: str | None) -> str:
    """Return the precise text unless it lost too much of the article."""
    from trafilatura import extract  # noqa: PLC0415 - workers that only read feeds never load it

    def run(*, precision: bool = False, recall: bool = False) -> str:
        found = extract(
            page.text,
            url=url,
            include_comments=False,
            favor_precision=precision,
            favor_recall=recall,
        )
        return found or ""

    usual = run()
    precise = run(precision=True)
    text = precise if len(precise) >= _MIN_KEPT_SHARE * len(usual) else usual
    if len(text) >= _SHORT_CHARS:
        return text
    return max(text, run(recall=True), key=len)


def _kept_lines(lines: Iterable[str], facts: ArticleFacts) -> list[str]:
    """Return the lines without buttons, and without title, byline and date at the beginning."""
    kept: list[str] = []
    title = _flat(facts.title)
    for line in lines:
        clean = _CELL.sub(" ", _BULLET.sub("", line)).strip()
        flat = _flat(clean)
        if not flat or flat in _BUTTONS:
            continue
        if len(kept) < _HEAD_LINES and (flat == title or _is_stamp(clean, facts.author)):
            continue
        kept.append(clean)
    return kept


def _is_stamp(line: str, author: str | None) -> bool:
    """Return whether a line only says who wrote the article, or when."""
    if len(line) > _MAX_STAMP_CHARS:
        return False
    for name in (author or "").split(", "):
        line = line.replace(name, "") if name else line
    return not _STAMP_WORDS.sub("", line)


def _flat(text: str) -> str:
    """Return a line without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = (char if char.isalnum() else " " for char in plain if not unicodedata.combining(char))
    return " ".join("".join(letters).split())
