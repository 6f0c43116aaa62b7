"""Commands about this machine: set-up, Airflow's services, the doctor, the demonstration."""

from dataclasses import asdict
from typing import Annotated

import typer

from listening.cli.console import EXIT_FAILED, err, out, print_json, speaker
from listening.cli.options import ClientOption, JsonOption, chosen_client
from listening.jobs import airflow_home, services
from listening.jobs.context import client_folder, utc_now
from listening.settings import get_settings

_ = speaker().gettext


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(help=_("make Airflow's database, secrets and pool under var/"))(setup)
    app.command(help=_("start the whole Airflow of this machine"))(up)
    app.command(help=_("stop it"))(down)
    app.command(help=_("let Airflow run a client's nights from now on, or no longer"))(schedule)
    app.command("doctor", help=_("say in plain words what is missing or wrong"))(examine)
    app.command(help=_("run the demonstration night on a small web of its own"))(demo)
    app.command(help=_("write the generated pages under docs/"))(docs)


def setup() -> None:
    """Make what is missing; repeating it changes nothing."""
    for made in airflow_home.set_up(get_settings()):
        err.print(_("made: {thing}", thing=_(made)))


def up() -> None:
    """Start all components in the order that works."""
    settings = get_settings()
    airflow_home.set_up(settings)
    services.start_services(
        settings, report=lambda name: err.print(_("starting {name} …", name=name))
    )
    out.print(
        _(
            "Airflow runs: http://localhost:{port} (user admin, password {password})",
            port=airflow_home.api_port(),
            password=airflow_home.admin_password(settings),
        )
    )
    out.print(_("Schedule a client's nights with: vigie schedule --client …"))


def down() -> None:
    """Stop all components together."""
    stopped = list(services.stop_services(get_settings()))
    out.print(_("stopped: {names}", names=", ".join(stopped)) if stopped else _("nothing ran"))


def schedule(
    *,
    client: ClientOption = None,
    off: Annotated[bool, typer.Option("--off", help=_("stop the nights"))] = False,
) -> None:
    """Unpause or pause the client's DAGs."""
    client_id = chosen_client(client)
    client_folder(client_id, get_settings())
    airflow_home.switch_dags(get_settings(), client_id, is_on=not off)
    if off:
        out.print(_("{client}: nights are no longer scheduled", client=client_id))
    else:
        out.print(_("{client}: listens every night from now on", client=client_id))


def examine(*, as_json: JsonOption = False) -> None:
    """Print one line per thing looked at; exit 1 when a night would fail."""
    from listening.jobs import doctor

    marks = {doctor.Health.GOOD: "✔", doctor.Health.NOTE: "•", doctor.Health.BAD: "✘"}
    findings = list(doctor.examine(get_settings(), speaker()))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            said = _("{name}: {why}", name=finding.subject, why=finding.message)
            out.print(f"{marks[finding.health]} {said}", markup=False)
    if any(finding.health is doctor.Health.BAD for finding in findings):
        raise typer.Exit(EXIT_FAILED)


def demo(
    *,
    port: Annotated[int, typer.Option(help=_("port of the demonstration's web"))] = 8765,
) -> None:
    """Run both DAGs of the example client against the demonstration's web."""
    from listening.cli.demonstration import run_demonstration

    run_demonstration(get_settings(), port=port)


def docs(
    *,
    check: Annotated[
        bool, typer.Option("--check", help=_("write nothing, say which pages are stale"))
    ] = False,
) -> None:
    """Write the pages that follow from the code; with ``--check`` exit 1 if one is stale."""
    from listening.jobs.docs import generated_pages, stale_pages, write_pages

    home = get_settings().home
    pages = generated_pages(home, now=utc_now())
    if not check:
        for name in write_pages(home / "docs", pages):
            out.print(_("made: {thing}", thing=f"docs/{name}"))
        return
    stale = stale_pages(home / "docs", pages)
    for name in stale:
        out.print(_("stale: {page}; run: vigie docs", page=f"docs/{name}"))
    if stale:
        raise typer.Exit(EXIT_FAILED)
