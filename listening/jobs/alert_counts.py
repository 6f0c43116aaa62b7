"""What each rule looks at: windows counted in the warehouse, or texts picked one by one."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from listening.alerts.baseline import WANTED_WINDOWS
from listening.alerts.calendar import Calendar
from listening.alerts.kinds import tone_of, with_matches
from listening.config.alerts import COUNTED_KINDS, RuleSpec
from listening.config.load import ClientConfig
from listening.jobs.context import JobContext, author_hasher
from listening.jobs.queries import brand_of_query
from listening.model import BrandHours, Observation, Polarity, RuleKind, Window
from listening.text import fold
from sentiment.components.flags import RISK
from sentiment.matching import BrandMatcher
from sentiment.query.evaluate import Facts
from sentiment.surroundings import host_of
from storage.alert_context import public_holidays
from storage.counts import EVERYTHING, Part, hour_counts, window_observations
from storage.engine import Warehouse
from storage.picking import WindowMention, brand_starts, window_mentions
from storage.reach import Reach, source_reach

#: A brand that was first named less than this before the window has no habitual sites yet.
_SITES_AFTER: Final = timedelta(days=7)

Pick = Callable[[WindowMention], bool]
Series = Mapping[str, Sequence[Observation]]


class Counter:
    """Counts what rules look at, each part of the warehouse once.

    Args:
        context: The client.
        warehouse: Writer or snapshot.
        end: End of the windows under test.
        is_past: Whether that lies in the past, so that nobody asks who was visited lately.
        reach: That of the warehouse, when it is known.
    """

    def __init__(
        self,
        context: JobContext,
        warehouse: Warehouse,
        *,
        end: datetime,
        is_past: bool = False,
        reach: Reach | None = None,
    ) -> None:
        self._context = context
        self._warehouse = warehouse
        self._end = end
        self._is_past = is_past
        self._known: dict[tuple[timedelta, Polarity | None, Part], Series] = {}
        self._reach = reach

    def series(
        self, rule: RuleSpec, *, history: int = WANTED_WINDOWS
    ) -> dict[str, Sequence[Observation]]:
        """Return the windows of each brand of a rule, the oldest first.

        Rules that pick texts know no habit: theirs is the window under test alone.
        """
        part = part_of(rule)
        key = (rule.window, tone_of(rule.kind), part)
        if key not in self._known:
            self._reach = self._reach or source_reach(self._warehouse)
            self._known[key] = window_observations(
                self._warehouse,
                brand_ids=_judged_brands(self._context.config, self._context.config.rules, rule),
                end=self._end,
                window=rule.window,
                history=history,
                polarity=tone_of(rule.kind),
                part=part,
                is_past=self._is_past,
                reach=self._reach,
            )
        found = {brand_id: self._known[key][brand_id] for brand_id in rule.brands}
        return self._picked(rule, found) if rule.kind in COUNTED_KINDS else found

    def hours(
        self,
        polarity: Polarity | None,
        part: Part,
        *,
        brand_ids: Sequence[str],
        start: datetime,
    ) -> dict[str, BrandHours]:
        """Return the hours of brands from ``start`` on: new texts of a tone, of a part of all."""
        self._reach = self._reach or source_reach(self._warehouse)
        return hour_counts(
            self._warehouse,
            brand_ids=brand_ids,
            start=start,
            end=self._end,
            polarity=polarity,
            part=part,
            reach=self._reach,
        )

    def documents(self, rule: RuleSpec, brand_id: str, window: Window) -> list[str] | None:
        """Return the documents that a rule judged in a window; None: the negative mentions."""
        part, tone = part_of(rule), tone_of(rule.kind)
        if tone is Polarity.NEGATIVE and part == EVERYTHING:
            return None
        mentions = self._mentions(rule, [brand_id], window)
        if rule.kind in COUNTED_KINDS:
            pick = picker(self._context, rule)
            return [one.document_id for one in mentions if pick(one)]
        return [one.document_id for one in mentions if tone in {None, one.polarity}]

    def is_learning(self, rule: RuleSpec, brand_id: str) -> bool:
        """Say whether it is too early to call a site a new one for this brand."""
        if rule.kind is not RuleKind.NEW_SOURCE:
            return False
        first_at = brand_starts(self._warehouse).get(brand_id)
        return first_at is None or first_at > self._end - rule.window - _SITES_AFTER

    def _mentions(
        self, rule: RuleSpec, brand_ids: Sequence[str], window: Window
    ) -> list[WindowMention]:
        return window_mentions(
            self._warehouse,
            brand_ids,
            window,
            part=part_of(rule),
            with_sites=rule.kind is RuleKind.NEW_SOURCE,
        )

    def _picked(
        self, rule: RuleSpec, series: dict[str, Sequence[Observation]]
    ) -> dict[str, Sequence[Observation]]:
        if not series:
            return series
        newest = {brand_id: windows[-1] for brand_id, windows in series.items()}
        window = next(iter(newest.values())).window
        mentions = self._mentions(rule, rule.brands, window)
        pick = picker(self._context, rule)
        chosen: dict[str, list[WindowMention]] = {brand_id: [] for brand_id in rule.brands}
        for mention in mentions:
            if pick(mention):
                chosen[mention.brand_id].append(mention)
        return {
            brand_id: [with_matches(seen, _matches(rule.kind, chosen[brand_id]))]
            for brand_id, seen in newest.items()
        }


def calendar_of(context: JobContext, warehouse: Warehouse) -> Calendar:
    """Return what is known of days: the holidays of the warehouse, the client's events of now."""
    config = context.config
    return Calendar(
        ZoneInfo(config.timezone), public_holidays(warehouse, config.language), config.events
    )


def part_of(rule: RuleSpec) -> Part:
    """Return which mentions a rule looks at."""
    return Part(
        source_types=tuple(one.value for one in rule.source_types),
        source_ids=rule.sources,
        topics=rule.topics,
    )


def picker(context: JobContext, rule: RuleSpec) -> Pick:
    """Return what tells whether a rule picks a mention."""
    if rule.kind is RuleKind.NEW_SOURCE:
        return lambda mention: mention.is_new_site
    if rule.kind is RuleKind.GRAVE_WORD:
        return lambda mention: (
            RISK in mention.flags
            and mention.polarity is not Polarity.POSITIVE
            and mention.source_weight >= rule.min_weight
        )
    if rule.query is None:
        return bool  # every mention
    matcher = BrandMatcher(
        [brand_of_query(rule.query)], author_hasher(context.config.client_id, context.settings)
    )
    return lambda mention: _is_found(matcher, mention)


def _is_found(matcher: BrandMatcher, mention: WindowMention) -> bool:
    text = mention.full_text
    facts = Facts(
        title_length=len(mention.title),
        host=host_of(mention.url or ""),
        author_key=mention.author_key or "",
        language=mention.language,
        source_type=mention.source_type,
    )
    return bool(matcher.match(text, fold(text), facts).hits)


def _matches(kind: RuleKind, picked: Sequence[WindowMention]) -> list[tuple[str, str | None]]:
    """Return what is counted apart, and by whom: stories, or for new sites the sites."""
    if kind is RuleKind.NEW_SOURCE:
        return [(mention.site, None) for mention in picked]
    return [(mention.story_id, mention.author_key) for mention in picked]


def _judged_brands(
    config: ClientConfig, rules: Sequence[RuleSpec], rule: RuleSpec
) -> tuple[str, ...]:
    """Return the brands of all rules that look at the same part, to count it once."""
    alike = {
        brand_id
        for one in rules
        if (one.window, tone_of(one.kind), part_of(one))
        == (rule.window, tone_of(rule.kind), part_of(rule))
        for brand_id in one.brands
    }
    return tuple(
        brand.brand_id for brand in config.brands if brand.brand_id in {*alike, *rule.brands}
    )
