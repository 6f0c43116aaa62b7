"""What varies in the addresses of one document: trackers, pages for telephones, AMP, short hosts.

Each rule drops what only says how or from where a page was asked for; what may choose another page
stays.
"""

import re
from urllib.parse import unquote

#: Parameters that say where a reader came from, by whole name; the beginning alone may lie:
#: ``at_id`` and ``pk_post`` choose a page …
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
        # AT Internet
        "at_medium", "at_campaign", "at_campaign_type", "at_campaign_group", "at_creation",
        "at_variant", "at_network", "at_term", "at_platform", "at_format", "at_channel",
        "at_general_placement", "at_detail_placement", "at_audience", "at_source", "at_type",
        "at_emailtype", "at_send_date", "at_send_time", "at_recipient_id", "at_recipient_list",
        "at_link", "at_link_id", "at_link_type", "at_link_origin", "at_ptr_name", "at_bbc_team",
        "at_custom1", "at_custom2", "at_custom3", "at_custom4", "at_custom5", "at_objective",
        "at_identifier", "at_product", "at_url", "at_adid", "at_adgroup",
        # HubSpot, Omeda, Vero
        "hsa_acc", "hsa_ad", "hsa_cam", "hsa_grp", "hsa_kw", "hsa_la", "hsa_mt", "hsa_net",
        "hsa_ol", "hsa_src", "hsa_tgt", "hsa_ver", "oly_anon_id", "oly_enc_id", "vero_conv",
        "vero_id",
        # Matomo, under each of its names
        *(
            f"{tool}_{field}"
            for tool in ("mtm", "matomo", "pk", "piwik")
            for field in (
                "campaign", "cid", "content", "group", "keyword", "kwd", "medium", "placement",
                "source", "vid", "abe", "abv",
            )
        ),
    ]
)  # fmt: skip
#: … or by a beginning that means nothing else.
_PREFIX = "utm_"
#: Parameters that often choose a page, and sometimes only name the road to it: the value tells.
_ROADS = frozenset({"ref", "source", "from", "src", "partner", "via", "xt"})
_ROAD_NAME = "(?:rss|feed|atom|twitter|facebook|linkedin|whatsapp|newsletter|social|share|email)"
#: One name, several, Medium's ``rss----7`` and AT Internet's ``RSS-1``; not ``share-prices``.
_ROAD = re.compile(rf"{_ROAD_NAME}(?:[\W_]{_ROAD_NAME})*|rss-(?:-.*|\d+)", re.IGNORECASE)
#: Session ids that forums put into links: phpBB's sid, vBulletin's s.
_SESSION_NAMES = frozenset({"sid", "s"})
_SESSION_VALUE = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)
#: ``?amp``, ``?amp=1``, ``?outputType=amp``; also what is left of ``&amp;`` between parameters.
_AMP_VALUES = {"amp": {"", "1", "true"}, "outputtype": {"amp"}}
#: Parts of a player's address that do not choose the video.
_PLAYER = frozenset({"feature", "si", "pp", "ab_channel"})
_VIDEO_HOSTS = frozenset({"youtube.com", "youtu.be"})

_AMP_CACHE = re.compile(r"https?://[^/]+\.cdn\.ampproject\.org/[a-z]/(s/)?(.+)", re.IGNORECASE)
_AMP_VIEWER = re.compile(
    r"https?://(?:www\.)?google\.[a-z.]{2,6}/amp/(s/)?([^/]+\.[^/]+/.*)", re.IGNORECASE
)
_SHORT_VIDEO = re.compile(r"/[\w-]{11}")
#: A step of a path that names one article: its page for telephones may follow or precede it.
_ARTICLE = re.compile(r"(?=.*[-\d_])[^/]{4,}|[^/]{9,}")
#: Steps that show an article behind ``/amp/``, not an amplifier: a year, a number of five digits.
_DATED = re.compile(r"(?:19|20)\d{2}|(?:.*-)?\d{5,}(?:[-.].*)?")
_AMP_SUFFIX = re.compile(r"(?<=[^/.])\.amp(?:(\.html?)|\Z)")


def is_no_choice(name: str, value: str, host: str) -> bool:
    """Return whether a parameter does not choose the document.

    Args:
        name: In lower case, unescaped.
        value: As written.
        host: Bare.
    """
    if name in _TRACKING or name.startswith(_PREFIX):
        return True
    if name in _SESSION_NAMES:
        return _SESSION_VALUE.fullmatch(value) is not None
    if name in _AMP_VALUES:
        return value.lower() in _AMP_VALUES[name]
    if name in _ROADS:
        return _ROAD.fullmatch(unquote(value)) is not None
    return name in _PLAYER and host in _VIDEO_HOSTS


def without_amp_cache(url: str) -> str:
    """Return the address that Google's copy of a page stands for, or the address itself."""
    while found := _AMP_CACHE.fullmatch(url) or _AMP_VIEWER.fullmatch(url):
        url = f"{'https' if found[1] else 'http'}://{found[2]}"
    return url


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
        if len(steps) > 1 and steps[0] == "amp" and any(map(_DATED.fullmatch, steps)):
            steps = steps[1:]
        last = _AMP_SUFFIX.sub(r"\1", steps[-1])
        steps = steps[:-1] if last.lower() in {"index.html", "index.htm"} else [*steps[:-1], last]
    return steps


def long_video(host: str, path: str) -> str | None:
    """Return the query of the video that a short address stands for, or None."""
    if host == "youtu.be" and _SHORT_VIDEO.fullmatch(path):
        return f"v={path[1:]}"
    return None
