"""Commands about single mentions: what a person says of them, and does about them."""

from datetime import timedelta
from typing import Annotated, Literal

import typer

from listening.cli.console import EXIT_FAILED, out, print_json, print_table, short_id, speaker
from listening.cli.options import (
    ByOption,
    ClientOption,
    JsonOption,
    NowOption,
    actor_of,
    chosen_client,
    instant_of,
)
from listening.cli.spoken import App
from listening.errors import ConfigError
from listening.jobs.context import open_context
from listening.translate import mark

_ = speaker().gettext

#: What people read for a status that is not settled.
_OPEN = {"new": mark("to do"), "in_progress": mark("in progress")}
#: More rows are no list that a person reads.
_MOST_ROWS = 50

_VERDICTS = {"relevant": True, "irrelevant": False, "none": None}

DocumentArgument = Annotated[
    str, typer.Argument(metavar="DOCUMENT", help=_("the document's id, or how it begins"))
]
BrandArgument = Annotated[str, typer.Argument(metavar="BRAND", help=_("a brand's id"))]

app = App(help=_("mentions: say what counts, and what was done"), no_args_is_help=True)


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


@app.command(help=_("list what somebody should look at: not settled yet, the newest first"))
def inbox(
    *,
    days: Annotated[int, typer.Option(min=1, max=36_500, help=_("so many days back"))] = 30,
    owner: Annotated[
        str | None, typer.Option(metavar="NAME", help=_("only what this person looks after"))
    ] = None,
    client: ClientOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print what is new or in progress, with the ids that the other commands take."""
    from listening.jobs.verdicts import open_mentions

    context = open_context(chosen_client(client))
    found = open_mentions(context, from_at=instant_of(now) - timedelta(days=days), owner=owner)
    if as_json:
        for one in found:
            print_json(one)
        return
    if not found:
        out.print(_("Nothing waits."))
        return
    columns = [_("when"), _("title"), _("status"), _("owner"), _("note"), _("document"), _("brand")]
    rows = [
        [
            speaker().datetime(one["mentioned_at"], context.config.timezone),
            one["title"] or one["url"],
            _(_OPEN[one["status"]]),
            one["owner"],
            one["note"],
            short_id(one["document_id"]),
            one["brand_id"],
        ]
        for one in found[:_MOST_ROWS]
    ]
    print_table(columns, rows, whole={_("document")})
    if len(found) > _MOST_ROWS:
        out.print(_("and {count} more; --json shows all", count=len(found) - _MOST_ROWS))


@app.command(help=_("say how far a mention is handled: status, and who does it"))
def status(
    document: DocumentArgument,
    brand: BrandArgument,
    said: Annotated[
        Literal["new", "in_progress", "answered", "ignored", "satisfied"],
        typer.Argument(
            metavar="new|in_progress|answered|ignored|satisfied",
            help=_("the status; new takes back what was done before"),
        ),
    ],
    *,
    owner: Annotated[
        str | None, typer.Option(metavar="NAME", help=_("who looks after it; none: nobody"))
    ] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help=_("a note to keep"))] = None,
    by: ByOption = None,
    client: ClientOption = None,
    now: NowOption = None,
) -> None:
    """Write the status down, with owner and note if given, and publish."""
    _handle(document, brand, by, client, now, status=said, owner=owner, note=note)


@app.command(help=_("say who looks after a mention; none: nobody any more"))
def owner(
    document: DocumentArgument,
    brand: BrandArgument,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help=_("who looks after it; none: nobody"))
    ],
    *,
    by: ByOption = None,
    client: ClientOption = None,
    now: NowOption = None,
) -> None:
    """Write the owner down and publish."""
    _handle(document, brand, by, client, now, owner=name)


@app.command(help=_("add a note to a mention"))
def note(
    document: DocumentArgument,
    brand: BrandArgument,
    text: Annotated[str, typer.Argument(metavar="TEXT", help=_("a note to keep"))],
    *,
    by: ByOption = None,
    client: ClientOption = None,
    now: NowOption = None,
) -> None:
    """Write the note down and publish."""
    _handle(document, brand, by, client, now, note=text)


def _handle(
    document: str,
    brand: str,
    by: str | None,
    client: str | None,
    now: str | None,
    *,
    status: str | None = None,
    owner: str | None = None,
    note: str | None = None,
) -> None:
    from listening.jobs.verdicts import Handling, handle_mention

    if owner is not None and not owner.strip():
        raise ConfigError(mark("it is empty"), key="owner", hint=mark("none: nobody any more"))
    handle_mention(
        open_context(chosen_client(client)),
        document_id=document,
        brand_id=brand,
        handling=Handling(status=status, owner="" if owner == "none" else owner, note=note),
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
            speaker().ngettext(
                "The model agrees with {share} of {n} correction (between {low} and {high});"
                " right before and wrong now: {lost}.",
                "The model agrees with {share} of {n} corrections (between {low} and {high});"
                " right before and wrong now: {lost}.",
                len(found),
                share=share,
                low=low,
                high=high,
                lost=len(lost),
            )
        )
        wrong = [
            [
                short_id(one.stored.document.document_id),
                one.stored.mention.brand_id,
                one.lesson.label.value,
                one.stored.mention.polarity.value,
            ]
            for one in found
            if not one.is_right
        ]
        if wrong:
            columns = [_("document"), _("brand"), _("a person"), _("the model")]
            print_table(columns, wrong, whole={_("document")})
    if check and lost:
        raise typer.Exit(EXIT_FAILED)
