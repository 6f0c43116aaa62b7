"""Mails in a real browser: nothing runs out of its window, narrow or wide, light or dark."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.mail_pages import BROWSERS, ROOT, Browser, Page, pages

pytestmark = pytest.mark.engine

PAGES = [pytest.param(page, id=page.name) for page in pages()]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    try:
        yield Browser(tmp_path_factory.mktemp("pages"))
    except FileNotFoundError:
        pytest.skip(f"none of {', '.join(BROWSERS)} is here")


@pytest.mark.parametrize("page", PAGES)
def test_a_mail_is_as_wide_as_its_window(browser: Browser, page: Page) -> None:
    width, height = browser.size(page)

    assert width == page.width, "something that cannot break runs out"
    assert height < 4000


def test_pictures_of_the_documentation_are_small() -> None:
    filed = sorted((ROOT / "docs" / "images").glob("mail-*.png"))

    assert len(filed) == sum(page.is_filed for page in pages())
    assert all(path.stat().st_size <= 150_000 for path in filed)


def test_a_picture_is_taken_whole(browser: Browser, tmp_path: Path) -> None:
    page = next(page for page in pages() if page.is_filed)

    browser.shoot(page, tmp_path / "page.png")

    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
