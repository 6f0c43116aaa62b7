"""Names out of bylines: «Par Camille Dupont, journaliste» is Camille Dupont."""

import re
from collections.abc import Iterable

from listening.collectors.reading.plaintext import one_line

MAX_NAME_CHARS = 60
_MAX_NAME_WORDS = 6
_MAX_NAMES = 10
_MAX_PERSON_WORDS = 5
#: «Von Anna Beispiel, Frankfurt»; agencies are short or all capitals.
_TOWN = re.compile(r",\s*[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]{3,}")

#: What stands before a name, in the languages of the neighbours.
_LEAD = re.compile(
    r"^(?:(?:(?:ein|eine|une?|an?)\s+)?(?:written|posted|published|reported|compiled|publi[ée]e?|"
    r"r[ée]dig[ée]e?|[ée]crite?|(?:propos )?recueillis?|geschrieben|escrito|scritto|by[- ]?line|"
    r"story|text[eo]?|words|author|auteur|autor(?:in|a|e)?|verfasser(?:in)?|(?:gast|blog)?[- ]?"
    r"(?:beitrag|artikel|kommentar|interview|essay)|article|enqu[êe]te|reportage|entretien|tribune|"
    r"chronique|analyse)\s*)?"
    r"(?:\bby\b|\bpar\b|\bvon\b|\bpor\b|\bdoor\b|\baf\b|\bav\b|\bde\s*:|\bdi\b|:)\s*:?\s*",
    re.IGNORECASE,
)
#: Links and buttons that stand after a name.
_MORE = re.compile(
    r"\s*\b(?:all(?:e)?\s+(?:artikel|beitr[äa]ge|posts|articles|stories)|(?:view|see|read|show)\s+"
    r"(?:all|more|profile|full|other)\b.*|more\s+(?:from|by|posts|about|stories|articles)\b.*|"
    r"tous\s+(?:les|ses)\s+articles.*|voir\s+(?:tous?|plus|le|son|ses)\b.*|mehr\s+(?:von|[üu]ber|"
    r"artikel)\b.*|(?:follow|suivre|folgen|seguir|segui)\b.*|ver\s+(?:todos|m[áa]s|perfil)\b.*|"
    r"tutti\s+gli\s+articoli.*|zu[mr]\s+(?:autor|profil)\w*.*|(?:view )?profile?|contact|kontakt|"
    r"e-?mail)\s*$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+")
_HANDLE = re.compile(r"(?<!\w)@\w+")
_PARENTHESIS = re.compile(r"\s*\([^)]*\)?\s*")
_DANGLING = re.compile(r"\s+(?:am|on|le|at|um|in|à)$", re.IGNORECASE)
#: What comes after the names: a date, a role, a place.
_TAIL = re.compile(
    r"\s*(?:[|•·–—@]|\s[/\-]\s|\bon\s+\w+\s+\d|\ble\s+\d|\b\d{1,2}[/.]\d|\b(?:updated|published|"
    r"publié|mis à jour|posted)\b|\b(?:for|pour)\s+[A-Z]).*$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:[,;&|\n]|\bet\b|\band\b|\bund\b|\s[ey]\s|\+)\s*", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:journalist\w*|editors?|editorial|reporters?|correspond[ea]nt\w*|writers?|columnists?|"
    r"staff|redaktion|r[ée]dact\w+|redacci[oó]n|redazione|admin(?:istrator|istrateur)?|"
    r"contribut\w+|photograph\w+|producers?|auteur|author|chef|news desk|newsroom|webmaster|team|"
    r"[ée]quipe|agences?|guest|chief|senior|updated|published|comment\w*|min read|professor)\b",
    re.IGNORECASE,
)
_PARTICLE = re.compile(r"^(?:jr|sr|ph\.?d|m\.?d|md|esq|ii|iii)\.?$", re.IGNORECASE)


def names_in(text: str) -> list[str]:
    """Return the people a byline names, in its order; an organisation alone stays as it is.

    >>> names_in("Par Camille Dupont et Léa Martin, journalistes")
    ['Camille Dupont', 'Léa Martin']
    >>> names_in("By JANE DOE | 12 March 2024")
    ['Jane Doe']
    """
    line = _PARENTHESIS.sub(" ", _HANDLE.sub("", _ADDRESS.sub("", one_line(text[:1000]))))
    line = _MORE.sub("", _TAIL.sub("", _LEAD.sub("", line.strip(" \"'«»:,;"))))
    people = [
        _tidy(part)
        for part in _parts(line)
        if part and not _ROLE.search(part) and not _PARTICLE.match(part)
    ]
    return list(dict.fromkeys(name for name in people if _is_name(name)))[:_MAX_NAMES]


def is_person(name: str) -> bool:
    """Return whether a name looks like a person's: two to five words, most with a capital.

    >>> is_person("Ludwig van Beethoven"), is_person("AFP"), is_person("read more")
    (True, False, False)
    """
    words = name.split()
    capitals = sum(word[:1].isupper() for word in words)
    return 2 <= len(words) <= _MAX_PERSON_WORDS and capitals >= 2 and words[0][:1].isupper()  # noqa: PLR2004 - first and last name


def joined(names: Iterable[str]) -> str | None:
    """Return several names as one author, or None without any."""
    return ", ".join(dict.fromkeys(names)) or None


def _parts(line: str) -> list[str]:
    """Return the names of a line; «Mac & i» is one, the town after a German byline is none."""
    parts = _BETWEEN.split(line)
    if any(len(part) == 1 for part in parts):
        return [line]
    return parts[:1] if is_person(parts[0]) and _TOWN.fullmatch(line[len(parts[0]) :]) else parts


def _tidy(name: str) -> str:
    """Return a name without what is around it; capitals throughout become a normal name."""
    line = _DANGLING.sub("", _LEAD.sub("", " ".join(name.split())).strip(" \"'«»:,;.()[]"))
    is_shouted = line.isupper() and len(line.split()) > 1
    return " ".join(map(_lowered, line.split())) if is_shouted else line


def _lowered(word: str) -> str:
    if len(word.rstrip(".")) <= 2:  # noqa: PLR2004 - initials stay capitals
        return word
    return "-".join(part[:1] + part[1:].lower() for part in word.split("-"))


def _is_name(name: str) -> bool:
    words = name.split()
    return (
        1 < len(name) <= MAX_NAME_CHARS
        and len(words) <= _MAX_NAME_WORDS
        and any(char.isalpha() for char in name)
        and sum(char.isdigit() for char in name) <= 4  # noqa: PLR2004 - a nickname may have a year
    )
