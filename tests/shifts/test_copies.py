"""Which texts are copies of each other."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.shifts.copies import COPIES_VERSION, SHORT_TEXT, bands, fingerprint, is_copy

if TYPE_CHECKING:
    from collections.abc import Callable

PAIRS = Path(__file__).parents[2].parent / "shared" / "real" / "copies" / "pairs.jsonl"

ZH = """\
周三上午，远岭科技在杭州办了一场只有两百人的小发布会，宣布把新一代语言模型的权重全部放出。
公司创始人林望川上台时没有放幻灯片，他先讲了一个故事：三年前团队想改别家模型的一个小毛病，写了十几封邮件都没有回音。
他说，从那天起大家就商量好，自己做的东西要让别人能拆开看。按他的说法，这次放出的版本有七百二十亿参数，训练用了四千一百张卡，花了八十九天。
到场的开发者最关心许可证。远岭的法务主管白鹭解释，商用不另收钱，月活跃用户超过五千万的公司才需要登记。
也有人不太买账。做金融软件的赵启明在提问环节直说，权重放出来不等于出了事有人负责，他的客户宁可多付钱买一个有合同的接口。
林望川答得很干脆：接口他们也卖，两样并不打架。散场后他对记者承认，放出权重确实让两家大客户犹豫过，但也带来了三百多家新客户。
长期跟踪这个行业的分析师孟晚舟没有给出结论，她只提醒说，下半年还有四家公司要发新模型，到时候再比不迟。
会后有人在门口排队领取刻着模型编号的小木牌，队伍一直排到了电梯口，工作人员不得不临时加印了一批。"""
EN = """\
The town library of Harrow Bend has begun lending out small computers with a language model already installed on them.
Librarian Odette Marsh came up with the plan after patrons kept asking how they might try the new tools without handing over a phone number.
"People want to know what happens to the questions they type," she said, lifting one of the grey boxes onto the counter.
Each box holds a model whose weights anyone may download, and nothing that is typed into it leaves the building.
The council paid 14,600 dollars for forty of them, about half of what a year of subscriptions would have cost.
Not everybody is pleased. Councillor Rufus Teale argued that a hosted service would be kept up to date by somebody else.
He worries that the library has taken on a job it cannot finish, and he asked for a review after 18 months.
Marsh answered that two volunteers refresh the boxes every other Thursday, and that so far 312 people have borrowed one.
A retired machinist who had come in out of the rain said his had helped him write a letter to his landlord."""
OTHER_ZH = """\
入冬以后，河湾镇的温室草莓提前上市，价格比去年低了一成。种植户说，今年光照足，又换了新的滴灌设备，每亩多收了两百斤。
镇里的合作社在路口搭了棚子，游客可以自己摘，按篮子算钱。周末来的人多，停车成了麻烦，村委会腾出了晒谷场。"""
OTHER_EN = """\
The ferry to Gull Island will run twice as often this summer, its owner said on Monday, after a second boat came out of the yard.
Fares stay as they are until September, and bicycles travel free before nine in the morning."""
_COMMON = "的一是在不了有和人这中大为上个国我以要他时来用们"


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[。！？\n])|(?<=\.)(?=\s)", text) if part]


def _some_dropped(text: str, _: str) -> str:
    return "".join(part for number, part in enumerate(_sentences(text)) if number % 5 != 2)


def _shuffled(text: str, _: str) -> str:
    parts = _sentences(text)
    random.Random(4).shuffle(parts)  # noqa: S311 - an order, no secret
    return "".join(parts)


def _retouched(text: str, _: str) -> str:
    chance = random.Random(5)  # noqa: S311 - as above
    letters = _COMMON if text[0] > "\u2e80" else "abcdefghijklmnop"
    return "".join(chance.choice(letters) if chance.random() < 0.04 else character for character in text)


EDITS: dict[str, Callable[[str, str], str]] = {
    "boilerplate added": lambda text, _: (
        f"来源：某某门户 编辑：小陈\n{text}\n本文仅代表作者本人观点，与本站无关。Subscribe for more."
    ),
    "punctuation changed": lambda text, _: re.sub(r"[，。、]|[,.](?!\d)", "；", text),
    "widths changed": lambda text, _: text.replace("，", ",").replace("a", "ａ").replace("1", "１").upper(),
    "sentences dropped": _some_dropped,
    "4 % retouched": _retouched,
    "30 % added": lambda text, other: text[:200] + (other * 3)[: int(0.3 * len(text))] + text[200:],
    "shuffled": _shuffled,
    "first 60 %": lambda text, _: text[: int(0.6 * len(text))],
}


def _are_candidates(a: str, b: str) -> bool:
    return bool(set(bands(a)) & set(bands(b)))


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize(("text", "other"), [(ZH, OTHER_ZH), (EN, OTHER_EN)], ids=["zh", "en"])
def test_a_syndicated_copy_is_found(text: str, other: str, edit: str) -> None:
    copy = EDITS[edit](text, other)
    assert copy != text
    assert _are_candidates(text, copy)
    assert is_copy(text, copy)


@pytest.mark.parametrize(("a", "b"), [(ZH, OTHER_ZH), (EN, OTHER_EN), (ZH, EN), (OTHER_EN, OTHER_ZH)])
def test_different_texts_are_no_copies(a: str, b: str) -> None:
    assert not _are_candidates(a, b)
    assert not is_copy(a, b)


def test_a_short_english_text_that_shares_every_word_pair_with_a_long_one_is_no_copy() -> None:
    chance = random.Random(6)  # noqa: S311 - as above
    words = re.findall("....", "codedatafastgateholdideajoinkeeplampmindnestoverparkquizrulesaltteamunitviewwolf")
    pairs = [f"{a} {b}" for a in words for b in words]
    chance.shuffle(pairs)
    assert not is_copy(" ".join(chance.choices(words, k=90)), " ".join(pairs))


def _notice(chance: random.Random) -> str:
    name = "".join(chance.choices("东华新海天龙金科锐信达远", k=3))
    one = chance.randint
    return (
        f"{name}股份有限公司今日发布三季度业绩公告。公告显示，公司本季实现营业收入{one(1, 99)}.{one(1, 9)}亿元，同比增长"
        f"{one(1, 40)}.{one(1, 9)}%；归属于上市公司股东的净利润{one(1, 9)}.{one(10, 99)}亿元，同比增长{one(1, 40)}.{one(1, 9)}%。"
        f"公司在公告中表示，业绩增长的主要原因是市场需求回暖以及持续推进降本增效，全年经营目标保持不变，敬请广大投资者注意投资风险。"
        f"截至当日收盘，公司股价报{one(5, 90)}.{one(10, 99)}元，总市值约为{one(20, 900)}亿元。"
    )


def test_notices_from_one_mould_are_not_joined() -> None:
    chance = random.Random(7)  # noqa: S311 - as above
    notices = [fingerprint(_notice(chance)) for _ in range(60)]
    assert not [(a, b) for number, a in enumerate(notices) for b in notices[:number] if a.is_copy_of(b)]


def test_a_notice_with_other_numbers_is_another_notice_however_alike_the_rest() -> None:
    mould = ZH + "本季收入{}亿元，利润{}亿元，新增用户{}万，员工{}人。"
    assert not is_copy(mould.format(31, 4.2, 870, 1200), mould.format(35, 5.1, 940, 1318))
    assert is_copy(mould.format(31, 4.2, 870, 1200), mould.format(31, 4.2, 870, 1318))


def test_short_bodies_are_compared_by_title_and_numbers() -> None:
    title = "远岭科技宣布放出新一代模型权重"
    assert is_copy("权重今日放出，共720亿参数。", "今天放出权重：720亿参数，商用免费。", title, title + "！")
    assert not is_copy("权重今日放出，共720亿参数。", "今天放出权重：130亿参数。", title, title)
    assert not is_copy("权重今日放出。", "权重今日放出，共两个版本。", title, "另一家公司也宣布放出权重")
    assert not is_copy("权重今日放出。", "草莓上市了。", "早报", "早报")


def test_short_bodies_that_are_the_same_are_copies_under_any_title() -> None:
    assert is_copy("权重今日放出。", "权重今日放出", "标题一", "标题二")
    assert set(bands("权重今日放出。")) == set(bands("权重今日放出"))


def test_a_flash_is_found_again_in_the_longer_article_of_the_same_title() -> None:
    title = "远岭科技宣布放出新一代模型权重"
    assert set(bands("权重今日放出。", title)) & set(bands(ZH, title))
    assert is_copy("权重今日放出。", ZH, title, title)


def test_empty_and_wordless_texts_are_nobodys_copies() -> None:
    assert bands("") == bands("…" * 200) == ()
    assert not is_copy("", "")
    assert not is_copy("…" * 200, "！" * 200)


def test_bands_fit_a_signed_64_bit_column_and_stay_the_same() -> None:
    assert COPIES_VERSION == "1", "bands that are stored stay comparable only within a version"
    assert all(-(2**63) <= band < 2**63 for band in bands(ZH, "一个足够长的标题"))
    assert len(set(bands(ZH, "一个足够长的标题"))) == 65
    assert bands(ZH)[:2] == (6781559745146469229, -522801617104323568)


@given(st.text(max_size=2 * SHORT_TEXT), st.text(max_size=2 * SHORT_TEXT))
@settings(deadline=None)
def test_whether_two_texts_are_copies_does_not_depend_on_their_order(a: str, b: str) -> None:
    assert is_copy(a, b) == is_copy(b, a)


@given(st.text(min_size=1, alphabet=st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), max_size=300))
@settings(deadline=None)
def test_every_text_with_words_is_its_own_copy(text: str) -> None:
    assert is_copy(text, text)
    assert _are_candidates(text, text)


@pytest.mark.skipif(not PAIRS.exists(), reason="the labelled pairs are not part of the project")
def test_real_pairs_are_all_told_right() -> None:
    pairs = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    told = {pair["id"]: _are_candidates(pair["a"], pair["b"]) and is_copy(pair["a"], pair["b"]) for pair in pairs}
    assert told == {pair["id"]: pair["same_story"] for pair in pairs}


def test_an_english_text_of_the_same_words_in_another_order_is_no_copy() -> None:
    words = EN.split()
    random.Random(8).shuffle(words)  # noqa: S311 - as above
    long_text = " ".join(words * 3)
    assert not is_copy(EN[:300], long_text)
