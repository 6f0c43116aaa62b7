"""Collection: plan the night, fetch batches in parallel, load what landed."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from listening.collectors import faults
from listening.collectors.identity.canonical import host_of
from listening.collectors.night import collect_batches
from listening.collectors.options import CollectOptions
from listening.collectors.plan import split_batches
from listening.collectors.web.off_hours import hours_by_host, resting_hosts
from listening.config.country import public_holidays_of
from listening.errors import CollectionFailedError
from listening.jobs.blocked import read_allowed_batch, without_blocked
from listening.jobs.context import JobContext, author_hasher
from listening.jobs.counting import add_counts
from listening.logs import get_logger
from listening.model import Batch, FetchState, RunStatus, Source, SourceRun
from storage.dimensions import sync_dimensions
from storage.engine import Warehouse, open_writer
from storage.figures import name_figures
from storage.landing import read_plan, write_batch, write_plan
from storage.loading import LoadCounts, load_batches, read_states
from storage.migrate import migrate
from storage.visits import loaded_batches, read_due_times, read_source_runs

log = get_logger("listening.jobs.collect")

OnVisit = Callable[[SourceRun], None]

_PLAN_SUFFIX = ".plan.json.gz"
_BATCH_SUFFIX = ".jsonl.gz"

#: A visit that ended so found its source alive.
_ALIVE = frozenset({RunStatus.OK, RunStatus.UNCHANGED})
#: A visit that ended so was never begun: the time was over, or its host is to be left alone.
_NOT_REACHED = frozenset({faults.BATCH_DEADLINE, faults.HOST_PAUSED, faults.OFF_HOURS})


def plan_collection(
    context: JobContext, *, run_id: str, now: datetime, is_forced: bool = False
) -> list[Path]:
    """Write one plan file per batch of due sources; return their paths, perhaps none.

    Running it again for the same run returns the plans already written, so that a retry visits
    the same sources.

    Args:
        context: The client.
        run_id: Names the run and its folder.
        now: Decides which sources are due.
        is_forced: Visit every source, due or not.
    """
    config, paths = context.config, context.paths
    folder = paths.run_folder(run_id)
    if (folder / f"batch-0000{_PLAN_SUFFIX}").exists():  # written last: the plan is complete
        return sorted(folder.glob(f"*{_PLAN_SUFFIX}"))
    for half_made in folder.glob(f"*{_PLAN_SUFFIX}"):
        half_made.unlink()
    with open_writer(paths.writer) as warehouse:
        migrate(warehouse, now=now)
        know_configuration(context, warehouse, now=now)
        # What each source showed is large: read for one batch at a time, and not to plan.
        due = {
            name: FetchState(source_id=name, next_fetch_at=None if is_forced else at)
            for name, at in read_due_times(warehouse).items()
        }
        awake = _awake_sources(context, now=now)
        batches = split_batches(awake, due, now=now, batch_size=config.collect.batch_size)
        plans = [
            _write_plan(warehouse, folder / f"batch-{number:04d}{_PLAN_SUFFIX}", batches[number])
            for number in reversed(range(len(batches)))
        ]
    log.info("collection_planned", client=config.client_id, batches=len(plans))
    return sorted(plans)


def _awake_sources(context: JobContext, *, now: datetime) -> list[Source]:
    """Return the sources whose hosts may be visited now; the others stay as due as they are."""
    config = context.config
    resting = resting_hosts(
        config.sources, everywhere=config.collect.off_hours, now=now, timezone=config.timezone
    )
    awake = [source for source in config.sources if host_of(source.url) not in resting]
    if len(awake) < len(config.sources):
        left_alone = len(config.sources) - len(awake)
        log.info("off_hours_kept", client=config.client_id, sources=left_alone, hosts=len(resting))
    return awake


def _write_plan(warehouse: Warehouse, path: Path, batch: Sequence[tuple[Source, object]]) -> Path:
    """Write the plan of one batch, with all that is remembered of its sources."""
    states = read_states(warehouse, [source.source_id for source, _ in batch])
    plan = [
        (source, states.get(source.source_id) or FetchState(source_id=source.source_id))
        for source, _ in batch
    ]
    write_plan(path, plan)
    return path


def know_configuration(context: JobContext, warehouse: Warehouse, *, now: datetime) -> None:
    """Write the client, its brands, sources and rules into the warehouse, as configured now."""
    config = context.config
    sync_dimensions(
        warehouse,
        client_id=config.client_id,
        name=config.name,
        timezone=config.timezone,
        language=config.language,
        brands=config.brands,
        sources=config.sources,
        rules=[rule.model_dump(mode="json") for rule in config.rules],
        topics=config.topics,
        events=config.events,
        country=config.country,
        holidays_of=public_holidays_of,
        now=now,
    )


def collect_plan(
    context: JobContext, plan_path: Path, *, run_id: str, on_visit: OnVisit | None = None
) -> Path:
    """Visit the sources of one plan and land what they gave; return the landing file."""
    (landed,) = collect_plans(context, [plan_path], run_id=run_id, on_visit=on_visit)
    return landed


def collect_plans(
    context: JobContext,
    plan_paths: Sequence[Path],
    *,
    run_id: str,
    on_visit: OnVisit | None = None,
) -> list[Path]:
    """Visit the sources of all plans side by side, and land each as soon as it is complete.

    A landing file that is already there is the result of an earlier try: it counts.

    Returns:
        The landing files, in the order of the plans.
    """
    landing_paths = {
        _batch_id(path): path.with_name(_batch_id(path) + _BATCH_SUFFIX) for path in plan_paths
    }

    def land(batch: Batch) -> None:
        write_batch(landing_paths[batch.batch_id], without_blocked(context, batch))
        log.info("batch_landed", batch=batch.batch_id, documents=len(batch.documents))

    waiting = [path for path in plan_paths if not landing_paths[_batch_id(path)].exists()]
    asyncio.run(
        collect_batches(
            ((_batch_id(path), read_plan(path)) for path in waiting),
            run_id=run_id,
            options=CollectOptions.from_limits(
                context.config.collect,
                contact=context.config.contact,
                timezone=context.config.timezone,
                robots_folder=context.paths.robots,
                host_hours=hours_by_host(context.config.sources),
            ),
            author_key=author_hasher(context.config.client_id, context.settings),
            clock=context.clock,
            on_batch=land,
            on_visit=on_visit,
        )
    )
    return list(landing_paths.values())


def _batch_id(plan_path: Path) -> str:
    return plan_path.name.removesuffix(_PLAN_SUFFIX)


def load_landing(context: JobContext, *, now: datetime) -> LoadCounts:
    """Load every landing file that is not in the warehouse yet, oldest run first.

    Files of an earlier run that died before its load are taken along: nothing that landed is
    ever lost.
    """
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=now)
        done = {
            context.paths.run_folder(run_id) / f"{batch_id}{_BATCH_SUFFIX}"
            for run_id, batch_id in loaded_batches(warehouse)
        }
        waiting = [path for path in landing_files(context.paths.landing) if path not in done]
        loaded = load_batches(
            warehouse,
            (read_allowed_batch(context, path) for path in waiting),
            now=now,
            story_window=timedelta(days=context.config.collect.story_window_days),
        )
        figures = context.config.privacy.public_figures
        hasher = author_hasher(context.config.client_id, context.settings)
        name_figures(warehouse, {hasher(one.name): one.name for one in figures})
    total = add_counts(LoadCounts, loaded)
    log.info(
        "landing_loaded", client=context.config.client_id, new=total.new, changed=total.changed
    )
    return total


def landing_files(landing: Path) -> list[Path]:
    """Return the batches that landed, of all runs, oldest first."""
    files = [path for path in landing.glob(f"*/batch-*{_BATCH_SUFFIX}") if path.is_file()]
    return sorted(files, key=lambda path: (path.stat().st_mtime_ns, path))


def check_run(context: JobContext, *, run_id: str, now: datetime) -> None:
    """Fail a run in which so many sources are dead that its numbers would mislead.

    A source that was planned and never visited, because its batch's task died, counts as dead.

    Raises:
        CollectionFailedError: The share of dead sources is above the client's limit.
    """
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=now)
        visits = read_source_runs(warehouse, run_id=run_id)
    plans = context.paths.run_folder(run_id).glob(f"*{_PLAN_SUFFIX}")
    planned = {source.source_id for path in plans for source, _ in read_plan(path)}
    require_enough_sources(planned, visits, allowed_share=context.config.collect.max_dead_share)


def require_enough_sources(
    planned: Collection[str], visits: Iterable[SourceRun], *, allowed_share: float
) -> None:
    """Raise when more than the allowed share of the sources that were due a visit is dead.

    Those whose turn did not come count neither as dead nor as alive: nobody asked them. How many
    were not read at all, each window's coverage says.

    Raises:
        CollectionFailedError: With both counts.
    """
    made = list(visits)
    unreached = {visit.source_id for visit in made if visit.reason in _NOT_REACHED}
    alive = {visit.source_id for visit in made if visit.status in _ALIVE}
    tried = set(planned) - unreached
    dead_count = len(tried - alive)
    if unreached:
        log.warning("sources_not_reached", sources=len(unreached), planned=len(set(planned)))
    if tried and dead_count / len(tried) > allowed_share:
        raise CollectionFailedError(dead_count, len(tried), allowed_share)
