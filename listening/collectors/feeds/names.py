"""Names in feeds: what an element is by namespace and name, where feedparser would agree."""

from xml.sax.saxutils import escape

from feedparser.api import StrictFeedParser

from listening.errors import ListeningError

#: feedparser's own table, so that both paths mean the same by a namespace.
_CANONICAL: dict[str, str] = {
    uri.lower(): prefix.lower() for uri, prefix in StrictFeedParser.namespaces.items()
}
_PREFIXES = frozenset(_CANONICAL.values())
_USERLAND = "backend.userland.com/rss"
#: Versions that a declaration alone sets.
_VERSIONS = {
    "http://purl.org/rss/1.0/": "rss10",
    "http://www.w3.org/2005/atom": "atom10",
}
_NETSCAPE = "http://my.netscape.com/rdf/simple/0.9/"

#: Role of each element that is read, under feedparser's name for it.
_ROLES = {
    "rss": "rss",
    "rdf_rdf": "rdf",
    "feed": "feed",
    "channel": "channel",
    "item": "item",
    "entry": "item",
    "image": "image",
    "textinput": "textinput",
    "url": "uri",
    "uri": "uri",
    "homepage": "uri",
    "name": "name",
    "itunes_name": "name",
    "email": "email",
    "itunes_email": "email",
    "width": "size",
    "height": "size",
    "source": "source",
    "title": "title",
    "dc_title": "title",
    "media_title": "media title",
    "link": "link",
    "guid": "id",
    "id": "id",
    "description": "description",
    "dc_description": "description",
    "media_description": "description",
    "summary": "summary",
    "itunes_summary": "summary",
    "content": "content",
    "content_encoded": "encoded",
    "author": "author",
    "dc_author": "author",
    "dc_creator": "author",
    "itunes_author": "author",
    "managingeditor": "author",
    "itunes_owner": "owner",
    "category": "category",
    "keywords": "category",
    "dc_subject": "category",
    "media_category": "media category",
    "itunes_category": "itunes category",
    "itunes_keywords": "itunes keywords",
    "media_keywords": "keywords",
    "published": "published",
    "issued": "published",
    "pubdate": "published",
    "dcterms_issued": "published",
    "updated": "updated",
    "modified": "updated",
    "lastbuilddate": "updated",
    "dc_date": "updated",
    "dcterms_modified": "updated",
    "created": "created",
    "dcterms_created": "created",
    "language": "language",
    "dc_language": "language",
    "feedburner_origlink": "feedburner_origlink",
    "thr_in-reply-to": "reply",
    **dict.fromkeys(
        (
            "subtitle",
            "tagline",
            "itunes_subtitle",
            "rights",
            "copyright",
            "dc_rights",
            "webmaster",
            "publisher",
            "dc_publisher",
            "info",
            "feedburner_browserfriendly",
        ),
        "other text",
    ),
}
#: feedparser does something with these, but nothing that reaches what we read.
_HARMLESS = frozenset(
    [
        "generator", "cloud", "enclosure", "expirationdate", "contributor", "dc_contributor",
        "itunes_image", "itunes_link", "itunes_block", "itunes_explicit",
        "media_content", "media_thumbnail", "media_player", "media_group", "media_rating",
        "media_credit", "media_license", "media_restriction",
        "cc_license", "creativecommons_license", "georss_point", "georss_line",
        "georss_box", "georss_polygon", "admin_generatoragent", "admin_errorreportsto",
    ]
)  # fmt: skip
#: Keys of feedparser's entries that a foreign element of that name would overwrite.
_RESERVED = frozenset(["authors", "contributors", "links", "tags", "date", "where", "svg", "math"])
#: Prefixes that feedparser has code for, whatever they are bound to.
_MEANINGFUL = frozenset(
    name.split("_")[2]
    for name in dir(StrictFeedParser)
    if name.startswith(("_start_", "_end_")) and name.count("_") > 2  # noqa: PLR2004
) | {"xhtml", "xml", "rdf", "thr"}
#: Attributes that mean something without a prefix; feedparser drops unknown prefixes.
_READ_ATTRIBUTES = frozenset(
    [
        "base", "lang", "version", "lastmod", "href", "url", "uri", "rel", "type", "mode",
        "ispermalink", "term", "scheme", "domain", "label", "text", "ref", "src",
    ]
)  # fmt: skip
_THREADING = "http://purl.org/syndication/thread/1.0"


class UnsureError(ListeningError):
    """The fast path cannot promise to say what feedparser says."""


class Names:
    """The names of one document. Raises ``UnsureError`` for what may mean something else."""

    def __init__(self) -> None:
        #: Version of the feed as feedparser names it; the first declaration that promises one.
        self.version = ""
        self._declared: dict[str, str] = {}
        self._prefixes: dict[str, str | None] = {}
        self._roles: dict[str, str] = {}
        self._attributes: dict[str, str] = {}

    def declare(self, prefix: str | None, uri: str | None) -> None:
        """Take the declaration of a prefix."""
        if not uri:
            return
        lower = uri.lower()
        if not self.version:
            is_netscape = lower == _NETSCAPE and prefix is None
            self.version = "rss090" if is_netscape else _VERSIONS.get(lower, "")
        canonical = "" if _USERLAND in lower else _CANONICAL.get(lower)
        if canonical is None and self._prefixes.setdefault(uri, prefix) != prefix:
            raise UnsureError("one namespace under two prefixes")
        if prefix is None:
            return
        if canonical is None:
            is_odd = prefix.lower() in _MEANINGFUL and lower != _THREADING
        else:
            is_odd = prefix in _PREFIXES and prefix != canonical
        if is_odd or self._declared.setdefault(prefix, uri) != uri:
            raise UnsureError("a prefix that means something else")

    def role(self, raw: str) -> str:
        """Return what an element is to us; "" for nothing.

        Args:
            raw: expat's ``uri name prefix``.
        """
        role = self._roles.get(raw)
        if role is None:
            role = self._roles[raw] = _role(_name(raw))
        return role

    def attributes(self, raw: dict[str, str], *, is_read: bool) -> dict[str, str]:
        """Return attributes by their lower-case names.

        Args:
            raw: expat's.
            is_read: Of an element with a role: no attribute may come from elsewhere.
        """
        own: dict[str, str] = {}
        for key, value in raw.items():
            name = self._attributes.get(key)
            if name is None:
                name = self._attributes[key] = _attribute(key)
            if name == "base" or (is_read and name.startswith("?")):
                raise UnsureError("an unusual attribute")
            own[name] = value.lower() if name in {"rel", "type"} else value
        return own

    @staticmethod
    def start_tag(raw: str, attributes: dict[str, str]) -> str:
        """Return the start tag of an XHTML element."""
        written = []
        for key, value in attributes.items():
            if " " in key or key.lower() == "base":
                raise UnsureError("an unusual attribute")
            name = key.lower()
            lowered = value.lower() if name in {"rel", "type"} else value
            written.append(f' {name}="{escape(lowered, {chr(34): "&quot;"})}"')
        return f"<{_xhtml(raw)}{''.join(written)}>"

    @staticmethod
    def end_tag(raw: str) -> str:
        """Return the end tag of an XHTML element."""
        return f"</{_xhtml(raw)}>"


def _name(raw: str) -> str:
    """Return feedparser's name of an element: ``dc_creator``, ``title``."""
    parts = raw.split(" ")
    if len(parts) == 1:
        return raw.lower()
    uri, local = parts[0].lower(), parts[1].lower()
    given = parts[2] if len(parts) > 2 else ""  # noqa: PLR2004
    prefix = "" if _USERLAND in uri else _CANONICAL.get(uri, given)
    return f"{prefix}_{local}" if prefix else local


def _role(name: str) -> str:
    if name in _ROLES:
        return _ROLES[name]
    is_handled = hasattr(StrictFeedParser, f"_start_{name}") or hasattr(
        StrictFeedParser, f"_end_{name}"
    )
    if (is_handled and name not in _HARMLESS) or name in _RESERVED:
        raise UnsureError("an unusual element")
    if name.endswith(("_parsed", "_detail")) or name.startswith(("xhtml_", "gml_", "_")):
        raise UnsureError("an unusual element")
    return ""


def _attribute(key: str) -> str:
    """Return the name of an attribute; ``?`` in front: it may be mistaken for one of the feed's."""
    parts = key.split(" ")
    if len(parts) == 1:
        return key.lower()
    local = parts[1].lower()
    name = f"{_CANONICAL.get(parts[0].lower(), '')}:{local}"
    if name in {"xml:lang", "xml:base", "rdf:about"}:
        return name
    return f"?{local}" if local in _READ_ATTRIBUTES else f":{local}"


def _xhtml(raw: str) -> str:
    """Return the local name of an XHTML element."""
    name = _name(raw)
    tag = name.removeprefix("xhtml_")
    if tag == name or tag in {"svg", "math", "body"}:
        raise UnsureError("an unusual element")
    return tag
