"""The key of a URL: one text for all the addresses under which one document is published.

It is a key, not an address to visit: https stands for both schemes, the bare domain for its ``www``
and its telephone's entrance, an article for its AMP page. It never merges what may be two
documents: ``?t=5`` and ``?t=6``, or two posts of one page that differ in their fragment only.
"""

import re
from urllib.parse import unquote, urljoin, urlsplit

import httpx

from listening.collectors.identity.url_variants import (
    is_no_choice,
    long_video,
    plain_steps,
    without_amp_cache,
)
from listening.hosts import bare_host

#: Longer addresses are not published ones.
MAX_URL_CHARS = 2048
#: How often a redirector may be wrapped in another one.
_MAX_UNWRAPS = 3

#: ;jsessionid=… inside a path.
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;?#]*", re.IGNORECASE)
#: Fragments that name one post or comment of a page: #p123, #msg12, #comment-9, #isso-4 …
_POST_FRAGMENT = re.compile(
    r"(?:p|pid|post|msg|message|comment|div-comment|commentaire|com|c|cmt|reply|reponse|answer|"
    r"entry|entry-comment|note|isso|js-post|findpost)[-_]?\d+",
    re.IGNORECASE,
)
_GOOGLE = re.compile(r"(?:www\.)?google\.(?:[a-z]{2,3}|com?\.[a-z]{2})")
#: Addresses that joining to another one leaves as they are.
_PLAIN = re.compile(
    r"https?://[A-Za-z0-9][\w.:-]*(?:/[\w.~:/%+,@!$'()*&=-]*)?"
    r"(?:\?[\w.~:/?&=%+,@!$'()*-]+)?(?:#[\w.~:/?&=%+,@!$'()*-]+)?",
    re.ASCII,
)
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})?")
_UNRESERVED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
#: What may stand in a path, query or fragment as it is; anything else is escaped.
_UNSAFE = re.compile(r"[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%\[\]|]")


def canonical_url(url: str | None) -> str | None:
    """Return the key of a URL, or None when it is no http(s) address.

    Idempotent: the key of a key is the key.

    >>> canonical_url("HTTP://Blog.Example.:80/a/?utm_source=rss&b=2&a=1#top")
    'https://blog.example/a?a=1&b=2'
    >>> canonical_url("https://forum.example/viewtopic.php?t=5&sid=" + "0" * 32 + "#p12")
    'https://forum.example/viewtopic.php?t=5#p12'
    """
    target = unwrap_redirector(url) if url else None
    if target is None:
        return None
    try:
        parts = urlsplit(without_amp_cache(target))
        port = parts.port
        host = _host(parts.hostname)
    except ValueError:
        return None
    if host is None:
        return None
    path = _path(parts.path)
    if video := long_video(host, path):
        return f"https://youtube.com/watch?{video}"
    place = host if port in {None, 80, 443} else f"{host}:{port}"
    query = _query(parts.query, host)
    fragment = parts.fragment if _POST_FRAGMENT.fullmatch(parts.fragment) else ""
    return (
        f"https://{place}{path}"
        + (f"?{query}" if query else "")
        + (f"#{fragment}" if fragment else "")
    )


def unwrap_redirector(url: str) -> str | None:
    """Return the address behind Google's redirector, or the address itself.

    Returns:
        None when it is not http(s) or longer than ``MAX_URL_CHARS``.
    """
    target = "".join(url.split()) if "\n" in url or "\t" in url else url.strip()
    for _ in range(_MAX_UNWRAPS + 1):
        if len(target) > MAX_URL_CHARS or not target.lower().startswith(("http://", "https://")):
            return None
        try:
            parts = urlsplit(target)
            host = parts.hostname or ""
        except ValueError:
            return None
        if not (_GOOGLE.fullmatch(host) and parts.path == "/url"):
            return target
        values = dict(pair.partition("=")[::2] for pair in parts.query.split("&"))
        inner = unquote(values.get("url") or values.get("q") or "")
        if not inner.lower().startswith(("http://", "https://")):
            return target
        target = inner
    return target


def absolute_url(url: str | None, base: str | None) -> str | None:
    """Return an http(s) address a person can open, or None.

    Args:
        url: As the source writes it, perhaps relative.
        base: Address of the source.
    """
    if not url or not url.strip():
        return None
    if _PLAIN.fullmatch(url) and "google." not in url and len(url) <= MAX_URL_CHARS:
        return url  # nothing to resolve or unwrap
    try:
        joined = urljoin(base or "", url.strip())
    except ValueError:
        return None
    return unwrap_redirector(joined)


def host_of(url: str) -> str:
    """Return ``host`` or ``host:port`` (ports other than the scheme's) as requested; "" if none.

    One pace is kept for each of these: names are in lower case and in their ASCII form.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    host = (parts.hostname or "").rstrip(".").lower()
    if ":" in host:  # IPv6
        host = f"[{host}]"
    elif not host.isascii():
        host = _requested_name(host)
    default = {"http": 80, "https": 443}.get(parts.scheme.lower())
    return host if port in {None, default} else f"{host}:{port}"


def _requested_name(name: str) -> str:
    """Return the ASCII form that httpx sends a name in, or the name when it has none."""
    try:
        return httpx.URL(f"http://{name}").raw_host.decode("ascii")
    except httpx.InvalidURL:
        return name  # nothing is ever sent there


def names_a_site(canonical: str) -> bool:
    """Return whether a key is only a host: the address of a site identifies no document."""
    return canonical.count("/") == 2 and "?" not in canonical and "#" not in canonical  # noqa: PLR2004


def _host(name: str | None) -> str | None:
    """Return a host in its ASCII form without its entrances, or None when there is none."""
    host = (name or "").rstrip(".").lower()
    if not host:
        return None
    if ":" in host:  # IPv6
        return f"[{host}]"
    if host.isascii():
        return bare_host(host) if re.fullmatch(r"[a-z0-9._~-]+", host) else None
    try:
        return bare_host(host.encode("idna").decode("ascii"))
    except UnicodeError:
        return None


def _path(path: str) -> str:
    clean = _PATH_SESSION.sub("", _normal_escapes(path))
    segments: list[str] = []
    for segment in clean.split("/")[1:]:
        if segment == "..":
            segments = segments[:-1]
        elif segment != ".":
            segments.append(segment)
    return ("/" + "/".join(plain_steps(segments))).rstrip("/")


def _query(query: str, host: str) -> str:
    """Return the parameters that choose the document, sorted; both separators are understood."""
    kept = []
    for pair in map(_normal_escapes, re.split("[&;]", query)):
        name, _, value = pair.partition("=")
        if pair and not is_no_choice(unquote(name).lower(), value, host):
            kept.append(pair)
    return "&".join(sorted(kept))


def _normal_escapes(text: str) -> str:
    """Write escapes in capitals, unescape what needs none, escape what must be."""

    def normal(found: re.Match[str]) -> str:
        if found[1] is None:  # a bare sign, which could join what follows into an escape
            return "%25"
        character = chr(int(found[1], 16))
        return character if character in _UNRESERVED else f"%{found[1].upper()}"

    def escaped(found: re.Match[str]) -> str:
        return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace"))

    return _UNSAFE.sub(escaped, _ESCAPE.sub(normal, text))
