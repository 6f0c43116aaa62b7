"""A query as a value of a configuration file."""

from typing import Annotated, Final

from pydantic import AfterValidator

from listening.config.field import wrong
from listening.config.problem import shorten
from listening.query.error import QueryError
from listening.query.parser import read_query

#: Characters of a query that are quoted beside what is wrong with it.
_QUOTED: Final = 40


def _check_query(text: str) -> str:
    try:
        read_query(text)
    except QueryError as error:
        near = shorten(text[error.start : error.start + _QUOTED]) or shorten(text[-_QUOTED:])
        raise wrong(
            error.message_template,
            error.hint_template,
            at=error.start,
            **(error.values | {"near": near}),
        ) from error
    return text.strip()


QueryText = Annotated[str, AfterValidator(_check_query)]
