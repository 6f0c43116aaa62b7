"""``vigie retrain``: what people's corrections teach, measured, accepted or refused, undone."""

from typing import TYPE_CHECKING, Annotated

import typer

from listening.cli.console import EXIT_FAILED, out, print_json, print_table, speaker
from listening.cli.options import ClientOption, JsonOption, NowOption, chosen_client, instant_of
from listening.jobs.context import open_context

if TYPE_CHECKING:
    from sentiment.retraining import Retraining

_ = speaker().gettext


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command(help=_("learn a client's corrections of the tone; --undo takes it back"))(retrain)


def retrain(
    *,
    undo: Annotated[
        bool, typer.Option("--undo", help=_("go back to what was in force before"))
    ] = False,
    client: ClientOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Learn a layer; it is refused when it costs anything on the gold files or gains nothing."""
    from listening.jobs.retrain import retrain_client, undo_retraining
    from sentiment.retraining import figures_of

    context = open_context(chosen_client(client))
    if undo:
        was = undo_retraining(context)
        out.print(_("nothing was learnt yet") if was is None else _("taken back"))
        return
    result = retrain_client(context, now=instant_of(now))
    if as_json:
        print_json({"is_accepted": result.is_accepted} | figures_of(result))
    else:
        _show(result)
    if not result.is_accepted:
        raise typer.Exit(EXIT_FAILED)


def _show(result: "Retraining") -> None:
    words = speaker()
    for label, found in (
        (_("shipped model, on the corrections"), result.before),
        (_("with what was learnt, on corrections kept from the learning"), result.after),
    ):
        share, low, high = map(words.percent, found.interval())
        out.print(
            _(
                "{label}: {share} of {count} (between {low} and {high})",
                label=label,
                share=share,
                count=found.count,
                low=low,
                high=high,
            )
        )
    rows = [
        [
            one.name,
            one.count,
            one.right_before,
            one.right_after,
            words.percent(one.f1_before, 1),
            words.percent(one.f1_after, 1),
        ]
        for one in result.gold
    ]
    print_table(
        [
            _("gold file"),
            _("cases"),
            _("right before"),
            _("right after"),
            _("F1 before"),
            _("F1 after"),
        ],
        rows,
    )
    if result.is_accepted:
        out.print(_("Accepted. Used from the next tagging on; vigie retrain --undo takes it back."))
    elif any(one.is_worse for one in result.gold):
        out.print(_("Refused: it would do worse on a gold file. Nothing was changed."))
    else:
        out.print(_("Refused: it gains nothing on corrections kept from it. Nothing was changed."))
