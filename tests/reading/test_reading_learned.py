"""The learned voice: mirror-symmetric to the last bit, silent where nothing tells the sides apart, and fitted to the features as they are."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reading.cues import entries
from pipeline.reading.features import BUCKETS, Span
from pipeline.reading.folding import fold
from pipeline.reading.learned import Scored, probe, stored_probe, weights
from pipeline.reading.lexicon import classes_in
from pipeline.reading.masking import Masker
from pipeline.reading.ruling import Ruling
from pipeline.reading.words import words_of_text
from tests.reading.reading_debates import MODELS

MASKER = Masker(MODELS)
SILENT = Ruling(side=None, is_mixed=False, lean=0.0, confidence=0.7, because=())
FRAGMENTS = [
    "开源模型", "闭源模型", "开闭源", "更便宜", "不如", "但是", "我们支持", "太贵", "。", ",", "?", "并不", "安全", "open models", " closed models ",
    " is safer than ", " however ", " fell short ", "\n", "比", "值得信赖", "拖后腿", "这", " it ", "10%",
]  # fmt: skip


def _scored(text: str, spans: list[Span], *, swapped: bool = False, ruled: list[Ruling] | None = None) -> Scored:
    folded = fold(text)
    mentions = MASKER.find(folded)
    if swapped:
        mentions = tuple(replace(one, side=1 - one.side) if one.side < 2 else one for one in mentions)
    return Scored(folded, mentions, spans, ruled or [SILENT] * len(spans), han=True)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=25), st.integers(0, 30))
def test_exchanging_the_sides_exchanges_the_odds_to_the_last_bit(fragments: list[str], context: int) -> None:
    text = "".join(fragments)
    start = min(context, len(text) - 1)
    spans = [Span(0, start, len(text)), Span(0, 0, len(text))]
    one, other = _scored(text, spans), _scored(text, spans, swapped=True)
    for plain, mirrored in zip(one.odds, other.odds, strict=True):
        assert plain == (mirrored.second, mirrored.first, mirrored.mixed, mirrored.neutral)


def test_what_the_rules_say_is_mirrored_too() -> None:
    text = "开源模型更便宜,闭源模型太贵。"
    spans = [Span(0, 0, len(text))]
    first = Ruling(side=0, is_mixed=False, lean=1.3, confidence=0.8, because=((4, 7),))
    one = _scored(text, spans, ruled=[first]).odds[0]
    other = _scored(text, spans, swapped=True, ruled=[replace(first, side=1, lean=-1.3)]).odds[0]
    assert (one.first, one.second) == (other.second, other.first)


def test_the_odds_add_up_to_one() -> None:
    text = "开源生态的价值正在被更多企业认可,闭源产品的优势在于服务。"
    assert sum(_scored(text, [Span(0, 0, len(text))]).odds[0]) == pytest.approx(1)


def test_a_passage_that_names_no_side_and_has_none_before_it_is_neutral() -> None:
    scored = _scored("这太贵了,完全不值得。", [Span(0, 0, 11)])
    assert scored.odds[0].neutral == 1
    assert scored.reasons(0, 0) == ()


def test_a_text_without_a_word_is_neutral() -> None:
    assert [one.neutral for one in _scored("\n\n", [Span(0, 0, 2), Span(0, 1, 1)]).odds] == [1, 1]


@pytest.mark.parametrize(
    ("text", "likelier"),
    [
        ("我们认为开源模型更值得信赖,也更便宜。", 0),
        ("闭源模型的服务更可靠,企业更愿意为它付费。", 1),
        ("Open models are cheaper and easier to adapt, and that is why we chose them.", 0),
        ("Proprietary models remain more reliable and far safer, she argued.", 1),
    ],
)
def test_plain_praise_speaks_for_the_side_that_is_praised(text: str, likelier: int) -> None:
    odds = _scored(text, [Span(0, 0, len(text))]).odds[0]
    assert odds[likelier] > 1.2 * odds[1 - likelier]


def test_reasons_are_words_of_the_passage() -> None:
    text = "今天天气不错。我们认为开源模型更值得信赖,也更便宜。"
    found = _scored(text, [Span(0, 7, len(text))]).reasons(0, 0)
    assert found
    assert all(start >= 7 and text[start:end].strip() for start, end in found)


def test_words_lie_behind_one_another_and_a_mention_is_one_word() -> None:
    text = fold("开源模型比Closed models更便宜,also faster,约10%。")
    words = words_of_text(text, MASKER.find(text))
    assert all(one < other for one, other in pairwise(words.starts.tolist()))
    shown = [text[start:end] for start, end in zip(words.starts, words.ends, strict=True)]
    assert {"开源模型", "closed models"} <= set(shown)
    assert not any(one != other and one in other for one in shown for other in shown if len(one) > 3)


def test_the_longest_word_counts_and_latin_words_are_whole() -> None:
    of = dict(classes_in("不靠谱"))
    assert list(of) == [0]
    assert of[0] != dict(classes_in("靠谱"))[0]
    assert dict(classes_in("unsafely")) == {}


def test_the_lexicon_is_as_large_as_it_should_be() -> None:
    cues = {word for word, _, _ in entries()}
    assert sum(not word.isascii() for word in cues) >= 600
    assert sum(word.isascii() for word in cues) >= 300


def test_the_weights_were_learned_with_the_features_as_they_are() -> None:
    """After a change of features, lexicon or words: ``python -m training``."""
    assert weights().shape == (3, BUCKETS)
    assert np.isfinite(weights()).all()
    assert stored_probe() == probe()
