"""What is behind an alert: texts, shares that add up, its pace, SQL that gives the figure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from listening.model import Halves, Polarity, Window
from storage.counts import EVERYTHING, Part
from storage.engine import Warehouse
from storage.queries import load_sql

#: A statement with more ids than this is not for people to paste.
_MOST_IDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDocument:
    """One document that a mail shows; it stands for its whole story."""

    document_id: str
    title: str
    url: str | None
    source_id: str
    source_title: str
    mentioned_at: datetime
    score: float
    story_id: str
    story_document_count: int  # documents of the story among those looked at
    flags: tuple[str, ...]
    weight: float  # editorial weight of the source
    reply_count: int  # replies that were collected


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDocuments:
    """The texts that a mail shows, in two orders."""

    representative: tuple[AlertDocument, ...] = ()
    read: tuple[AlertDocument, ...] = ()
    #: Whether weights and replies tell one text from another; if not, ``read`` is any order.
    is_reading_known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertShare:
    """What one topic, source, author or term accounts for; shares of one kind add up to 1."""

    kind: str  # topic, source, author, term
    key: str | None  # None: what has no such value
    label: str  # for people
    text_share: float  # of the different texts, 0..1
    author_share: float  # of the authors, a source standing in for those without a name
    value_count: int  # how many values of this kind there are
    text_count: int  # of all
    author_count: int


def alert_documents(
    connection: Warehouse,
    brand_id: str,
    window: Window,
    *,
    limit: int,
    tone: Polarity | None = Polarity.NEGATIVE,
    document_ids: Sequence[str] | None = None,
) -> AlertDocuments:
    """Return the stories of a brand in a window that show best what happened.

    Args:
        connection: Writer or snapshot.
        brand_id: The brand.
        window: Where.
        limit: Stories in each order.
        tone: What is looked for; None: every tone.
        document_ids: The documents meant; None: the negative ones.
    """
    parameters = _parameters(brand_id, window, limit, tone, document_ids)
    rows = connection.execute(load_sql("alerting/alert_documents"), parameters).fetchall()
    lists: dict[str, list[AlertDocument]] = {"representative": [], "read": []}
    for row in rows:
        lists[row[0]].append(
            AlertDocument(
                document_id=row[1],
                title=row[2],
                url=row[3],
                source_id=row[4],
                source_title=row[5],
                mentioned_at=row[6],
                score=row[7],
                story_id=row[8],
                story_document_count=row[9],
                flags=tuple(row[10]),
                weight=row[11],
                reply_count=row[12],
            )
        )
    return AlertDocuments(
        representative=tuple(lists["representative"]),
        read=tuple(lists["read"]),
        is_reading_known=any(row[13] > 0 for row in rows),
    )


def alert_shares(
    connection: Warehouse,
    brand_id: str,
    window: Window,
    *,
    limit: int,
    language: str,
    tone: Polarity | None = Polarity.NEGATIVE,
    document_ids: Sequence[str] | None = None,
) -> list[AlertShare]:
    """Return by topic, source, author and term what is behind a window.

    The largest ``limit`` values of each kind, and what has none; what is missing up to 1 is the
    rest. Arguments as for ``alert_documents``; ``language`` names the topics.
    """
    parameters = _parameters(brand_id, window, limit, tone, document_ids) | {"language": language}
    rows = connection.execute(load_sql("alerting/alert_shares"), parameters).fetchall()
    return [
        AlertShare(
            kind=row[0],
            key=row[1],
            label=row[2],
            text_share=row[3],
            author_share=row[4],
            value_count=row[5],
            text_count=row[6],
            author_count=row[7],
        )
        for row in rows
    ]


def window_pace(
    connection: Warehouse,
    brand_id: str,
    window: Window,
    *,
    tone: Polarity | None,
    part: Part,
    window_count: int,
) -> Halves:
    """Return how a brand's texts of one tone are spread over the halves of a window.

    ``window_count``: how many windows before it say what is usual.
    """
    parameters = {
        "brand_id": brand_id,
        "window_end": window.end,
        "window_us": (window.end - window.start) // timedelta(microseconds=1),
        "window_count": window_count,
        "tone": tone,
        **part.parameters(),
    }
    (row,) = connection.execute(load_sql("alerting/window_pace"), parameters).fetchall()
    return Halves(*row)


def reproduction_sql(
    brand_id: str,
    window: Window,
    *,
    tone: Polarity | None = Polarity.NEGATIVE,
    part: Part = EVERYTHING,
    document_ids: Sequence[str] | None = None,
    is_share: bool = False,
) -> str:
    """Return the statement that reproduces an alert's figure, ready to paste; perhaps none.

    Args:
        brand_id: The brand.
        window: Where.
        tone: Of the mentions that are counted; None: every tone.
        part: Which mentions count at all.
        document_ids: What a rule picked, instead of a tone; of too many there is no statement.
        is_share: The figure is a share of all watched brands.
    """
    if document_ids is not None and len(document_ids) > _MOST_IDS:
        return ""
    lists = part.parameters() | {"document_ids": list(document_ids or ())}
    values = {
        "brand_id": _quoted(brand_id),
        "window_start": f"TIMESTAMPTZ {_quoted(window.start.isoformat(sep=' '))}",
        "window_end": f"TIMESTAMPTZ {_quoted(window.end.isoformat(sep=' '))}",
        "tone": _quoted(tone) if tone and document_ids is None else "",
    } | {
        name: f"[{', '.join(map(_quoted, found))}]" if found else ""
        for name, found in lists.items()
    }
    name = "alerting/reproduction_share" if is_share else "alerting/reproduction"
    lines = [line for line in load_sql(name).strip().rstrip(";").splitlines() if line[:2] != "--"]
    kept = [line for line in lines if all(values[one] for one in _names(line))]
    return (
        "\n".join(re.sub(r"\$(\w+)", lambda found: values[found.group(1)], line) for line in kept)
        + ";"
    )


def _names(line: str) -> list[str]:
    return re.findall(r"\$(\w+)", line)


def _quoted(text: str) -> str:
    """Write a slug, an id or an instant of ours as a SQL text."""
    return "'" + text.replace("'", "''") + "'"


def _parameters(
    brand_id: str,
    window: Window,
    limit: int,
    tone: Polarity | None,
    document_ids: Sequence[str] | None,
) -> dict[str, Any]:
    return {
        "brand_id": brand_id,
        "window_start": window.start,
        "window_end": window.end,
        "row_limit": limit,
        "tone": tone,
        "document_ids": None if document_ids is None else list(document_ids),
    }
