"""``vigie digest``: show it, write it once, say when nobody wants it."""

import pytest

from listening.jobs.context import ClientPaths
from tests.cli.conftest import Vigie
from tests.integration.home import rows

MORNING = ("--now", "2026-11-20T07:30:00+01:00")


@pytest.mark.usefixtures("published")
def test_it_can_be_looked_at_without_sending(vigie: Vigie) -> None:
    sheet = vigie("digest", "--show", "--daily", *MORNING)
    both = vigie("digest", "--show", *MORNING)

    assert "Feuille du jour" in sheet.out and "SANTÉ DES SOURCES" in sheet.out
    assert "mauvais-buzz" in sheet.out, "the alert that is open"
    assert "Bilan de la semaine" in both.out


def test_nobody_gets_it_unasked(vigie: Vigie, published: ClientPaths) -> None:
    before = rows(published.writer, "SELECT count(*) FROM outbox")

    answer = vigie("digest", *MORNING)

    assert "digest: daily" in answer.out
    assert rows(published.writer, "SELECT count(*) FROM outbox") == before
