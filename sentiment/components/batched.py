"""What components share whose models read many documents together."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from spacy.tokens import Doc


class Batched(ABC):
    """A component that reads a batch of documents at once; one alone is a batch too."""

    def __init__(self, name: str, language: str) -> None:
        """Keep the name spaCy gave, and the language of the documents."""
        self.name = name
        self._language = language

    def __call__(self, doc: Doc) -> Doc:
        """Read one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Read documents, ``batch_size`` at a time."""
        documents = iter(stream)
        while batch := list(islice(documents, batch_size)):
            self._read(batch)
            yield from batch

    @abstractmethod
    def _read(self, batch: Sequence[Doc]) -> None:
        """Add to the documents' ``user_data``; a language without model passes through."""
