"""The fixed words of collecting, explained in the language of the person who reads."""

from listening.collectors.faults import explain
from listening.translate import Translator


def explain_reason(word: str | None, speak: Translator) -> str:
    """Return one line for a reason or fault, with the word itself for those who search for it."""
    if word is None:
        return ""
    try:
        return f"{speak.gettext(explain(word))} ({word})"
    except KeyError:  # written by a newer version than this one
        return word
