"""The demonstration's past: one night of nine days ago, the query of then, what people did since.

A database that was made an hour ago has no answer to half of an analyst's questions: no query was
changed in it, nobody corrected a tone, handled a mention or judged an alert. So before the first
night that the demonstration shows, the one after the competitor's great day is played, with the
query that the invented team had then, and what the team did is taken down.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import urlsplit

import yaml

from listening.config.load import CLIENT_FILE, FILE_NAMES, ClientConfig, load_client
from listening.demo.compose import DemoItem, local_instant
from listening.demo.history import HISTORY_DAYS
from listening.demo.plot import plot_of
from listening.demo.site import DemoSite
from listening.demo.world import OWN_BRAND, Fault, demo_sources
from listening.jobs.alert_actions import Person, judge_alert, take_in_charge
from listening.jobs.context import JobContext, client_folder, client_paths, client_salt
from listening.jobs.nightly import run_night
from listening.jobs.notify import send_pending
from listening.jobs.summary import open_alerts
from listening.settings import Settings
from storage.actions import ActionKind, MentionAction, record_action
from storage.engine import open_writer
from storage.shipped import shipped_query

#: Who looks after the invented bistro's name.
CAMILLE: Final = "camille"
NADIA: Final = "nadia"

#: When nights are run, and when Camille has read what they brought.
_NIGHT, _MORNING = time(2), time(8, 20)

#: What the own brand's query knew nothing of: the recipes, and the initials.
_NOT_YET: Final = ("context", "exclude", "exact")

#: Hours until a negative mention was answered, in turn; None: nobody has.
ANSWERED_AFTER_H: Final = (1, 3, 8, 30, None)
#: So many of the oldest mentions were read and given the tone they have.
LABEL_COUNT: Final = 40

Row = Mapping[str, Any]


def play_past(settings: Settings, *, client_id: str, evenings: Sequence[date], port: int) -> None:
    """Play the past of a client that has none yet, so that the next night finds one.

    Args:
        settings: Of the machine.
        client_id: The demonstration's client.
        evenings: The bad evenings; the first of them dates everything.
        port: Of the demonstration's web.
    """
    peak_day = plot_of(evenings).rival_peak_day
    paths = client_paths(client_id, settings)
    if peak_day is None or paths.writer.exists():
        return
    client_salt(client_id, settings)  # made before there is any data
    day = peak_day + timedelta(days=1)
    then, morning = local_instant(day, _NIGHT), local_instant(day, _MORNING)
    with TemporaryDirectory() as scratch:
        config = earlier_config(client_folder(client_id, settings), Path(scratch))
    context = JobContext(config, paths, settings, lambda: then)
    days = HISTORY_DAYS - (min(evenings) - peak_day).days  # as far back as the feeds of tonight
    with DemoSite(until=then, buzz_days=evenings, days=days, port=port, slow_s=0.0) as site:
        run_night(context, run_id=f"past__{then:%Y%m%dT%H%M%S}", now=then)
    context = replace(context, clock=lambda: morning)
    send_pending(context)
    _judge_alerts(context, morning)
    _take_down(context, site.items, morning)


def earlier_config(folder: Path, scratch: Path) -> ClientConfig:
    """Return a client's configuration as it was: the query simpler, the dead host not listed yet.

    Args:
        folder: The client's folder.
        scratch: An empty folder for the files of then.

    Raises:
        ConfigError: The configuration is broken.
    """
    copy = scratch / folder.name
    copy.mkdir()
    for name in FILE_NAMES:
        text = (folder / name).read_text(encoding="utf-8")
        if name == CLIENT_FILE:
            client = yaml.safe_load(text)
            for brand in client["brands"]:
                if brand["id"] == OWN_BRAND:
                    for key in _NOT_YET:
                        brand.pop(key, None)
            text = json.dumps(client, ensure_ascii=False)  # which is YAML, every word in quotes
        (copy / name).write_text(text, encoding="utf-8")
    config = load_client(copy)
    added_since = {one.source_id for one in demo_sources() if one.fault is Fault.REFUSED}
    known = tuple(one for one in config.sources if one.source_id not in added_since)
    return replace(config, sources=known)


def deeds(
    mentions: Sequence[Row], items: Sequence[DemoItem], until: datetime
) -> list[MentionAction]:
    """Return what the team did with the mentions it knew at an instant.

    Args:
        mentions: Of the own brand, oldest first (``reading/watched_mentions``).
        items: What the web showed, with its truth.
        until: Everything was done by then; who would have answered later has not.
    """
    truth = {item.path: item.truth for item in items}
    found = []
    for number, row in enumerate(mentions[:LABEL_COUNT]):
        tone = truth[urlsplit(row["url"]).path].get(row["brand_id"])
        if tone is not None:
            at = until - timedelta(minutes=LABEL_COUNT - number)
            found.append(_deed(row, ActionKind.POLARITY, tone.value, CAMILLE, at))
    negatives = [row for row in mentions if row["polarity"] == "negative"]
    for number, row in enumerate(negatives):
        hours = ANSWERED_AFTER_H[number % len(ANSWERED_AFTER_H)]
        if hours is None or row["mentioned_at"] + timedelta(hours=hours) > until:
            continue
        at = row["mentioned_at"] + timedelta(hours=hours)
        who = (CAMILLE, NADIA)[number % 2]
        found.append(_deed(row, ActionKind.OWNER, who, who, at))
        found.append(_deed(row, ActionKind.STATUS, "answered", who, at))
    return sorted(found, key=lambda deed: deed.acted_at)


def _deed(row: Row, kind: ActionKind, value: str, actor: str, at: datetime) -> MentionAction:
    return MentionAction(
        document_id=row["document_id"],
        brand_id=row["brand_id"],
        kind=kind,
        value=value,
        actor=actor,
        acted_at=at,
    )


def _judge_alerts(context: JobContext, now: datetime) -> None:
    """Take what is open in charge, and call it true: it was."""
    for alert in open_alerts(context):
        person = Person(actor=CAMILLE, now=now)
        take_in_charge(context, alert["fingerprint"], person)
        judge_alert(context, alert["fingerprint"], person, is_true=True)


def _take_down(context: JobContext, items: Sequence[DemoItem], now: datetime) -> None:
    mentions = shipped_query(context.paths.snapshot, "reading/watched_mentions")
    with open_writer(context.paths.writer) as warehouse:
        for deed in deeds(mentions, items, now):
            record_action(warehouse, deed)
