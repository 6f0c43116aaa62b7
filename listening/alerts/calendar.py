"""Days that are known to differ: public holidays, and what the client announced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta, tzinfo

from listening.alerts.series import WEEK
from listening.model import ClientEvent, Window

#: A public holiday is expected to be like a Sunday; an announced day like those announced before.
_SUNDAY = 6
_ANNOUNCED = WEEK

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is known of days, in the client's time zone."""

    timezone: tzinfo
    holidays: Mapping[date, str] = field(default_factory=dict)  # name
    events: Sequence[ClientEvent] = ()

    def kind_of(self, window: Window) -> int:
        """Return what a window is compared with.

        That of a day is a weekday, 0..6 from Monday, or 7 for an announced event; a shorter
        one is a part of the day; longer ones are all alike.
        """
        length = window.end - window.start
        if length > _DAY:
            return 0
        middle = (window.start + length / 2).astimezone(self.timezone)
        if length < _DAY:
            return middle.hour // max(1, length // _HOUR)
        return self.kind_on(middle.date())

    def kind_on(self, day: date) -> int:
        """Return what a day is compared with: weekdays 0..6 from Monday, 7 for announced events."""
        if any(happens_on(event, day) for event in self.events):
            return _ANNOUNCED
        return _SUNDAY if day in self.holidays else day.weekday()

    def names_of(self, window: Window) -> tuple[str, ...]:
        """Return the holidays and events of a window's days, each once."""
        names: dict[str, None] = {}
        for day in self._days(window):
            if day in self.holidays:
                names[self.holidays[day]] = None
            names.update((event.name, None) for event in self.events if happens_on(event, day))
        return tuple(names)

    def is_paused(self, window: Window) -> bool:
        """Say whether an event that shall not be judged falls into the window."""
        return any(
            not event.is_judged and happens_on(event, day)
            for day in self._days(window)
            for event in self.events
        )

    def _days(self, window: Window) -> list[date]:
        """Return the days a window is about: of a day or less the one its middle lies in."""
        length = window.end - window.start
        if length <= _DAY:
            return [(window.start + length / 2).astimezone(self.timezone).date()]
        first = window.start.astimezone(self.timezone).date()
        last = (window.end - _HOUR).astimezone(self.timezone).date()
        return [first + n * _DAY for n in range((last - first).days + 1)]


def happens_on(event: ClientEvent, day: date) -> bool:
    """Say whether an event falls on a day; one of 29 February falls on the 28th in other years."""
    if not event.is_yearly:
        return event.first_on <= day <= event.last_on
    shifts = range(day.year - event.last_on.year, day.year - event.first_on.year + 1)
    return any(
        _in_year(event.first_on, shift) <= day <= _in_year(event.last_on, shift) for shift in shifts
    )


def _in_year(day: date, shift: int) -> date:
    year = day.year + shift
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)
