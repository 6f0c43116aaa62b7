"""Topics and events of client.yaml: what is read, and what is refused with its line."""

from datetime import date
from pathlib import Path

import pytest

from listening.config.load import find_problems, load_client
from listening.model import ClientEvent, Topic
from tests.builders import CLIENT_YAML, write_client


def _client(tmp_path: Path, more: str) -> Path:
    return write_client(tmp_path / "bistrot", client=CLIENT_YAML.replace("NAME", "bistrot") + more)


def test_topics_and_events_are_read(tmp_path: Path) -> None:
    folder = _client(
        tmp_path,
        """\
topics:
  - {id: prix, name: "Prix", name_en: "Prices", terms: ["trop cher", "the bill"]}
  - {id: accueil, name: "Accueil", terms: ["serveuse"]}
events:
  - {name: "Foire", day: "2026-11-20", until: "22/11/2026"}
  - {name: "Anniversaire", day: "3/5/2020", yearly: true, judged: false}
""",
    )

    config = load_client(folder)

    assert config.topics == (
        Topic(topic_id="prix", name_fr="Prix", name_en="Prices", terms=("trop cher", "the bill")),
        Topic(topic_id="accueil", name_fr="Accueil", name_en="Accueil", terms=("serveuse",)),
    )
    first, second = config.events
    assert first == ClientEvent(
        name="Foire", first_on=date(2026, 11, 20), last_on=date(2026, 11, 22), is_yearly=False
    )
    assert (second.first_on, second.last_on) == (date(2020, 5, 3), date(2020, 5, 3))
    assert second.is_yearly
    assert (first.is_judged, second.is_judged) == (True, False)


@pytest.mark.parametrize(
    ("more", "line", "said"),
    [
        pytest.param(
            'topics:\n  - {id: prix, name: "Prix", terms: []}\n', 2, "at least 1", id="no-term"
        ),
        pytest.param(
            'topics:\n  - {id: a, name: "A", terms: ["x"]}\n  - {id: a, name: "B", terms: ["y"]}\n',
            3,
            "there twice",
            id="id-twice",
        ),
        pytest.param(
            'topics:\n  - {id: a, name: "A", terms: ["!", "ok"]}\n', 2, "no letter", id="empty-term"
        ),
        pytest.param('events:\n  - {name: "Foire", day: "le 20"}\n', 2, "is no day", id="no-day"),
        pytest.param(
            'events:\n  - {name: "Foire", day: "31/02/2026"}\n',
            2,
            "is no day",
            id="day-that-is-not",
        ),
        pytest.param(
            'events:\n  - {name: "Foire", day: "1789-07-14"}\n', 2, "does not reach", id="too-early"
        ),
        pytest.param(
            'events:\n  - name: "Foire"\n    day: "2026-11-20"\n    until: "2026-11-19"\n',
            4,
            "ends before it begins",
            id="ends-before-it-begins",
        ),
        pytest.param(
            'events:\n  - {name: "Foire", day: "2026-01-01", until: "2027-06-01"}\n',
            2,
            "longer than a year",
            id="too-long",
        ),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, more: str, line: int, said: str) -> None:
    (found,) = find_problems(_client(tmp_path, more))

    assert found.line == CLIENT_YAML.count("\n") + line
    assert said in str(found)
