"""The gate: an article that is plainly about the debate is on topic, one that only uses its words is not."""

from __future__ import annotations

import pytest

from pipeline.reading.engine import Engine
from pipeline.settings import Debate
from tests.reading.reading_debates import MODELS

FULL = Debate.model_validate(
    {
        "sides": {
            "open": {"label": "开源", "terms": ["开源", "open model", "open source"]},
            "closed": {"label": "闭源", "terms": ["闭源", "closed model", "proprietary software"]},
        },
        "topic": {"any": ["大模型", "AI", "language model"]},
    }
)
FILLER = (
    "The company was founded in a garage by two sisters. It has moved twice since, and its canteen is praised by all. "
)


def _is_off_topic(debate: Debate, text: str, title: str = "") -> bool:
    return Engine(debate).read(title, text).stance == "off_topic"


def test_a_topic_that_is_named_in_full_once_and_by_its_noun_after_that_is_the_topic() -> None:
    text = (
        f"Acme sells a language model. {FILLER * 3}An open model is cheaper, Jane Dorsey said. A closed model is dear."
    )
    assert not _is_off_topic(FULL, text)


def test_a_topic_that_is_touched_once_far_from_the_sides_is_none() -> None:
    text = f"The database is open source again. {FILLER * 3}The company has announced an AI assistant, too."
    assert _is_off_topic(FULL, text)


def test_within_a_sentence_of_a_side_the_topic_need_be_named_once_only() -> None:
    text = "Open source is what most of the people here prefer when they are asked which AI they would rather be using."
    assert not _is_off_topic(FULL, text)


@pytest.mark.parametrize(("title", "is_off"), [("大模型选型年度报告", False), ("年度报告", True)])
def test_what_the_headline_names_is_the_topic_of_all_that_follows(title: str, *, is_off: bool) -> None:
    aside = "报告由三家机构共同编写,历时半年,访问了各地的两百多家企业,样本覆盖制造、零售、医疗和物流,其中有不少小企业。"
    text = f"大模型之外,开源被提到十次。{aside * 2}多数受访者喜欢开源。{aside * 2}少数受访者喜欢闭源,也有人说开源更好。"
    assert _is_off_topic(FULL, text, title) == is_off


@pytest.mark.parametrize(
    ("words", "text", "is_off"),
    [
        (["员工"], "The four-day week is good for everybody here.", False),
        (["员工", "work"], "The four-day week is good for everybody here.", True),
        (["employee"], "四天工作制对大家都好。", False),
        (["HR"], "四天工作制对大家都好。", True),
        (["HR"], "The four-day week is good for everybody here.", True),
        (["员工"], "四天工作制对大家都好。", True),
    ],
)
def test_topic_words_of_one_language_ask_nothing_of_an_article_in_the_other(
    words: list[str], text: str, *, is_off: bool
) -> None:
    debate = Debate.model_validate(
        {
            "sides": {
                "four": {"label": "四天", "terms": ["四天工作制", "four-day week"]},
                "five": {"label": "五天", "terms": ["五天工作制", "five-day week"]},
            },
            "topic": {"any": words},
        }
    )
    assert _is_off_topic(debate, text) == is_off


def test_a_topics_word_is_found_however_it_is_written() -> None:
    text = "Open source wins, said Jane Dorsey of the language-model maker."
    assert not _is_off_topic(FULL, text)


def test_an_article_without_a_word_of_the_topic_is_off_topic() -> None:
    assert _is_off_topic(MODELS, "这款数据库宣布开源,社区一片欢呼。")
