"""The French catalogue is complete, exact and without leftovers."""

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from jinja2.ext import babel_extract

import listening
from listening.translate import LANGUAGES, french_spaces, load_catalogue

ROOT = Path(listening.__file__).parents[1]
PLACES = (ROOT / "listening", ROOT / "storage", ROOT / "sentiment")
KEYWORDS: dict[str, Any] = {"_": None, "gettext": None, "mark": None, "ngettext": (1, 2)}


def sentences() -> Iterator[tuple[str | tuple[str, ...], str]]:
    """Yield (message id, place) of every sentence that is to be translated."""
    paths = (path for place in PLACES for path in place.rglob("*") if path.is_file())
    for path in sorted(path for path in paths if path.suffix in {".py", ".j2"}):
        method: Any = "python" if path.suffix == ".py" else babel_extract
        with path.open("rb") as file:
            found = extract(method, file, keywords=KEYWORDS, options={"encoding": "utf-8"})
            for line, msgid, _comments, _context in found:
                yield _key(msgid), f"{path.relative_to(ROOT)}:{line}"


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def entries(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _key(msgid: Any) -> str | tuple[str, ...]:
    return msgid if isinstance(msgid, str) else tuple(msgid)


def _texts(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


FRENCH = load_catalogue("fr")


def test_every_sentence_is_in_the_french_catalogue() -> None:
    known = {_key(message.id) for message in entries(FRENCH)}

    missing = [f"{place}: {msgid!r}" for msgid, place in sentences() if msgid not in known]

    assert not missing, "add to listening/locale/fr/LC_MESSAGES/vigie.po:\n" + "\n".join(missing)


def test_no_entry_is_left_over() -> None:
    used = {msgid for msgid, _ in sentences()}

    assert [message.id for message in entries(FRENCH) if _key(message.id) not in used] == []
    assert not FRENCH.obsolete


def test_every_entry_is_translated_and_none_is_fuzzy() -> None:
    unfinished = [
        message.id for message in entries(FRENCH) if message.fuzzy or not all(_texts(message))
    ]

    assert unfinished == []


def test_no_french_sign_can_be_torn_from_its_word() -> None:
    texts = [french_spaces(text) for message in entries(FRENCH) for text in _texts(message)]

    assert [text for text in texts if re.search(r" [:;!?%»]|« ", text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_fields_of_their_sentence(language: str) -> None:
    wrong = []
    for message in entries(load_catalogue(language)):
        texts = _texts(message)
        if isinstance(message.id, str):
            is_right = fields(texts[0]) == fields(message.id)
        else:  # a singular may leave the count out
            allowed = fields(message.id[0]) | fields(message.id[1]) | {"n"}
            is_right = fields(texts[-1]) == fields(message.id[1]) and fields(texts[0]) <= allowed
        if not is_right:
            wrong.append(message.id)

    assert wrong == []


@pytest.mark.parametrize(
    ("language", "plural"),
    [
        pytest.param("fr", "(n > 1)", id="french"),
        pytest.param("en", "(n != 1)", id="english"),
    ],
)
def test_headers(language: str, plural: str) -> None:
    catalogue = load_catalogue(language)
    header = dict(catalogue.mime_headers)

    assert header["Language"] == language
    assert header["Content-Type"] == "text/plain; charset=utf-8"
    assert (catalogue.num_plurals, catalogue.plural_expr) == (2, plural)
