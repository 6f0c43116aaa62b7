"""The fixed words for everything that can be wrong with a source, each with one line for people.

A *reason* says why a visit brought nothing; a *fault* says what was wrong with a visit that did
bring something. Both are stored in ``fct_source_runs``, counted, and explained from this table, so
a word is never reused for another meaning. ``http_NNN`` stands for any status of a server.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from listening.translate import mark

MALFORMED_XML = "malformed_xml"
WRONG_CHARSET = "wrong_charset"
HTML_INSTEAD_OF_FEED = "html_instead_of_feed"
NOT_A_FEED = "not_a_feed"
MALFORMED_JSON = "malformed_json"
NOT_A_PAGE = "not_a_page"
NO_ARTICLE = "no_article"
EMPTY_BODY = "empty_body"
NO_ITEMS = "no_items"
BODY_TOO_LARGE = "body_too_large"
DECOMPRESSION_BOMB = "decompression_bomb"
BAD_COMPRESSION = "bad_compression"
UNKNOWN_CONTENT_ENCODING = "unknown_content_encoding"
TRUNCATED_BODY = "truncated_body"
ENTITY_DECLARED = "entity_declared"
NUL_BYTES_REMOVED = "nul_bytes_removed"
CONTROL_CHARACTERS_REMOVED = "control_characters_removed"
TITLE_TRUNCATED = "title_truncated"
TEXT_TRUNCATED = "text_truncated"
DATE_IN_FUTURE = "date_in_future"
DATE_ABSURD = "date_absurd"
DATE_MISSING = "date_missing"
DATE_UNREADABLE = "date_unreadable"
ITEM_WITHOUT_ID = "item_without_id"
ITEM_WITHOUT_CONTENT = "item_without_content"
DUPLICATE_ID = "duplicate_id"
TOO_MANY_ITEMS = "too_many_items"
TOO_MANY_PAGES = "too_many_pages"
PAGE_NOT_READ = "page_not_read"
UNEXPECTED_PAGE = "unexpected_page"
SITEMAP_WITHOUT_DATES = "sitemap_without_dates"
UNKNOWN_KIND = "unknown_kind"
MOVED_PERMANENTLY = "moved_permanently"
REDIRECT_LOOP = "redirect_loop"
TOO_MANY_REDIRECTS = "too_many_redirects"
BAD_REDIRECT = "bad_redirect"
READ_TIMEOUT = "read_timeout"
CONNECT_TIMEOUT = "connect_timeout"
DNS_FAILURE = "dns_failure"
CONNECTION_REFUSED = "connection_refused"
HOST_UNREACHABLE = "host_unreachable"
CONNECTION_LOST = "connection_lost"
TLS_ERROR = "tls_error"
BAD_HTTP = "bad_http"
BAD_URL = "bad_url"
ROBOTS_TXT = "robots_txt"
ROBOTS_UNAVAILABLE = "robots_unavailable"
ROBOTS_CUT = "robots_cut"
CRAWL_DELAY = "crawl_delay"
HOST_PAUSED = "host_paused"
ADDRESS_FORBIDDEN = "address_forbidden"
FILE_UNREADABLE = "file_unreadable"
NO_HEADER = "no_header"
ROW_UNREADABLE = "row_unreadable"
ROW_WITHOUT_DATE = "row_without_date"
PARSE_TIMEOUT = "parse_timeout"
PARSE_MEMORY = "parse_memory"
PARSER_CRASHED = "parser_crashed"
INTERNAL_ERROR = "internal_error"
BATCH_DEADLINE = "batch_deadline"
OFF_HOURS = "off_hours"

#: One line per word, for documentation and screens; the msgids of the translations.
EXPLANATIONS: Mapping[str, str] = MappingProxyType(
    {
        MALFORMED_XML: mark("The feed is not well-formed XML; what could be read was read."),
        WRONG_CHARSET: mark(
            "The declared character set is wrong or unknown; the real one was guessed."
        ),
        HTML_INSTEAD_OF_FEED: mark("The server sent a web page where a feed was expected."),
        NOT_A_FEED: mark("The answer is neither RSS, Atom nor JSON Feed."),
        NOT_A_PAGE: mark("The answer is no web page."),
        NO_ARTICLE: mark("The page holds no text that could be an article."),
        MALFORMED_JSON: mark("The answer looks like JSON but cannot be read as such."),
        EMPTY_BODY: mark("The server sent nothing."),
        NO_ITEMS: mark("The feed is valid but holds no item."),
        BODY_TOO_LARGE: mark("The answer is larger than the configured limit."),
        DECOMPRESSION_BOMB: mark("The compressed answer swells beyond the configured limit."),
        BAD_COMPRESSION: mark("The compressed answer is damaged."),
        UNKNOWN_CONTENT_ENCODING: mark("The server compressed with a method we did not offer."),
        TRUNCATED_BODY: mark("The answer stopped before its end."),
        ENTITY_DECLARED: mark("The feed declares XML entities; they were not expanded."),
        NUL_BYTES_REMOVED: mark("NUL bytes were removed from the feed."),
        CONTROL_CHARACTERS_REMOVED: mark("Characters that XML forbids were removed from the feed."),
        TITLE_TRUNCATED: mark("A title was cut at its maximum length."),
        TEXT_TRUNCATED: mark("A text was cut at its maximum length."),
        DATE_IN_FUTURE: mark("An item is dated in the future; the time of our visit stands in."),
        DATE_ABSURD: mark("An item is dated before 1995; the time of our visit stands in."),
        DATE_MISSING: mark("An item has no date; the time of our visit stands in."),
        DATE_UNREADABLE: mark(
            "An item's date cannot be understood; the time of our visit stands in."
        ),
        ITEM_WITHOUT_ID: mark("An item has neither id nor link; its text identifies it."),
        ITEM_WITHOUT_CONTENT: mark("An item has neither title nor text."),
        DUPLICATE_ID: mark("Two items of one feed have the same id."),
        TOO_MANY_ITEMS: mark("The source shows more items than the configured limit."),
        TOO_MANY_PAGES: mark("The source has more pages than one visit may read."),
        PAGE_NOT_READ: mark("A page of the source could not be read; the others were."),
        SITEMAP_WITHOUT_DATES: mark(
            "The sitemap lists many pages without a date; what is new among them is unknown."
        ),
        UNEXPECTED_PAGE: mark("The page is not one that this kind of source has."),
        UNKNOWN_KIND: mark("No kind of source recognises this page."),
        MOVED_PERMANENTLY: mark("The source has moved for good; its address should be updated."),
        REDIRECT_LOOP: mark("The redirects lead back to where they started."),
        TOO_MANY_REDIRECTS: mark("The source redirects more often than we follow."),
        BAD_REDIRECT: mark("The source redirects to nowhere or to something other than http(s)."),
        READ_TIMEOUT: mark("The answer did not arrive in time."),
        CONNECT_TIMEOUT: mark("The server could not be reached in time."),
        DNS_FAILURE: mark("The host name is unknown."),
        CONNECTION_REFUSED: mark("The server refuses connections."),
        HOST_UNREACHABLE: mark("No way leads to the server."),
        CONNECTION_LOST: mark("The connection broke before the answer was complete."),
        TLS_ERROR: mark("The server's certificate or encryption is not acceptable."),
        BAD_HTTP: mark("The answer is not valid HTTP, or its headers are too long."),
        BAD_URL: mark("The address is not an http(s) address."),
        ROBOTS_TXT: mark("The site's robots.txt asks not to be read there."),
        ROBOTS_UNAVAILABLE: mark(
            "The site's robots.txt could not be read, so the site was left alone."
        ),
        ROBOTS_CUT: mark(
            "The site's robots.txt is longer than anyone reads; its beginning counts."
        ),
        CRAWL_DELAY: mark("The site's robots.txt asks for more than a day between two requests."),
        HOST_PAUSED: mark(
            "The host asked us to stay away for a while, or did not answer three times in a row."
        ),
        ADDRESS_FORBIDDEN: mark(
            "The host's address is private or reserved and not allowed by name."
        ),
        NO_HEADER: mark("The file's first line names no columns."),
        ROW_WITHOUT_DATE: mark("A row has no date that can be trusted; it was left out."),
        ROW_UNREADABLE: mark("A row of the file cannot be read."),
        FILE_UNREADABLE: mark("The file does not exist or cannot be read."),
        PARSE_TIMEOUT: mark("Reading the answer took too long and was stopped."),
        PARSE_MEMORY: mark("Reading the answer took too much memory and was stopped."),
        PARSER_CRASHED: mark("The reader stopped unexpectedly on this answer."),
        INTERNAL_ERROR: mark("Vigie itself failed on this source; its log holds the trace."),
        OFF_HOURS: mark("The host's off hours began before this source's turn came."),
        BATCH_DEADLINE: mark("The night's time was over before this source's turn came."),
    }
)


def http_reason(status: int) -> str:
    """Return the reason for a status that is not a success: ``http_404``."""
    return f"http_{status}"


def explain(word: str) -> str:
    """Return the line for people; for ``http_NNN`` a general one.

    Raises:
        KeyError: The word is not of this vocabulary.
    """
    if word.startswith("http_"):
        return mark("The server answered with an error status.")
    return EXPLANATIONS[word]


def in_order(words: Iterable[str]) -> tuple[str, ...]:
    """Return each word once, sorted, as a source's record keeps them."""
    return tuple(sorted(set(words)))
