"""Rules of ``alerts.yaml``: what each kind knows, told with file and line."""

from pathlib import Path

import pytest

from listening.config.load import find_problems, load_client
from listening.model import RuleKind, SourceType
from tests.builders import write_client


def problems_of(folder: Path, *rules: str) -> list[tuple[int | None, str]]:
    """Write one rule per line, the first in line 2; return line and sentence of each problem."""
    body = "rules:\n" + "".join(f"  - {{{rule}}}\n" for rule in rules)
    return [(one.line, one.message) for one in find_problems(write_client(folder, alerts=body))]


@pytest.mark.parametrize("kind", list(RuleKind))
def test_every_kind_loads_with_its_defaults(tmp_path: Path, kind: RuleKind) -> None:
    alerts = f"rules: [{{id: regle, kind: {kind}}}]\n"
    (rule,) = load_client(write_client(tmp_path / "bistrot", alerts=alerts)).rules

    judged = "tartine" if kind is RuleKind.COMPETITOR_SPIKE else "oeuf-a-la-coque"
    assert (rule.kind, rule.brands) == (kind, (judged,))
    counts = kind in {RuleKind.NEW_SOURCE, RuleKind.GRAVE_WORD, RuleKind.ANY}
    assert rule.fires_at == (1 if counts else None)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        pytest.param("kind: spike, query: prix", "query means nothing for the kind spike",
                     id="query-of-a-spike"),
        pytest.param("kind: any, minimum: 3", "minimum means nothing for the kind any",
                     id="minimum-of-any"),
        pytest.param("kind: flatline, threshold: 3", "threshold means nothing for the kind",
                     id="threshold-of-a-silence"),
        pytest.param("kind: spike, min_share: 0.2", "min_share means nothing for the kind spike",
                     id="share-of-all-tones"),
        pytest.param(
            'kind: spike, threshold: 9, false_alarm_budget: "1 par an"',
            "false_alarm_budget and threshold contradict each other", id="budget-and-threshold"),
        pytest.param('kind: spike, escalate_to: ["a@b.example"]',
                     "escalate_to means nothing without escalate_after", id="escalation-never"),
        pytest.param("kind: spike, inhibited_by: [autre]", "there is no other rule autre",
                     id="unknown-rule"),
        pytest.param("kind: spike, inhibited_by: [regle]", "there is no other rule regle",
                     id="itself"),
        pytest.param("kind: spike, sources: [gazete-lyon]",
                     "there is no source gazete-lyon in sources.yaml", id="unknown-source"),
        pytest.param("kind: spike, topics: [prix]", "there is no topic prix in client.yaml",
                     id="unknown-topic"),
        pytest.param("kind: any, query: '(prix'", "", id="broken-query"),
        pytest.param("kind: spikee", "spikee is none of the allowed values", id="unknown-kind"),
        pytest.param("kind: spike, quiet_hours: nuit", "this is no span of hours", id="rest"),
        pytest.param("kind: spike, escalate_after: 1m", "this duration is out of bounds",
                     id="escalates-at-once"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_work_is_told_with_its_line(
    tmp_path: Path, rule: str, message: str
) -> None:
    found = problems_of(tmp_path / "bistrot", "id: bonne, kind: spike", f"id: regle, {rule}")

    assert [line for line, _ in found] == [3]
    assert message in found[0][1]


def test_rules_that_silence_each_other_are_both_told(tmp_path: Path) -> None:
    found = problems_of(
        tmp_path / "bistrot",
        "id: a, kind: spike, inhibited_by: [b]",
        "id: b, kind: spike, inhibited_by: [c]",
        "id: c, kind: spike, inhibited_by: [a]",
        "id: d, kind: spike, inhibited_by: [a]",
    )

    assert [line for line, _ in found] == [2, 3, 4]


def test_a_rule_by_source_type_becomes_one_rule_for_each_that_is_read(tmp_path: Path) -> None:
    alerts = "rules: [{id: pic, kind: spike, group_by: source_type}]\n"
    rules = load_client(write_client(tmp_path / "bistrot", alerts=alerts)).rules

    assert [(rule.id, rule.base_id, rule.source_types) for rule in rules] == [
        ("pic.forum", "pic", (SourceType.FORUM,)),
        ("pic.press", "pic", (SourceType.PRESS,)),
    ]


def test_hours_of_a_rule_are_a_span_or_none(tmp_path: Path) -> None:
    alerts = (
        "rules:\n"
        '  - {id: nuit, kind: spike, quiet_hours: "22:00-08:00"}\n'
        "  - {id: toujours, kind: spike, quiet_hours: none}\n"
    )
    night, never = load_client(write_client(tmp_path / "bistrot", alerts=alerts)).rules

    assert night.model_dump(mode="json")["quiet_hours"] == "22:00-08:00"
    assert never.model_dump(mode="json")["quiet_hours"] == "none"
