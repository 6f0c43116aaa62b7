"""Tells French, English and everything else apart, by frequent words and letters.

Small on purpose: three answers, no model file, microseconds per text. The neighbours of French and
English are listed only so that they become ``other`` instead of being judged as what they are not.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

FRENCH: Final = "fr"
ENGLISH: Final = "en"
OTHER: Final = "other"

#: Points a declared language is worth: as much as two frequent words.
PRIOR: Final = 2.0
#: Words looked at; a longer text only repeats them.
SAMPLE_WORDS: Final = 400
#: Points one letter typical of a language is worth, and how many of them count.
LETTER_POINTS: Final = 0.6
MAX_LETTERS: Final = 12
#: More letters outside the Latin alphabet than this share: another language.
MAX_FOREIGN_SHARE: Final = 0.4

#: Frequent words, folded. A word of several languages is shared by them.
_FREQUENT: Final = {
    "fr": (
        "le la les l un une des du de d et est a au aux ce c cette ces se s ne n pas plus que "
        "qu qui quoi dont ou dans en sur sous pour par avec sans chez mais donc or ni car je j "
        "tu il elle on nous vous ils elles me m te t lui leur leurs mon ma mes ton ta tes son "
        "sa ses notre nos votre vos suis es sommes etes sont ai as avons avez ont etait etaient "
        "ete avait fait faire fais tres trop bien tout tous toute toutes rien jamais toujours "
        "encore deja aussi comme si quand alors apres avant depuis entre vers meme moins y oui "
        "non merci bonjour ca cela quel quelle peu beaucoup ici peut bon bonne vraiment aujourd "
        "hui parce jour jours deux trois semaine semaines heures"
    ),
    "en": (
        "the a an and of to in is it i you he she we they that this these those for on with as "
        "at by from but not no or so if be are was were been being have has had do does did "
        "will would can could should my your his her our their its me him us them what which "
        "who when where why how all just more very too about out up get got go going there here "
        "than then now good great don t s m re ve ll isn didn doesn wasn won im dont one like "
        "really some any after before because into over only also well thanks thank please "
        "today love best new"
    ),
    "es": (
        "el la los las un una unos de del al y es en que no se por con para su lo como mas pero "
        "sus le ya o este esta muy sin sobre tambien me hasta hay donde quien desde todo nos "
        "durante uno ni contra ese eso mi yo tu te ha son fue ser era gracias hola si cuando "
        "porque bien nada"
    ),
    "it": (
        "il lo la i gli le un uno una di del della dei delle da in con su per tra fra e o ma "
        "che non si come piu anche sono ho ha hai abbiamo questo questa quello molto tutto mi "
        "ti ci vi ne al alla ai nel nella dal perche grazie ciao bene cosi sempre buono ottimo"
    ),
    "pt": (
        "o a os as um uma de do da dos das em no na nos nas e que nao se por com para mais mas "
        "como foi ao ele ela seu sua ou quando muito ja tambem pelo pela ate isso entre depois "
        "sem mesmo aos voce eu tem obrigado bom foram ser sao esta este"
    ),
    "de": (
        "der die das und ist in zu den von mit nicht ein eine einen einem einer auf fur im dem "
        "des sich auch es an werden aus er hat dass sie nach wird bei noch wie uber so zum war "
        "haben nur oder aber vor zur bis mehr durch man sein wurde ich wir ihr mein sehr gut "
        "danke heute kann"
    ),
    "nl": (
        "de het een en van in is dat op te zijn voor met die niet aan er om ook als maar dan ze "
        "bij nog door naar heeft hebben wordt worden uit wel geen ik je we hij zij mijn goed "
        "heel zeer deze dit wat waar kan veel meer over tot werd was"
    ),
}

#: Words too frequent in French or English to tell anything but the language.
FREQUENT_WORDS: Final = frozenset(
    word for language in (FRENCH, ENGLISH) for word in _FREQUENT[language].split()
)

#: Letters that one of the languages has and the others hardly.
_LETTERS: Final = {
    "fr": "éèêëàâîïôûùçœ",
    "es": "ñ¿¡áíóú",
    "it": "àèìòù",
    "pt": "ãõáâêçóé",
    "de": "äöüß",
    "nl": "ëï",
}


def _word_points() -> dict[str, tuple[tuple[str, float], ...]]:
    """Return the points of each frequent word: one, shared among the languages that have it."""
    owners: dict[str, set[str]] = {}
    for language, words in _FREQUENT.items():
        for word in words.split():
            owners.setdefault(word, set()).add(language)
    return {
        word: tuple(sorted((language, 1.0 / len(languages)) for language in languages))
        for word, languages in owners.items()
    }


_WORD_POINTS: Final = _word_points()
_LETTER_OWNERS: Final = {
    letter: tuple(language for language, letters in _LETTERS.items() if letter in letters)
    for letter in sorted(set("".join(_LETTERS.values())))
}
_ACCENTED: Final = re.compile("[" + "".join(_LETTER_OWNERS) + "]")
_FOREIGN: Final = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff\uff00-\uff5a]")
_LATIN: Final = re.compile(r"[a-z]+")


def find_language(text: str, words: Sequence[str], *, declared: str | None = None) -> str:
    """Return ``fr``, ``en`` or ``other``.

    Args:
        text: The text; only its first 4,000 characters are looked at for letters.
        words: Its folded words (``listening.text.FOLDED_WORD``).
        declared: What the source says, as ISO 639-1 or a longer tag; breaks ties and decides alone
            for a text without one telling word.

    Returns:
        ``other`` also when nothing tells and nothing was declared: never a guess.
    """
    sample = text[:4000].lower()
    points = _points(sample, words[:SAMPLE_WORDS])
    if _is_foreign(sample):
        return OTHER
    prior = (declared or "").replace("_", "-").split("-")[0].lower()
    if prior:
        points[prior] += PRIOR
    if not points:
        return OTHER
    best = max(points, key=lambda language: (points[language], language))
    return best if best in {FRENCH, ENGLISH} else OTHER


def language_points(text: str, words: Sequence[str]) -> Mapping[str, float] | None:
    """Return the points of each language, its neighbours' among them; None for other letters.

    Args:
        text: As for ``find_language``.
        words: Its folded words.
    """
    sample = text[:4000].lower()
    return None if _is_foreign(sample) else _points(sample, words[:SAMPLE_WORDS])


def _is_foreign(sample: str) -> bool:
    """Return whether most letters are no Latin ones; nearly all texts are told without counting."""
    if sample.isascii() or not (foreign_count := len(_FOREIGN.findall(sample))):
        return False
    latin_count = sum(map(len, _LATIN.findall(sample)))
    return foreign_count > MAX_FOREIGN_SHARE * (foreign_count + latin_count)


def _points(sample: str, words: Sequence[str]) -> dict[str, float]:
    points: dict[str, float] = defaultdict(float)
    for word, count in Counter(filter(_WORD_POINTS.__contains__, words)).items():
        for language, point in _WORD_POINTS[word]:
            points[language] += point * min(count, 10)
    if sample.isascii():
        return points
    for letter in islice(_ACCENTED.finditer(sample), MAX_LETTERS):
        for language in _LETTER_OWNERS[letter[0]]:
            points[language] += LETTER_POINTS / len(_LETTER_OWNERS[letter[0]])
    return points
