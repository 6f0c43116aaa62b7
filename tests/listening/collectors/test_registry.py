"""Every kind has a reader."""

from listening.collectors.registry import READERS
from listening.model import SourceKind


def test_every_kind_of_source_has_a_reader() -> None:
    assert set(READERS) == set(SourceKind)
