"""An address worth trying as a source, and a page's address in the parts that patterns look at."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from listening.model import SourceKind, SourceType


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address worth trying, and what it would be."""

    url: str
    kind: SourceKind = SourceKind.FEED
    source_type: SourceType = SourceType.BLOG
    found_by: str  # name of the recipe: youtube, link, guess …


@dataclass(frozen=True, slots=True)
class Address:
    """A page address in the parts that patterns look at."""

    scheme: str
    host: str  # lower case, without www.
    authority: str  # as written, with www. and port
    path: str
    query: dict[str, list[str]]

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{self.scheme}://{self.authority}"

    @property
    def steps(self) -> list[str]:
        """The parts of the path."""
        return [step for step in self.path.split("/") if step]

    def parameter(self, name: str) -> str:
        """Return the first value of a parameter, or ""."""
        return self.query.get(name, [""])[0]


def address_of(url: str) -> Address | None:
    """Return an address in its parts, or None when it is none of the Web."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower().removeprefix("www.")
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    return Address(parts.scheme, host, parts.netloc, parts.path, parse_qs(parts.query))


def is_on(host: str, site: str) -> bool:
    """Return whether a host is a site or a part of it."""
    return host == site or host.endswith("." + site)
