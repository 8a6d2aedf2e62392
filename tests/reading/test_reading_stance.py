"""Stance of bare sentences: the labelled sentences' floor, the phenomena, and mirror symmetry."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reading.engine import Engine
from tests.reading.reading_debates import DEBATES, MODELS, swapped

FLOOR_RIGHT = 0.95
"""Share of the labelled sentences that must be right; wrong sides are counted apart."""
MOST_FLIPS = 0
ENGINES = {name: Engine(debate) for name, debate in DEBATES.items()}
MIRRORED = {name: Engine(swapped(debate)) for name, debate in DEBATES.items()}
LABELLED = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "sentences_labelled.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
PIECES = (
    "开源 闭源 开源模型 闭源模型 开闭源 开源节流 支持 反对 不 没有 比 更 便宜 昂贵 安全 落后 领先 超过 不如 虽然 但 如果 否则 难道 吗 所谓 是误解 这 降低 成本 提高 效率 共存 的 是 了 , 。 ? \n "
    "open models|closed models|open source|proprietary|support|oppose|not|than|safer|expensive|outperform|although|but|if|it|is a myth|coexist|.|?|,"
)
FRAGMENTS = [*PIECES.split("\n ", maxsplit=1)[0].split(" "), "\n", *PIECES.split("\n ")[1].split("|")]


def test_the_labelled_sentences_are_read_right_above_the_floor() -> None:
    found = [(want, str(ENGINES[debate].lean(sentence).stance), sentence) for debate, want, sentence in LABELLED]
    wrong = [one for one in found if one[0] != one[1]]
    sides = {side.id for debate in DEBATES.values() for side in debate.sides}
    flips = [one for one in wrong if one[0] in sides and one[1] in sides]
    assert len(LABELLED) >= 60
    assert 1 - len(wrong) / len(found) >= FLOOR_RIGHT, wrong
    assert len(flips) <= MOST_FLIPS, flips


@pytest.mark.parametrize(("debate", "sentence"), [(debate, sentence) for debate, _, sentence in LABELLED])
def test_exchanging_the_sides_exchanges_the_stance_of_every_labelled_sentence(debate: str, sentence: str) -> None:
    _assert_mirrored(debate, sentence)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=24), st.sampled_from(["", " "]))
def test_exchanging_the_sides_exchanges_the_stance_exactly(fragments: list[str], glue: str) -> None:
    _assert_mirrored("models", glue.join(fragments))


def _assert_mirrored(debate: str, sentence: str) -> None:
    here, there = ENGINES[debate].lean(sentence), MIRRORED[debate].lean(sentence)
    assert here.score == -there.score
    assert here.stance == there.stance
    assert (here.confidence, here.because) == (there.confidence, there.because)


def test_a_reason_stands_in_the_text_as_written() -> None:
    leaning = ENGINES["models"].lean("閉源模型太昂貴,而且越來越落後。")
    assert leaning.stance == "open"
    assert leaning.because
    assert all(cue in "閉源模型太昂貴,而且越來越落後。" for cue in leaning.because)


def test_the_score_leans_to_the_first_side_above_zero() -> None:
    assert ENGINES["models"].lean("我们支持开源。").score > 0 > ENGINES["models"].lean("我们支持闭源。").score


def test_a_compound_that_only_holds_a_term_is_no_mention() -> None:
    assert ENGINES["models"].lean("开源证券支持这一判断,非常优秀。").stance == "neutral"


def test_a_joint_term_belongs_to_neither_side() -> None:
    assert ENGINES["models"].lean("开闭源路线越来越重要。").score == 0


def test_case_width_and_script_make_no_difference() -> None:
    forms = ("OPEN SOURCE is safer.", "ｏｐｅｎ　ｓｏｕｒｃｅ is safer.", "open-source is safer.")
    assert len({ENGINES["models"].lean(form).score for form in forms}) == 1


def test_a_longer_passage_never_leaves_the_range() -> None:
    leaning = ENGINES["models"].lean("开源领先。开源更好,开源更便宜。" * 50)
    assert -1 <= leaning.score <= 1
    assert 0 <= leaning.confidence <= 1


def test_reading_twice_gives_the_same() -> None:
    shuffled = [sentence for _, _, sentence in LABELLED]
    random.Random(7).shuffle(shuffled)  # noqa: S311 - an order for a test
    again = Engine(MODELS)
    assert Counter(str(again.lean(one)) for one in shuffled) == Counter(
        str(ENGINES["models"].lean(one)) for one in shuffled
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "Open and closed models are expensive.",
        "The open-closed divide is dangerous.",
        "开、闭源模型都太贵。",
        "Open vs. closed models: expensive.",
    ],
)
def test_what_names_both_sides_in_one_breath_is_against_neither(sentence: str) -> None:
    assert ENGINES["models"].lean(sentence).score == 0


def test_ones_take_up_the_noun() -> None:
    assert ENGINES["models"].lean("Closed ones are far too expensive.").stance == "open"
