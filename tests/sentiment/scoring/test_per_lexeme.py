"""Rows by lexeme: they grow with the table, and are worked out anew when its numbers change."""

import numpy as np

from sentiment.scoring.lexemes import Floats, LexemeTable
from sentiment.scoring.per_lexeme import Growing, PerLexeme


def test_rows_that_were_handed_out_stay_when_more_are_added() -> None:
    growing = Growing((2,), np.float32)
    growing.add(np.ones((3, 2), np.float32))
    first = growing.rows

    for number in range(5):
        growing.add(np.full((700, 2), number, np.float32))

    assert len(growing) == len(growing.rows) == 3503
    np.testing.assert_array_equal(first, growing.rows[:3])
    assert growing.rows[-1].tolist() == [4, 4]


def test_only_fresh_lexemes_are_worked_out_until_the_table_forgets() -> None:
    table, asked = LexemeTable(), []

    def lengths(first: int) -> Floats:
        asked.append(first)
        return np.array([len(one) for one in table.folded[first:]], np.float32)

    known = PerLexeme(table, (), lengths)
    for text in ("un mot", "un mot", "un autre"):
        table.batch([text])
        said = known.rows()
    assert said.tolist() == [6, 2, 3, 5]  # "<text>" first
    assert asked == [0, 3]

    table.version += 1

    assert known.rows().tolist() == said.tolist()
    assert asked == [0, 3, 0]
