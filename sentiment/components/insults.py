"""Raises the insult flag where the trained head finds one that the strict list does not hold.

The English irony head raises its flag too, but only where it is very sure, and without a say in the
polarity: seven posts in ten that it calls ironic are, when half of them are, and few are.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from spacy.tokens import Doc

from sentiment.components.batched import Batched
from sentiment.components.flags import INSULT, IRONY, Flag
from sentiment.scoring.abuse import AbuseModel

if TYPE_CHECKING:
    from sentiment.components.clauses import Sentence
    from sentiment.words import Words

#: Probability from which the flag is raised. Chosen on fr_insults.dev and en_insults.dev; seven
#: French reviews in a thousand are flagged then, three English posts in a hundred.
RAISED_FROM: Final = {"fr": 0.45, "en": 0.6}
#: The same for irony: 3 % of ordinary English posts are flagged then, 9 in 10 rightly on
#: en_irony.dev, where half of the posts are ironic.
IRONIC_FROM: Final = 0.8
#: Key of ``doc.user_data`` that holds the probability of irony, where there is a head for it.
IRONY_CHANCE: Final = "irony_chance"


@cache
def _model() -> AbuseModel:
    return AbuseModel.load()


class InsultFlagger(Batched):
    """Component: adds to ``doc.user_data["flags"]``."""

    def _read(self, batch: Sequence[Doc]) -> None:
        if self._language in RAISED_FROM:
            self._flag([doc for doc in batch if doc.user_data["sentences"]])

    def _flag(self, batch: Sequence[Doc]) -> None:
        texts = [doc.user_data["words"].text for doc in batch]
        chances = _model().chances(texts, self._language)
        said = zip(batch, chances["insult"].tolist(), strict=True)
        self._raise([doc for doc, one in said if one >= RAISED_FROM[self._language]], INSULT)
        if "irony" not in chances:
            return
        for doc, chance in zip(batch, chances["irony"].tolist(), strict=True):
            doc.user_data[IRONY_CHANCE] = chance
        self._raise([doc for doc in batch if doc.user_data[IRONY_CHANCE] >= IRONIC_FROM], IRONY)

    def _raise(self, docs: Iterable[Doc], name: str) -> None:
        """Add a flag at the token that speaks most for it, unless a rule has raised it."""
        bare = [doc for doc in docs if all(one.name != name for one in doc.user_data["flags"])]
        texts = [doc.user_data["words"].text for doc in bare]
        said = _model().score_all(texts, self._language, name)
        for doc, one in zip(bare, said, strict=True):
            if not len(one.places):
                continue
            start, end = one.places[int(one.parts[:, 1].argmax())].tolist()
            flags: list[Flag] = doc.user_data["flags"]
            number = _sentence_at(doc, start)
            flags.append(Flag(name, start, end, number, is_sure=name != IRONY))


def _sentence_at(doc: Doc, start: int) -> int:
    words: Words = doc.user_data["words"]
    sentences: Sequence[Sentence] = doc.user_data["sentences"]
    position = words.folded.index_of(start)
    for number, sentence in enumerate(sentences):
        if words.ends[sentence.end_token - 1] > position:
            return number
    return len(sentences) - 1
