"""What brackets say of names: two names that are one, and everything else that stands in brackets."""

from __future__ import annotations

import pytest

from pipeline.model import Alias, AliasKind
from pipeline.reading.bracketed import aliases_in
from pipeline.reading.identity import WhoIsWho
from pipeline.settings import Debate, KnownActor, Side


def names(text: str) -> list[tuple[str, str, str]]:
    return [(one.chinese, one.latin, str(one.kind)) for one in aliases_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("北辰公司首席执行官奥托·林德曼（Otto Lindemann）昨日表示", ("奥托·林德曼", "Otto Lindemann", "foreign")),
        ("行政總裁馮德曼(Ursula von der Mann)說", ("馮德曼", "Ursula von der Mann", "foreign")),
        ("参议员辛西娅·哈珀(Cynthia Harper)反对", ("辛西娅·哈珀", "Cynthia Harper", "foreign")),
        ("关于马丁·克莱因（Martin Klein，左）的报道", ("马丁·克莱因", "Martin Klein", "foreign")),
        ("创始人顾南舟（Nathan Gu）认为", ("顾南舟", "Nathan Gu", "chinese")),
        ("据欧阳若水（英文名：Rosie Ouyang）介绍", ("欧阳若水", "Rosie Ouyang", "chinese")),
        ("林德曼（Lindemann）补充说", ("林德曼", "Lindemann", "foreign")),
        ("Otto K. Lindemann（奥托·林德曼）", ("奥托·林德曼", "Otto Lindemann", "foreign")),
        ("According to CEO Otto Lindemann (林德曼), it is.", ("林德曼", "Otto Lindemann", "foreign")),
        ("Founder Nathan Gu (顾南舟) said so.", ("顾南舟", "Nathan Gu", "chinese")),
        ("初创企业北辰求索（BeiSeek）发布", ("北辰求索", "BeiSeek", "org")),
        ("Startup Northstar AI (北辰求索) said so.", ("北辰求索", "Northstar AI", "org")),
    ],
)
def test_a_name_in_the_other_script_right_after_a_name_is_the_same_ones(
    text: str, expected: tuple[str, str, str]
) -> None:
    assert names(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "顾南舟（CEO）表示",
        "顾南舟（左）与来宾握手",
        "顾南舟（28岁）是工程师",
        "顾某（化名）说",
        "人工智能（AI）的未来",
        "大型语言模型（LLM）与逐层蒸馏（Layered Distilling）",
        "顾南舟（Northstar）表示",
        "顾南舟（Northstar AI）表示",
        "顾南舟（Otto Lindemann）",
        "奥托·林德曼（Northstar CEO）说",
        "林德曼（NorthStar）说",
        "阿里（Ari Manfred）",
        "北辰求索（Otto Lindemann）",
        "Otto Lindemann (左) and Nathan Gu (化名) met.",
        "Otto Lindemann (58) of Northstar (NST)",
        "The API (软件接口) is open.",
        "这种模式（Open）和那种的（Closed）",
        "没有括号",
    ],
)
def test_what_else_stands_in_brackets_is_no_name(text: str) -> None:
    assert names(text) == []


def test_how_often_a_text_says_it_is_counted() -> None:
    text = "林德曼（Otto Lindemann）说是。另一处,林德曼(Otto Lindemann)说否。"
    assert aliases_in(text) == (Alias(chinese="林德曼", latin="Otto Lindemann", kind=AliasKind.FOREIGN, times=2),)


def who(*actors: KnownActor) -> WhoIsWho:
    sides = (Side(id="open", label="开源", terms=("开源",)), Side(id="closed", label="闭源", terms=("闭源",)))
    return WhoIsWho(Debate(sides=sides, actor=actors))


def said(chinese: str, latin: str, kind: AliasKind = AliasKind.FOREIGN) -> Alias:
    return Alias(chinese=chinese, latin=latin, kind=kind)


def learned(known: WhoIsWho, alias: Alias) -> list[tuple[str, str]]:
    return [(one.chinese.name, one.latin.name) for one in known.evidence([alias])]


def test_a_name_is_one_however_it_is_spelled_and_its_last_part_is_known() -> None:
    spellings = [who().identify(name) for name in ("Otto Lindemann", "OTTO LINDEMANN", "otto  lindemann")]
    assert {one.key for one in spellings} == {"ottolindemann"}
    assert [who().identify(name).last for name in ("Otto Lindemann", "奥托·林德曼", "林德曼", "顾南舟", "Peking University")] == [
        "lindemann", "林德曼", None, None, None,
    ]  # fmt: skip
    assert who().identify("顧·南舟").key == who().identify("顾南舟").key


def test_the_config_wins_over_what_articles_say() -> None:
    known = who(
        KnownActor(name="奥托·林德曼", aliases=("林德曼", "Otto Lindemann")),
        KnownActor(name="顾南舟", aliases=("Nathan Gu",)),
        KnownActor(name="韩越"),
    )
    assert learned(known, said("林德曼", "Otto Lindemann")) == []  # told already
    assert learned(known, said("林德曼", "Jack Lindemann")) == []  # he has a Latin name
    assert learned(known, said("林德曼", "Nathan Gu")) == []  # two actors of the config
    assert learned(known, said("顾楠", "Nathan Gu", AliasKind.CHINESE)) == []  # he has a Chinese name
    assert learned(known, said("林德蔓", "Lindemann")) == []  # whom that means the config does not say
    assert learned(known, said("林德蔓", "Otto Lindemann")) == [("林德蔓", "奥托·林德曼")]
    assert learned(known, said("韩越", "Yue Han", AliasKind.CHINESE)) == [("韩越", "Yue Han")]
