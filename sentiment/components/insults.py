"""Raises the insult flag where the trained head finds one that the strict list does not hold."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from spacy.tokens import Doc

from sentiment.components.flags import INSULT, Flag
from sentiment.scoring.abuse import AbuseModel

if TYPE_CHECKING:
    from sentiment.components.clauses import Sentence
    from sentiment.words import Words

#: Probability from which the flag is raised. Chosen on fr_insults.dev and en_insults.dev; one
#: French review in a hundred is flagged then, three English posts in a hundred.
RAISED_FROM: Final = {"fr": 0.5, "en": 0.6}


@cache
def _model() -> AbuseModel:
    return AbuseModel.load()


class InsultFlagger:
    """Component: adds to ``doc.user_data["flags"]``; batches of documents go together."""

    def __init__(self, name: str, language: str) -> None:
        """Keep the name spaCy gave and the language; a language without model passes through."""
        self.name = name
        self._language = language

    def __call__(self, doc: Doc) -> Doc:
        """Look at one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Look at documents, ``batch_size`` at a time."""
        documents = iter(stream)
        while batch := list(islice(documents, batch_size)):
            if self._language in RAISED_FROM:
                self._flag([doc for doc in batch if doc.user_data["sentences"]])
            yield from batch

    def _flag(self, batch: Sequence[Doc]) -> None:
        texts = [doc.user_data["words"].text for doc in batch]
        chances = _model().predict(texts, self._language).tolist()
        for doc, chance in zip(batch, chances, strict=True):
            flags: list[Flag] = doc.user_data["flags"]
            if chance < RAISED_FROM[self._language] or any(one.name == INSULT for one in flags):
                continue
            if (place := self._rudest(doc.user_data["words"].text)) is not None:
                number = _sentence_at(doc, place[0])
                flags.append(Flag(INSULT, place[0], place[1], number))

    def _rudest(self, text: str) -> tuple[int, int] | None:
        """Return where the token stands that speaks most for an insult."""
        parts = _model().explain(text, self._language).parts
        if not parts:
            return None
        rudest = max(parts, key=lambda part: (part.logits[1], -part.start))
        return rudest.start, rudest.end


def _sentence_at(doc: Doc, start: int) -> int:
    words: Words = doc.user_data["words"]
    sentences: Sequence[Sentence] = doc.user_data["sentences"]
    position = words.folded.index_of(start)
    for number, sentence in enumerate(sentences):
        if words.ends[sentence.end_token - 1] > position:
            return number
    return len(sentences) - 1
