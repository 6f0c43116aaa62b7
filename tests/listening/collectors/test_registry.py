"""Every kind has a reader or a walk."""

from listening.collectors.registry import READERS, WALKS
from listening.model import SourceKind


def test_every_kind_of_source_is_read_or_walked() -> None:
    assert set(READERS) | set(WALKS) | {SourceKind.IMPORT} == set(SourceKind)
    assert not set(READERS) & set(WALKS)
