"""When the referee is believed: its evidence is in the text, and both orders say the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.model import NEUTRAL, Attribution, RefereeAnswer, Stance, Statement
from pipeline.reading.folding import fold
from pipeline.referee.ruling import MOST_SURE, found_in, ruled

PASSAGE = "馆长说,晚上开门的图书馆 救了他们一家。\n“Nobody  sleeps\nless for it,” she said."
STATEMENT = Statement(
    speaker="馆长", org=None, start=0, end=3, quote="开门好", attribution=Attribution.INDIRECT, stance=NEUTRAL, confidence=0.5,
    because=("开门",),
)  # fmt: skip


def answer(stance: str, confidence: float) -> RefereeAnswer:
    return RefereeAnswer(stance=Stance(stance), confidence=confidence, evidence="开门")


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ("救了他们一家", "救了他们一家"),
        ("圖書館 救了", "图书馆 救了"),
        (" nobody sleeps less ", "Nobody  sleeps\nless"),
        ("晚上,开门", None),
        ("nobody sleeps more", None),
        ("。", None),
        (" \n", None),
        ("说,晚", "说,晚"),
        (".*", None),
    ],
)
def test_evidence_is_words_of_the_text_however_they_are_written(evidence: str, words: str | None) -> None:
    assert found_in(evidence, PASSAGE, fold=fold) == words


def test_two_answers_that_differ_change_nothing() -> None:
    assert ruled(STATEMENT, answer("open", 0.9), answer("closed", 0.9), because="x") is None
    assert ruled(STATEMENT, answer("open", 0.9), answer("neutral", 0.9), because="x") is None


def test_two_answers_that_agree_change_the_stance_and_say_why() -> None:
    found = ruled(STATEMENT, answer("open", 0.8), answer("open", 0.7), because="referee judge-1: 开门")
    assert found == replace(STATEMENT, stance=Stance("open"), confidence=0.7, because=("referee judge-1: 开门",))


def test_nobody_is_surer_than_the_most() -> None:
    found = ruled(STATEMENT, answer("open", 1.0), answer("open", 1.0), because="x")
    assert found is not None
    assert found.confidence == MOST_SURE


def test_who_confirms_the_engine_does_not_make_it_less_sure() -> None:
    found = ruled(STATEMENT, answer("neutral", 0.2), answer("neutral", 0.9), because="x")
    assert found == replace(STATEMENT, because=("x", "开门"))
    surer = ruled(STATEMENT, answer("neutral", 0.8), answer("neutral", 0.9), because="x")
    assert surer is not None
    assert surer.confidence == 0.8
