"""An import lands like a visit, once."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from listening.config.mapping import ColumnsSpec, MappingSpec
from listening.errors import ConfigError
from listening.jobs.context import JobContext, open_strict_context
from listening.jobs.importing import import_file
from listening.model import SourceKind
from listening.settings import Settings
from storage.engine import open_writer
from tests.builders import NOW, SOURCES_YAML, write_client

MAPPING = MappingSpec(columns=ColumnsSpec(id="id", text="texte", date="date"))
SOURCE = '  - {id: avis, kind: import, url: "https://avis.example/", type: review}\n'


@pytest.fixture
def context(tmp_path: Path) -> JobContext:
    write_client(tmp_path / "clients" / "exemple", sources=SOURCES_YAML + SOURCE)
    settings = Settings(home=tmp_path, clients_dir=tmp_path / "clients", var_dir=tmp_path / "var")
    return open_strict_context("exemple", settings=settings, clock=lambda: NOW)


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(["id;texte;date", *rows]), encoding="utf-8")
    return path


def count(context: JobContext, sql: str) -> int:
    with open_writer(context.paths.writer) as warehouse:
        (value,) = warehouse.execute(sql).fetchone() or (0,)
        return int(value)


def test_rows_become_documents_and_the_rest_is_named(context: JobContext, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "1;Bon;01/11/2026", "2;Mauvais;hier", "1;Bon;01/11/2026")

    result = import_file(context, path, source_id="avis", mapping=MAPPING)

    assert (result.row_count, result.loaded.new, result.repeated_count) == (3, 1, 1)
    assert result.rejected_path is not None
    assert '"file": "a.csv", "line": 3' in result.rejected_path.read_text(encoding="utf-8")
    assert count(context, "SELECT count(*) FROM fct_source_runs WHERE status = 'ok'") == 1


def test_the_same_file_twice_changes_nothing(context: JobContext, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", *(f"{n};Texte {n};01/11/2026" for n in range(20)))
    import_file(context, path, source_id="avis", mapping=MAPPING)

    again = import_file(context, path, source_id="avis", mapping=MAPPING)

    assert again.loaded.new == 0
    assert count(context, "SELECT count(*) FROM fct_source_runs") == 1


def test_a_later_export_adds_what_is_new_and_notices_edits(
    context: JobContext, tmp_path: Path
) -> None:
    first = write(tmp_path / "a.csv", "1;Un;01/11/2026", "2;Deux;01/11/2026")
    import_file(context, first, source_id="avis", mapping=MAPPING)

    second = write(
        tmp_path / "b.csv", "1;Un;01/11/2026", "2;Deux, corrigé;01/11/2026", "3;T;02/11/2026"
    )
    later = replace(context, clock=lambda: NOW + timedelta(hours=1))
    loaded = import_file(later, second, source_id="avis", mapping=MAPPING).loaded

    assert (loaded.new, loaded.changed, loaded.unchanged) == (1, 1, 1)


def test_an_unknown_source_is_refused(context: JobContext, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="autre"):
        import_file(context, write(tmp_path / "a.csv"), source_id="autre", mapping=MAPPING)


def test_a_night_does_not_visit_imports(context: JobContext) -> None:
    from listening.collectors.plan import split_batches  # noqa: PLC0415

    batches = split_batches(context.config.sources, {}, now=NOW, batch_size=50)

    kinds = {source.kind for batch in batches for source, _ in batch}
    assert kinds == {SourceKind.FEED}
