"""The demonstration: one real night of the example client, on a small local web."""

import subprocess
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from listening.cli.console import err, speaker
from listening.cli.summary import print_summary
from listening.demo.past import play_past
from listening.demo.site import DemoSite
from listening.demo.state import DemoState
from listening.errors import WordedError
from listening.jobs.airflow_home import airflow_command, airflow_environment, set_up
from listening.jobs.context import open_strict_context, utc_now
from listening.jobs.summary import newest_run_id, night_summary
from listening.settings import Settings
from listening.translate import mark

CLIENT = "exemple"
#: The DAGs that make up a night; digests and maintenance have their own hours.
NIGHT = ("listen", "evaluate_alerts")

#: A line of Airflow's that says which task begins.
_TASK_BEGINS = "[DAG TEST] starting task_id="

_ = speaker().gettext


class DemonstrationError(WordedError):
    """Airflow could not run the demonstration's night."""


def run_demonstration(settings: Settings, *, port: int) -> None:
    """Serve the web, run both DAGs of the example client, and say what came out.

    The night shown is the last one, 02:00 in the client's time zone, so that the evening before
    it is complete. Running it again the same day finds nothing new, as it should.

    Raises:
        DemonstrationError: A DAG failed.
    """
    started = time.monotonic()
    set_up(settings)
    context = open_strict_context(CLIENT, settings=settings)
    now = last_night(utc_now(), context.config.timezone)
    state = DemoState.load(settings.var_path / "demo").with_evening_before(now)
    state.save(settings.var_path / "demo")
    err.print(_("what happened before"), style="bold")
    play_past(settings, client_id=CLIENT, evenings=state.buzz_days, port=port)
    with DemoSite(port=port, until=now, buzz_days=state.buzz_days):
        for kind in NIGHT:
            _run_dag(settings, f"{kind}_{CLIENT}", now)
    err.print(_("took {seconds} s", seconds=round(time.monotonic() - started)))
    print_summary(night_summary(context, run_id=newest_run_id(context), now=now), speaker())


def last_night(now: datetime, timezone: str) -> datetime:
    """Return the last 02:00 on that zone's clocks."""
    local = now.astimezone(ZoneInfo(timezone))
    night = local.replace(hour=2, minute=0, second=0, microsecond=0)
    if night > local:
        night -= timedelta(days=1)
    return night


def _run_dag(settings: Settings, dag_id: str, now: datetime) -> None:
    """Run ``airflow dags test``, its log to a file, its tasks' names to the terminal."""
    log_path = settings.var_path / "logs" / f"demo-{dag_id}.log"
    err.print(f"airflow dags test {dag_id}", style="bold")
    with (
        log_path.open("w", encoding="utf-8") as log,
        subprocess.Popen(  # noqa: S603 - our own interpreter
            airflow_command("dags", "test", dag_id, now.isoformat()),
            env=airflow_environment(settings),
            cwd=settings.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        for line in process.stdout or ():
            log.write(line)
            if _TASK_BEGINS in line:
                name = line.split(_TASK_BEGINS, 1)[1].split()[0]
                err.print(f"  {name}")
        code = process.wait()
    if code != 0 or "state=failed" in log_path.read_text(encoding="utf-8"):
        raise DemonstrationError(mark("{dag} failed; see {path}"), dag=dag_id, path=log_path)
