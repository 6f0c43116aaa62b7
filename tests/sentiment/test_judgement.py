"""Evidence that is put into words when somebody asks."""

from collections.abc import Sequence

from listening.model import Evidence
from sentiment.judgement import Deferred


def test_deferred_evidence_is_told_once_and_only_when_asked() -> None:
    times = []

    def tell() -> Sequence[Evidence]:
        times.append(1)
        return (Evidence(term="bon", weight=1.0), Evidence(term="rest", weight=-0.5))

    evidence = Deferred(tell)
    assert not times

    assert len(evidence) == 2
    assert [item.weight for item in evidence] == [1.0, -0.5]
    assert evidence[-1].term == "rest"
    assert len(evidence[:1]) == len(times) == 1
