"""Topics: words of the configuration, folded, given to the brand they stand nearest to."""

import pytest

from listening.model import Hit, Mention, Topic
from listening.text import FOLDED_WORD, fold
from sentiment.annotate import annotate, build_tagger
from sentiment.surroundings import Surroundings
from sentiment.topics import TopicFinder
from tests.builders import make_brand, make_document, make_mention

PRICE = Topic(
    topic_id="prix", name_fr="Prix", name_en="Prices", terms=("prix", "trop cher", "bill")
)
WELCOME = Topic(
    topic_id="accueil",
    name_fr="Accueil",
    name_en="Welcome",
    terms=("Serveuse", "à l'accueil", "bill"),
)
FINDER = TopicFinder([PRICE, WELCOME])


def _mention(text: str, name: str, brand_id: str) -> Mention:
    start = text.index(name)
    hit = Hit(brand_id=brand_id, start=start, end=start + len(name), term=name)
    return make_mention(1, brand_id=brand_id, hits=(hit,))


def _tags(text: str, *names: str) -> dict[tuple[str, str], tuple[str, ...]]:
    folded = fold(text)
    mentions = [_mention(text, name, name.lower()) for name in names]
    found = FINDER.tags(folded, FOLDED_WORD.findall(folded.text), mentions)
    return {(tag.brand_id, tag.topic_id): tag.terms for tag in found}


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        pytest.param("Alba, c'est TROP CHER.", {"prix": ("trop cher",)}, id="case-does-not-count"),
        pytest.param("Alba : les prïx !", {"prix": ("prix",)}, id="accents-do-not-count"),
        pytest.param(
            "Alba, personne a l’accueil",
            {"accueil": ("à l'accueil",)},
            id="apostrophes-do-not-count",
        ),
        pytest.param("Alba, prix et prix", {"prix": ("prix",)}, id="each-term-once"),
        pytest.param(
            "Alba: the bill", {"accueil": ("bill",), "prix": ("bill",)}, id="a-term-of-two-topics"
        ),
        pytest.param("Alba, caprixieux", {}, id="whole-words-only"),
    ],
)
def test_terms_are_found_as_people_write_them(
    text: str, topics: dict[str, tuple[str, ...]]
) -> None:
    assert _tags(text, "Alba") == {("alba", topic): terms for topic, terms in topics.items()}


def test_each_word_goes_to_the_nearest_of_several_brands() -> None:
    text = "Chez Alba les prix montent ; chez Borea la serveuse sourit."

    assert _tags(text, "Alba", "Borea") == {
        ("alba", "prix"): ("prix",),
        ("borea", "accueil"): ("Serveuse",),
    }


def test_a_document_without_a_mention_has_no_topic() -> None:
    assert _tags("Les prix montent.") == {}


def test_tagging_gives_topics_and_other_topics_are_another_version() -> None:
    brands = [make_brand("alba", terms=("Alba",))]
    with_topics = build_tagger(brands, Surroundings(topics=(PRICE,)))
    plain = build_tagger(brands)
    document = make_document(1, title="", text="Alba, des prix corrects, une carte simple.")

    (tagged,) = annotate([document], with_topics)
    (without,) = annotate([document], plain)

    assert [(tag.brand_id, tag.topic_id) for tag in tagged.topics] == [("alba", "prix")]
    assert without.topics == ()
    assert with_topics.version != plain.version
    assert build_tagger(brands, Surroundings()).version == plain.version
