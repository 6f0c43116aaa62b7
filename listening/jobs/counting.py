"""Adding up what the parts of a job counted."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, TypeVar

Counts = TypeVar("Counts")


def add_counts(kind: type[Counts], parts: Iterable[Counts]) -> Counts:
    """Return the sum, field by field, of values of one dataclass of counts; zeros for no parts."""
    items = list(parts)
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    values: dict[str, Any] = {name: sum(getattr(part, name) for part in items) for name in names}
    return kind(**values)
