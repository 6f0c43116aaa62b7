"""Keys are described by what is written beside them in the specs."""

from datetime import timedelta
from typing import Annotated, Literal

import pytest
from pydantic import AfterValidator, Field

from listening.config.field import Between, Duration, Slug
from listening.config.spec import Spec
from listening.jobs.configuration_page import KeyInfo, describe_keys, source_kinds
from listening.jobs.markdown import DocumentationError
from listening.model import Severity, SourceKind


class Room(Spec):
    id: Slug
    """Its name."""

    tables: Annotated[int, Field(strict=True, ge=1, le=50)] = 4
    """How many
    tables; ``4`` is usual."""


class House(Spec):
    rooms: Annotated[tuple[Room, ...], Field(min_length=1)]
    """All rooms."""

    hall: Room | None = None
    """Where one comes in."""

    mood: Severity = Severity.INFO
    """How loud it is."""

    side: Literal["left", "right"] = "left"
    """Where it stands."""

    rest: Annotated[Duration, AfterValidator(Between(timedelta(hours=1), timedelta(days=2)))] = (
        timedelta(hours=36)
    )
    """How long it is closed."""


class Silent(Spec):
    size: int = 1


class Strange(Spec):
    shape: complex = 1j
    """Nobody knows."""


def described() -> dict[str, KeyInfo]:
    return {key.name: key for key in describe_keys(House)}


def test_keys_come_in_order_with_those_inside_them() -> None:
    assert list(described()) == [
        "rooms",
        "rooms[].id",
        "rooms[].tables",
        "hall",
        "hall.id",
        "hall.tables",
        "mood",
        "side",
        "rest",
    ]


@pytest.mark.parametrize(
    ("key", "type_name", "default"),
    [
        pytest.param("rooms", "list: the keys below, at least 1", "required", id="list-of-specs"),
        pytest.param("rooms[].id", "identifier", "required", id="named-type"),
        pytest.param("rooms[].tables", "whole number, from 1, up to 50", "`4`", id="bounds"),
        pytest.param("hall", "the keys below", "none", id="optional-spec"),
        pytest.param("mood", "`info`, `warning`, `critical`", "`info`", id="enumeration"),
        pytest.param("side", "`left`, `right`", "`left`", id="literal"),
        pytest.param("rest", "duration, from 1h to 2d", "`36h`", id="duration"),
    ],
)
def test_types_and_defaults_are_words(key: str, type_name: str, default: str) -> None:
    found = described()[key]

    assert (found.type, found.default) == (type_name, default)


def test_meaning_is_the_text_below_the_field_on_one_line() -> None:
    assert described()["rooms[].tables"].meaning == "How many tables; `4` is usual."


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        pytest.param(Silent, "Silent.size has no docstring", id="no-docstring"),
        pytest.param(Strange, "no name for people", id="unknown-type"),
    ],
)
def test_what_nobody_described_is_an_error(spec: type[Spec], message: str) -> None:
    with pytest.raises(DocumentationError, match=message):
        list(describe_keys(spec))


def test_every_kind_of_source_is_listed() -> None:
    assert [kind for kind, _ in source_kinds()] == list(SourceKind)
    assert dict(source_kinds())["feed"].startswith("RSS")
