"""Dates relative to a page's clock, "Hier, 14:02" or "vor 3 Stunden", and names of far months.

Words of the languages that forum engines are translated into; texts are compared in small letters
and without accents.
"""

import re
import unicodedata
from datetime import datetime, timedelta

_SECOND, _MINUTE, _HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
_DAY, _WEEK, _MONTH, _YEAR = (timedelta(days=n) for n in (1, 7, 30, 365))
_UNIT_WORDS = {
    _SECOND: "s sec secs second seconds seconde secondes sekunde sekunden sek segundo segundos "
    "secondo secondi seconden sekund sekundy sekunder секунд секунды секунду сек",
    _MINUTE: "min mins mn minute minutes minuten minuto minutos minuti minuut minut minuty "
    "minutter minuter минут минуты минуту мин",
    _HOUR: "h hr hrs hour hours heure heures stunde stunden std hora horas ora ore uur godzin "
    "godziny godz timer timmar час часа часов",
    _DAY: "d day days j jour jours tag tage tagen dia dias giorno giorni dag dagen dni dzien dager "
    "dagar день дня дней",
    _WEEK: "w wk week weeks sem semaine semaines woche wochen semana semanas settimana settimane "
    "weken tydzien tygodnie tygodni uger veckor неделю недели недель",
    _MONTH: "mo month months mois monat monate monaten mes meses mese mesi maand maanden miesiac "
    "miesiace miesiecy maneder manader месяц месяца месяцев",
    _YEAR: "y yr yrs year years an ans annee annees jahr jahre jahren ano anos anno anni jaar rok "
    "lata lat aar ar год года лет",
}
_UNITS = {word: unit for unit, words in _UNIT_WORDS.items() for word in words.split()}
_ONE = frozenset({"a", "an", "one", "un", "une", "ein", "eine", "einem", "einer", "einen", "una",
                  "uno", "um", "uma", "een", "en", "et", "d'un", "d'une", "un'"})  # fmt: skip
_FEW = frozenset({"few", "quelques", "wenigen", "unos", "unas", "pochi", "pocos", "enkele"})
_AGO_WORD = re.compile(
    r"\bago\b|\bil y a\b|\bvor\b|\bhace\b|\bfa\b|\bgeleden\b|\bha\b|\batras\b|\bsiden\b|\bsedan\b|"
    r"\btemu\b|\bназад\b"  # noqa: RUF001 - Russian
)
_COUNTED = re.compile(
    r"(?:(?P<count>\d{1,4})|\b(?P<word>"
    + "|".join(sorted(_ONE | _FEW, key=len, reverse=True))
    + r"))\s*(?P<unit>[^\W\d_]+)"
)
_AND = re.compile(r"[\s,.]*(?:(?:and|et|und|y|e|en)\s+)?")
_JUST_NOW = re.compile(
    r"\b(?:just now|right now|a l'instant|(?:a )?moments? ago|a few seconds ago|instants?|"
    r"gerade eben|soeben|ahora mismo|adesso|zojuist|agora mesmo|przed chwila|только что)\b"
)

#: How many days back a word of a day means, longest words first.
_DAY_WORDS = {
    0: "today aujourd'hui heute hoy oggi vandaag hoje dzis dzisiaj idag dnes сегодня",
    1: "yesterday hier gestern ayer ieri gisteren ontem wczoraj igar vcera вчера",
    2: "avant-hier vorgestern anteayer antier eergisteren anteontem przedwczoraj позавчера",
}
_DAYS_BACK = {word: back for back, words in _DAY_WORDS.items() for word in words.split()}
_DAY_WORD = re.compile(
    r"(?<![\w-])(?:" + "|".join(sorted(_DAYS_BACK, key=len, reverse=True)) + r")(?![\w-])"
)
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday lundi montag lunes lunedi maandag",
            "tuesday mardi dienstag martes martedi dinsdag",
            "wednesday mercredi mittwoch miercoles mercoledi woensdag",
            "thursday jeudi donnerstag jueves giovedi donderdag",
            "friday vendredi freitag viernes venerdi vrijdag",
            "saturday samedi samstag sonnabend sabado sabato zaterdag",
            "sunday dimanche sonntag domingo domenica zondag",
        )
    )
    for name in names.split()
}
_WEEKDAY_AT = re.compile(
    rf"^\W*(?:last\s+|posted\s+)?(?P<day>{'|'.join(_WEEKDAYS)})\b"
    r"(?:\s+(?:at|a|um|a las|alle|om|as))?\W*(?=\d{1,2}\s*(?:[:h.]|[ap]\.?m))"
)
_TIME = re.compile(
    r"\b(?P<hour>\d{1,2})\s*[:h.]\s*(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"\s*(?P<half>[ap])?(?:\.?m\b)?|\b(?P<whole>\d{1,2})\s*(?P<side>[ap])\.?m\b"
)

#: Months that are unlike those of the West: first letters, and what to read them as.
_FAR_MONTHS = {
    "jan": "янв stycz sty ledna leden",
    "feb": "фев lut unor",
    "mar": "мар mrt brez bre",
    "apr": "апр kwi dubna duben",
    "may": "май мая kvet",
    "jun": "июн cze cerven cervna",
    "jul": "июл lip cervenec cervence",
    "aug": "авг sie srp",
    "sep": "сен wrz zari",
    "oct": "окт paz rij",
    "nov": "ноя lis",
    "dec": "дек gru pros",
}
_FAR = {word: month for month, words in _FAR_MONTHS.items() for word in words.split()}
_FAR_MONTH = re.compile(
    r"\b(?:" + "|".join(sorted(_FAR, key=len, reverse=True)) + r")\w*(?=\.?\s|\s*\d|$)"
)
_SHORT_YEAR = re.compile(r"(?<=\d) '(\d\d)\b")


def plain(text: str) -> str:
    """Return a text in small letters and without accents."""
    line = text.replace("’", "'").replace("\u202f", " ").replace("\xa0", " ").lower()
    line = line.replace("aujourd hui", "aujourd'hui").replace("avant hier", "avant-hier")
    kept = unicodedata.normalize("NFKD", line.replace("й", "\0")).replace("ł", "l")
    return "".join(one for one in kept if not unicodedata.combining(one)).replace("\0", "й")


def relative_date(flat: str, *, now: datetime) -> datetime | None:
    """Return the instant of a plain text such as "il y a 3 heures" or "lundi a 10:22", else None.

    Raises:
        OverflowError: "9999 years ago".
    """
    if word := _DAY_WORD.search(flat):
        return _at(now - timedelta(days=_DAYS_BACK[word.group()]), flat[word.end() :])
    if _AGO_WORD.search(flat) and (passed := _passed(flat)) is not None:
        return now - passed
    if _JUST_NOW.search(flat):
        return now
    if named := _WEEKDAY_AT.search(flat):
        back = (now.weekday() - _WEEKDAYS[named["day"]]) % 7 or 7
        return _at(now - timedelta(days=back), flat[named.end() :])
    return None


def with_known_months(flat: str) -> str:
    """Return a plain text whose months are English where their names are far from it.

    >>> with_known_months("17 ноября 2026, 14:02")
    '17 nov 2026, 14:02'
    """
    known = _FAR_MONTH.sub(lambda found: _far_month(found.group()), flat)
    return _SHORT_YEAR.sub(r" 20\1", known)


def _far_month(name: str) -> str:
    return next(_FAR[name[:size]] for size in range(len(name), 1, -1) if name[:size] in _FAR)


def _passed(flat: str) -> timedelta | None:
    """Return what has passed: the first counts with units that stand together."""
    flat = _AGO_WORD.sub(" ", flat)  # the "a" of "il y a" counts nothing
    total: timedelta | None = None
    end = -1
    for found in _COUNTED.finditer(flat):
        unit = _UNITS.get(found["unit"])
        word = found["word"]
        if unit is None:
            continue
        if total is not None and not _AND.fullmatch(flat, end, found.start()):
            break
        count = int(found["count"]) if found["count"] else int(word in _ONE)
        total = (total or timedelta()) + count * unit
        end = found.end()
    return total


def _at(day: datetime, rest: str) -> datetime | None:
    """Return the time a text names, on that day; midnight where it names none."""
    found = _TIME.search(rest)
    if found is None:
        return day.replace(hour=0, minute=0, second=0, microsecond=0)
    hour, half = int(found["hour"] or found["whole"]), found["half"] or found["side"]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    minute, second = int(found["minute"] or 0), int(found["second"] or 0)
    try:
        return day.replace(hour=hour, minute=minute, second=second, microsecond=0)
    except ValueError:
        return None
