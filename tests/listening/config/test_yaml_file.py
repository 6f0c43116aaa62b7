"""YAML read strictly: places are right, and what is doubtful is refused with a way out."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from listening.config.problem import Place
from listening.config.yaml_file import MAX_BYTES, YamlFile, parse_yaml, read_bytes
from listening.errors import ConfigError

PATH = Path("client.yaml")


def parse(text: str) -> YamlFile:
    return parse_yaml(text.encode(), PATH)


def problems_of(body: str | bytes) -> list[ConfigError]:
    try:
        return [*parse_yaml(body if isinstance(body, bytes) else body.encode(), PATH).problems]
    except ConfigError as error:
        return [error]


def test_keeps_the_place_of_every_key_and_value() -> None:
    file = parse('# oui\nname: "Œuf"\nbrands:\n  - id: a\n    terms: [x, "y z"]\n')

    assert file.data == {"name": "Œuf", "brands": [{"id": "a", "terms": ["x", "y z"]}]}
    assert file.place_of(("name",)) == Place(2, 7)
    assert file.place_of(("name",), is_key=True) == Place(2, 1)
    assert file.place_of(("brands", 0, "terms", 1)) == Place(5, 16)


def test_place_of_what_is_absent_is_what_is_around_it() -> None:
    file = parse("brands:\n  - id: a\n")

    assert file.place_of(("brands", 0, "role")) == Place(2, 5)
    assert file.place_of(("contact",)) == Place(1, 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("12", 12, id="integer"),
        pytest.param("-0.25", -0.25, id="decimal"),
        pytest.param("true", True, id="true"),
        pytest.param("False", False, id="false"),
        pytest.param("", None, id="nothing"),
        pytest.param("~", None, id="tilde"),
        pytest.param("Europe/Paris", "Europe/Paris", id="plain-text"),
        pytest.param("0,3", "0,3", id="decimal-comma-is-text"),
        pytest.param('"21:00"', "21:00", id="quoted-time"),
        pytest.param("'no'", "no", id="quoted-no"),
        pytest.param('"1e-3"', "1e-3", id="quoted-number"),
        pytest.param("nono", "nono", id="starts-like-no"),
        pytest.param("mailto:a@b.example", "mailto:a@b.example", id="colon-without-space"),
        pytest.param("3rd", "3rd", id="starts-like-a-number"),
    ],
)
def test_values(text: str, value: Any) -> None:
    file = parse(f"key: {text}\n")

    assert file.problems == ()
    assert file.data == {"key": value}
    assert type(file.data["key"]) is type(value)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        pytest.param("21:00", 'write "21:00"', id="time-is-1260"),
        pytest.param("07:30", 'write "07:30"', id="time-with-a-zero"),
        pytest.param("no", "else false", id="no-is-false"),
        pytest.param("Oui: yes", "quotes", id="not-a-value-at-all"),
        pytest.param("ON", "else true", id="on-is-true"),
        pytest.param("1e-3", "0.001", id="exponent-is-text"),
        pytest.param("0123", "plain digits", id="octal"),
        pytest.param("0x1F", "plain digits", id="hexadecimal"),
        pytest.param("1_000", "plain digits", id="underscore"),
        pytest.param(".5", "plain digits", id="no-leading-zero"),
        pytest.param(".inf", "plain digits", id="infinity"),
        pytest.param("9" * 5000, "plain digits", id="endless-number"),
        pytest.param("2026-11-20", 'write "2026-11-20"', id="date"),
        pytest.param("!important", "begins with !", id="tag"),
        pytest.param("!!python/object:os.system x", "quotes", id="python-tag"),
        pytest.param("&co", "begins with & or *", id="anchor"),
        pytest.param("*promo", "begins with & or *", id="alias"),
        pytest.param("*Bistrot* du coin", "double quotes", id="stars-around-a-word"),
        pytest.param("@bistrot", "double quotes", id="handle"),
        pytest.param("'L'Œuf'", "double quotes", id="apostrophe-in-quotes"),
        pytest.param('"C:\\q"', "backslash twice", id="unknown-escape"),
        pytest.param("[a, b", '["one", "two"]', id="open-list"),
        pytest.param("- a", "line of its own", id="list-on-the-line-of-its-key"),
        pytest.param('"abc', "same quote", id="open-quote"),
        pytest.param("[" * 500, "in quotes", id="nested-too-deep"),
        pytest.param("x\n\ty: 1", "spaces", id="tab"),
        pytest.param("x\nkey: y", "one of the two", id="repeated-key"),
        pytest.param("x\n---\ny: z", "one document", id="second-document"),
        pytest.param("x\n  y: z", "same column", id="shifted"),
        pytest.param("x\ntimezone Europe/Paris\ny: z", "key: value", id="no-colon"),
        pytest.param("x\nname:Bistrot\ny: z", "key: value", id="no-space-after-colon"),
        pytest.param("x\nname:\u00a0Bistrot", "ordinary space", id="no-break-space-as-value-gap"),
        pytest.param("x\nbrands:\n\u00a0\u00a0- a", "ordinary space", id="no-break-indentation"),
        pytest.param("a\u2028b", "delete it", id="line-separator"),
        pytest.param("a\x00b", "delete it", id="nul"),
    ],
)
def test_doubtful_input_is_refused_with_a_way_out(text: str, hint: str) -> None:
    found = problems_of(f"key: {text}\n")

    assert found
    assert hint in (found[0].hint or "")
    assert found[0].line is not None
    assert found[0].path == PATH


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param('a: 1\nb: "x\nc: 2\n', 2, id="open-quote-where-it-opens"),
        pytest.param("a: 1\nb: [x\nc: 2\n", 2, id="open-list-where-it-opens"),
        pytest.param("a: 1\nnocolon\nc: 2\n", 2, id="line-without-colon"),
        pytest.param("a: 1\nname:X\nc: 2\n", 2, id="line-without-space"),
        pytest.param("a: 1\nb: 2\na: 3\n", 3, id="second-of-two-keys"),
        pytest.param("a: 1\r\nb: 2\r\nq: 21:00\r\n", 3, id="windows-ends-of-line"),
    ],
)
def test_line_is_the_one_to_edit(text: str, line: int) -> None:
    assert problems_of(text)[0].line == line


def test_repeated_key_names_the_line_of_the_first() -> None:
    (error,) = problems_of("a: 1\nb: 2\na: 3\n")

    assert "first in line 1" in error.message


def test_all_problems_that_leave_the_rest_readable_are_told_at_once() -> None:
    found = problems_of("a: 21:00\nb: no\nb: 2\nc: 2026-01-01\n")

    assert [error.line for error in found] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"# rien\n", "empty", id="only-comments"),
        pytest.param(b"- a\n", "no keys", id="list"),
        pytest.param(b"bonjour\n", "no keys", id="text"),
        pytest.param("name: Café".encode("cp1252"), "UTF-8", id="windows-encoding"),
        pytest.param("name: x".encode("utf-16"), "UTF-8", id="utf-16"),
        pytest.param(b"a: " + b"x" * MAX_BYTES, "larger than 4 MB", id="huge"),
    ],
)
def test_unusable_file_is_refused(body: bytes, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        parse_yaml(body, PATH)


def test_encoding_error_names_the_line() -> None:
    body = "a: 1\nb: 2\nname: Café\n".encode("cp1252")

    assert problems_of(body)[0].line == 3


def test_byte_order_mark_is_accepted() -> None:
    assert parse_yaml("\ufeffname: Œuf\n".encode(), PATH).data == {"name": "Œuf"}


def test_billion_laughs_stay_small() -> None:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]

    found = problems_of("\n".join(lines))

    assert "not allowed" in found[0].message


def test_missing_file_and_folder_are_config_errors(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="missing"):
        read_bytes(tmp_path / "none.yaml")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_bytes(tmp_path)


YAML_LIKE = st.text(
    alphabet=st.one_of(
        st.sampled_from(list(":-[]{}#&*!|>'\"%@`,?~ \n\t\\.019eab\u00a0\u2028\r")),
        st.characters(codec="utf-8"),
    ),
    max_size=60,
)


@given(YAML_LIKE)
@example("? - a\n: b")
@example("a: |\n  x\n y")
@example("%YAML 9.9\n---\na: 1")
@example("<<: *a")
def test_random_text_never_raises_anything_but_config_errors(text: str) -> None:
    for error in problems_of(text):
        assert error.path == PATH
        assert str(error)


@given(st.binary(max_size=60))
def test_random_bytes_never_raise_anything_but_config_errors(body: bytes) -> None:
    problems_of(body)


@given(st.text(alphabet="0123456789_.:-+eExobnfaTyYsN~", max_size=12))
@example("1_0:30")
@example("1._")
@example(".5_")
@example("2026-1-1T1:1:1")
def test_what_is_accepted_without_quotes_means_the_same_to_yaml_1_1(text: str) -> None:
    body = f"key: {text}x" if text.endswith((":", "-")) else f"key: {text}"
    if any(problems_of(body)):
        return

    theirs = yaml.safe_load(body)["key"]

    assert parse(body).data == {"key": theirs}
    assert type(parse(body).data["key"]) is type(theirs)


@given(st.data())
def test_lines_are_right_wherever_comments_and_blank_lines_stand(data: st.DataObject) -> None:
    lines = ["name: a", "brands:", "  - id: b", "    terms:", "      - c", "last: 1"]
    locs = [("name",), ("brands",), ("brands", 0, "id"), ("brands", 0, "terms"),
            ("brands", 0, "terms", 0), ("last",)]  # fmt: skip
    text, expected = "", []
    for line in lines:
        fillers = data.draw(st.lists(st.sampled_from(["", "# x: y", "   ", "      # é"])))
        text += "".join(f"{filler}\n" for filler in fillers)
        expected.append(text.count("\n") + 1)
        text += f"{line}\n"

    file = parse(text)

    found = [file.place_of(loc, is_key=not isinstance(loc[-1], int)).line for loc in locs]
    assert found == expected
