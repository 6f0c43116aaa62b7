"""Commands about single mentions: what a person says of them."""

from typing import Annotated, Literal

import typer

from listening.cli.console import EXIT_FAILED, out, print_json, print_table, speaker
from listening.cli.options import (
    ByOption,
    ClientOption,
    JsonOption,
    NowOption,
    actor_of,
    chosen_client,
    instant_of,
)
from listening.jobs.context import open_context

_ = speaker().gettext

_VERDICTS = {"relevant": True, "irrelevant": False, "none": None}

DocumentArgument = Annotated[str, typer.Argument(metavar="DOCUMENT", help=_("the document's id"))]
BrandArgument = Annotated[str, typer.Argument(metavar="BRAND", help=_("a brand's id"))]

app = typer.Typer(help=_("mentions: say what counts"), no_args_is_help=True)


@app.command(help=_("say whether a mention speaks of the brand; none takes it back"))
def verdict(
    document: DocumentArgument,
    brand: BrandArgument,
    said: Annotated[
        Literal["relevant", "irrelevant", "none"],
        typer.Argument(metavar="relevant|irrelevant|none", help=_("the verdict")),
    ],
    *,
    by: ByOption = None,
    client: ClientOption = None,
    now: NowOption = None,
) -> None:
    """Write the verdict down and publish."""
    from listening.jobs.verdicts import give_verdict

    context = open_context(chosen_client(client))
    give_verdict(
        context,
        document_id=document,
        brand_id=brand,
        is_relevant=_VERDICTS[said],
        actor=actor_of(by),
        now=instant_of(now),
    )
    out.print(_("noted"))


@app.command(help=_("correct the tone of a mention toward the brand; none takes it back"))
def label(
    document: DocumentArgument,
    brand: BrandArgument,
    said: Annotated[
        Literal["negative", "neutral", "positive", "mixed", "none"],
        typer.Argument(metavar="negative|neutral|positive|mixed|none", help=_("the tone")),
    ],
    *,
    by: ByOption = None,
    client: ClientOption = None,
    now: NowOption = None,
) -> None:
    """Write the label down and publish; it counts instead of the model's."""
    from listening.jobs.verdicts import give_label
    from listening.model import Polarity

    context = open_context(chosen_client(client))
    give_label(
        context,
        document_id=document,
        brand_id=brand,
        polarity=None if said == "none" else Polarity(said),
        actor=actor_of(by),
        now=instant_of(now),
    )
    out.print(_("noted"))


@app.command(help=_("say how the model does on people's corrections; each one is a test case"))
def corrections(
    *,
    check: Annotated[
        bool, typer.Option("--check", help=_("fail when the model has lost one since retraining"))
    ] = False,
    client: ClientOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print accuracy and what is still wrong, or one line for ``vigie evaluate`` per correction."""
    from listening.jobs.retrain import accuracy, read_lessons

    found = read_lessons(open_context(chosen_client(client)))
    lost = [one for one in found if one.is_lost]
    if as_json:
        for one in found:
            print_json(one.as_case() | {"is_right": one.is_right, "is_lost": one.is_lost})
    else:
        share, low, high = map(speaker().percent, accuracy(found).interval())
        out.print(
            _(
                "The model agrees with {share} of {count} corrections (between {low} and {high});"
                " {lost} were right before and are wrong now.",
                share=share,
                count=len(found),
                low=low,
                high=high,
                lost=len(lost),
            )
        )
        wrong = [
            [
                one.stored.document.document_id,
                one.stored.mention.brand_id,
                one.lesson.label.value,
                one.stored.mention.polarity.value,
            ]
            for one in found
            if not one.is_right
        ]
        if wrong:
            print_table([_("document"), _("brand"), _("a person"), _("the model")], wrong)
    if check and lost:
        raise typer.Exit(EXIT_FAILED)
