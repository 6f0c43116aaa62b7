"""Shape of a mapping file: which column of an export is what."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from listening.config.field import Line, wrong
from listening.config.spec import Spec
from listening.config.validate import validate
from listening.config.yaml_file import parse_yaml, read_bytes
from listening.translate import mark


class ColumnsSpec(Spec):
    """Names of the export's columns, as its first line has them; case does not count."""

    id: Line | None = None
    """What the network calls the post; keeps it one document over several exports."""

    url: Line | None = None
    """Its address."""

    author: Line | None = None
    """Who wrote it; stored as a keyed hash only."""

    date: Line | None = None
    """When it was published; none: the moment of the import stands in."""

    text: Line | None = None
    """What it says."""

    title: Line | None = None
    """Its title."""

    rating: Line | None = None
    """Stars or marks of a review; added to the text."""

    lang: Line | None = None
    """Its language, as a code."""

    @model_validator(mode="after")
    def _says_something(self) -> "ColumnsSpec":
        if self.text is None and self.title is None:
            raise wrong(
                mark("neither text nor title has a column"),
                mark('write text: "name of the column"'),
            )
        return self


class MappingSpec(Spec):
    """The whole file."""

    columns: ColumnsSpec
    """Which column is what."""

    format: Literal["auto", "csv", "xlsx", "jsonl", "mail", "warc"] = "auto"
    """How the file is written; auto: by its name and beginning."""

    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    """What parts the cells of a CSV; none: found."""

    encoding: Literal["utf-8", "cp1252", "latin-1", "utf-16", "mac-roman"] | None = None
    """Characters of a CSV; none: found."""

    date_order: Literal["day_first", "month_first"] = "day_first"
    """What 03/04/2026 means."""

    timezone: Line | None = None
    """Of dates without one; none: the client's."""

    is_strict: bool = True
    """Whether a table that lacks one of the columns is refused."""

    sheet: Line | None = None
    """Name of an Excel sheet; none: the first."""


def load_mapping(path: Path) -> MappingSpec:
    """Return a mapping file.

    Raises:
        ConfigError: It is missing or wrong.
    """
    body = read_bytes(path, missing=mark("docs/imports.md shows how one looks"))
    spec, problems = validate(parse_yaml(body, path), MappingSpec)
    if problems or spec is None:
        raise problems[0]
    return spec
