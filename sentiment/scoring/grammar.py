"""Small words that the models know by name, folded: what denies, contrasts, compares, ushers."""

from typing import Final


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


NEGATORS: Final = _set(
    "ne n' pas jamais rien aucun aucune sans ni guere nullement ne' plus' point' "
    "not no never without cannot nothing neither nor hardly nobody none cant dont didnt doesnt "
    "isnt wasnt wont wouldnt aint"
)
CLOSERS: Final = _set(
    "mais pourtant cependant toutefois sinon car donc puis but however although though because "
    "whereas while revanche contre sauf , ; : . ! ? … ( ) «"
)
CONTRAST: Final = _set(
    "mais pourtant cependant toutefois contrairement malgre tandis alors contraire revanche contre "
    "sauf inverse but however although though whereas while unlike despite yet instead"
)
STOPS: Final = _set(". ! ? …")
THAN: Final = frozenset(("que", "qu'", "than"))
MORE: Final = _set(
    "plus mieux meilleur meilleure meilleurs meilleures superieur superieure prefere plutot loin "
    "more better rather over prefer beats cheaper faster easier nicer stronger superior"
)
LESS: Final = _set(
    "moins pire pires inferieur inferieure less worse slower pricier weaker inferior"
)
AS: Final = _set("aussi autant as comme like equal")
UNLIKE: Final = _set("contrairement difference inverse oppose unlike contrary lieu instead")
#: What the word before a brand says of its part: number of the group, from 1.
USHERS: Final = {
    word: number
    for number, words in enumerate(
        (
            "que qu' than",
            "a aux au to",
            "de d' du des from of",
            "par via en avec by with through",
            "chez sur dans at on in",
            "et ou ni , and or nor",
            "comme as like",
            "face vs contre rapport against compared",
            "le la les l' un une the this ce cette",
            "pour merci vive bravo for thanks love hey",
            "<text> . ! ? … ; : @ #",
        ),
        start=1,
    )
    for word in words.split()
}
USHER_COUNT: Final = 12
QUOTES: Final = frozenset('"«»“”')
