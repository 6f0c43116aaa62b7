"""Mails in a real browser: nothing runs out of its window, narrow or wide, light or dark."""

import struct
from pathlib import Path

import pytest

from tests.engines.mail_pages import BROWSERS, ROOT, Browser, pages

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    try:
        return Browser(tmp_path_factory.mktemp("pages"))
    except FileNotFoundError:
        pytest.skip(f"none of {', '.join(BROWSERS)} is here")


def test_every_mail_is_as_wide_as_its_window(browser: Browser) -> None:
    looked_at = pages()

    sizes = browser.sizes(looked_at)

    assert {name: width for name, (width, _) in sizes.items()} == {
        page.name: page.width for page in looked_at
    }, "something that cannot break runs out"
    assert max(height for _, height in sizes.values()) < 4000


def test_pictures_of_the_documentation_are_small() -> None:
    filed = sorted((ROOT / "docs" / "images").glob("mail-*.png"))

    assert len(filed) == sum(page.is_filed for page in pages())
    assert all(path.stat().st_size <= 150_000 for path in filed)


def test_a_picture_is_taken_whole(browser: Browser, tmp_path: Path) -> None:
    page = next(page for page in pages() if page.is_filed)
    ((_, height),) = browser.sizes([page]).values()

    browser.shoot(page, tmp_path / "page.png", height=height)

    head = (tmp_path / "page.png").read_bytes()[:24]
    assert struct.unpack(">II", head[16:]) == (page.width, height)
