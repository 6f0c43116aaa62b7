"""What the generated pages share: rows of tables, and the error when there is nothing to say."""

from listening.errors import ListeningError


class DocumentationError(ListeningError):
    """Something cannot be documented, because nobody wrote beside it what it is."""


def table_row(*cells: str) -> str:
    """Return one row of a Markdown table; bars inside cells do not end them."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def quoted(value: str) -> str:
    """Return a value as code, nothing for none."""
    return f"`{value}`" if value else ""
