"""DAG files are described without Airflow."""

from pathlib import Path

import pytest

from listening.jobs.dags_page import dags_page
from listening.jobs.markdown import DocumentationError

DAG = '''"""### Sweep the floor of one client.

Twice a year. When it fails: docs/runbook.md#sweep
"""

TWICE_A_YEAR = "0 3 1 1,7 *"


def build(client_id):
    @dag(dag_id=f"sweep_{client_id}", schedule=Cron(TWICE_A_YEAR), doc_md=__doc__)
    def sweep():
        @task(pool="duckdb_writer", retries=0)
        def fetch_broom():
            from listening.jobs import tasks

            return tasks.broom(client_id)

        @task
        def sweep_up():
            return tasks.sweep(client_id)

        fetch_broom() >> sweep_up()
'''
CFG = "[core]\n# Two cores.\n# No more.\nparallelism = 4\n"


def page(tmp_path: Path, dag: str = DAG) -> str:
    path, cfg = tmp_path / "sweep.py", tmp_path / "airflow.cfg"
    path.write_text(dag, encoding="utf-8")
    cfg.write_text(CFG, encoding="utf-8")
    return dags_page([path], cfg)


def test_own_words_schedule_and_tasks_are_shown(tmp_path: Path) -> None:
    text = page(tmp_path)

    assert "## sweep\n\nDAG `sweep_<client>`. Sweep the floor of one client.\n" in text
    assert "[sweep in the runbook](runbook.md#sweep)" in text
    assert "With `TWICE_A_YEAR = '0 3 1 1,7 *'`:" in text
    assert "| `schedule` | `Cron(TWICE_A_YEAR)` |" in text
    assert (
        "| `fetch_broom` | `listening.jobs.tasks.broom` | `pool='duckdb_writer', retries=0` |"
        in (text)
    )
    assert "| `sweep_up` | `listening.jobs.tasks.sweep` |  |" in text
    assert text.index("`fetch_broom`") < text.index("`sweep_up`")


def test_settings_of_airflow_come_with_their_comments(tmp_path: Path) -> None:
    assert "| `core` | `parallelism` | `4` | Two cores. No more. |" in page(tmp_path)


@pytest.mark.parametrize(
    ("dag", "message"),
    [
        pytest.param("X = 1\n", "no docstring", id="no-docstring"),
        pytest.param(DAG.replace("tasks.sweep(", "print("), "calls no job", id="task-without-job"),
    ],
)
def test_what_nobody_described_is_an_error(tmp_path: Path, dag: str, message: str) -> None:
    with pytest.raises(DocumentationError, match=message):
        page(tmp_path, dag)
