"""Commands about queries: what one means and catches, what a change does, what verdicts teach."""

from typing import TYPE_CHECKING, Annotated

import typer

from listening.cli.console import (
    EXIT_USAGE,
    err,
    out,
    print_json,
    print_table,
    printable,
    short_id,
    speaker,
)
from listening.cli.options import ClientOption, JsonOption, chosen_client
from listening.cli.spoken import App
from listening.errors import ConfigError
from listening.jobs.context import JobContext, open_strict_context
from listening.query.error import QueryError, show_error
from listening.query.parser import Query, read_query
from listening.translate import mark

if TYPE_CHECKING:
    from listening.jobs.queries import Group, QueryCheck, QueryDiff
    from listening.model import Brand

_, ngettext = speaker().gettext, speaker().ngettext

app = App(help=_("queries: try, compare, learn homonyms"), no_args_is_help=True)

BrandArgument = Annotated[str | None, typer.Argument(metavar="BRAND", help=_("a brand's id"))]
QueryOption = Annotated[
    str | None, typer.Option("--query", "-q", help=_("a query to try instead of the brand's own"))
]


@app.command(help=_("say how a query is read and what it catches among the stored documents"))
def check(
    brand: BrandArgument = None,
    *,
    query: QueryOption = None,
    client: ClientOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the normal form, remarks, counts and samples; nothing is stored."""
    from listening.jobs.queries import brand_of_query, check_query, watched_brand

    read = None if query is None else _read(query)
    context = open_strict_context(chosen_client(client))
    if brand is not None:
        known = watched_brand(context, brand)
        read = read or (read_query(known.query) if known.query else None)
    elif query is None:
        raise ConfigError(mark("say which brand, or give a query with --query"))
    tried = watched_brand(context, brand or "") if query is None else brand_of_query(query)
    result = check_query(context, tried) if _has_snapshot(context) else None
    if as_json:
        print_json(_check_as_json(tried, read, result))
        return
    _show_reading(tried, read)
    if result is None:
        out.print(_("Nothing is published yet: the query was read, but not tried."))
        return
    _show_check(result)


@app.command(help=_("compare two queries of a brand over the stored documents"))
def diff(
    brand: Annotated[str, typer.Argument(metavar="BRAND", help=_("a brand's id"))],
    *,
    query: QueryOption = None,
    keep_terms: Annotated[
        bool, typer.Option("--keep-terms", help=_("keep the brand's terms beside the new query"))
    ] = False,
    client: ClientOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print what is kept, gained and lost, and which verdicts of people that would overturn.

    Without a query: what was published against what client.yaml says now.
    """
    from listening.jobs.queries import diff_queries, published_brand, watched_brand, with_query

    if query is not None:
        _read(query)
    context = open_strict_context(chosen_client(client))
    present = watched_brand(context, brand)
    if query is None:
        old, new = published_brand(context, brand), present
    else:
        old, new = present, with_query(present, query, keeps_terms=keep_terms)
    result = diff_queries(context, old, new)
    if as_json:
        groups = ("kept", "gained", "lost", "overturned")
        print_json(
            {"old": old.query_version, "new": new.query_version, "documents": result.document_count}
            | {name: getattr(result, name).to_json() for name in groups}
        )
        return
    _show_diff(result)


@app.command(help=_("learn a brand's homonyms from some twenty verdicts; --forget takes it back"))
def learn(
    brand: Annotated[str, typer.Argument(metavar="BRAND", help=_("a brand's id"))],
    *,
    forget: Annotated[bool, typer.Option("--forget", help=_("forget what was learnt"))] = False,
    client: ClientOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print how well the model would have done on verdicts that were kept from it."""
    from listening.jobs.queries import watched_brand
    from listening.jobs.verdicts import forget_relevance, learn_relevance

    context = open_strict_context(chosen_client(client))
    watched_brand(context, brand)
    if forget:
        has_known = forget_relevance(context, brand)
        out.print(_("forgotten") if has_known else _("nothing was learnt of this brand"))
        return
    model = learn_relevance(context, brand)
    share, low, high = model.precision()
    if as_json:
        print_json(
            {
                "verdicts": model.verdict_count,
                "irrelevant": model.irrelevant_count,
                "removed": model.removed_count,
                "removed_rightly": model.removed_rightly,
                "precision": share,
                "low": low,
                "high": high,
                "threshold": model.threshold,
            }
        )
        return
    out.print(
        ngettext("Learnt from {n} verdict.", "Learnt from {n} verdicts.", model.verdict_count)
        + " "
        + ngettext(
            "On verdicts kept from it, it removes {n} text, {rightly} of them rightly: {share}"
            " (between {low} and {high}).",
            "On verdicts kept from it, it removes {n} texts, {rightly} of them rightly: {share}"
            " (between {low} and {high}).",
            model.removed_count,
            rightly=model.removed_rightly,
            share=speaker().percent(share),
            low=speaker().percent(low),
            high=speaker().percent(high),
        )
    )
    out.print(_("What a person called relevant is never removed. Used from the next tagging on."))


def _read(text: str) -> Query:
    """Read a query, or show where it is wrong and end."""
    try:
        return read_query(text)
    except QueryError as error:
        err.print(printable(show_error(text, error, speaker())), markup=False)
        raise typer.Exit(EXIT_USAGE) from error


def _has_snapshot(context: JobContext) -> bool:
    return context.paths.snapshot.is_file()


def _check_as_json(
    brand: "Brand", query: Query | None, result: "QueryCheck | None"
) -> dict[str, object]:
    read: dict[str, object] = {
        "brand": brand.brand_id,
        "query_version": brand.query_version,
        "normal_form": None if query is None else query.normal_form(speaker().language),
        "notes": [] if query is None else [_(n.message, **n.values) for n in query.notes],
        "terms": list(brand.terms),
    }
    if result is None:
        return read | {"documents": None}
    return read | {
        "documents": result.document_count,
        "found": result.found.to_json(),
        "excluded": result.excluded.to_json(),
        "by_term": dict(result.terms.most_common()),
        "by_zone": dict(result.zones),
    }


def _show_reading(brand: "Brand", query: Query | None) -> None:
    if query is None:
        terms = ", ".join((*brand.terms, *brand.exact_terms))
        out.print(printable(_("no query; found by its terms: {terms}", terms=terms)), markup=False)
        return
    written = query.normal_form(speaker().language)
    out.print(printable(_("read as: {query}", query=written)), markup=False)
    for note in query.notes:
        out.print(printable("  ! " + _(note.message, **note.values)), markup=False)


def _show_check(check: "QueryCheck") -> None:
    out.print(
        ngettext(
            "{found} of {n} stored document; kept out: {excluded}",
            "{found} of {n} stored documents; kept out: {excluded}",
            check.document_count,
            found=check.found.count,
            excluded=check.excluded.count,
        )
    )
    if check.terms:
        print_table([_("term"), _("documents")], check.terms.most_common(20))
    _show_group(_("found"), check.found)
    _show_group(_("kept out"), check.excluded)


def _show_diff(diff: "QueryDiff") -> None:
    labels = {
        _("kept"): diff.kept,
        _("gained"): diff.gained,
        _("lost"): diff.lost,
        _("against a person's verdict"): diff.overturned,
    }
    print_table(["", _("documents")], [[label, group.count] for label, group in labels.items()])
    for label, group in list(labels.items())[1:]:
        _show_group(label, group)


def _show_group(label: str, group: "Group") -> None:
    if group.samples:
        print_table(
            [_("document"), _("source"), _("text"), _("note")],
            [
                [short_id(one.document_id), one.source_id, one.excerpt, one.note]
                for one in group.samples
            ],
            title=label,
            whole={_("document")},
        )
