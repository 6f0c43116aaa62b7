"""A run over every attack we know of: it ends, within bounds, each attack named, nothing leaked.

Where the system lets us, all of it plays in a network of its own, from which nothing can leave and
in which the hostile server has a public address.
"""

import json
import re
import shutil
import subprocess
import sys
from functools import cache
from typing import Any

import pytest

from listening.collectors import faults
from tests.integration.attacks import ATTACKS, REBINDING, Attack
from tests.integration.home import CHECKOUT
from tests.integration.hostile import CANARY, meets

#: It ends by its own limits; this one only says that it did, on a machine that is busy otherwise.
RUN_LIMIT_S = 120.0
#: The server of the attacks, its bombs and the warehouse included.
MEMORY_LIMIT_MIB = 800
#: What one reading process may take of address space is 1 GiB; the rest is the interpreter.
PARSER_LIMIT_MIB = 1100
#: Control characters, C1 included, and all that turns letters around.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e]")
_UNSAFE_IN_LINES = re.compile(_UNSAFE.pattern[:-1] + r"\n\u202a-\u202e\u2066-\u2069]")
_NAMESPACE = ("unshare", "--map-root-user", "--net")


@cache
def has_namespaces() -> bool:
    """Whether this system lets us have a network of our own, with addresses we choose."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return False
    tried = subprocess.run(  # noqa: S603 - fixed words
        [*_NAMESPACE, "ip", "link", "set", "lo", "up"], capture_output=True, check=False
    )
    return tried.returncode == 0


@pytest.fixture(scope="module")
def outcome() -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.integration.hostile", "--json"]
    if has_namespaces():
        command = [*_NAMESPACE, *command, "--namespace"]
    done = subprocess.run(  # noqa: S603 - our own script
        command, cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stderr[-3000:]
    values: dict[str, Any] = json.loads(done.stdout)
    return {**values, "log": done.stderr}


@pytest.mark.parametrize("attack", [*ATTACKS, *REBINDING], ids=lambda attack: attack.name)
def test_each_attack_is_on_record(outcome: dict[str, Any], attack: Attack) -> None:
    if attack.lookups and not has_namespaces():
        pytest.skip("this system gives us no network of our own")

    visit = outcome["visits"][attack.name]

    assert meets(attack, visit), visit
    for word in [*visit["faults"], *([visit["reason"]] if visit["reason"] else [])]:
        assert faults.explain(word)
    assert visit["reason"] != faults.INTERNAL_ERROR


def test_nothing_inside_was_reached(outcome: dict[str, Any]) -> None:
    assert outcome["canary_hits"] == []
    assert CANARY not in json.dumps(outcome["documents"])
    assert "root:" not in json.dumps(outcome["documents"])


def test_the_run_ends_within_its_bounds(outcome: dict[str, Any]) -> None:
    assert outcome["seconds"] < RUN_LIMIT_S
    assert outcome["peak_mib"] < MEMORY_LIMIT_MIB
    assert outcome["parser_peak_mib"] < PARSER_LIMIT_MIB


def test_nothing_stored_can_deceive_a_screen_a_mail_or_a_log(outcome: dict[str, Any]) -> None:
    for document in outcome["documents"]:
        assert not _UNSAFE_IN_LINES.search(document["title"]), document
        assert not _UNSAFE.search(document["text"]), document
        assert "steal()" not in document["title"] + document["text"]
        assert (document["url"] or "https://").startswith(("http://", "https://")), document
    assert len(outcome["requests"]) > len(ATTACKS)
    for request in outcome["requests"]:
        assert not _UNSAFE_IN_LINES.search(request["path"] + request["host"])


def test_the_log_holds_nothing_of_the_pages(outcome: dict[str, Any]) -> None:
    assert "\x1b" not in outcome["log"]
    assert "forged" not in outcome["log"]
    assert "source_failed_unexpectedly" not in outcome["log"]


def test_no_page_takes_the_identity_of_another_site(outcome: dict[str, Any]) -> None:
    (stolen,) = [one for one in outcome["documents"] if one["source_id"] == "stolen-identity"]

    assert "victime.example" not in (stolen["canonical_url"] or "")


def test_a_pause_asked_for_is_kept_but_not_for_ever(outcome: dict[str, Any]) -> None:
    for name in ("retry-after-ages", "retry-after-digits"):
        assert outcome["visits"][name]["next_fetch_at"] == "2026-11-27 01:14:00+00:00"
    for name in ("retry-after-negative", "retry-after-past"):
        assert outcome["visits"][name]["next_fetch_at"] == "2026-11-20 21:14:00+00:00"
