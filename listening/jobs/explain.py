"""« Pourquoi ? » for one mention: a stored one, or a text that somebody typed."""

import re
from collections.abc import Sequence
from typing import Any, Final

from listening.config.load import query_version
from listening.errors import ConfigError
from listening.jobs.beginnings import the_document
from listening.jobs.context import JobContext
from listening.jobs.tag import layer_in_force, surroundings_of
from listening.model import Brand, BrandRole, Evidence, Hit, Polarity
from listening.translate import Translator, mark
from sentiment.annotate import build_tagger, explain
from sentiment.components.trained import ABSTAIN_BELOW
from sentiment.explaining import Explanation, explained, rounded_to_sum
from sentiment.relevance import load_models
from sentiment.surroundings import NOTHING
from storage.mentions import read_mention
from storage.reading import open_snapshot

#: Terms shown one by one; the others are summed up.
SHOWN: Final = 8
#: Characters of the text shown.
_EXCERPT: Final = 280
_DIGITS: Final = 2
_POLARITIES: Final = {
    "negative": mark("▼ negative"),
    "neutral": mark("■ neutral"),
    "positive": mark("▲ positive"),
    "mixed": mark("◆ mixed"),
    "unknown": mark("? not judged"),
}
_RULES: Final = {
    "contrast": mark("contrast: what follows weighs more than what comes before"),
    "concession": mark("concession: what is conceded weighs little"),
    "conditional": mark("condition: what is only supposed weighs little"),
    "comparison": mark("comparison: the brand is measured against another one"),
    "unlike": mark("opposition: what is said of the other holds the other way round"),
    "choice": mark("choice: the brand is taken up, recommended, left or advised against"),
    "exception": mark("exception: the brand is left out of what is said of the rest"),
    "mockery": mark("mockery: thanks or praise for what went wrong"),
    "sides": mark("two sides: what is said on the brand's side of a contrast is its own"),
    "landmark": mark("landmark: the brand only says where, with what or by whom"),
    "question": mark("question: what is asked weighs less than what is said"),
    "quotation": mark("quotation: somebody else's words weigh less"),
}
_SIGNALS: Final = {
    "insult": mark("insult"),
    "question": mark("question"),
    "complaint": mark("complaint"),
    "recommendation": mark("recommendation"),
    "purchase_intent": mark("intent to buy"),
    "irony": mark("irony"),
    "risk": mark("risk"),
}
_LANGUAGES: Final = {
    "fr": mark("French"),
    "en": mark("English"),
    "other": mark("neither French nor English: matched, not judged"),
}


def explain_stored(context: JobContext, start: str, brand_id: str) -> Explanation:
    """Return why a published mention has its label.

    Args:
        context: The client.
        start: The document's id, or how it begins.
        brand_id: The brand.

    Raises:
        ConfigError: There is no such brand or document, or several documents begin so.
        StorageError: There is no snapshot, or it is damaged.
    """
    with open_snapshot(context.paths.snapshot) as warehouse:
        document_id = the_document(warehouse, start, brand_id)
    stored = read_mention(context.paths.snapshot, document_id, brand_id)
    return explained(
        stored.mention,
        stored.document.full_text,
        title_length=len(stored.document.title),
        human_polarity=stored.human_polarity,
        human_by=stored.human_by,
    )


def explain_typed(
    text: str, names: Sequence[str], *, context: JobContext | None = None
) -> list[Explanation]:
    """Return why a typed text would get its labels, for each brand asked for.

    Args:
        text: What somebody typed; nothing of it is stored.
        names: Ids of watched brands, or names that nobody watches.
        context: The client whose watchlist counts; None: only the names.

    Raises:
        ConfigError: The text does not name a brand that is asked for.
    """
    watched = {} if context is None else {one.brand_id: one for one in context.config.brands}
    asked = [watched.get(name) or _unwatched(name) for name in names]
    surroundings = NOTHING
    if context is not None:
        relevance = load_models(context.paths.relevance)
        surroundings = surroundings_of(
            context,
            relevance=relevance,
            labelled=frozenset(),
            calibration=layer_in_force(context),
        )
    brands = list({one.brand_id: one for one in [*watched.values(), *asked]}.values())
    tagged = explain(text, build_tagger(brands, surroundings))
    found = {one.brand_id: one for one in tagged.mentions}
    for brand in asked:
        if brand.brand_id not in found:
            raise ConfigError(
                mark("the text does not name {brand}"),
                hint=mark("write the name as in the text, or try: vigie query check"),
                values={"brand": brand.name},
            )
    return [explained(found[one.brand_id], text) for one in asked]


def _unwatched(name: str) -> Brand:
    brand = Brand(
        brand_id=re.sub(r"\W+", "-", name.casefold()).strip("-") or "brand",
        name=name,
        role=BrandRole.OWN,
        terms=(name,),
    )
    return Brand(
        brand_id=brand.brand_id,
        name=name,
        role=brand.role,
        terms=brand.terms,
        query_version=query_version(brand),
    )


def explanation_as_json(one: Explanation) -> dict[str, Any]:
    """Return an explanation as plain data; the weights add up to ``raw``."""
    mention = one.mention
    return {
        "document_id": mention.document_id,
        "brand": mention.brand_id,
        "polarity": mention.polarity.value,
        "score": mention.score,
        "raw": one.raw,
        "confidence": mention.confidence,
        "language": mention.language,
        "evidence": [
            {
                "term": item.term,
                "weight": item.weight,
                "start": item.start,
                "end": item.end,
                "is_negated": item.is_negated,
            }
            for item in one.terms
        ],
        "signals": [{"name": name, "words": words} for name, words in one.signals],
        "rules": [{"name": rule.name, "words": rule.words} for rule in one.rules],
        "rule_share": one.rule_share,
        "hits": [
            {"term": hit.term, "zone": one.zone(hit), "start": hit.start, "end": hit.end}
            for hit in mention.hits
        ],
        "query_version": mention.query_version,
        "model_version": mention.model_version,
        "human_polarity": one.human_polarity,
        "human_by": one.human_by,
    }


def explanation_lines(one: Explanation, words: Translator) -> list[str]:
    """Return an explanation as lines of text, in the language of ``words``."""
    _ = words.gettext
    mention = one.mention
    lines = [
        f"{mention.brand_id} · {_(_POLARITIES[mention.polarity.value])}",
        "  " + _quoted(one, words),
    ]
    if one.human_polarity is not None:
        said = _(_POLARITIES[one.human_polarity])
        lines.append(
            "  "
            + _("{actor} says: {polarity}; that counts", actor=one.human_by or "?", polarity=said)
        )
    lines += ["  " + line for line in _found_lines(one, words)]
    if mention.polarity is Polarity.UNKNOWN:
        return [*lines, "  " + _("Nothing is guessed: the tone stays unknown.")]
    lines += ["  " + line for line in _weight_lines(one, words)]
    rules = [
        f"{_(_RULES[rule.name])} («\N{NO-BREAK SPACE}{rule.words}\N{NO-BREAK SPACE}»)"
        for rule in one.rules
    ]
    if rules:
        lines.append("  " + _("Rules of grammar seen:"))
        lines += ["    " + rule for rule in rules]
    lines += [
        "  " + _("Signal: {name} ({words})", name=_(_SIGNALS.get(name, name)), words=text)
        for name, text in one.signals
    ]
    return lines


def _quoted(one: Explanation, words: Translator) -> str:
    """Return the words around the first hit, the brand in brackets, on one line."""
    hit = one.mention.hits[0]
    start = max(0, hit.start - _EXCERPT // 2)
    end = min(len(one.text), hit.end + _EXCERPT // 2)
    named = f"[{one.text[hit.start : hit.end]}]"
    text = f"{one.text[start : hit.start]}{named}{one.text[hit.end : end]}"
    text = ("…" if start else "") + " ".join(text.split()) + ("…" if end < len(one.text) else "")
    return words.gettext("“{text}”", text=text)


def _found_lines(one: Explanation, words: Translator) -> list[str]:
    _ = words.gettext
    mention = one.mention
    zones = {"title": _("title"), "body": _("text")}
    seen: dict[Hit, None] = dict.fromkeys(mention.hits)
    terms = dict.fromkeys(f"{hit.term} ({zones[one.zone(hit)]})" for hit in seen)
    language = _LANGUAGES.get(mention.language, _LANGUAGES["other"])
    return [
        _("Language: {language}", language=_(language)),
        _("Found by: {terms}", terms=", ".join(terms)),
        _(
            "Versions: query {query}, model {model}",
            query=mention.query_version or "–",
            model=mention.model_version or "–",
        ),
    ]


def _weight_lines(one: Explanation, words: Translator) -> list[str]:
    """Return what weighs for and against the brand, written so that it adds up as shown."""
    _ = words.gettext
    shown, more = one.terms[:SHOWN], one.terms[SHOWN:]
    names = [_term(item, words) for item in shown]
    weights = [item.weight for item in shown]
    if more:
        names.append(words.ngettext("{n} weaker term", "{n} weaker terms", len(more)))
        weights.append(sum(item.weight for item in more))
    rounded, total = rounded_to_sum(weights, _DIGITS)
    lines = [_("For (plus) and against (minus) the brand:")]
    lines += [f"  {_signed(x, words):>7}  {name}" for x, name in zip(rounded, names, strict=True)]
    lines.append(
        f"  {_signed(total, words):>7}  "
        + _(
            "sum; score {score} between minus one and plus one, sure to {confidence}",
            score=_signed(one.mention.score, words),
            confidence=words.percent(one.mention.confidence),
        )
    )
    if one.mention.confidence < ABSTAIN_BELOW and one.mention.polarity.value == "neutral":
        least = words.percent(ABSTAIN_BELOW)
        lines.append(_("No tone is sure to {share}: the tagger abstains.", share=least))
    if one.rule_share:
        share = words.percent(one.rule_share)
        lines.append(_("A short text: the rules of grammar count for {share}.", share=share))
    return lines


def _term(item: Evidence, words: Translator) -> str:
    _ = words.gettext
    if item.start < 0:
        known = {"rest": _("all the rest of the text"), "client": _("what corrections taught")}
        return known.get(item.term, item.term)
    term = " ".join(item.term.split())
    if item.term == "irony":
        return _("irony: the praise is mocking")
    return _("{term} (negated)", term=term) if item.is_negated else term


def _signed(x: float, words: Translator) -> str:
    text = words.number(abs(x), _DIGITS)
    is_zero = round(abs(x), _DIGITS) == 0
    return text if is_zero else ("+" if x > 0 else "\N{MINUS SIGN}") + text
