"""Mentions of one window, for rules that pick texts one by one instead of counting them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from listening.model import Polarity, Window
from storage.counts import EVERYTHING, Part
from storage.engine import Warehouse
from storage.queries import load_sql


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowMention:
    """One mention of a brand, with what a rule may pick it by."""

    brand_id: str
    document_id: str
    story_id: str
    author_key: str | None
    source_id: str
    source_weight: float
    source_type: str
    polarity: Polarity
    flags: frozenset[str]
    site: str  # host of its address, without its entrances; else its source
    is_new_site: bool  # the brand was named before, never by this site; False where not asked
    title: str
    text: str
    url: str | None
    language: str

    @property
    def full_text(self) -> str:
        """Title and text as the tagger reads them."""
        return f"{self.title}\n{self.text}" if self.title else self.text


def window_mentions(
    connection: Warehouse,
    brand_ids: Sequence[str],
    window: Window,
    *,
    part: Part = EVERYTHING,
    with_sites: bool = False,
) -> list[WindowMention]:
    """Return the mentions of these brands in a window.

    Args:
        connection: Writer or snapshot.
        brand_ids: Which brands.
        window: Half-open.
        part: Which mentions count at all.
        with_sites: Whether to look through the past for sites that never named a brand.
    """
    parameters = {
        "brand_ids": list(brand_ids),
        "window_start": window.start,
        "window_end": window.end,
        "with_sites": with_sites,
        **part.parameters(),
    }
    rows = connection.execute(load_sql("alerting/window_mentions"), parameters).fetchall()
    return [
        WindowMention(
            brand_id=row[0],
            document_id=row[1],
            story_id=row[2] or row[1],
            author_key=row[3],
            source_id=row[4],
            source_weight=row[5],
            source_type=row[6],
            polarity=Polarity(row[7]),
            flags=frozenset(row[8]),
            site=row[9],
            is_new_site=row[10],
            title=row[11],
            text=row[12],
            url=row[13],
            language=row[14],
        )
        for row in rows
    ]


def brand_starts(connection: Warehouse) -> dict[str, datetime]:
    """Return when each brand was first named."""
    return dict(connection.execute(load_sql("alerting/brand_starts")).fetchall())
