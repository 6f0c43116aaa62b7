"""Lists of threads, page by page and night by night: nothing below the budget is forgotten."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.collectors.forums.listing import MAX_LIST_PAGES, further_pages
from listening.collectors.walk import Page, PageRequest

FRONT = "https://forum.example/board"
PER_PAGE = 5


def url_of(number: int) -> str:
    return FRONT if number == 0 else f"{FRONT}?page={number}"


class Board:
    """A board of numbered threads, newest activity first, and what a reader knows of it."""

    def __init__(self, threads: int) -> None:
        self.threads = list(range(threads))
        self.known: set[int] = set()
        self.memory: dict[str, str] = {}

    def move(self, *numbers: int) -> None:
        for number in numbers:
            self.threads.remove(number)
            self.threads.insert(0, number)
            self.known.discard(number)

    def night(self, budget: int) -> int:
        """Read breadth first within a budget; return the pages of lists that were read."""
        waiting: list[PageRequest | int] = [PageRequest(url=FRONT, role="index")]
        asked, lists = {FRONT}, 0
        for _ in range(budget):
            if not waiting:
                break
            request = waiting.pop(0)
            if isinstance(request, int):
                self.known.add(request)
                continue
            lists += 1
            number = 0 if request.url == FRONT else int(request.url.partition("=")[2])
            rows = self.threads[number * PER_PAGE : (number + 1) * PER_PAGE]
            moved = [one for one in rows if one not in self.known]
            has_more = (number + 1) * PER_PAGE < len(self.threads)
            further, remembered = further_pages(
                Page(request=request, url=request.url, body=b""),
                self.memory,
                following=url_of(number + 1) if has_more else None,
                moved_count=len(moved),
                row_count=len(rows),
            )
            self.memory |= remembered
            waiting += [one for one in moved if one not in waiting]
            waiting += [one for one in further if one.url not in asked]
            asked |= {one.url for one in further}
        return lists


@pytest.mark.parametrize("budget", [pytest.param(3, id="small"), pytest.param(8, id="larger")])
def test_what_the_budget_leaves_on_lower_pages_is_read_another_night(budget: int) -> None:
    board = Board(threads=4 * PER_PAGE)

    for _ in range(20):
        board.night(budget)

    assert board.known == set(board.threads)


def test_a_quiet_board_costs_one_page() -> None:
    board = Board(threads=8 * PER_PAGE)
    board.night(1000)
    board.night(1000)
    board.night(1000)

    assert board.night(1000) == 1


def test_an_old_archive_is_not_read_to_its_end() -> None:
    board = Board(threads=30 * PER_PAGE)
    for _ in range(60):
        board.night(20)

    assert len(board.known) == MAX_LIST_PAGES * PER_PAGE


@settings(deadline=None)
@given(
    nights=st.lists(st.lists(st.integers(0, 19), unique=True, max_size=20), max_size=6),
    budget=st.integers(3, 12),
)
def test_whatever_moves_is_read_in_the_end(nights: list[list[int]], budget: int) -> None:
    board = Board(threads=4 * PER_PAGE)
    for moved in nights:
        board.move(*moved)
        board.night(budget)

    for _ in range(40):
        board.night(budget)

    assert board.known == set(board.threads)
