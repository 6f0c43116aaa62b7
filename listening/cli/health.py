"""``vigie sources health`` and ``vigie sources log``: how sources are, what was asked of a site."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from listening.cli.console import EXIT_FAILED, err, print_json, print_table, speaker
from listening.cli.options import ClientOption, JsonOption, chosen_client
from listening.cli.reasons import explain_reason
from listening.jobs.context import open_strict_context
from listening.translate import mark

if TYPE_CHECKING:
    from listening.jobs.context import JobContext

_ = speaker().gettext

#: Words of the column ``source_health.health``, for people.
_STATES = {
    "failing": ("✘", mark("failing")),
    "silent": ("▼", mark("silent")),
    "never_read": ("–", mark("never read")),
    "healthy": ("✔", mark("well")),
}


def health(*, client: ClientOption = None, as_json: JsonOption = False) -> None:
    """Print a row per source; exit with 1 when one of them needs a person."""
    from listening.jobs.health import source_health

    context = open_strict_context(chosen_client(client))
    rows = source_health(context)
    if as_json:
        for row in rows:
            print_json(row)
    else:
        print_table(
            [
                _("source"),
                _("state"),
                _("last read"),
                _("silence"),
                _("visits in 30 days"),
                _("next visit"),
                _("remarks"),
            ],
            [_cells(row, context) for row in rows],
        )
    if any(row["health"] in {"failing", "silent"} for row in rows):
        raise typer.Exit(EXIT_FAILED)


def log(
    host: Annotated[str, typer.Argument(metavar="HOST", help=_("a site: forum.example"))],
    *,
    client: ClientOption = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help=_("requests shown"))] = 100,
    as_json: JsonOption = False,
) -> None:
    """Print every request made to a site, the newest first."""
    from listening.jobs.health import host_requests

    context = open_strict_context(chosen_client(client))
    name = urlsplit(host).netloc.rpartition("@")[2] if "://" in host else host
    rows = host_requests(context, name, limit=limit)
    if as_json:
        for row in rows:
            print_json(row)
        return
    if not rows:
        err.print(_("nothing was asked of {host} in the last 90 days", host=name), markup=False)
        return
    decisions = [_ROBOTS[row["robots"]] for row in rows]
    print_table(
        [
            _("when"),
            _("address"),
            _("answer"),
            _("bytes"),
            _("waited, s"),
            "robots.txt",
            _("source"),
        ],
        [
            [
                _instant(row["requested_at"], context),
                row["host"] + row["path"],
                row["status"] or explain_reason(row["reason"], speaker()),
                row["byte_count"],
                f"{row['wait_s']:.1f}",
                _(decision),
                row["source_id"],
            ]
            for row, decision in zip(rows, decisions, strict=True)
        ],
    )


#: Words of the column ``fct_requests.robots``, for people.
_ROBOTS = {
    "allowed": mark("allowed"),
    "refused": mark("forbidden: not asked"),
    "ignored": mark("not consulted"),
    "file": mark("the file itself"),
}


def _cells(row: dict[str, Any], context: "JobContext") -> list[object]:
    sign, state = _STATES[row["health"]]
    return [
        row["source_title"],
        f"{sign} {_(state)}",
        _instant(row["last_success_at"], context),
        _silence(row),
        f"{row['success_count']}/{row['run_count']}",
        _instant(row["next_fetch_at"], context),
        _remarks(row),
    ]


def _silence(row: dict[str, Any]) -> str:
    """Return how long a source has been silent beside how long it usually is."""
    if row["silent_days"] is None:
        return ""
    return _(
        "{days} d, usually at most {habit} d",
        days=row["silent_days"],
        habit=f"{row['habit_days']:.0f}",
    )


def _remarks(row: dict[str, Any]) -> str:
    """Return what is wrong at the last visit, and what the source took back."""
    words = [row["last_reason"], *(row["last_faults"] or ())]
    said = [explain_reason(word, speaker()) for word in words if word]
    if row["missing_count"]:
        said.append(_("{count} withdrawn by the source, kept here", count=row["missing_count"]))
    return _("; ").join(said)


def _instant(at: datetime | None, context: "JobContext") -> str:
    return speaker().datetime(at, context.config.timezone) if at else ""
