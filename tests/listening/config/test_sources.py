"""A source is added at the end of the file, and the file never gets worse for it."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from listening.config.load import load_client
from listening.config.sources import add_source
from listening.errors import ConfigError
from listening.model import OffHours, Source, SourceKind, SourceType
from tests.builders import SOURCES_YAML, write_client

BLOG = Source(
    source_id="blog",
    kind=SourceKind.FEED,
    url="https://blog.example/feed/?a=1&b=#c",
    source_type=SourceType.BLOG,
    title='Le "blog": # de Léon',
    weight=1.5,
    poll_every=timedelta(hours=36),
    off_hours=OffHours(time(22, 30), time(6)),
)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(SOURCES_YAML, id="after-others"),
        pytest.param("sources:\n", id="no-value"),
        pytest.param("sources:\n# exemple :\n#  - {id: x}\n", id="all-commented-out"),
        pytest.param("sources: []  # rien encore\n", id="empty-brackets"),
        pytest.param("sources: []", id="no-end-of-line"),
        pytest.param("# début\nsources:\n- id: a\n  kind: feed\n  url: http://a.example/\n"
                     "  type: blog\n\n# fin", id="not-moved-to-the-right"),
        pytest.param(SOURCES_YAML.replace("\n", "\r\n"), id="windows-ends-of-line"),
    ],
)  # fmt: skip
def test_source_is_added_and_the_rest_stays(tmp_path: Path, body: str) -> None:
    folder = write_client(tmp_path / "exemple")
    (folder / "sources.yaml").write_bytes(body.encode())

    add_source(folder, BLOG)

    after = (folder / "sources.yaml").read_bytes().decode()
    assert load_client(folder).sources[-1] == BLOG
    assert after.startswith(body.partition("[]")[0].rstrip())
    assert after.count("\r\n") in {0, after.count("\n")}
    assert sorted(path.name for path in folder.iterdir()) == [
        "alerts.yaml", "client.yaml", "sources.yaml",
    ]  # fmt: skip


def test_title_can_be_given(tmp_path: Path) -> None:
    folder = write_client(tmp_path / "exemple")

    add_source(folder, BLOG, title="Léon")

    assert load_client(folder).sources[-1].title == "Léon"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param(SOURCES_YAML.replace("id: forum", "id: blog"), "twice", id="id-is-taken"),
        pytest.param('sources: [{id: a, kind: feed, url: "http://a.example/", type: blog}]\n',
                     "line of its own", id="list-on-one-line"),
        pytest.param("sources: [\n", "not closed", id="broken-already"),
    ],
)  # fmt: skip
def test_file_is_left_alone_when_it_cannot_be_extended(
    tmp_path: Path, body: str, message: str
) -> None:
    folder = write_client(tmp_path / "exemple", sources=body)

    with pytest.raises(ConfigError, match=message):
        add_source(folder, BLOG)

    assert (folder / "sources.yaml").read_text(encoding="utf-8") == body
