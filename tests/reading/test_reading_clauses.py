"""Where clauses end, in text of either language, and what a passage without words of its own comes to."""

from __future__ import annotations

import pytest

from pipeline.reading.clauses import edges_of
from pipeline.reading.features import Span
from pipeline.reading.folding import fold
from pipeline.reading.learned import Scored
from pipeline.reading.masking import Masker
from pipeline.reading.ruling import Ruling
from tests.reading.reading_debates import MODELS

SILENT = Ruling(side=None, is_mixed=False, lean=0.0, confidence=0.7, because=())


@pytest.mark.parametrize(
    ("text", "edges"),
    [
        ("快,但贵。", [(1, 2, ","), (4, 5, "。")]),
        ("it costs 3.5 cents. no more.", [(18, 19, "."), (27, 28, ".")]),
        ("有人用——没人付钱", [(3, 5, "—")]),
        ("a fork - a big one - won", [(6, 9, "-"), (18, 21, "-")]),
        ("a - - b", [(1, 4, "-")]),
        ("a - -\n\nb", [(1, 4, "-"), (5, 6, ""), (6, 7, "")]),
        ("an open-minded team", []),
        ("we stayed because it works", [(10, 10, "")]),
        ("the butter is cheap", []),
        ("大家选它因为便宜", [(4, 4, "")]),
        ("不能因为便宜就选它", []),
    ],
)
def test_clauses_end_at_marks_and_before_conjunctions(text: str, edges: list[tuple[int, int, str]]) -> None:
    assert edges_of(text) == edges


def test_a_passage_without_a_word_goes_by_what_was_said_before_it() -> None:
    text = fold("开源模型更可靠。 ")
    span = Span(0, len(text) - 1, len(text))
    scored = Scored(text, Masker(MODELS).find(text), [span], [SILENT], han=True)
    assert sum(scored.odds[0]) == pytest.approx(1)
    assert scored.reasons(0, 0) == ()
