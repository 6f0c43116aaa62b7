"""What the network's errors are called: by their types and causes, never by their text."""

import ssl
from collections.abc import Iterator, Mapping

import httpx

from listening.collectors import faults
from listening.collectors.web.address import ForbiddenAddressError, UnknownHostError
from listening.collectors.web.body import BodyError
from listening.errors import (
    CollectError,
    SourceRefusedError,
    SourceUnavailableError,
    UnreadableSourceError,
)

_BODY_ERRORS: Mapping[str, type[CollectError]] = {faults.TRUNCATED_BODY: SourceUnavailableError}
#: All that one request can end with beside an answer.
NETWORK_ERRORS = (
    TimeoutError,
    BodyError,
    httpx.HTTPError,
    httpx.InvalidURL,
    ForbiddenAddressError,
    UnknownHostError,
    OSError,
    UnicodeError,
)


def named(error: Exception, source_id: str) -> CollectError:
    """Return our error for one of ``NETWORK_ERRORS``."""
    if isinstance(error, BodyError):
        return _BODY_ERRORS.get(error.reason, UnreadableSourceError)(source_id, error.reason)
    if isinstance(error, TimeoutError):
        return SourceUnavailableError(source_id, faults.READ_TIMEOUT)
    if isinstance(error, ForbiddenAddressError):
        return SourceRefusedError(source_id, faults.ADDRESS_FORBIDDEN)
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol | UnicodeError):
        return SourceRefusedError(source_id, faults.BAD_URL)
    return SourceUnavailableError(source_id, _network_reason(error))


#: Trouble that may be over in a second.
_PASSING = frozenset(
    {
        faults.CONNECTION_LOST,
        faults.TRUNCATED_BODY,
        faults.DNS_FAILURE,
        faults.CONNECTION_REFUSED,
        faults.http_reason(500),
        faults.http_reason(502),
        faults.http_reason(503),
        faults.http_reason(504),
    }
)


def is_worth_retrying(error: Exception) -> bool:
    """Return whether a second try in the same visit may succeed; not if the host says when."""
    if not isinstance(error, SourceUnavailableError):
        return False
    return error.reason in _PASSING and error.retry_after_s is None


#: What an error is called by the type of any of its causes, the first that fits …
_BY_CAUSE = (
    (UnknownHostError, faults.DNS_FAILURE),
    (ssl.SSLError, faults.TLS_ERROR),
    (ConnectionRefusedError, faults.CONNECTION_REFUSED),
)
#: … or by its own type.
_BY_TYPE = (
    ((httpx.ConnectTimeout, httpx.PoolTimeout), faults.CONNECT_TIMEOUT),
    ((httpx.TimeoutException,), faults.READ_TIMEOUT),
    ((httpx.ConnectError,), faults.HOST_UNREACHABLE),
)


def _network_reason(error: Exception) -> str:
    causes = list(_causes(error))
    for kind, reason in _BY_CAUSE:
        if any(isinstance(cause, kind) for cause in causes):
            return reason
    for kinds, reason in _BY_TYPE:
        if isinstance(error, kinds):
            return reason
    if isinstance(error, httpx.ProtocolError):
        return faults.BAD_HTTP
    return faults.CONNECTION_LOST


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, what caused it, and the members of groups, each once."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting.extend(cause for cause in (current.__cause__, current.__context__) if cause)
        if isinstance(current, BaseExceptionGroup):
            waiting.extend(current.exceptions)
