"""A text that gives a person's name in the other script makes one speaker of both."""

from __future__ import annotations

import pytest

from pipeline.reading.aliases import other_names
from pipeline.reading.engine import Engine
from pipeline.reading.speakers import Speaker
from tests.reading.reading_debates import MODELS

ENGINE = Engine(MODELS)


def _speakers(text: str) -> set[str]:
    return {one.speaker for one in ENGINE.read("", text).statements}


@pytest.mark.parametrize(
    "text",
    [
        "云岫公司首席执行官奥托·林德（Otto Lind）表示，开源大模型更可靠。Lind还说，闭源模型太贵。",
        "云岫公司首席执行官奥托·林德(Otto Lind)表示，开源大模型更可靠。Otto Lind认为，闭源模型太贵。",
        "Otto Lind（奥托·林德）表示，开源大模型更可靠。林德说，闭源模型太贵。",
    ],
)
def test_both_forms_of_a_name_are_one_speaker(text: str) -> None:
    found = _speakers(text)
    assert len(found) == 1
    assert found <= {"奥托·林德", "Otto Lind"}


@pytest.mark.parametrize("bracket", ["（CEO）", "（左）", "（28岁）", "（化名）", "（AI）", "（右二）", "（Lattice）"])
def test_what_is_no_second_name_in_brackets_changes_nothing(bracket: str) -> None:
    people = [Speaker("陈立新"), Speaker("Ann Lee")]
    assert other_names(f"陈立新{bracket}表示，开源更好。", people) == {}


def test_an_organisation_before_a_bracket_has_no_other_name() -> None:
    assert other_names("云岫公司（Cloud Peak）表示", [Speaker("云岫公司", "云岫公司", is_person=False)]) == {}


def test_a_last_name_that_two_people_share_stands_for_neither() -> None:
    people = [Speaker("奥托·林德"), Speaker("艾达·林德")]
    found = other_names("奥托·林德（Otto Lind）和艾达·林德（Ada Lind）", people)
    assert {key: one.name for key, one in found.items()} == {"ottolind": "奥托·林德", "adalind": "艾达·林德"}


def test_a_text_without_brackets_gives_no_other_names() -> None:
    assert other_names("奥托·林德表示", [Speaker("奥托·林德")]) == {}
