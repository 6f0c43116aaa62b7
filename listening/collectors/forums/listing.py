"""How far down its lists a forum is read: what a night's budget leaves below, the next night finds.

The first page of a list is read every night. A page below it is asked for while all threads above
it have moved, and again until a visit finds nothing new on it: the threads that the budget cut are
there. The place is remembered with the source, once per list.

Boards of a forum's front page are read one after the other, each with its threads, so that many
boards do not eat up the budget of their threads; the next night begins where this one ended.
"""

from collections.abc import Mapping, Sequence

from listening.collectors.walk import Page, PageRequest

#: Pages of one list that are read at most: older threads are history.
MAX_LIST_PAGES = 10


def further_pages(
    page: Page,
    memory: Mapping[str, str],
    *,
    following: str | None,
    moved_count: int,
    row_count: int,
    name: str = "",
) -> tuple[tuple[PageRequest, ...], dict[str, str]]:
    """Return the further page of a list to read, if any, and what to remember.

    Args:
        page: The page of the list that was read.
        memory: What the source remembers.
        following: Absolute address of the page below it.
        moved_count: Its threads that have something new.
        row_count: All its threads.
        name: Of the list, where a source has several.
    """
    context = page.request.context
    key = f"i:{name}"
    depth = int(context.get("depth", "0"))
    until, place = int(context.get("until", "0")), context.get("place", "")
    if depth == 0:
        until, at, url = _read(memory.get(key, ""))
        if url and moved_count:  # what moved up has pushed the others down
            until = min(until + 1, MAX_LIST_PAGES)
        if following and moved_count and moved_count == row_count:
            at, url = 1, following
        if not url:
            return (), {}
        until = max(until, at)
        onward = {**context, "depth": str(at), "until": str(until)}
        request = PageRequest(url=url, role=page.request.role, context=onward)
        return (request,), {key: f"{until}\t{at}\t{url}"}
    below = depth + 1
    if moved_count:
        until = max(until, below)
        place = place or f"{depth}\t{page.request.url}"
    is_end = not following or below >= MAX_LIST_PAGES or depth >= until
    left = place if is_end else place or f"{below}\t{following}"
    remembered = {key: f"{until}\t{left}" if left else ""}
    if is_end or not following:
        return (), remembered
    onward = {**context, "depth": str(below), "until": str(until), "place": place}
    return (PageRequest(url=following, role=page.request.role, context=onward),), remembered


def board_chain(
    page: Page,
    memory: Mapping[str, str],
    boards: Sequence[tuple[str, str, str]],
    *,
    is_quiet: bool,
) -> tuple[tuple[PageRequest, ...], dict[str, str]]:
    """Return the next board to read, and what to remember of the one that was read.

    Args:
        page: A list of boards, or a board of the chain.
        memory: What the source remembers.
        boards: Those of the page that changed: id, marker, address.
        is_quiet: Nothing on the page is still to be read: only then its board is done with.
    """
    context = page.request.context
    if "depth" in context:  # a further page: the chain went on from the first
        return (), {}
    remembered = {}
    if board := context.get("board"):
        remembered["b:next"] = board
        if is_quiet:
            remembered[f"b:{board}"] = context["marker"]
    start = next((n for n, one in enumerate(boards) if one[0] == memory.get("b:next")), 0)
    lines = ["\t".join(one) for one in (*boards[start:], *boards[:start])]
    lines += [line for line in context.get("boards", "").split("\n") if line]
    if not lines:
        return (), remembered
    row_id, marker, url = lines[0].split("\t", 2)
    if not board and len(lines) > 1:  # in case this one cannot be read
        remembered["b:next"] = lines[1].partition("\t")[0]
    onward = {"board": row_id, "marker": marker, "boards": "\n".join(lines[1:])}
    return (PageRequest(url=url, role=page.request.role, context=onward),), remembered


def has_place(memory: Mapping[str, str], name: str) -> bool:
    """Return whether a list has pages that are still to be read."""
    return bool(memory.get(f"i:{name}"))


def _read(text: str) -> tuple[int, int, str]:
    """Return the depth that was reached, that of the place, and its address."""
    parts = text.split("\t", 2)
    if len(parts) != 3 or not (parts[0].isdecimal() and parts[1].isdecimal()):  # noqa: PLR2004
        return 0, 0, ""
    return int(parts[0]), int(parts[1]), parts[2]
