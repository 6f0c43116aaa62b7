"""The documentation is complete and current, and nothing in it is false."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import duckdb
import pytest

from listening.cli import console
from listening.config.alerts import RuleSpec
from listening.jobs.docs import CommandInfo, generated_pages, read_commands, stale_pages
from listening.notify import mailer
from listening.settings import PREFIX, Settings
from storage.engine import open_writer
from storage.migrate import migrate
from tests.builders import NOW

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
ENGLISH, FRENCH = ROOT / "README.md", ROOT / "LISEZMOI.md"

#: Where an address in the documentation may lead; names kept for examples (RFC 2606) besides.
KNOWN_HOSTS = frozenset({"keepachangelog.com", "semver.org", "localhost"})

#: Platforms whose one public address is what a kind of source reads.
PLATFORM_HOSTS = frozenset(
    {
        "api.stackexchange.com",
        "bsky.app",
        "hn.algolia.com",
        "public.api.bsky.app",
        "www.google.com",
        "www.reddit.com",
    }
)

#: Programs that the documentation tells people to type.
PROGRAMS = ("vigie", "make")


def pages() -> list[Path]:
    """Return every page of the documentation."""
    return [*sorted(ROOT.glob("*.md")), ROOT / "clients" / "README.md", *sorted(DOCS.rglob("*.md"))]


EVERY_PAGE = pytest.mark.parametrize(
    "page", [pytest.param(page, id=str(page.relative_to(ROOT))) for page in pages()]
)


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def headings(page: Path) -> list[str]:
    prose = re.sub(r"^```.*?^```$", "", text_of(page), flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^#+ (.+)$", prose, re.MULTILINE)


def anchor(heading: str) -> str:
    """Return the anchor that a heading gets on the usual forges."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def code_of(page: Path) -> Iterator[str]:
    """Yield each line of code blocks and each piece of code within a line."""
    text = text_of(page)
    for block in re.findall(r"^```\w*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield from block.splitlines()
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    yield from (" ".join(code.split()) for code in re.findall(r"`([^`]+)`", prose))


def typed(page: Path, program: str) -> Iterator[list[str]]:
    """Yield the words after each call of a program that the page shows."""
    for code in code_of(page):
        for words in re.findall(rf"(?:^|[\s/$]){program} ([^#>|;&]+)", code):
            yield words.split()


# -- the generated pages -------------------------------------------------------------------------


def test_generated_pages_are_current() -> None:
    stale = stale_pages(DOCS, generated_pages(ROOT, now=NOW))

    assert stale == [], "run: make docs"


# -- everything is documented --------------------------------------------------------------------


def serious_events() -> set[str]:
    """Return the names of all events that the code logs as warnings and errors."""
    found = set()
    for package in ("listening", "sentiment", "storage"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr in {"warning", "error", "exception", "critical"}
                    and ast.unparse(node.func.value).split("(")[0].endswith("log")
                    and isinstance(node.args[0], ast.Constant)
                ):
                    found.add(str(node.args[0].value))
    return found


def test_runbook_explains_every_warning_and_error_and_no_other() -> None:
    section = text_of(DOCS / "runbook.md").partition("\n## Log events\n")[2]
    explained = set(re.findall(r"^### (\S+)$", section, re.MULTILINE))

    ours = {event for event in explained if "." not in event}  # stamina.… is a library's
    assert ours == serious_events()


def test_runbook_has_a_section_for_every_dag() -> None:
    known = set(headings(DOCS / "runbook.md"))

    assert {path.stem for path in (ROOT / "dags").glob("*.py")} <= known


def test_runbook_explains_every_reason_of_an_undelivered_mail() -> None:
    runbook = text_of(DOCS / "runbook.md")
    words = {word for _, word in (*mailer._REFUSALS, *mailer._FAILURES)}
    words |= set(re.findall(r'message_id, "(\w+)"', Path(mailer.__file__).read_text("utf-8")))

    assert {word for word in words if f"`{word}" not in runbook} == set()


def test_every_kind_of_rule_is_explained() -> None:
    kinds = RuleSpec.model_json_schema(mode="serialization")["properties"]["kind"]

    assert {kinds.get("const"), *kinds.get("enum", [])} - {None} <= set(
        headings(DOCS / "alerts.md")
    )


def makefile_targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", text_of(ROOT / "Makefile"), re.MULTILINE))


def test_every_make_target_is_documented() -> None:
    named = {words[0] for words in typed(ROOT / "CONTRIBUTING.md", "make")}

    assert named == makefile_targets()


@pytest.mark.parametrize("page", [ENGLISH, FRENCH], ids=["english", "french"])
def test_every_exit_code_is_documented(page: Path) -> None:
    codes = {value for name, value in vars(console).items() if name.startswith("EXIT_")}

    assert {f"| {code} |" in text_of(page) for code in (0, *codes)} == {True}


@pytest.mark.parametrize("page", [ENGLISH, FRENCH], ids=["english", "french"])
def test_every_page_is_linked(page: Path) -> None:
    linked = set(re.findall(r"\]\((docs/[^)#]+)", text_of(page)))
    expected = {str(one.relative_to(ROOT)) for one in DOCS.glob("*.md")}

    assert expected | {"docs/decisions/README.md"} <= linked


def test_every_decision_is_listed() -> None:
    listed = set(re.findall(r"\((\d{4}-[a-z-]+\.md)\)", text_of(DOCS / "decisions" / "README.md")))

    assert listed == {path.name for path in (DOCS / "decisions").glob("0*.md")}


def test_changelog_begins_with_this_version() -> None:
    version = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]["version"]

    released = re.findall(
        r"^## (\d\S+) - \d{4}-\d{2}-\d{2}$", text_of(ROOT / "CHANGELOG.md"), re.MULTILINE
    )

    assert released[0] == version


# -- nothing documented is false -----------------------------------------------------------------


@cache
def commands() -> dict[str, CommandInfo]:
    return {command.name: command for command in read_commands()}


def find_command(words: list[str]) -> CommandInfo | None:
    """Return the command that is called; None for a group of commands."""
    names = [word for word in words[:2] if not word.startswith("-")]
    for length in (2, 1):
        name = " ".join(["vigie", *names[:length]])
        if name in commands():
            return commands()[name]
    groups = {name.split()[1] for name in commands() if name.count(" ") > 1}
    assert not names or names[0] in groups, f"there is no command: vigie {' '.join(words)}"
    return None


@EVERY_PAGE
def test_commands_and_options_exist(page: Path) -> None:
    for words in typed(page, "vigie"):
        command = find_command(words)
        if command is None:
            continue
        known = {name for one in command.parameters for name in one.names} | {"--help", "-h"}
        used = {word for word in words if re.fullmatch(r"--?[a-z][a-z-]*", word)}
        assert used <= known, f"vigie {' '.join(words)}"


@EVERY_PAGE
def test_make_targets_exist(page: Path) -> None:
    named = {words[0] for words in typed(page, "make")}

    assert {name for name in named if re.fullmatch(r"[a-z-]+", name)} <= makefile_targets()


@EVERY_PAGE
def test_settings_exist(page: Path) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}

    assert set(re.findall(rf"{PREFIX}[A-Z_]+\b", text_of(page))) <= known


@EVERY_PAGE
def test_links_resolve(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if target.startswith(("http://", "https://")):
            continue
        name, _, fragment = target.partition("#")
        other = (page.parent / name).resolve() if name else page
        if not other.exists() or (
            fragment and fragment not in {anchor(heading) for heading in headings(other)}
        ):
            broken.append(target)

    assert broken == []


def sql_statements() -> Iterator[tuple[str, str]]:
    """Yield the place and the text of each statement that readers are told to run."""
    for page in (DOCS / "querying.md", DOCS / "interroger.md", DOCS / "runbook.md"):
        blocks = re.findall(r"^```sql\n(.*?)^```$", text_of(page), re.MULTILINE | re.DOTALL)
        for number, block in enumerate(blocks, 1):
            yield f"{page.stem}-{number}", block
    for page in pages():
        for words in typed(page, "vigie"):
            if words[0] == "sql" and (quoted := re.search(r"[\"'](.+)[\"']", " ".join(words))):
                yield f"{page.stem}-{anchor(quoted[1][:30])}", quoted[1]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Return an empty warehouse of the present schema."""
    with open_writer(tmp_path_factory.mktemp("docs") / "warehouse.duckdb") as connection:
        migrate(connection, now=NOW)
        yield connection


@pytest.mark.parametrize(
    "statement", [pytest.param(text, id=place) for place, text in sql_statements()]
)
def test_statements_run(statement: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    cursor = warehouse.execute(statement)

    assert cursor.description


# -- both languages say the same -----------------------------------------------------------------


def calls(page: Path) -> set[tuple[str, ...]]:
    """Return each call that a page shows: program, command, options."""
    found = set()
    for program in PROGRAMS:
        for words in typed(page, program):
            command = find_command(words) if program == "vigie" else None
            name = command.name if command else f"{program} {words[0]}"
            options = sorted(word for word in words if re.fullmatch(r"--[a-z-]+", word))
            found.add((name, *options))
    return found


def test_both_readmes_show_the_same_commands() -> None:
    assert calls(ENGLISH) == calls(FRENCH)


def test_both_readmes_begin_with_the_two_commands() -> None:
    for page in (ENGLISH, FRENCH):
        first_block = text_of(page).split("```")[1]
        assert re.findall(r"^\$ (make \w+)", first_block, re.MULTILINE) == ["make run", "make test"]


def test_both_readmes_have_as_many_sections() -> None:
    assert len(headings(ENGLISH)) == len(headings(FRENCH))


# -- what has no place in it ---------------------------------------------------------------------


@EVERY_PAGE
def test_addresses_lead_nowhere_unexpected(page: Path) -> None:
    hosts = set(re.findall(r"https?://([\w.-]+)", text_of(page)))
    strange = {
        host
        for host in hosts - KNOWN_HOSTS - PLATFORM_HOSTS
        if not host.endswith(".example") and not host.startswith("127.")
    }

    assert strange == set()


@EVERY_PAGE
def test_no_path_of_a_machine(page: Path) -> None:
    found = re.findall(
        r"(?<![\w./<>-])/(?:home|root|tmp|work|opt|mnt|srv|Users)/\S*", text_of(page)
    )

    assert found == []


@EVERY_PAGE
def test_nothing_is_left_to_fill_in(page: Path) -> None:
    assert re.findall(r"@@|TODO|FIXME|\bTBD\b|<[a-z]+ [a-z]+=", text_of(page)) == []


@pytest.mark.parametrize("name", ["flow.svg", "parcours.svg"])
def test_pictures_stand_alone_and_have_words(name: str) -> None:
    path = DOCS / "images" / name
    root = ET.parse(path).getroot()  # noqa: S314 - our own file
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}

    assert {"title", "desc"} <= tags
    assert not tags & {"script", "image", "foreignObject"}
    assert "prefers-color-scheme: dark" in text_of(path)
