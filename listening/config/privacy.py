"""Shape of ``privacy:`` in ``client.yaml``: how long things are kept, and on what ground."""

from typing import Annotated, Literal

from pydantic import Field

from listening.config.field import EmptyAllowed, Line
from listening.config.spec import Spec

Days = Annotated[int, Field(strict=True, ge=1, le=36_500)]


class PublicFigureSpec(Spec):
    """One author whose name may be shown, and why."""

    name: Line
    """The name or handle as the author signs."""

    reason: Line
    """Why it may be shown; it goes into the register."""


class PrivacySpec(Spec):
    """How long what is collected is kept, and on what ground; see docs/privacy.md."""

    text_days: Days | None = None
    """Days after which title, text, address and author of a document go; its counts stay."""

    body_days: Days | None = None
    """Days after which landing files and mails go; none: text_days."""

    aggregate_days: Days | None = None
    """Days after which nothing of a document, a visit or an alert is left."""

    controller: Line | None = None
    """Who decides on the processing, for the register; none: the client's name."""

    controller_contact: Line | None = None
    """How they, or their data protection officer, are reached; none: contact."""

    purpose: Line | None = None
    """What it is for; none: knowing what is said in public of the brands on the watchlist."""

    legal_basis: Literal["legitimate_interest", "consent", "public_task"] = "legitimate_interest"
    """Ground of the processing under article 6 of the GDPR."""

    public_figures: Annotated[
        tuple[PublicFigureSpec, ...], EmptyAllowed, Field(max_length=1000)
    ] = ()
    """Authors whose name is stored and shown; everybody else is a pseudonym."""

    @property
    def landing_days(self) -> int | None:
        """Return for how long raw text is kept in files: never longer than in the tables."""
        days = [one for one in (self.text_days, self.body_days, self.aggregate_days) if one]
        return min(days, default=None)
