"""What must agree within the rules of ``alerts.yaml``, and with the other files.

A key that would change nothing for its kind of rule is told, not passed over: who writes it
believes that it does something.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from listening.config.field import closest
from listening.config.problem import Loc, problem, shorten
from listening.config.yaml_file import YamlFile
from listening.errors import ConfigError
from listening.model import RuleKind
from listening.translate import mark

_SPIKES: Final = frozenset(
    {
        RuleKind.NEGATIVE_SPIKE,
        RuleKind.POSITIVE_SPIKE,
        RuleKind.SPIKE,
        RuleKind.COMPETITOR_SPIKE,
    }
)
_HABIT: Final = _SPIKES | {RuleKind.SHARE_DROP, RuleKind.FLATLINE}

#: Keys that only some kinds know, and which.
_KINDS_OF: Final[Mapping[str, frozenset[RuleKind]]] = {
    "query": frozenset({RuleKind.ANY}),
    "min_weight": frozenset({RuleKind.GRAVE_WORD}),
    "min_share": frozenset({RuleKind.NEGATIVE_SPIKE, RuleKind.POSITIVE_SPIKE}),
    "false_alarm_budget": _HABIT,
    "minimum": _HABIT,
    "threshold": frozenset(RuleKind) - {RuleKind.SHARE_DROP, RuleKind.FLATLINE},
}

#: Keys that mean nothing without another one.
_NEEDS: Final = {"escalate_to": "escalate_after"}


def find_rule_clashes(
    client: YamlFile | None, sources: YamlFile | None, alerts: YamlFile
) -> Iterator[ConfigError]:
    """Yield what contradicts itself in the rules; None: that file cannot be read."""
    rules = _entries(alerts, "rules")
    for index, rule in rules:
        yield from _wrong_keys(alerts, index, rule)
        if sources:
            known = [str(one.get("id")) for _, one in _entries(sources, "sources")]
            message = mark("there is no source {name} in sources.yaml")
            yield from _unknown(alerts, ("rules", index, "sources"), rule, known, message)
        others = [str(one.get("id")) for _, one in rules if one is not rule]
        message = mark("there is no other rule {name}")
        yield from _unknown(alerts, ("rules", index, "inhibited_by"), rule, others, message)
        if client:
            topics = [str(one.get("id")) for _, one in _entries(client, "topics")]
            message = mark("there is no topic {name} in client.yaml")
            yield from _unknown(alerts, ("rules", index, "topics"), rule, topics, message)
            yield from _nobody_to_judge(client, alerts, index, rule)
    yield from _circles(alerts, rules)


def _entries(file: YamlFile, key: str) -> list[tuple[int, dict[str, Any]]]:
    entries = file.data.get(key)
    listed = entries if isinstance(entries, list) else []
    return [(index, entry) for index, entry in enumerate(listed) if isinstance(entry, dict)]


def _texts(value: Any) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _wrong_keys(file: YamlFile, index: int, rule: dict[str, Any]) -> Iterator[ConfigError]:
    kind = rule.get("kind")
    known_kind = RuleKind(kind) if kind in list(RuleKind) else None
    for key, kinds in _KINDS_OF.items():
        if key in rule and known_kind and known_kind not in kinds:
            yield _at_key(
                file,
                ("rules", index, key),
                mark("{key_name} means nothing for the kind {kind}"),
                mark("remove it; it is for: {kinds}"),
                key_name=key,
                kind=known_kind,
                kinds=", ".join(one for one in RuleKind if one in kinds),
            )
    for key in ("false_alarm_budget", "minimum"):
        if key in rule and "threshold" in rule and known_kind in _HABIT:
            yield _at_key(
                file,
                ("rules", index, key),
                mark("{key_name} and threshold contradict each other"),
                mark("keep one: a budget learns what is usual, a threshold stays the same"),
                key_name=key,
            )
    for key, other in _NEEDS.items():
        if rule.get(key) and not rule.get(other):
            yield _at_key(
                file,
                ("rules", index, key),
                mark("{key_name} means nothing without {other}"),
                mark("add {other}, or remove {key_name}"),
                key_name=key,
                other=other,
            )


def _at_key(file: YamlFile, loc: Loc, message: str, hint: str, **values: str) -> ConfigError:
    place = file.place_of(loc, is_key=True)
    return problem(message, path=file.path, place=place, loc=loc, hint=hint, **values)


def _unknown(
    file: YamlFile, loc: Loc, rule: dict[str, Any], known: list[str], message: str
) -> Iterator[ConfigError]:
    for position, name in enumerate(_texts(rule.get(str(loc[-1])))):
        if name in known:
            continue
        guess = closest(name, known)
        place = (*loc, position)
        yield problem(
            message,
            path=file.path,
            place=file.place_of(place),
            loc=place,
            hint=mark("did you mean {guess}?")
            if guess
            else mark("write one of: {allowed}")
            if known
            else None,
            name=shorten(name),
            guess=guess or "",
            allowed=", ".join(known),
        )


def _nobody_to_judge(
    client: YamlFile, alerts: YamlFile, index: int, rule: dict[str, Any]
) -> Iterator[ConfigError]:
    roles = {brand.get("role") for _, brand in _entries(client, "brands")}
    if rule.get("kind") == RuleKind.COMPETITOR_SPIKE and not rule.get("brands"):
        if "competitor" in roles:
            return
        yield _at_key(
            alerts,
            ("rules", index, "kind"),
            mark("no brand of client.yaml is a competitor"),
            mark("write role: competitor for one, or give the rule brands"),
        )


def _circles(file: YamlFile, rules: list[tuple[int, dict[str, Any]]]) -> Iterator[ConfigError]:
    """Yield the rules that silence each other: neither would ever speak."""
    above = {str(rule.get("id")): _texts(rule.get("inhibited_by")) for _, rule in rules}
    for index, rule in rules:
        name = str(rule.get("id"))
        waiting, seen = list(above[name]), set[str]()
        while waiting:
            other = waiting.pop()
            if other not in seen:
                seen.add(other)
                waiting += above.get(other, [])
        if name in seen and name not in above[name]:  # itself: told as no other rule
            yield _at_key(
                file,
                ("rules", index, "inhibited_by"),
                mark("rule {name} is silenced by rules that it silences"),
                mark("remove one of them from inhibited_by"),
                name=shorten(name),
            )
