"""Commands that run jobs: the whole night, or one step of it."""

import typer

from listening.cli.console import err, print_json, progress, speaker
from listening.cli.options import (
    ClientOption,
    ForceOption,
    JsonOption,
    NowOption,
    VerboseOption,
    chosen_client,
    instant_of,
)
from listening.cli.summary import print_summary
from listening.config.problem import describe
from listening.errors import CollectionFailedError
from listening.jobs.context import JobContext, open_context, utc_now
from listening.logs import configure_logs
from listening.model import SourceRun

_, ngettext = speaker().gettext, speaker().ngettext


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(help=_("run the whole night: collect, tag, publish, warn"))(nightly)
    app.command(help=_("visit the sources that are due and load what they gave"))(collect)
    app.command(help=_("tag the documents that are not tagged yet"))(tag)


def nightly(
    *,
    client: ClientOption = None,
    now: NowOption = None,
    force: ForceOption = False,
    as_json: JsonOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Run the night of one client without Airflow, and print what it came to."""
    from listening.jobs.nightly import run_night
    from listening.jobs.summary import night_summary

    configure_logs(is_verbose=verbose)
    context = _open(client)
    instant = instant_of(now)
    failure: CollectionFailedError | None = None
    run_id = f"cli__{instant:%Y%m%dT%H%M%S}"
    with progress(_("starting"), total=len(context.config.sources)) as bar:
        (task,) = bar.task_ids

        def on_visit(visit: SourceRun) -> None:
            bar.update(task, advance=1, note=visit.source_id)

        def on_step(step: str) -> None:
            bar.update(task, description=step)

        try:
            run_night(
                context,
                run_id=run_id,
                now=instant,
                is_forced=force,
                on_step=on_step,
                on_visit=on_visit,
            )
        except CollectionFailedError as error:
            failure = error  # all the rest is done: show it, then fail
    summary = night_summary(context, run_id=run_id, now=instant)
    if as_json:
        print_json(summary.to_json())
    else:
        print_summary(summary, speaker(), is_listening=bool(context.config.sources))
    if failure is not None:
        raise failure


def collect(
    *, client: ClientOption = None, now: NowOption = None, force: ForceOption = False
) -> None:
    """Plan, fetch and load, without tagging."""
    from listening.jobs import collect as collect_job

    context = _open(client)
    instant = instant_of(now)
    run_id = f"cli__{instant:%Y%m%dT%H%M%S}"
    plans = collect_job.plan_collection(context, run_id=run_id, now=instant, is_forced=force)
    collect_job.collect_plans(context, plans, run_id=run_id)
    counts = collect_job.load_landing(context, now=instant)
    new = ngettext("{n} new document", "{n} new documents", counts.new)
    err.print(", ".join([new, ngettext("{n} changed", "{n} changed", counts.changed)]))
    collect_job.check_run(context, run_id=run_id, now=instant)


def tag(*, client: ClientOption = None) -> None:
    """Tag, load the tags, publish."""
    from listening.jobs import tag as tag_job
    from listening.jobs.publish import publish_snapshot

    context = _open(client)
    now = utc_now()
    count = tag_job.tag_documents(context, run_id=f"cli__{now:%Y%m%dT%H%M%S}", now=now)
    tag_job.load_tags(context, now=now)
    publish_snapshot(context, now=now)
    err.print(ngettext("{n} document tagged", "{n} documents tagged", count))


def _open(client: str | None) -> JobContext:
    """Open the client as a scheduled run does, and say what of its new files was not taken."""
    context = open_context(chosen_client(client))
    for problem in context.config_problems:
        described = describe(problem, speaker())
        err.print(_("not in use, the last good configuration is: {problem}", problem=described))
    return context
