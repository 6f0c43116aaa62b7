"""Every error this project raises on purpose.

::

    ListeningError
    ├── ConfigError               a configuration file or variable is wrong; a person edits it
    ├── CollectError              one source could not be collected; the others go on
    │   ├── SourceUnavailableError    transient: tried again another night
    │   ├── SourceRefusedError        a person has to look: 401, 403, 410, robots.txt, address
    │   └── UnreadableSourceError     bytes arrived, but no documents can be read from them
    ├── CollectionFailedError     too large a share of the sources of one run is dead
    ├── StorageError              the warehouse, a landing file or a snapshot
    │   ├── WarehouseBusyError        another process holds the writer file
    │   └── WarehouseDamagedError     the writer file is no longer a whole database
    ├── TaggingError              the pipeline or a shipped model cannot be built
    ├── NotificationError         one message could not be delivered; it stays in the outbox
    └── TokenError                a link of an alert mail gives no answer

Errors carry their data in attributes, can be pickled (they cross process borders), and chain the
library's error that caused them.
"""

from collections.abc import Mapping
from pathlib import Path


class ListeningError(Exception):
    """Base of all errors raised on purpose by this project."""


class ConfigError(ListeningError):
    """A configuration file or variable is wrong; says where, what, and what to write instead.

    With ``values``, message and hint are ``str.format`` templates: ``message`` and ``hint`` then
    hold the English sentences, and the templates stay at hand so that they can be translated.
    """

    def __init__(
        self,
        message: str,
        *,
        path: Path | None = None,
        line: int | None = None,
        column: int | None = None,
        key: str | None = None,
        hint: str | None = None,
        values: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        #: What is wrong, one sentence.
        self.message = message.format(**values) if values is not None else message
        #: The file, when the error is in one.
        self.path = path
        #: Line in that file, from 1.
        self.line = line
        #: Character in that line, from 1.
        self.column = column
        #: Dotted key; entries of lists count from 1: ``brands.1.terms``.
        self.key = key
        #: What to write instead.
        self.hint = hint.format(**values) if hint and values is not None else hint
        #: Message id of the message in the catalogue.
        self.message_template = message
        #: Message id of the hint in the catalogue.
        self.hint_template = hint
        #: What fills in the templates; None: they have no fields.
        self.values = values

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the keyword attributes across process borders."""
        return (type(self), (self.message_template,), dict(self.__dict__))

    def __str__(self) -> str:
        """Return ``file:line: key: message (hint)``, leaving out what is unknown."""
        place = str(self.path) if self.path else ""
        if self.line is not None:
            place += f":{self.line}"
        parts = [part for part in (place, self.key, self.message) if part]
        return ": ".join(parts) + (f" ({self.hint})" if self.hint else "")


class CollectError(ListeningError):
    """One source could not be collected; the other sources are not affected.

    The cause (an ``httpx`` or ``feedparser`` error) is chained as ``__cause__``.
    """

    def __init__(self, source_id: str, reason: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(source_id, reason)
        #: Which source failed.
        self.source_id = source_id
        #: Short fixed text, safe as a metric label: ``read_timeout``, ``http_410``.
        self.reason = reason
        #: Seconds the server asked us to stay away, when it did.
        self.retry_after_s = retry_after_s

    def __reduce__(self) -> tuple[object, ...]:
        """Keep ``retry_after_s`` across process borders."""
        return (type(self), (self.source_id, self.reason), {"retry_after_s": self.retry_after_s})

    def __str__(self) -> str:
        return f"source {self.source_id!r}: {self.reason}"


class SourceUnavailableError(CollectError):
    """Transient: counts as a soft failure, the source stays enabled."""


class SourceRefusedError(CollectError):
    """Permanent until a person acts: the source is visited rarely and reported."""


class UnreadableSourceError(CollectError):
    """The source answered, but what it sent is not what its kind promises."""


class CollectionFailedError(ListeningError):
    """So many sources of a run are dead that its numbers would mislead."""

    def __init__(self, failed_count: int, source_count: int, allowed_share: float) -> None:
        super().__init__(failed_count, source_count, allowed_share)
        #: Sources that failed.
        self.failed_count = failed_count
        #: Sources that were planned.
        self.source_count = source_count
        #: Configured limit, 0.0 .. 1.0.
        self.allowed_share = allowed_share

    def __str__(self) -> str:
        return (
            f"{self.failed_count} of {self.source_count} sources failed,"
            f" more than the allowed share of {self.allowed_share:.0%}"
        )


class WordedError(ListeningError):
    """Base of errors whose message is one sentence of the catalogue.

    With values, the message is a ``str.format`` template, and both stay at hand so that it can be
    translated.
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        #: Message id of the message in the catalogue.
        self.message_template = message
        #: What fills in the template, as text; empty: it has no fields.
        self.values = {name: str(value) for name, value in values.items()}

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the values across process borders."""
        return (type(self), (self.message_template,), {"values": self.values})

    def __str__(self) -> str:
        return self.message_template.format(**self.values) if self.values else self.message_template


class StorageError(WordedError):
    """The warehouse, a landing file or a snapshot is missing, damaged or too new."""


class WarehouseBusyError(StorageError):
    """Another process holds the writer file; wait for it or stop it."""


class WarehouseDamagedError(StorageError):
    """The writer file was written over or cut short: restore a backup, or rebuild it."""


class TaggingError(WordedError):
    """The tagging pipeline cannot be built or a document cannot pass through it."""


class NotificationError(ListeningError):
    """One message could not be delivered; it stays in the outbox and is tried again."""

    def __init__(self, message_id: str, reason: str, *, is_permanent: bool = False) -> None:
        super().__init__(message_id, reason)
        #: Message-ID of the mail.
        self.message_id = message_id
        #: Short fixed text: ``connection_refused``, ``recipient_refused_550``.
        self.reason = reason
        #: True when trying again cannot help.
        self.is_permanent = is_permanent

    def __reduce__(self) -> tuple[object, ...]:
        """Keep ``is_permanent`` across process borders."""
        return (type(self), (self.message_id, self.reason), {"is_permanent": self.is_permanent})

    def __str__(self) -> str:
        return f"message {self.message_id}: {self.reason}"


class TokenError(ListeningError):
    """A link of an alert mail, or its token, that gives no answer."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        #: malformed, forged (another key or client, or changed) or expired.
        self.fault = fault
