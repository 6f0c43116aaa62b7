"""Shape of ``topics:`` and ``events:`` in ``client.yaml``: what is followed, what is expected."""

from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import Field, PlainValidator, field_validator

from listening.config.field import Line, Slug, Term, wrong
from listening.config.problem import shorten
from listening.config.spec import Spec
from listening.model import ClientEvent, Topic
from listening.translate import mark

#: The calendar of the warehouse.
FIRST_YEAR, LAST_YEAR = 2000, 2049
_LONGEST = timedelta(days=366)


def parse_day(value: Any) -> date:
    """Read ``2026-11-20``, or «20/11/2026» as French people write it.

    Raises:
        PydanticCustomError: It is no such day, or the calendar does not reach it.
    """
    if isinstance(value, date):
        return value
    text = value.strip() if isinstance(value, str) else ""
    if text.count("/") == 2:  # noqa: PLR2004 — day, month, year
        text = "-".join(part.zfill(2) for part in reversed(text.split("/")))
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise wrong(
            mark("{text} is no day"), mark('write "2026-11-20"'), text=shorten(str(value))
        ) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise wrong(
            mark("the calendar does not reach {text}"),
            mark("write a day from {first} to {last}"),
            text=text,
            first=str(FIRST_YEAR),
            last=str(LAST_YEAR),
        )
    return day


Day = Annotated[date, PlainValidator(parse_day)]


class TopicSpec(Spec):
    """One topic that mentions may be about, and the words that show it."""

    id: Slug
    """Short name used in tables and SQL."""

    name: Line
    """As people call it; shown to people."""

    name_en: Line | None = None
    """The same in English; none: name."""

    terms: Annotated[tuple[Term, ...], Field(min_length=1, max_length=500)]
    """Words and phrases, French and English, whatever their case and accents; each as it stands."""

    def to_topic(self) -> Topic:
        """Return the topic with its defaults filled in."""
        return Topic(
            topic_id=self.id,
            name_fr=self.name,
            name_en=self.name_en or self.name,
            terms=self.terms,
        )


class EventSpec(Spec):
    """One event of the client that explains what people say on its days."""

    name: Line
    """As people call it; shown beside the days."""

    day: Day
    """Its day, or the first one."""

    until: Day | None = None
    """Its last day, included; none: it lasts one day."""

    yearly: Annotated[bool, Field(strict=True)] = False
    """Whether it comes back every year on the same days."""

    judged: Annotated[bool, Field(strict=True)] = True
    """Whether alerts are told on its days; false: rules with a budget only note what they saw."""

    @field_validator("until", mode="after")
    @classmethod
    def _in_order(cls, until: date | None, info: object) -> date | None:
        day = getattr(info, "data", {}).get("day")
        if until is None or day is None:
            return until
        if until < day:
            raise wrong(
                mark("the event ends before it begins"), mark("write a later day, or swap the two")
            )
        if until - day >= _LONGEST:
            raise wrong(mark("the event lasts longer than a year"), mark("write an earlier day"))
        return until

    def to_event(self) -> ClientEvent:
        """Return the event with its last day filled in."""
        return ClientEvent(
            name=self.name,
            first_on=self.day,
            last_on=self.until or self.day,
            is_yearly=self.yearly,
            is_judged=self.judged,
        )
