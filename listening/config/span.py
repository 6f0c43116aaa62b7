"""Hours of the day in a configuration, from when to when: ``08:00-19:00``."""

import re
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator

from listening.config.field import CLOCK, parse_clock, wrong
from listening.model import OffHours
from listening.translate import mark


def parse_span(value: Any) -> OffHours:
    """Read ``08:00-19:00`` («8h00-19h00»).

    Raises:
        PydanticCustomError: It is no such span, or it ends when it starts.
    """
    if isinstance(value, OffHours):
        return value
    parts = re.split(r"\s*[-–]\s*", value.strip()) if isinstance(value, str) else []
    hint = mark('write two times of day: "08:00-19:00"')
    if len(parts) != 2 or not all(CLOCK.fullmatch(part) for part in parts):  # noqa: PLR2004
        raise wrong(mark("this is no span of hours"), hint)
    start, end = map(parse_clock, parts)
    if start == end:
        raise wrong(mark("these hours end when they start"), hint)
    return OffHours(start, end)


def write_span(hours: OffHours) -> str:
    """Write a span as ``parse_span`` reads it.

    >>> write_span(parse_span("8h00-19h30"))
    '08:00-19:30'
    """
    return f"{hours.start:%H:%M}-{hours.end:%H:%M}"


Span = Annotated[
    OffHours,
    PlainValidator(parse_span),
    PlainSerializer(write_span, return_type=str, when_used="json"),
]
