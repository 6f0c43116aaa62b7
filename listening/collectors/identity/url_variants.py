"""What varies in the addresses of one document: trackers, pages for telephones, AMP, short hosts.

Each rule drops what only says how or from where a page was asked for; what may choose another page
stays.
"""

import re
from urllib.parse import unquote

#: Parameters that say where a reader came from, by whole name …
_TRACKING = frozenset(
    [
        "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid",
        "srsltid", "msclkid", "yclid", "twclid", "ttclid", "igshid", "igsh", "mibextid", "sfnsn",
        "li_fat_id", "epik", "mc_cid", "mc_eid", "mkt_tok", "ml_subscriber", "xtor", "xtref", "xts",
        "ref_src", "ref_url", "wt_mc", "wt.mc_id", "cmpid", "ncid", "ocid", "_ga", "_gl", "_hsenc",
        "_hsmi", "_openstat", "__twitter_impression", "ns_mchannel", "ns_source", "ns_campaign",
        "ns_linkname", "spref", "sr_share", "s_cid", "s_kwcid", "ef_id", "guccounter", "wprov",
        "fb_action_ids", "fb_action_types", "fb_source", "fb_ref", "guce_referrer",
        "guce_referrer_sig", "phpsessid", "jsessionid", "aspsessionid", "cfid", "cftoken",
        "oscsid", "amp_js_v", "amp_gsa", "amp_r", "__amp_source_origin", "usqp",
    ]
)  # fmt: skip
#: … or by its beginning: analytics of Google, AT Internet, Matomo, HubSpot, Omeda, Vero.
_PREFIXES = ("utm_", "at_", "mtm_", "pk_", "matomo_", "piwik_", "hsa_", "oly_", "vero_")
#: Parameters that often choose a page, and sometimes only name the road to it: the value tells.
_ROADS = frozenset({"ref", "source", "from", "src", "partner", "via", "xt"})
_ROAD = re.compile(
    r"(?:rss|feed|atom|twitter|facebook|linkedin|whatsapp|newsletter|social|share|email)\b|rss-",
    re.IGNORECASE,
)
#: Session ids that forums put into links: phpBB's sid, vBulletin's s.
_SESSION_NAMES = frozenset({"sid", "s"})
_SESSION_VALUE = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)
#: ``?amp``, ``?amp=1``, ``?outputType=amp``; also what is left of ``&amp;`` between parameters.
_AMP_VALUES = {"amp": {"", "1", "true"}, "outputtype": {"amp"}}
#: Parts of a player's address that do not choose the video.
_PLAYER = frozenset({"feature", "si", "pp", "ab_channel"})
_VIDEO_HOSTS = frozenset({"youtube.com", "youtu.be"})

_MOBILE = frozenset({"www", "m", "mobile", "amp", "touch"})
#: A host keeps at least its domain and its ending.
_LEAST_LABELS = 2
_ADDRESS_OF_A_MACHINE = re.compile(r"[\d.]+|\[.*\]")
_AMP_CACHE = re.compile(r"https?://[^/]+\.cdn\.ampproject\.org/[a-z]/(s/)?(.+)", re.IGNORECASE)
_AMP_VIEWER = re.compile(
    r"https?://(?:www\.)?google\.[a-z.]{2,6}/amp/(s/)?([^/]+\.[^/]+/.*)", re.IGNORECASE
)
_SHORT_VIDEO = re.compile(r"/[\w-]{11}")
#: A step of a path that names one article: its page for telephones may follow or precede it.
_ARTICLE = re.compile(r"(?=.*[-\d_])[^/]{4,}|[^/]{9,}")
_AMP_SUFFIX = re.compile(r"(?<=[^/])\.amp(?:(\.html?)|\Z)")


def is_no_choice(name: str, value: str, host: str) -> bool:
    """Return whether a parameter does not choose the document.

    Args:
        name: In lower case, unescaped.
        value: As written.
        host: Bare.
    """
    if name in _TRACKING or name.startswith(_PREFIXES):
        return True
    if name in _SESSION_NAMES:
        return _SESSION_VALUE.fullmatch(value) is not None
    if name in _AMP_VALUES:
        return value.lower() in _AMP_VALUES[name]
    if name in _ROADS:
        return _ROAD.match(unquote(value)) is not None
    return name in _PLAYER and host in _VIDEO_HOSTS


def bare_host(host: str) -> str:
    """Return a host without the names of its entrances.

    >>> bare_host("www.blog.example"), bare_host("fr.m.wiki.example"), bare_host("m.example")
    ('blog.example', 'fr.wiki.example', 'm.example')
    """
    if _ADDRESS_OF_A_MACHINE.fullmatch(host):
        return host
    labels = host.split(".")
    while len(labels) > _LEAST_LABELS and labels[0] in _MOBILE:
        labels = labels[1:]
    if len(labels) > _LEAST_LABELS + 1 and labels[1] == "m":
        labels = [labels[0], *labels[2:]]
    return ".".join(labels)


def without_amp_cache(url: str) -> str:
    """Return the address that Google's copy of a page stands for, or the address itself."""
    found = _AMP_CACHE.fullmatch(url) or _AMP_VIEWER.fullmatch(url)
    if found is None:
        return url
    return f"{'https' if found[1] else 'http'}://{found[2]}"


def plain_steps(steps: list[str]) -> list[str]:
    """Return the steps of a path without those that ask for its page for telephones.

    >>> plain_steps(["2026", "les-oeufs-durs", "amp"]), plain_steps(["guitares", "amp"])
    (['2026', 'les-oeufs-durs'], ['guitares', 'amp'])
    """
    steps, before = [step for step in steps if step], None
    while steps and steps != before:
        before = steps
        if len(steps) > 1 and steps[-1] == "amp" and _ARTICLE.fullmatch(steps[-2]):
            steps = steps[:-1]
        if len(steps) > 1 and steps[0] == "amp" and _ARTICLE.fullmatch(steps[-1]):
            steps = steps[1:]
        last = _AMP_SUFFIX.sub(r"\1", steps[-1])
        steps = steps[:-1] if last.lower() in {"index.html", "index.htm"} else [*steps[:-1], last]
    return steps


def long_video(host: str, path: str) -> str | None:
    """Return the query of the video that a short address stands for, or None."""
    if host == "youtu.be" and _SHORT_VIDEO.fullmatch(path):
        return f"v={path[1:]}"
    return None
