"""Deployment settings from the environment: one ``LISTENING_…`` variable per attribute."""

import os
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, PositiveInt, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from listening.errors import ConfigError
from listening.translate import mark

PREFIX = "LISTENING_"

#: Message and hint for pydantic's kinds of error.
_FAULTS = {
    "int_parsing": (mark("expected a whole number, found {found}"), mark("write digits only: 12")),
    "greater_than": (mark("must be more than {limit}"), None),
    "literal_error": (
        mark("{found} is none of the allowed values"),
        mark("write one of: {allowed}"),
    ),
}
#: How pydantic begins what a validator of ours said.
_PREFACE = "Value error, "


def _default_home() -> Path:
    """Return the checkout this code runs from, else the working directory."""
    checkout = Path(__file__).resolve().parent.parent
    return checkout if (checkout / "airflow.cfg").exists() else Path.cwd()


class Settings(BaseSettings):
    """What differs between two machines; a typo in a name or a value stops the start."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    home: Path = Field(default_factory=_default_home)
    """Folder that holds clients/ and var/; the checkout by default."""

    clients_dir: Path | None = None
    """Folder of the clients' configuration; None: clients/ under home."""

    var_dir: Path | None = None
    """Folder of all state; None: var/ under home."""

    language: Literal["fr", "en"] = "fr"
    """Language of the commands' messages."""

    smtp_host: str | None = None
    """Mail server; None: mails are only written to the spool folder."""

    smtp_port: PositiveInt = 587
    """Port of the mail server."""

    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    """How the connection to the mail server is encrypted."""

    smtp_user: str | None = None
    """Login at the mail server; None: no login."""

    smtp_password: SecretStr = SecretStr("")
    """Password at the mail server."""

    smtp_timeout_s: PositiveInt = 30
    """Seconds to wait for the mail server."""

    mail_from: str = "vigie@localhost"
    """Sender of all mails."""

    public_url: str | None = None
    """Address under which people reach Vigie's web pages: mails then hold links to answer with;
    None: the commands that do the same stand there."""

    exclusion_days: PositiveInt = 90
    """Days for which a document that a query keeps out is remembered, with the reason."""

    watchdog_hours: PositiveInt = 26
    """Hours within which the next run must have ended well, before ``vigie watchdog`` writes."""

    backup_dir: Path | None = None
    """Folder of the backups, best on another disk; None: backups/ under var/."""

    backup_days: PositiveInt = 14
    """Days for which backups are kept; the newest one always stays."""

    @field_validator("public_url")
    @classmethod
    def _is_address(cls, url: str | None) -> str | None:
        """Take a web address without query, with or without a slash at its end."""
        if url is None:
            return None
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
            raise ValueError(
                mark("this is no web address; write it like https://vigie.example.org")
            )
        return url.rstrip("/")

    @property
    def backup_path(self) -> Path:
        """Folder of the backups, with one folder per client."""
        return self.backup_dir or self.var_path / "backups"

    @property
    def clients_path(self) -> Path:
        """Folder with one folder per client."""
        return self.clients_dir or self.home / "clients"

    @property
    def var_path(self) -> Path:
        """Folder of all state."""
        return self.var_dir or self.home / "var"


@cache
def get_settings() -> Settings:
    """Read the environment once. Only entrances and ``listening.jobs`` call this.

    Raises:
        ConfigError: A variable with our prefix is unknown, or its value is wrong.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            guess = next(iter(get_close_matches(name, sorted(known), n=1, cutoff=0.8)), "")
            raise ConfigError(
                mark("there is no such setting"),
                key=name,
                hint=mark("did you mean {guess}?") if guess else mark("known ones: {known}"),
                values={"known": ", ".join(sorted(known)), "guess": guess},
            )
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        key = PREFIX + str(first["loc"][0]).upper() if first["loc"] else None
        message, hint = _FAULTS.get(first["type"], (first["msg"].removeprefix(_PREFACE), None))
        context = first.get("ctx", {})
        values = {
            "found": str(first["input"]),
            "limit": str(context.get("gt")),
            "allowed": str(context.get("expected")).replace("'", "").replace(" or ", ", "),
        }
        raise ConfigError(message, key=key, hint=hint, values=values) from error
