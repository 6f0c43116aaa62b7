"""Texts for people in French and English: one gettext catalogue, and numbers and dates to match.

Message ids are the English sentences with ``str.format`` fields. The catalogues are read as ``.po``
files at run time, so that there is no compiled file to forget. Babel writes French numbers with a
narrow no-break space (U+202F), which many terminals and mail programs show as a box: it is replaced
by the plain no-break space (U+00A0), which every font has and Latin-1 can hold.
"""

import datetime as dt
import gettext
import math
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from io import BytesIO
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

#: Name of the catalogue: ``listening/locale/<language>/LC_MESSAGES/<DOMAIN>.po``.
DOMAIN = "vigie"

#: What stands for a number that does not exist (a share of nothing).
NO_NUMBER = "–"

_FRENCH_SPACE = re.compile(r" (?=[:;!?%»](?:\s|$|[.,)]))|(?<=«) ")

# English is for readers in Europe: 20 November 2026, 21:05.
_LOCALES = {"fr": Locale("fr", "FR"), "en": Locale("en", "GB")}

#: Languages that the interface, the mails and the messages exist in.
LANGUAGES = tuple(_LOCALES)


def mark(msgid: str) -> str:
    """Return the sentence as it is; tells the catalogue's test that it will be translated later.

    For sentences that are written down in one place and shown in another, such as the messages of
    a ``ConfigError``.
    """
    return msgid


def load_catalogue(language: str) -> Catalog:
    """Read the ``.po`` file of a language that is shipped with this package."""
    path = files("listening") / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    return read_po(BytesIO(path.read_bytes()), locale=language, domain=DOMAIN, abort_invalid=True)


class Translator:
    """One language: sentences, plurals, numbers, shares, days, instants."""

    def __init__(self, language: str, catalogue: Catalog) -> None:
        #: ``fr`` or ``en``.
        self.language = language
        self._locale = _LOCALES[language]
        compiled = BytesIO()
        if language == "fr":
            _apply_french_spaces(catalogue)
        write_mo(compiled, catalogue)  # leaves out what is fuzzy: English is better than wrong
        compiled.seek(0)
        self._messages = gettext.GNUTranslations(compiled)

    def gettext(self, msgid: str, /, **values: object) -> str:
        r"""Translate a sentence and fill in its fields.

        Without values nothing is filled in, and braces stay as they are. A sentence that is not in
        the catalogue comes back in English.

        >>> translator("fr").gettext("unknown key {name}", name="brand")
        'clé inconnue «\xa0brand\xa0»'
        """
        text = self._messages.gettext(msgid) if msgid else ""
        return text.format(**values) if values else text

    def ngettext(self, one: str, many: str, n: int, /, **values: object) -> str:
        """Translate a sentence that depends on a count; ``{n}`` in it is the count, formatted."""
        text = self._messages.ngettext(one, many, n)
        return text.format(**({"n": self.number(n)} | values))

    def number(self, x: float, digits: int = 0) -> str:
        r"""Write a number with thousands apart and exactly ``digits`` decimals; NaN is a dash.

        >>> translator("fr").number(1234.5, 1), translator("en").number(1234.5, 1)
        ('1\xa0234,5', '1,234.5')
        """
        if math.isnan(x):
            return NO_NUMBER
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        rounded = x if math.isinf(x) else round(x, digits) + 0.0  # no "-0"
        return _plain_spaces(format_decimal(rounded, format=pattern, locale=self._locale))

    def percent(self, share: float, digits: int = 0) -> str:
        r"""Write a share of 0..1 in percent; NaN is a dash.

        >>> translator("fr").percent(0.305, 1), translator("en").percent(0.3)
        ('30,5\xa0%', '30%')
        """
        if math.isnan(share):
            return NO_NUMBER
        standard = self._locale.percent_formats[None].pattern
        pattern = standard.replace("#,##0", "#,##0" + ("." + "0" * digits if digits else ""))
        rounded = round(share, digits + 2) + 0.0
        return _plain_spaces(format_percent(rounded, format=pattern, locale=self._locale))

    def date(self, d: dt.date) -> str:
        """Write a day in full: «20 novembre 2026», "20 November 2026".

        Raises:
            TypeError: Given an instant, whose day depends on a time zone: use ``datetime``.
        """
        if isinstance(d, dt.datetime):
            raise TypeError("an instant has no day without a time zone; use datetime(instant, tz)")
        text = _plain_spaces(format_date(d, "d MMMM y", locale=self._locale))
        if self.language == "fr" and d.day == 1:
            return f"1er{text[1:]}"  # CLDR has no ordinal for the first of the month
        return text

    def short_date(self, d: dt.date) -> str:
        """Write a day where there is little room: «20 nov.», "20 Nov"."""
        return format_date(d, "d MMM", locale=self._locale)

    def time(self, t: dt.time) -> str:
        """Write a time of day: 21:05 in both languages."""
        return format_time(t, "HH:mm", locale=self._locale)

    def datetime(self, instant: dt.datetime, tz: str) -> str:
        """Write an instant as the clock on the wall of an IANA time zone shows it.

        Raises:
            ValueError: The instant has no time zone of its own.
        """
        if instant.tzinfo is None:
            raise ValueError(f"instant must be aware, got {instant!r}")
        local = instant.astimezone(ZoneInfo(tz))
        return self.gettext(
            "{date} at {time}", date=self.date(local.date()), time=self.time(local.time())
        )

    def weekday(self, d: dt.date) -> str:
        """Name the day of the week: «vendredi», "Friday"."""
        return format_date(d, "EEEE", locale=self._locale)

    def list(self, items: Iterable[str]) -> str:
        """Join texts as a sentence does: «a, b et c», "a, b and c"."""
        return format_list([*items], locale=self._locale)


@cache
def translator(language: str) -> Translator:
    """Return the translator of ``fr`` or ``en``; built once per process.

    Raises:
        ValueError: There is no such language.
    """
    if language not in _LOCALES:
        raise ValueError(f"no such language: {language!r}; there are {', '.join(LANGUAGES)}")
    return Translator(language, load_catalogue(language))


def french_spaces(text: str) -> str:
    r"""Make the spaces before : ; ! ? % » and after « unbreakable.

    >>> french_spaces("« Bistrot » : 30 % ; et vous ?")
    '«\xa0Bistrot\xa0»\xa0: 30\xa0%\xa0; et vous\xa0?'
    """
    return _FRENCH_SPACE.sub("\u00a0", text)


def _apply_french_spaces(catalogue: Catalog) -> None:
    """Make the spaces before : ; ! ? % » and after « unbreakable, whatever was typed."""
    for message in catalogue:
        if not message.id:
            continue  # the header is no sentence
        if isinstance(message.string, str):
            message.string = french_spaces(message.string)
        else:
            message.string = tuple(french_spaces(text) for text in message.string or ())


def _plain_spaces(text: str) -> str:
    return text.replace("\u202f", "\u00a0")
