"""How often a series has looked unusual already: the calibration on a client's own history.

The line of ``calibration.py`` was fitted on simulated brands. A brand that bursts every few days
passes it again and again; its own unusual days then say what is unusual for it. Nothing is ever
made more sensitive by this: a calm quarter does not promise a calm year.
"""

from listening.alerts.numbers import Numbers, Value

#: So many days are remembered, a quarter; so many ordinary ones are believed of every brand.
_REMEMBERED = 90
_BELIEVED = 20

#: One day in ten, and one in five, looks at least so unusual. Simulated brands, their waves
#: included, reach 1.2 to 1.7 on one day in ten; what stays below ``_USUAL`` is left alone.
_OFTEN, _SELDOM = 0.8, 0.9
_USUAL = 1.9

#: What such a day is worth as a promise, once it is known to be the brand's own: one day in ten, of
#: which every second begins an alarm.
_OWN = 1.3

#: The step between the two, on brands that burst as simulated ones do.
_STEP = 0.4

#: A brand is wholly judged by its own steps when its unusual days are so much beyond the usual.
_SURE = 1.0


class Habit:
    """The most unusual moment of each day of many series.

    Args:
        numbers: One series, or many.
    """

    def __init__(self, numbers: Numbers) -> None:
        self._n = numbers
        self._days: list[Value] = [numbers.full(0.0)] * _BELIEVED
        self._today = numbers.full(0.0)
        self._often = self._seldom = numbers.full(0.0)

    def note(self, score: Value) -> None:
        """Take a score of the current day: -log10 of false alarms a day; NaN counts as ordinary."""
        self._today = self._n.where(score > self._today, score, self._today)

    def end_day(self) -> None:
        """Remember the day and begin the next one."""
        self._days.append(self._today)
        if len(self._days) > _REMEMBERED + _BELIEVED:
            # the ordinary ones stay: they are what is believed of every brand
            del self._days[_BELIEVED]
        self._today = self._n.full(0.0)
        size = len(self._days)
        ranks = int(_OFTEN * size), int(_SELDOM * size)
        self._often, self._seldom = self._n.ranked(self._days, ranks)

    def judged(self, score: Value) -> Value:
        """Return a score on the scale of the promise: as it is, or lower where bursts are usual."""
        n = self._n
        usual = n.maximum(self._seldom, _USUAL)
        steps = n.maximum((usual - self._often) / _STEP - 1.0, 0.0)
        trust = n.minimum((usual - _USUAL) / _SURE, 1.0)
        worth = _USUAL - (_USUAL - _OWN) * trust
        beyond = worth + (score - usual) / (1.0 + steps * trust)
        return n.where(score > usual, beyond, score * (worth / usual))
