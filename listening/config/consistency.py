"""What must agree across a client's three files: ids, terms, brands of rules; and what looks odd.

Works on the data as read, whatever its shape, so that all problems are told at once: a missing
comma in one brand does not hide that two others share a term.
"""

from collections.abc import Iterator
from typing import Any

from listening.config.field import closest
from listening.config.homonyms import is_risky
from listening.config.problem import Loc, problem, shorten
from listening.config.query_oddities import find_query_oddities
from listening.config.rule_clashes import find_rule_clashes
from listening.config.yaml_file import YamlFile
from listening.errors import ConfigError
from listening.text import fold_term
from listening.translate import mark

_TERM_KEYS = ("terms", "exact")


def find_clashes(
    client: YamlFile | None, sources: YamlFile | None, alerts: YamlFile | None, *, folder_name: str
) -> list[ConfigError]:
    """Return the contradictions within and between the files; None: that file cannot be read."""
    found: list[ConfigError] = []
    if client:
        found.extend(_wrong_folder(client, folder_name))
        found.extend(_repeated_ids(client, "brands"))
        found.extend(_repeated_ids(client, "topics"))
        found.extend(_no_own_brand(client))
        found.extend(_shared_terms(client))
    if sources:
        found.extend(_repeated_ids(sources, "sources"))
    if alerts:
        found.extend(_repeated_ids(alerts, "rules"))
        if client:
            found.extend(_unknown_brands(client, alerts))
        found.extend(find_rule_clashes(client, sources, alerts))
    return found


def find_oddities(client: YamlFile, sources: YamlFile, alerts: YamlFile) -> list[ConfigError]:
    """Return what is allowed but probably not meant."""
    return [
        *_risky_terms(client),
        *_covered_terms(client),
        *find_query_oddities(client),
        *_empty_list(
            client,
            "recipients",
            mark("nobody is written to when an alert opens"),
            mark('add a recipient: - {{address: "name@domain.example"}}'),
        ),
        *_bare_hosts(client),
        *_empty_list(
            sources,
            "sources",
            mark("there is no source yet: nothing will be read"),
            mark("remove the # of one of the examples, or use `vigie sources add ADDRESS`"),
        ),
        *_repeated(
            sources,
            "sources",
            "url",
            mark("this address is read twice, first in line {line}"),
            mark("remove one of the two sources"),
        ),
        *_empty_list(
            alerts,
            "rules",
            mark("there is no rule: no alert will ever open"),
            mark("add a rule; `vigie init` shows one"),
        ),
    ]


def _bare_hosts(client: YamlFile) -> Iterator[ConfigError]:
    """Yield the recipients on a machine without a domain: right in an own network at most."""
    for index, recipient in _entries(client, "recipients"):
        address = str(recipient.get("address"))
        if "." in address.rpartition("@")[2]:
            continue
        loc: Loc = ("recipients", index, "address")
        yield problem(
            mark("{text} has no point after the @: mails to it stay in your own network"),
            path=client.path,
            place=client.place_of(loc),
            loc=loc,
            hint=mark("write the whole address: name@domain.example"),
            text=shorten(address),
        )


def _entries(file: YamlFile, key: str) -> Iterator[tuple[int, dict[str, Any]]]:
    entries = file.data.get(key)
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict):
            yield index, entry


def _texts(value: Any) -> Iterator[tuple[int, str]]:
    for index, text in enumerate(value if isinstance(value, list) else []):
        if isinstance(text, str):
            yield index, text


def _terms(index: int, brand: dict[str, Any], key: str) -> Iterator[tuple[Loc, str]]:
    """Yield the way to each term and the term; without terms, the name stands for them."""
    if key == "terms" and not any(brand.get(one) for one in ("terms", "exact", "query")):
        if isinstance(brand.get("name"), str):
            yield ("brands", index, "name"), brand["name"]
        return
    for position, term in _texts(brand.get(key)):
        yield ("brands", index, key, position), term


def _wrong_folder(client: YamlFile, folder_name: str) -> Iterator[ConfigError]:
    name = client.data.get("client")
    if isinstance(name, str) and name != folder_name:
        loc: Loc = ("client",)
        yield problem(
            mark("the client is called {name}, but its folder {folder}"),
            path=client.path,
            place=client.place_of(loc),
            loc=loc,
            hint=mark("write client: {folder}, or rename the folder"),
            name=shorten(name),
            folder=folder_name,
        )


def _repeated(
    file: YamlFile, key: str, field: str, message: str, hint: str
) -> Iterator[ConfigError]:
    """Yield each entry of a list whose field says what an earlier one's said."""
    first: dict[str, Loc] = {}
    for index, entry in _entries(file, key):
        value, loc = entry.get(field), (key, index, field)
        if not isinstance(value, str):
            continue
        if value in first:
            yield problem(
                message,
                path=file.path,
                place=file.place_of(loc),
                loc=loc,
                hint=hint,
                name=shorten(value),
                line=str(file.place_of(first[value]).line),
            )
        first.setdefault(value, loc)


def _repeated_ids(file: YamlFile, key: str) -> Iterator[ConfigError]:
    return _repeated(
        file,
        key,
        "id",
        mark("the id {name} is there twice, first in line {line}"),
        mark("give this entry another id"),
    )


def _no_own_brand(client: YamlFile) -> Iterator[ConfigError]:
    roles = [brand.get("role") for _, brand in _entries(client, "brands")]
    # A missing or misspelt role is told by itself; the own brand may be that one.
    if roles and all(role in {"competitor", "sector", "person"} for role in roles):
        loc: Loc = ("brands",)
        yield problem(
            mark("none of the brands is your own"),
            path=client.path,
            place=client.place_of(loc, is_key=True),
            loc=loc,
            hint=mark("write role: own for the brand you listen for"),
        )


def _shared_terms(client: YamlFile) -> Iterator[ConfigError]:
    for key in _TERM_KEYS:
        owners: dict[str, tuple[int, Loc]] = {}
        for index, brand in _entries(client, "brands"):
            for loc, term in _terms(index, brand, key):
                folded = fold_term(term) if key == "terms" else term.strip()
                owner, first = owners.setdefault(folded, (index, loc))
                if owner == index or not folded:
                    continue
                yield problem(
                    mark("{term} names another brand too, in line {line}"),
                    path=client.path,
                    place=client.place_of(loc),
                    loc=loc,
                    hint=mark("keep it for one of the two brands, or write a longer term"),
                    term=shorten(term),
                    line=str(client.place_of(first).line),
                )


def _unknown_brands(client: YamlFile, alerts: YamlFile) -> Iterator[ConfigError]:
    known = [str(brand.get("id")) for _, brand in _entries(client, "brands")]
    if not known:
        return  # client.yaml has no list of brands that can be read: that is told
    for index, rule in _entries(alerts, "rules"):
        for position, name in _texts(rule.get("brands")):
            if name in known:
                continue
            guess = closest(name, known)
            loc: Loc = ("rules", index, "brands", position)
            yield problem(
                mark("there is no brand {name} in client.yaml"),
                path=alerts.path,
                place=alerts.place_of(loc),
                loc=loc,
                hint=mark("did you mean {guess}?") if guess else mark("write one of: {allowed}"),
                name=shorten(name),
                guess=guess or "",
                allowed=", ".join(known),
            )


def _risky_terms(client: YamlFile) -> Iterator[ConfigError]:
    for index, brand in _entries(client, "brands"):
        if brand.get("context") or brand.get("exclude"):
            continue
        for loc, term in _terms(index, brand, "terms"):
            if is_risky(term):
                yield problem(
                    mark("{term} is short or a common word: many texts will mean something else"),
                    path=client.path,
                    place=client.place_of(loc),
                    loc=loc,
                    hint=mark(
                        "add context: words that must be in the text too,"
                        " or exclude: words that show another meaning"
                    ),
                    term=shorten(term),
                )


def _covered_terms(client: YamlFile) -> Iterator[ConfigError]:
    for index, brand in _entries(client, "brands"):
        seen: dict[str, str] = {}
        for loc, term in _terms(index, brand, "terms"):
            folded = fold_term(term)
            if folded in seen:
                yield problem(
                    mark("{term} is not needed: {other} finds the same texts"),
                    path=client.path,
                    place=client.place_of(loc),
                    loc=loc,
                    hint=mark("case, accents and hyphens do not matter; remove one of the two"),
                    term=shorten(term),
                    other=shorten(seen[folded]),
                )
            seen.setdefault(folded, term)


def _empty_list(file: YamlFile, key: str, message: str, hint: str) -> Iterator[ConfigError]:
    if not file.data.get(key):
        place = file.place_of((key,), is_key=True)
        yield problem(message, path=file.path, place=place, loc=(key,), hint=hint)
