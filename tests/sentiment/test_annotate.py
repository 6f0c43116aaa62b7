"""Documents in, mentions out: sentiment toward each brand, its evidence, flags and versions."""

import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.model import Mention, Polarity
from sentiment.annotate import VERSION_DIGITS, Tagger, annotate, build_tagger, explain
from sentiment.components.flags import FLAGS
from sentiment.explaining import explained
from sentiment.judgement import GRAIN, squash
from tests.builders import make_brand, make_document

BRANDS = (
    make_brand("oeuf", terms=("L'Œuf à la Coque",)),
    make_brand("gamin", terms=("Le Gamin", "Gamin")),
    make_brand("rive", terms=("Rive Droite",)),
)
TAGGER = build_tagger(BRANDS)


def mention_of(
    brand_id: str, text: str, *, tagger: Tagger = TAGGER, language: str = "fr"
) -> Mention:
    tagged = explain(text, tagger, language=language)
    return next(mention for mention in tagged.mentions if mention.brand_id == brand_id)


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        pytest.param("Le Gamin est excellent", Polarity.POSITIVE, id="praise"),
        pytest.param("Le Gamin est infect", Polarity.NEGATIVE, id="blame"),
        pytest.param("Le Gamin ouvre à midi", Polarity.NEUTRAL, id="nothing-said"),
        pytest.param("Le Gamin n'est pas bon", Polarity.NEGATIVE, id="negated-praise"),
        pytest.param("Le Gamin, c'est pas bon", Polarity.NEGATIVE, id="spoken-negation"),
        pytest.param("Pas mauvais du tout, le Gamin", Polarity.POSITIVE, id="litotes"),
        pytest.param("Le Gamin, nuuuul", Polarity.NEGATIVE, id="elongation"),
        pytest.param("Gamin 😍", Polarity.POSITIVE, id="emoji"),
        pytest.param(
            "Le Gamin : cadre superbe, service horrible",
            Polarity.MIXED,
            id="praise-and-blame",
        ),
        pytest.param(
            "Bravo le Gamin, encore une heure de retard 👏", Polarity.NEGATIVE, id="irony"
        ),
    ],
)
def test_polarity_toward_the_only_brand(text: str, polarity: Polarity) -> None:
    assert mention_of("gamin", text).polarity is polarity


@pytest.mark.parametrize(
    ("text", "gamin", "rive"),
    [
        pytest.param(
            "Le Gamin est parfait mais Rive Droite est nul", "positive", "negative", id="contrast"
        ),
        pytest.param("Le Gamin est bien mieux que Rive Droite", "positive", "negative", id="than"),
        pytest.param(
            "Contrairement à Rive Droite, le Gamin est accueillant",
            "positive",
            "negative",
            id="unlike",
        ),
        pytest.param(
            "Je préfère le Gamin plutôt que Rive Droite", "positive", "negative", id="rather"
        ),
        pytest.param(
            "Excellent repas au Gamin. Rive Droite, quelle honte.",
            "positive",
            "negative",
            id="sentences",
        ),
        pytest.param(
            "Le Gamin a ouvert. Rive Droite est nul", "neutral", "negative", id="bystander"
        ),
    ],
)
def test_polarity_is_toward_each_brand(text: str, gamin: str, rive: str) -> None:
    tagged = explain(text, TAGGER, language="fr")

    assert {m.brand_id: m.polarity.value for m in tagged.mentions} == {"gamin": gamin, "rive": rive}


def test_stronger_words_make_stronger_scores() -> None:
    scores = [
        mention_of("gamin", f"Le Gamin est {said}").score
        for said in ("vraiment très bon", "bon", "assez bon", "pas bon", "nul", "extrêmement nul")
    ]

    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_a_question_or_a_condition_says_less_than_a_statement() -> None:
    stated = mention_of("gamin", "Le Gamin est bon.").score

    assert 0 <= mention_of("gamin", "Le Gamin est bon ?").score < stated
    assert 0 <= mention_of("gamin", "Si le Gamin est bon, on verra.").score < stated


def test_words_of_a_brand_name_are_no_opinion() -> None:
    tagger = build_tagger([make_brand("perdu", terms=("Pain Perdu",))])

    mention = mention_of("perdu", "Rendez-vous chez Pain Perdu", tagger=tagger)

    assert not any(item.end > mention.hits[0].start for item in mention.evidence)


def test_evidence_points_at_the_words_in_title_and_text() -> None:
    document = make_document(title="L’Œuf à la Coque", text="Un œuf… pas mauvais !", language="fr")

    (tagged,) = annotate([document], TAGGER)

    item = max(tagged.mentions[0].evidence, key=lambda one: abs(one.weight))
    assert document.full_text[item.start : item.end] == item.term == "mauvais"
    assert item.is_negated
    hit = tagged.mentions[0].hits[0]
    assert document.full_text[hit.start : hit.end] == "L’Œuf à la Coque"


@pytest.mark.parametrize(
    ("flag", "text", "words"),
    [
        pytest.param("insult", "Au Gamin, bande de connards", "connards", id="insult"),
        pytest.param("question", "Le Gamin est ouvert dimanche ?", "?", id="question"),
        pytest.param("complaint", "Gamin : aucune réponse", "aucune réponse", id="complaint"),
        pytest.param(
            "recommendation", "Je recommande le Gamin", "Je recommande", id="recommendation"
        ),
        pytest.param(
            "purchase_intent", "Je vais commander au Gamin", "Je vais commander", id="intent"
        ),
        pytest.param("irony", "Bravo le Gamin, quel retard !", "Bravo", id="irony"),
        pytest.param("risk", "Intoxication au Gamin", "Intoxication", id="risk"),
    ],
)
def test_flags_carry_the_words_that_raised_them(flag: str, text: str, words: str) -> None:
    mention = mention_of("gamin", text)

    assert flag in mention.flags
    assert f"{flag}:{words}" in [item.term for item in mention.evidence]


def test_a_denied_recommendation_is_none() -> None:
    assert "recommendation" not in mention_of("gamin", "Je ne recommande pas le Gamin").flags


def test_a_flag_belongs_to_the_brand_its_sentence_speaks_of() -> None:
    text = "Le Gamin est ouvert ?\nRive Droite, bande de connards."

    assert mention_of("gamin", text).flags == {"question"}
    assert "insult" in mention_of("rive", text).flags


def test_another_language_is_recorded_and_matched_but_not_judged() -> None:
    tagged = explain("El Gamin es muy bueno y la comida está muy rica", TAGGER)

    assert tagged.language == "other"
    assert [mention.polarity for mention in tagged.mentions] == [Polarity.UNKNOWN]
    assert tagged.mentions[0].confidence == 0.0


def test_a_neutral_label_without_evidence_is_held_with_low_confidence() -> None:
    neutral = mention_of("gamin", "Le Gamin ouvre à midi")

    assert neutral.confidence < mention_of("gamin", "Le Gamin est excellent").confidence


def test_one_tagged_document_per_document_in_order_over_batches_and_languages() -> None:
    texts = ["Le Gamin est bon", "The Gamin is good", "rien", "", "Il Gamin è molto buono", "Gamin"]
    documents = [make_document(n, text=texts[n % len(texts)], title="") for n in range(20)]

    tagged = list(annotate(iter(documents), TAGGER, batch_size=3))

    assert [one.document_id for one in tagged] == [one.document_id for one in documents]
    assert [one.content_hash for one in tagged] == [one.content_hash for one in documents]
    assert tagged == list(annotate(documents, TAGGER, batch_size=64))
    assert {mention.language for one in tagged for mention in one.mentions} == {"fr", "en", "other"}


def test_versions_follow_the_watchlist_and_the_models() -> None:
    other = build_tagger([*BRANDS[:2], make_brand("rive", terms=("Rive Gauche",))])

    assert build_tagger(BRANDS).version == TAGGER.version
    assert build_tagger(BRANDS[::-1]).version == TAGGER.version
    assert other.version != TAGGER.version
    assert other.model_version == TAGGER.model_version
    assert len(TAGGER.version) == len(TAGGER.model_version) == VERSION_DIGITS
    assert mention_of("gamin", "Gamin").model_version == TAGGER.model_version
    assert mention_of("gamin", "Gamin").query_version == "q1"
    assert explain("rien", TAGGER).tagger_version == TAGGER.version


PIECES = st.sampled_from(
    [
        *("Gamin", "Rive Droite", "n'est pas", "bon", "nul", "très", "mais", "que", "mieux"),
        *("plutôt que", "contrairement à", "bravo", "retard", "merci", "jamais", "préfère", "à"),
        *(".", ",", "?", "!", "😍", "connard", "« ", "œuf", "\n", "e\u0301", "\u200b", "\x00"),
        "\ud800",
    ]
)


@given(st.lists(PIECES, max_size=25).map(" ".join))
@settings(deadline=None)
def test_evidence_adds_up_exactly_to_the_score_it_explains(text: str) -> None:
    tagged = explain(text, TAGGER, language="fr")

    for mention in tagged.mentions:
        raw = math.fsum(item.weight for item in mention.evidence)
        if mention.polarity is not Polarity.UNKNOWN:
            assert squash(raw) == mention.score
        assert all(item.weight % GRAIN == 0 for item in mention.evidence)
        assert mention.flags <= set(FLAGS)
        for item in mention.evidence:
            if item.start >= 0 and item.term != "irony" and ":" not in item.term:
                assert text[item.start : item.end] == item.term


MILLION = 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("a", id="one-character"),
        pytest.param("Gamin", id="only-the-brand"),
        pytest.param("😀👩‍🚀❤️" * 200 + " Gamin", id="only-emoji"),
        pytest.param("https://exemple.example/a?b=c " * 50 + "@Gamin", id="only-addresses"),
        pytest.param("مرحبا Gamin שלום " * 50, id="right-to-left"),
        pytest.param("Gamin\x00nul\x00", id="nul"),
        pytest.param("Gamin \ud800 est \udfff bon", id="lone-surrogates"),
        pytest.param("\u200b\u200b", id="nothing-visible"),
        pytest.param("\u0301Gamin\u0301", id="accents-on-nothing"),
        pytest.param("Gamin " + "a" * MILLION, id="one-word-of-a-million"),
        pytest.param("Le Gamin est nul. " * (MILLION // 18), id="a-million-of-sentences"),
        pytest.param("Gamin pas bon ne pas mais " * (MILLION // 26), id="a-million-without-a-stop"),
        pytest.param("Gamin " + ":(!?." * (MILLION // 5), id="a-million-of-marks"),
        pytest.param("œ\u0301 Gamin " * (MILLION // 9), id="a-million-uneven"),
        pytest.param("Gamin\n" * (MILLION // 6), id="a-million-of-lines"),
        pytest.param("que plus " * (MILLION // 9) + "Gamin", id="a-million-of-comparisons"),
        pytest.param("« " * 100_000 + "Gamin" + " »" * 100_000, id="quotes-in-quotes"),
    ],
)
def test_any_text_is_tagged_in_bounded_time(text: str) -> None:
    for language in ("fr", "de"):
        explain("Gamin", TAGGER, language=language)  # builds the pipeline
        started = time.process_time()

        tagged = explain(text, TAGGER, language=language)

        # A guard against growth without bound, far above what it takes: not a measure of speed.
        assert time.process_time() - started < 20
        for mention in tagged.mentions:
            assert all("gamin" in text[hit.start : hit.end].lower() for hit in mention.hits)
            assert explained(mention, text).mention == mention


def test_a_brand_named_only_behind_the_judged_part_is_still_a_mention() -> None:
    before = "La réunion aura lieu mardi. " * 9_000

    mention = mention_of("gamin", before + "Gamin")

    assert mention.polarity is Polarity.NEUTRAL
    assert mention.hits[0].start == len(before)
