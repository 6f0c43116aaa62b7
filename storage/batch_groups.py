"""Which landed batches are loaded together: statements cost as much for few rows as for many."""

from collections.abc import Iterable, Iterator

from listening.model import Batch

#: A transaction takes batches up to so many documents, characters of text (some 100 MB of memory
#: on their way in), or batches.
GROUP_DOCUMENTS = 10_000
GROUP_CHARACTERS = 20_000_000
GROUP_BATCHES = 200


def batch_groups(batches: Iterable[Batch]) -> Iterator[list[Batch]]:
    """Yield the batches of one transaction after the other, in order; read as they are needed."""
    group: list[Batch] = []
    document_count = character_count = 0
    for batch in batches:
        group.append(batch)
        document_count += len(batch.documents)
        character_count += sum(len(document.text) for document in batch.documents)
        if (
            document_count >= GROUP_DOCUMENTS
            or character_count >= GROUP_CHARACTERS
            or len(group) >= GROUP_BATCHES
        ):
            yield group
            group, document_count, character_count = [], 0, 0
    if group:
        yield group
