"""Dimensions: what the configuration says, copied into the warehouse beside the facts."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple
from datetime import datetime, timedelta
from typing import Any

import duckdb

from listening.errors import StorageError
from listening.model import Brand, ClientEvent, PublicHoliday, Source, Topic
from listening.translate import mark
from storage.engine import transaction
from storage.queries import load_sql
from storage.rows import COUNT, DAY, FLAG, REAL, TEXT, TEXTS, arrow_table, registered

_BRANDS = {
    "brand_id": TEXT,
    "name": TEXT,
    "role": TEXT,
    "terms": TEXTS,
    "exact_terms": TEXTS,
    "context_terms": TEXTS,
    "excluded_terms": TEXTS,
    "query": TEXT,
    "query_version": TEXT,
}
_SOURCES = {
    "source_id": TEXT,
    "kind": TEXT,
    "url": TEXT,
    "source_type": TEXT,
    "title": TEXT,
    "language": TEXT,
    "weight": REAL,
    "poll_every_us": COUNT,
}
_RULES = {
    "rule_id": TEXT,
    "kind": TEXT,
    "severity": TEXT,
    "brand_ids": TEXTS,
    "definition": TEXT,
}
_TOPICS = {"topic_id": TEXT, "name_fr": TEXT, "name_en": TEXT, "terms": TEXTS}
_EVENTS = {"name": TEXT, "first_on": DAY, "last_on": DAY, "is_yearly": FLAG, "is_judged": FLAG}
#: Its holidays are in the calendar from the start.
_SHIPPED_COUNTRY = "FR"
_HOLIDAYS = {"day_on": DAY, "name_fr": TEXT, "name_en": TEXT}


def sync_dimensions(
    connection: duckdb.DuckDBPyConnection,
    *,
    client_id: str,
    name: str,
    timezone: str,
    language: str,
    brands: Sequence[Brand],
    sources: Sequence[Source],
    rules: Sequence[Mapping[str, Any]],
    topics: Sequence[Topic] = (),
    events: Sequence[ClientEvent] = (),
    country: str = "FR",
    holidays_of: Callable[[str], Sequence[PublicHoliday]] | None = None,
    now: datetime,
) -> None:
    """Make the dimensions say what the configuration says, in one transaction.

    What left the configuration stays and becomes inactive. A row that did not change is not
    written, so that a second night changes nothing.

    Args:
        connection: The writer.
        client_id: The client this file belongs to; a file is never shared.
        name: Displayed name of the client.
        timezone: IANA zone in which views cut days.
        language: fr or en.
        brands: The whole watchlist.
        sources: All sources.
        rules: All alert rules: ``id``, ``kind``, ``severity``, ``brands`` and whatever else a rule
            has; the whole mapping is kept as JSON.
        topics: All topics.
        events: The client's own events, which go into the calendar.
        country: Whose public holidays the calendar shall have.
        holidays_of: Gives them, for all years of the calendar; asked when the country changed.
        now: Written beside what changed.

    Raises:
        StorageError: The file belongs to another client, or the time zone is unknown.
    """
    owner = connection.execute("SELECT client_id FROM dim_clients").fetchone()
    if owner and owner[0] != client_id:
        raise StorageError(
            mark("this warehouse belongs to client {owner}, not to {client}"),
            owner=owner[0],
            client=client_id,
        )
    _require_timezone(connection, timezone)
    client = {
        "client_id": client_id, "name": name, "language": language, "timezone": timezone,
        "country": country,
    }  # fmt: skip
    known = connection.execute("SELECT country FROM dim_clients").fetchone()
    is_moved = country != (known[0] if known else _SHIPPED_COUNTRY)
    holidays = holidays_of(country) if holidays_of and is_moved else ()
    with (
        transaction(connection),
        registered(
            connection,
            incoming_brands=arrow_table(_BRANDS, map(_brand_row, brands)),
            incoming_sources=arrow_table(_SOURCES, map(_source_row, sources)),
            incoming_rules=arrow_table(_RULES, map(_rule_row, rules)),
            incoming_topics=arrow_table(_TOPICS, map(_topic_row, topics)),
            incoming_events=arrow_table(_EVENTS, map(astuple, events)),
            incoming_holidays=arrow_table(_HOLIDAYS, map(astuple, holidays)),
        ),
    ):
        connection.execute(load_sql("dimensions/upsert_client"), client | {"now": now})
        for thing in ("brands", "sources", "rules", "topics"):
            connection.execute(load_sql(f"dimensions/upsert_{thing}"), {"now": now})
            connection.execute(load_sql(f"dimensions/retire_{thing}"), {"now": now})
        connection.execute(load_sql("dimensions/set_events"))
        if holidays:
            connection.execute(load_sql("dimensions/set_holidays"))


def _require_timezone(connection: duckdb.DuckDBPyConnection, timezone: str) -> None:
    found = connection.execute(
        "SELECT count(*) FROM pg_timezone_names() WHERE name = $1", [timezone]
    ).fetchone()
    if found == (0,):
        raise StorageError(mark("unknown time zone: {timezone}"), timezone=timezone)


def _brand_row(brand: Brand) -> tuple[Any, ...]:
    return (
        brand.brand_id,
        brand.name,
        brand.role.value,
        list(brand.terms),
        list(brand.exact_terms),
        list(brand.context_terms),
        list(brand.excluded_terms),
        brand.query,
        brand.query_version,
    )


def _source_row(source: Source) -> tuple[Any, ...]:
    return (
        source.source_id,
        source.kind.value,
        source.url,
        source.source_type.value,
        source.title,
        source.language,
        source.weight,
        source.poll_every // timedelta(microseconds=1),
    )


def _rule_row(rule: Mapping[str, Any]) -> tuple[Any, ...]:
    definition = json.dumps(dict(rule), ensure_ascii=False, sort_keys=True, default=str)
    brand_ids = [str(brand_id) for brand_id in rule.get("brands", ())]
    severity = str(rule.get("severity", "warning"))
    return (str(rule["id"]), str(rule["kind"]), severity, brand_ids, definition)


def _topic_row(topic: Topic) -> tuple[Any, ...]:
    return (topic.topic_id, topic.name_fr, topic.name_en, list(topic.terms))
