"""The chart of an alert mail as a PNG: bars of the last windows over the band of what is usual.

Drawn by Vega-Lite in process, from inline data: nothing is fetched, and no text from the web is
in it. The font ships with the library, so that the same figures are the same bytes.
"""

import json
import struct
import zlib
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import vl_convert

from listening.notify.plot import Plot
from listening.notify.sparkline import bars, figure_text
from listening.translate import Translator

#: Size on the screen in pixels, without axes; drawn twice as fine.
WIDTH, HEIGHT = 460, 140
_SCALE = 2

_DAY = timedelta(days=1)
_GREY, _BAND = "#5b6773", "#e3ede7"
_FILLS = {"usual": "#9fadba", "apart": "#d98d6a", "unread": "#e3e6ea"}
_LOCALES: Final[Mapping[str, Literal["fr-FR", "en-US"]]] = {"fr": "fr-FR", "en": "en-US"}

#: First bytes of every PNG, and the place of the first chunk (ISO/IEC 15948 §5.2).
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chart_png(plot: Plot, *, timezone: str, tone: str, tr: Translator) -> bytes:
    """Draw the last windows, the newest in the colour ``tone``.

    Raises:
        ValueError: The figures could not be drawn.
    """
    spec = _spec(plot, timezone=timezone, tone=tone, tr=tr)
    return _drawn(json.dumps(spec, sort_keys=True), _LOCALES[tr.language])


@lru_cache(maxsize=16)
def _drawn(spec: str, locale: Literal["fr-FR", "en-US"]) -> bytes:
    """Draw once for all recipients of one language."""
    drawn = vl_convert.vegalite_to_png(
        spec,
        scale=_SCALE,
        format_locale=locale,
        allowed_base_urls=[],
    )
    return smaller(drawn)


def smaller(png: bytes) -> bytes:
    """Pack the same pixels as tightly as zlib can: the library packs in haste, six times larger."""
    chunks, place = [], len(_SIGNATURE)
    packed = b""
    while place < len(png):
        (length,) = struct.unpack_from(">I", png, place)
        kind = png[place + 4 : place + 8]
        content = png[place + 8 : place + 8 + length]
        place += length + 12
        if kind == b"IDAT":
            packed += content
        elif kind == b"IEND":
            chunks.append((b"IDAT", zlib.compress(zlib.decompress(packed), 9)))
            chunks.append((kind, content))
        else:
            chunks.append((kind, content))
    return _SIGNATURE + b"".join(
        struct.pack(">I", len(content)) + kind + content + _checksum(kind + content)
        for kind, content in chunks
    )


def _checksum(content: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(content))


def _spec(plot: Plot, *, timezone: str, tone: str, tr: Translator) -> dict[str, Any]:
    shown = plot.figures
    labels = json.dumps(_labels(plot, timezone, tr))
    fills = _FILLS | {"last": tone}
    rows = [
        {"at": place, "count": one.value, "fill": fills[bar.kind]}
        for place, (one, bar) in enumerate(zip(shown, bars(plot, tr), strict=True))
    ]
    x = {
        "field": "at",
        "type": "ordinal",
        "scale": {"paddingInner": 0.2, "paddingOuter": 0.1},
        "axis": {
            "title": None,
            "labelAngle": 0,
            "ticks": False,
            "values": list(range(len(shown) - 1, -1, -7)),
            "labelExpr": f"{labels}[datum.value]",
        },
    }
    y = {
        "field": "count",
        "type": "quantitative",
        "axis": {"title": None, "tickCount": 4} | _ticks(is_share=plot.is_share),
    }
    newest = {"filter": f"datum.at == {len(shown) - 1}"}
    figure = {"type": "text", "dy": -7, "fontWeight": "bold", "fontSize": 13, "color": tone}
    band = {"type": "rect", "color": _BAND}
    usual = plot.usual
    edges = {"y": {"datum": usual.low}, "y2": {"datum": usual.high}} if usual else {}
    newest_text = figure_text(shown[-1].value, is_share=plot.is_share, tr=tr)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": WIDTH,
        "height": HEIGHT,
        "background": "#ffffff",
        "data": {"values": rows},
        "layer": [
            *([{"mark": band, "data": {"values": [{}]}, "encoding": edges}] if usual else []),
            {
                "mark": "bar",
                "encoding": {"x": x, "y": y, "color": {"field": "fill", "scale": None}},
            },
            {
                "mark": figure,
                "transform": [newest],
                "encoding": {"x": x, "y": y, "text": {"value": newest_text}},
            },
        ],
        "config": {
            "font": "Liberation Sans",
            "view": {"stroke": None},
            "axis": {"labelColor": _GREY, "domainColor": _GREY, "labelFontSize": 13},
            "axisY": {"gridColor": "#eef1f4", "domain": False, "ticks": False},
        },
    }


def _ticks(*, is_share: bool) -> dict[str, Any]:
    return {"format": ".0%"} if is_share else {"format": ",d", "tickMinStep": 1}


def _labels(plot: Plot, timezone: str, tr: Translator) -> list[str]:
    """Name each window by its last day, or by the time it ends when it is shorter than a day."""
    zone = ZoneInfo(timezone)
    newest = plot.figures[-1].window
    ends = [one.window.end.astimezone(zone) for one in plot.figures]
    if newest.end - newest.start >= _DAY:
        return [tr.short_date(end.date()) for end in ends]
    return [tr.time(end.time()) for end in ends]
