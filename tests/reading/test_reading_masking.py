"""Naming the sides: a term is found in the forms that a text gives it, and in nothing that only looks like it."""

from __future__ import annotations

import pytest

from pipeline.reading.folding import fold
from pipeline.reading.masking import JOINT, Masker
from pipeline.settings import Debate

CARS = Debate.model_validate(
    {
        "sides": {
            "electric": {
                "label": "电动车",
                "terms": ["电动汽车", "electric car", "battery-powered car", "go electric", "EV"],
            },
            "petrol": {
                "label": "油车",
                "terms": ["燃油汽车", "燃油车", "petrol car", "combustion engine", "stay with petrol"],
                "not_terms": ["petrol car park"],
            },
        },
        "topic": {"any": ["汽车", "family"]},
    }
)
WEEK = Debate.model_validate(
    {
        "sides": {
            "four": {"label": "四天", "terms": ["四天工作制", "four-day week", "work less", "Fridays off"]},
            "five": {"label": "五天", "terms": ["五天工作制", "five-day week", "work on Fridays"]},
        }
    }
)
HOMES = Debate.model_validate(
    {
        "sides": {
            "cap": {
                "label": "管制",
                "terms": ["限制租金", "租金上限", "rent control", "cap rents", "rent stabilization"],
            },
            "market": {"label": "市场", "terms": ["不限租金", "市场租金", "market rent", "leave it to the market"]},
        }
    }
)
OFFICE = Debate.model_validate(
    {
        "sides": {
            "remote": {"label": "远程", "terms": ["remote job", "work remotely", "working from home", "只看AI考勤"]},
            "onsite": {"label": "到岗", "terms": ["回办公室", "return to office", "on-site job", "office"]},
        }
    }
)


def named(debate: Debate, text: str) -> list[tuple[int, str]]:
    folded = fold(text)
    return [(one.side, folded[one.start : one.end]) for one in Masker(debate).find(folded)]


@pytest.mark.parametrize(
    ("debate", "text", "side", "name"),
    [
        (CARS, "They sold Electric-Cars.", 0, "electric-cars"),
        (CARS, "EVs are quiet.", 0, "evs"),
        (CARS, "My EV's range is fine.", 0, "ev"),
        (CARS, "She went electric.", 0, "went electric"),
        (CARS, "Going electric paid off.", 0, "going electric"),
        (CARS, "He stayed with petrol.", 1, "stayed with petrol"),
        (CARS, "他买了电动的汽车。", 0, "电动的汽车"),
        (WEEK, "The four day week works.", 0, "four day week"),
        (WEEK, "The 4-day week works.", 0, "4-day week"),
        (WEEK, "4天工作制很好。", 0, "4天工作制"),
        (WEEK, "5 天工作制很好。", 1, "5 天工作制"),
        (WEEK, "四天的工作制很好。", 0, "四天的工作制"),
        (WEEK, "We worked on Fridays.", 1, "worked on fridays"),
        (WEEK, "We worked on our Fridays.", 1, "worked on our fridays"),
        (HOMES, "Rent-controlled flats are rare.", 0, "rent-controlled"),
        (HOMES, "The city capped rents.", 0, "capped rents"),
        (HOMES, "They are capping the rents.", 0, "capping the rents"),
        (HOMES, "Rent stabilisation helps.", 0, "rent stabilisation"),
        (HOMES, "A rent cap is planned.", 0, "rent cap"),
        (HOMES, "They control the rents.", 0, "control the rents"),
        (HOMES, "A controlled rent is a low one.", 0, "controlled rent"),
        (HOMES, "Leaving it to the market helps.", 1, "leaving it to the market"),
        (HOMES, "该市限制了租金。", 0, "限制了租金"),
        (HOMES, "租金的上限太低。", 0, "租金的上限"),
        (OFFICE, "She has worked from home.", 0, "worked from home"),
        (OFFICE, "They work from their home.", 0, "work from their home"),
        (OFFICE, "Staff returned to the office.", 1, "returned to the office"),
        (OFFICE, "An onsite job.", 1, "onsite job"),
        (OFFICE, "他们回到了办公室。", 1, "回到了办公室"),
        (OFFICE, "公司只看 AI 考勤。", 0, "只看 ai 考勤"),
    ],
)
def test_a_term_is_found_in_the_forms_that_texts_give_it(debate: Debate, text: str, side: int, name: str) -> None:
    assert (side, name) in named(debate, text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Electric and hybrid cars sell well.", [(0, "electric and hybrid cars")]),
        ("Petrol, diesel and gas cars sell well.", [(1, "petrol, diesel and gas cars")]),
        ("Electric family cars sell well.", [(0, "electric family cars")]),
        ("Electric delivery cars sell well.", [(0, "electric delivery cars")]),
        ("Battery-powered models sell well.", [(0, "battery-powered models")]),
        ("Electric or petrol cars sell well.", [(JOINT, "electric or petrol cars")]),
        ("Petrol, diesel and electric cars sell well.", [(JOINT, "petrol, diesel and electric cars")]),
        ("电动和燃油汽车都卖得好。", [(JOINT, "电动和燃油汽车")]),
        ("They moved from petrol to electric cars.", [(0, "electric cars")]),
        ("Nobody missed the petrol, and electric cars sold well.", [(0, "electric cars")]),
        ("Petrol is dear, and the cars are old.", []),
        ("Petrol and the car were gone.", []),
        ("A petrol car park was opened.", []),
        ("Two petrol car parks were opened.", []),
    ],
)
def test_a_term_whose_parts_stand_apart_is_found_and_names_all_sides_that_it_names(
    text: str, names: list[tuple[int, str]]
) -> None:
    assert named(CARS, text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The four-day working week works.", [(0, "four-day working week")]),
        ("A four-day workweek works.", [(0, "four-day workweek")]),
        ("Four- or five-day weeks?", [(JOINT, "four- or five-day weeks")]),
        ("四天或五天工作制都行。", [(JOINT, "四天或五天工作制")]),
        ("The fourteen-day week is over.", []),
        ("14天工作制是笔误。", []),
    ],
)
def test_a_working_week_is_told_from_the_other(text: str, names: list[tuple[int, str]]) -> None:
    assert named(WEEK, text) == names


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("I took the remote one.", True),
        ("It was a well paid, fully remote one.", True),
        ("Remote ones are rare.", True),
        ("We want another remote one.", True),
        ("Remote one day, there the next.", False),
        ("They work one day a week.", False),
        ("It depends on the work one does.", False),
        ("No one works here.", False),
    ],
)
def test_one_takes_up_a_side_only_where_it_stands_for_a_noun(text: str, *, is_named: bool) -> None:
    assert bool([side for side, _ in named(OFFICE, text) if side == 0]) == is_named


def test_an_abbreviation_that_the_text_makes_itself_is_a_name_from_then_on() -> None:
    text = (
        "Working from home (WFH) is new. Its friends like WFH; the return to office (RTO) has friends, too. RTO is old."
    )
    assert [name for _, name in named(OFFICE, text) if name.endswith(("wfh", "rto"))] == ["wfh", "rto"]
    assert named(OFFICE, "WFH is new.") == []


def test_an_abbreviation_that_is_also_a_common_word_is_none() -> None:
    debate = Debate.model_validate(
        {"sides": {"in": {"label": "馆", "terms": ["indoor tennis"]}, "out": {"label": "场", "terms": ["grass"]}}}
    )
    assert named(debate, "Indoor tennis (IT) is fun, and it is dry.") == [(0, "indoor tennis")]


def test_however_is_no_verb_and_no_negation() -> None:
    assert named(HOMES, "不过限制租金有用。") == [(0, "限制租金")]
    assert named(HOMES, "不限租金有用。") == [(1, "不限租金")]


def test_what_one_side_calls_no_term_of_its_own_may_be_the_others() -> None:
    debate = Debate.model_validate(
        {
            "sides": {
                "keep": {"label": "保留", "terms": ["补贴"], "not_terms": ["取消补贴", "差旅补贴"]},
                "end": {"label": "取消", "terms": ["取消补贴"]},
            }
        }
    )
    assert named(debate, "应当取消补贴。补贴太多,差旅补贴除外。") == [(1, "取消补贴"), (0, "补贴")]


def test_exchanging_the_sides_exchanges_the_mentions() -> None:
    texts = ["Electric, gas and petrol cars, and the electric one.", "电动和燃油汽车,纯电动的汽车与燃油的车"]
    one, other = CARS.sides
    mirrored = Debate.model_validate(
        {
            "sides": {
                side.id: {"label": side.label, "terms": list(side.terms), "not_terms": list(side.not_terms)}
                for side in (other, one)
            },
            "topic": {"any": list(CARS.topic.any)},
        }
    )
    for text in texts:
        exchanged = [(side if side == JOINT else 1 - side, name) for side, name in named(mirrored, text)]
        assert named(CARS, text) == exchanged
