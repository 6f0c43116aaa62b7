"""The chart of an alert mail: a small PNG, the same each time, of the windows it is given."""

import struct
import subprocess
import sys
import zlib
from datetime import timedelta

import pytest
import vl_convert

from listening.model import Baseline, Observation
from listening.notify.chart import HEIGHT, WIDTH, chart_png, smaller
from listening.translate import translator
from tests.builders import make_observation, make_series

BASELINE = Baseline(center=5, dispersion=1.2, window_count=28, low=3, high=9)
TONE = "#a3262b"


def draw(
    history: tuple[Observation, ...], baseline: Baseline | None = BASELINE, language: str = "fr"
) -> bytes:
    png = chart_png(history, baseline, timezone="Europe/Paris", tone=TONE, tr=translator(language))
    assert png is not None
    return png


def pixels(png: bytes) -> bytes:
    """Return the filtered rows; fails unless signature and every checksum are right."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    place, packed = 8, b""
    while place < len(png):
        (length,) = struct.unpack_from(">I", png, place)
        content = png[place + 4 : place + 8 + length]
        (checksum,) = struct.unpack_from(">I", png, place + 8 + length)
        assert checksum == zlib.crc32(content)
        packed += content[4:] if content[:4] == b"IDAT" else b""
        place += length + 12
    return zlib.decompress(packed)


HISTORY = tuple(make_series(*(4, 6, 3, 5, 8, 7, 4) * 5, 34))


@pytest.mark.parametrize(
    ("history", "baseline"),
    [
        pytest.param(HISTORY, BASELINE, id="weeks"),
        pytest.param(HISTORY, None, id="nothing usual yet"),
        pytest.param(HISTORY[-1:], BASELINE, id="one window"),
        pytest.param(tuple(make_series(0, 0, 0)), BASELINE, id="nothing but zeros"),
        pytest.param(tuple(make_series(1, 99_999)), BASELINE, id="a flood"),
        pytest.param(
            (make_observation(0, days_ago=1, coverage=0.0), HISTORY[-1]), BASELINE, id="not read"
        ),
    ],
)
def test_every_history_is_a_small_picture(
    history: tuple[Observation, ...], baseline: Baseline | None
) -> None:
    png = draw(history, baseline)

    width, height = struct.unpack_from(">II", png, 16)
    assert width >= 2 * WIDTH and height >= 2 * HEIGHT
    assert len(png) < 20_000
    assert pixels(png)


def test_the_same_figures_are_the_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib; from tests.listening.notify.test_chart import *;"
        "print(hashlib.sha256(draw(HISTORY)).hexdigest())"
    )
    prints = {
        subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    }

    assert len(prints) == 1
    assert draw(HISTORY, language="en") != draw(HISTORY), "days are named in the reader's language"


def test_short_windows_are_named_by_their_hour() -> None:
    newest = HISTORY[-1].window
    short = Observation(
        brand_id="oeuf",
        window=type(newest)(start=newest.end - timedelta(hours=1), end=newest.end),
        mention_count=9,
        negative_count=5,
        negative_story_count=5,
        negative_author_count=5,
    )

    assert draw((short,)) != draw((make_observation(5),))


def test_without_a_window_there_is_no_chart() -> None:
    assert chart_png((), None, timezone="UTC", tone=TONE, tr=translator("en")) is None


def test_packing_keeps_every_pixel() -> None:
    spec = {"mark": "point", "data": {"values": [{"n": 1}]}, "encoding": {"x": {"field": "n"}}}
    loose = vl_convert.vegalite_to_png(spec)

    assert pixels(smaller(loose)) == pixels(loose)
    assert len(smaller(loose)) < len(loose)
