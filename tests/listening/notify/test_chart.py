"""The chart of an alert mail: a small PNG, the same each time, of the windows it is given."""

import hashlib
import struct
import subprocess
import sys
import zlib
from datetime import timedelta

import pytest
import vl_convert

from listening.model import Baseline, Observation, RuleKind
from listening.notify.chart import HEIGHT, WIDTH, chart_png, smaller
from listening.notify.plot import plot_of, usual_share
from listening.translate import translator
from tests.builders import make_observation, make_series

BASELINE = Baseline(center=5, dispersion=1.2, window_count=28, low=3, high=9)
TONE = "#a3262b"


def draw(
    history: tuple[Observation, ...], baseline: Baseline | None = BASELINE, language: str = "fr"
) -> bytes:
    plot = plot_of(RuleKind.NEGATIVE_SPIKE, history, baseline)
    assert plot is not None
    return chart_png(plot, timezone="Europe/Paris", tone=TONE, tr=translator(language))


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
    other = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert other.stdout.strip() == hashlib.sha256(draw(HISTORY)).hexdigest()
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


@pytest.mark.parametrize(
    ("kind", "history"),
    [
        pytest.param(RuleKind.SPIKE, (), id="no window"),
        pytest.param(RuleKind.ANY, HISTORY[-1:], id="a rule that knows no habit"),
    ],
)
def test_where_nothing_can_be_compared_there_is_no_chart(
    kind: RuleKind, history: tuple[Observation, ...]
) -> None:
    assert plot_of(kind, history, None) is None


def test_a_falling_share_is_drawn_as_a_share_over_the_usual_shares() -> None:
    past = [
        make_observation(n, days_ago=20 - n, mention_count=30 + n, total_count=100)
        for n in range(20)
    ]
    unread = make_observation(0, days_ago=21, coverage=0.1, total_count=9)
    low = make_observation(1, mention_count=4, total_count=100)

    plot = plot_of(RuleKind.SHARE_DROP, (unread, *past, low), BASELINE)

    assert plot is not None and plot.is_share
    assert [one.value for one in plot.figures[:2]] == [None, 0.30]
    assert plot.figures[-1].value == 0.04
    assert plot.usual is not None
    assert (plot.usual.low, plot.usual.high) == (0.31, 0.48)
    assert usual_share(past[:6]) is None
    assert pixels(chart_png(plot, timezone="UTC", tone=TONE, tr=translator("fr")))


def test_one_loud_author_is_drawn_as_often_as_is_counted() -> None:
    loud = make_observation(40, negative_voice_count=3)

    plot = plot_of(RuleKind.NEGATIVE_SPIKE, (*HISTORY[:-1], loud), BASELINE)

    assert plot is not None and plot.is_capped
    assert plot.figures[-1].value == 3


def test_packing_keeps_every_pixel() -> None:
    spec = {"mark": "point", "data": {"values": [{"n": 1}]}, "encoding": {"x": {"field": "n"}}}
    loose = vl_convert.vegalite_to_png(spec)

    assert pixels(smaller(loose)) == pixels(loose)
    assert len(smaller(loose)) < len(loose)
