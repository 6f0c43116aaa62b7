"""Types of single values in the configuration: names, durations, times, zones, budgets.

Each checks what a person wrote and says, through ``wrong``, what to write instead.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, PlainValidator
from pydantic_core import PydanticCustomError

from listening.config.problem import shorten
from listening.text import fold_term
from listening.translate import mark

#: Type of the pydantic errors whose message is a sentence of the catalogue.
OWN_ERROR = "vigie"


def wrong(
    message: str, hint: str | None = None, *, at: int = 0, **values: str
) -> PydanticCustomError:
    """Build a validation error out of sentences of the catalogue, for ``validate.py`` to place.

    ``at`` is the character of the value that is meant; the first when the whole value is.
    """
    return PydanticCustomError(
        OWN_ERROR, message, {"message": message, "hint": hint, "values": values, "at": at}
    )


def closest(word: str, known: list[str]) -> str | None:
    """Return the known word that was probably meant.

    >>> closest("tems", ["terms", "exact"])
    'terms'
    """
    found = get_close_matches(word.casefold(), known, n=1, cutoff=0.6)
    return found[0] if found else None


# -- texts --------------------------------------------------------------------------------------

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ARTICLE = re.compile(r"^(?:l|le|la|les|un|une|des|the) (?=.)")
_MAX_SLUG = 60


def slug_of(name: str) -> str:
    """Make an id of a name: folded, without the article, words joined by hyphens.

    >>> slug_of("L'Œuf à la Coque"), slug_of("H&M")
    ('oeuf-a-la-coque', 'h-m')
    """
    words = re.sub(r"[^a-z0-9]+", " ", fold_term(name)).strip()
    return _ARTICLE.sub("", words, count=1).replace(" ", "-")[:_MAX_SLUG].strip("-")


def each_once(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return a list as it is written, less what it repeats: saying a name twice changes nothing."""
    return tuple(dict.fromkeys(texts))


def is_slug(text: str) -> bool:
    """Say whether a text can be an id."""
    return _SLUG.fullmatch(text) is not None and len(text) <= _MAX_SLUG


def _check_slug(text: str) -> str:
    if is_slug(text):
        return text
    return _refuse_slug(text)


def _refuse_slug(text: str) -> str:
    message = mark("{text} cannot be an identifier")
    if suggestion := slug_of(text):
        hint = mark("write small letters, digits and hyphens only: {suggestion}")
        raise wrong(message, hint, text=shorten(text), suggestion=suggestion)
    raise wrong(message, mark("write small letters, digits and hyphens only"), text=shorten(text))


def _check_line(text: str) -> str:
    if not text.strip():
        raise wrong(mark("this text is empty"), mark("write a text, or remove the line"))
    if not text.isprintable():
        raise wrong(
            mark("this text has a line break or an invisible character in it"),
            mark("write it on one line"),
        )
    return text.strip()


def _check_term(text: str) -> str:
    if not any(character.isalnum() for character in fold_term(text)):
        raise wrong(
            mark("no letter and no digit is left of {text} when texts are compared"),
            mark("write a name with letters or digits in it"),
            text=shorten(text),
        )
    return text


Slug = Annotated[str, AfterValidator(_check_slug)]
Line = Annotated[str, Field(max_length=300), AfterValidator(_check_line)]
Term = Annotated[Line, AfterValidator(_check_term)]


# -- durations and times ------------------------------------------------------------------------

_UNITS = {"m": 1, "min": 1, "h": 60, "d": 1440, "j": 1440}  # in minutes; j as in «jours»
_DURATION = re.compile(r"([0-9]{1,6}) ?(m|min|h|d|j)")
CLOCK = re.compile(r"([01]?[0-9]|2[0-3])(?::|h)([0-5][0-9])")


def parse_duration(value: Any) -> timedelta:
    """Read ``30m``, ``24h`` or ``2d`` («2j»).

    Raises:
        PydanticCustomError: It is no such duration.
    """
    if isinstance(value, timedelta):
        return value
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise wrong(
            mark("this is no duration"),
            mark("write a number and m, h or d for minutes, hours or days: 30m, 24h, 2d"),
        )
    return timedelta(minutes=int(found[1]) * _UNITS[found[2]])


def write_duration(duration: timedelta) -> str:
    """Write a duration in the largest unit that divides it.

    >>> write_duration(timedelta(hours=48)), write_duration(timedelta(minutes=90))
    ('2d', '90m')
    """
    minutes = int(duration.total_seconds() // 60)
    for unit in ("d", "h"):
        if minutes and minutes % _UNITS[unit] == 0:
            return f"{minutes // _UNITS[unit]}{unit}"
    return f"{minutes}m"


@dataclass(frozen=True, slots=True)
class Between:
    """Limits of a duration, both allowed."""

    low: timedelta
    high: timedelta

    def __call__(self, duration: timedelta) -> timedelta:
        """Return the duration if it lies between the limits."""
        if self.low <= duration <= self.high:
            return duration
        raise wrong(
            mark("this duration is out of bounds"),
            mark("write a duration from {low} to {high}"),
            low=write_duration(self.low),
            high=write_duration(self.high),
        )


def parse_clock(value: Any) -> time:
    """Read a time of day: ``21:00`` or «21h00».

    Raises:
        PydanticCustomError: It is no such time.
    """
    if isinstance(value, time):
        return value
    found = CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise wrong(mark("this is no time of day"), mark('write hours and minutes: "21:00"'))
    return time(int(found[1]), int(found[2]))


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(write_duration, return_type=str, when_used="json"),
]
Clock = Annotated[time, PlainValidator(parse_clock)]


# -- time zones and budgets ---------------------------------------------------------------------


@cache
def _zones() -> Mapping[str, str]:
    """Return the IANA names by their folded form."""
    return {name.casefold(): name for name in sorted(available_timezones())}


def _check_zone(text: str) -> str:
    zones = _zones()
    folded = text.strip().casefold().replace(" ", "_")
    if zones.get(folded) == text:
        return text
    cities = {name.rsplit("/", 1)[-1]: name for name in zones}
    guess = folded if folded in zones else cities.get(folded) or closest(folded, list(zones))
    message = mark("there is no time zone {text}")
    if guess:
        hint = mark("did you mean {guess}?")
        raise wrong(message, hint, text=shorten(text), guess=zones[guess])
    raise wrong(message, mark("write one such as Europe/Paris"), text=shorten(text))


TimeZone = Annotated[str, AfterValidator(_check_zone)]


@dataclass(frozen=True, slots=True)
class FalseAlarmBudget:
    """How many false alarms a person accepts for one brand."""

    count: int
    per: Literal["month", "quarter", "year"]

    @property
    def per_day(self) -> float:
        """False alarms per brand and day."""
        return self.count * _PER_YEAR[self.per] / 365.25

    def __str__(self) -> str:
        return f"{self.count} per {self.per}"


_PER_YEAR = {"month": 12, "quarter": 4, "year": 1}
_PERIODS: Mapping[str, Literal["month", "quarter", "year"]] = {
    "month": "month", "mois": "month",
    "quarter": "quarter", "trimestre": "quarter",
    "year": "year", "an": "year", "annee": "year", "année": "year",
}  # fmt: skip
_BUDGET = re.compile(r"([1-9][0-9]{0,2}) *(?:per|par|/) *(\w+)")


def parse_budget(value: Any) -> FalseAlarmBudget:
    """Read ``1 per quarter`` or «1 par trimestre».

    Raises:
        PydanticCustomError: It is no such budget; zero is none either, since only a rule that
            never fires keeps it.
    """
    if isinstance(value, FalseAlarmBudget):
        return value
    found = _BUDGET.fullmatch(value.strip().casefold()) if isinstance(value, str) else None
    per = _PERIODS.get(found[2]) if found else None
    if found is None or per is None:
        raise wrong(
            mark("this does not say how many false alarms you accept"),
            mark('write "1 per quarter" (month, quarter or year); at least 1'),
        )
    return FalseAlarmBudget(int(found[1]), per)


Budget = Annotated[
    FalseAlarmBudget,
    PlainValidator(parse_budget),
    PlainSerializer(str, return_type=str, when_used="json"),
]


# -- lists --------------------------------------------------------------------------------------


def _none_to_empty(value: Any) -> Any:
    """Take a key whose entries are all commented out for an empty list."""
    return [] if value is None else value


#: Put on a list that may be empty.
EmptyAllowed = BeforeValidator(_none_to_empty)
