"""How the week is put into words, in either language."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.mail.catalogue import EN, ZH, Catalogue, counted
from pipeline.mail.headline import lead, preheader, subject
from pipeline.mail.listing import Room, listed
from pipeline.mail.phrases import Phrases
from pipeline.mail.untrusted import plain, short, web_link
from pipeline.mail.wording import word
from pipeline.model import Digest, Share
from pipeline.settings import Debate, Side
from tests.mail.mail_samples import (
    CLOSED,
    DEBATE,
    ENGLISH_DEBATE,
    OPEN,
    WEEK,
    evidence,
    few_votes,
    first_week,
    monster_week,
    silent_week,
    steady_week,
    usual_week,
)

if TYPE_CHECKING:
    from pipeline.mail.view import View

ZH_PHRASES = Phrases(debate=DEBATE, language="zh", week=WEEK)
EN_PHRASES = Phrases(debate=ENGLISH_DEBATE, language="en", week=WEEK)
ROOMY = Room(items=20, statements=1000, words=280)


def worded(digest: Digest, room: Room = ROOMY) -> View:
    return word(digest, DEBATE, language="zh", room=room)


def test_the_subject_says_the_news() -> None:
    assert subject(usual_week(), ZH_PHRASES, "") == "开源阵营占比升至 65%（+12）：沈望川转向开源"
    assert subject(usual_week(), EN_PHRASES, "") == "Open source at 65% (+12): 沈望川 turns to open source"


def test_without_a_clear_change_the_subject_says_so() -> None:
    assert subject(replace(steady_week(), turns=()), ZH_PHRASES, "") == "开源阵营占比 65%，无明显变化"
    assert subject(replace(steady_week(), turns=()), EN_PHRASES, "") == "Open source at 65%, no clear change"


def test_an_even_week_favours_no_side_in_its_subject() -> None:
    even = Share(share=0.5, low=0.3, high=0.7)
    digest = replace(steady_week(), turns=(), shares={"open": even, "closed": even})
    assert subject(digest, ZH_PHRASES, "") == "双方各占一半，无明显变化"


def test_the_side_that_rose_is_the_headline_even_where_it_is_the_smaller() -> None:
    change = replace(usual_week().change, side="closed", points=9.5)
    digest = replace(usual_week(), turns=(), change=change)
    assert subject(digest, ZH_PHRASES, "") == "闭源阵营占比升至 35%（+10）"
    assert "7 票支持闭源" in lead(digest, ZH_PHRASES)


@pytest.mark.parametrize("phrases", [ZH_PHRASES, EN_PHRASES])
def test_a_week_of_too_few_votes_claims_no_share_anywhere_on_top(phrases: Phrases) -> None:
    digest = few_votes()
    view = word(digest, phrases.debate, language=phrases.language, room=ROOMY)
    said = [subject(digest, phrases, ""), lead(digest, phrases), preheader(digest, phrases), view.change]
    assert not [text for text in said if "%" in text]
    assert [side.share for side in view.sides] == [None, None]
    assert view.trend[-1].share == "–"
    assert view.trend[-1].votes == 6


def test_too_few_is_said_in_both_languages() -> None:
    assert subject(replace(few_votes(), turns=()), ZH_PHRASES, "") == "本周仅 6 票，样本太少"
    assert subject(few_votes(), EN_PHRASES, "").startswith("Only 6 votes this week, too few to say: ")
    assert worded(few_votes()).verdict == "样本太少，无法判断"


def test_a_week_in_which_nobody_took_a_side_says_that() -> None:
    assert subject(silent_week(), ZH_PHRASES, "") == "本周无人表态"
    assert subject(silent_week(), EN_PHRASES, "") == "Nobody took a side this week"
    assert lead(silent_week(), ZH_PHRASES) == "本周没有人明确站在哪一方。"


def test_the_verdicts_are_worded_as_they_match() -> None:
    assert worded(usual_week()).verdict == "明显转向"
    assert worded(steady_week()).verdict == "无明显变化"
    assert [EN.too_few, EN.no_clear_change, EN.clear] == ["too few statements to say", "no clear change", "clear shift"]


def test_several_turns_are_counted_in_the_subject() -> None:
    turn = usual_week().turns[0]
    back = replace(turn, actor="贺兰山", from_side=OPEN, to_side=CLOSED)
    same, other = replace(usual_week(), turns=(turn, turn)), replace(usual_week(), turns=(turn, back))
    assert subject(same, ZH_PHRASES, "").endswith("：沈望川等 2 方转向开源")
    assert subject(other, ZH_PHRASES, "").endswith("：沈望川转向开源，另有 1 方改变立场")


def test_a_subject_template_fills_what_it_knows_and_keeps_the_rest() -> None:
    written = subject(usual_week(), ZH_PHRASES, "{title} {week} {0} {week.year} {nobody} {{ }")
    assert written == "大模型应开源还是闭源？ 2026-W47 {0} {week.year} {nobody} {{ }"


def test_with_too_little_before_there_is_no_comparison_but_the_shares_are_told() -> None:
    view = worded(first_week())
    assert view.subject == "本周 20 票表明立场，前四周太少，无从比较"
    assert view.lead == "本周 20 票中有 13 票支持开源；前四周票数太少，无从比较。"
    assert view.change == "前四周票数太少，无从比较。"
    assert view.verdict == "样本太少，无法判断"
    assert [side.share for side in view.sides] == [65, 35]
    english = subject(first_week(), EN_PHRASES, "")
    assert english == "20 votes this week, too few before to compare"


def test_a_first_week_of_a_handful_of_votes_tells_no_share() -> None:
    digest = replace(few_votes(), change=replace(few_votes().change, votes_before=0))
    assert [side.share for side in worded(digest).sides] == [None, None]
    assert lead(digest, ZH_PHRASES).startswith("本周只有 6 票")


def test_a_rise_is_never_called_certain() -> None:
    digest = replace(usual_week(), change=replace(usual_week().change, probability=0.9996))
    assert "可能性为 >99%" in worded(digest).change


def test_the_two_shares_add_up_to_a_hundred() -> None:
    shares = {"open": Share(share=0.625, low=0.5, high=0.7), "closed": Share(share=0.375, low=0.3, high=0.5)}
    assert [side.share for side in worded(replace(usual_week(), shares=shares)).sides] == [63, 37]
    only_second = {"closed": Share(share=0.375, low=0.3, high=0.5)}
    assert [side.share for side in worded(replace(usual_week(), shares=only_second)).sides] == [62, 38]


def test_dates_are_those_of_the_debates_zone_and_years_are_told_when_they_differ() -> None:
    late = datetime(2026, 11, 16, 23, 30, tzinfo=UTC)
    said = evidence(1, "顾念之", OPEN, "话", published_at=late)
    assert ZH_PHRASES.quote(said, longest=50).day == "11 月 17 日"
    assert EN_PHRASES.quote(said, longest=50).day == "17 Nov"
    old = replace(said, published_at=datetime(2024, 12, 31, 20, 0, tzinfo=UTC))
    assert ZH_PHRASES.quote(old, longest=50).day == "2025 年 1 月 1 日"
    assert EN_PHRASES.quote(old, longest=50).day == "31 Dec 2024"


def test_an_undated_statement_says_so() -> None:
    said = evidence(1, "顾念之", OPEN, "话", dated=False)
    assert ZH_PHRASES.quote(said, longest=50).day == "未标日期，11 月 17 日首次见到"


def test_only_quoted_words_stand_in_quote_marks() -> None:
    view = worded(usual_week())
    direct, reported = view.strongest[1].cards
    assert (direct.words[0], direct.words[-1], direct.note) == ("“", "”", "")
    assert reported.words.startswith("公司表示")
    assert reported.note == "转述、据蓝鲸快讯报道"


def test_quote_marks_are_neither_doubled_nor_torn_apart() -> None:
    marked = [evidence(1, "顾念之", OPEN, words) for words in ("「好」", "“好”", '"好"', "“好”，又说“不”", "好")]
    shown = [ZH_PHRASES.quote(said, longest=50).words for said in marked]
    assert shown == ["“好”", "“好”", "“好”", "““好”，又说“不””", "“好”"]


def test_an_organisation_that_speaks_for_itself_is_named_once() -> None:
    assert worded(usual_week()).strongest[1].cards[1].org == ""


def test_labels_come_from_the_config_and_keep_their_case_unless_its_terms_say_otherwise() -> None:
    sides = (
        Side(id="eu", label="EU rules", terms=("regulation",)),
        Side(id="no", label="No rules", terms=("no rules",)),
    )
    phrases = Phrases(debate=Debate(sides=sides), language="en", week=WEEK)
    assert (phrases.running("eu"), phrases.running("no"), phrases.label("eu")) == ("EU rules", "no rules", "EU rules")
    assert phrases.label("off_topic") == "off topic"
    camps = (Side(id="a", label="开源阵营", terms=("甲",)), Side(id="b", label="闭源", terms=("乙",)))
    chinese = Phrases(debate=Debate(sides=camps), language="zh", week=WEEK)
    assert (chinese.camp("a"), chinese.camp("b")) == ("开源阵营", "闭源阵营")


def test_the_coverage_names_who_was_silent_and_since_when() -> None:
    lines = worded(usual_week()).coverage
    assert lines[0] == "跟踪 45 个来源，成功读取 42 个。"
    assert (
        lines[1]
        == "3 个未能读取：海岸科技（11 月 13 日起）、北辰网（从未成功）、Old Tribune（2025 年 12 月 30 日起）。"
    )
    assert len(lines) == 6
    assert len(worded(silent_week()).coverage) == 5


def test_what_a_list_leaves_out_is_counted() -> None:
    view = worded(monster_week(), Room(items=5, statements=100, words=80))
    assert [len(view.turns), view.turns_more] == [5, "另有 55 条"]
    assert view.voices_more == "另有 75 条"
    assert view.strongest[0].more == "另有 25 条"
    assert "另有 195 条" in view.coverage[1]
    assert "另有 33 家" in view.stories[0].also
    shown = sum(len(vote.quotes) for group in view.evidence for vote in group.votes)
    hidden = [re.search(r"\d+", group.more) for group in view.evidence]
    assert shown == 100
    assert sum(int(found[0]) for found in hidden if found) == 400


def test_statements_are_cut_evenly_over_stances_and_votes() -> None:
    votes = usual_week().voters
    many, few = [replace(votes[0], evidence=votes[0].evidence * 3)] * 4, [votes[1]]
    assert listed([many, few], 5) == [[1, 1, 1, 1], [1]]
    assert listed([many, few], 3) == [[1, 1, 0, 0], [1]]
    assert listed([many, few], 7) == [[2, 2, 1, 1], [1]]
    assert listed([many, few], 99) == [[3, 3, 3, 3], [1]]
    assert listed([], 5) == []


def test_text_from_the_web_loses_what_could_mislead() -> None:
    assert plain("a\u202eb\u2066c\u200fd\u061ce\ufefff") == "abcdef"
    assert plain("a\r\nBcc: x\x00\u2028b\u0085") == "a Bcc: x b"
    assert plain("\ud83d坏") == "\ufffd坏"
    assert plain("नमस्ते\u200d") == "नमस्ते\u200d"


@given(st.text(st.characters(exclude_categories=())))
def test_whatever_comes_from_the_web_becomes_one_harmless_line(text: str) -> None:
    line = plain(text)
    assert plain(line) == line
    assert len(line.encode().decode().splitlines()) <= 1
    assert not {unicodedata.category(each) for each in line} & {"Cc", "Cs", "Co", "Zl", "Zp"}


def test_long_text_is_cut_at_a_word() -> None:
    assert short("one two three four five", 16) == "one two three…"
    assert short("一二三四五六七八九十", 5) == "一二三四…"
    assert short("short", 5) == "short"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.com/x",
        "https:///nowhere",
        "https://user:word@example.com/",
        "https://exa mple.com/",
        "https://example.com/\u202egnp.exe",
        'https://example.com/"onclick="x',
        "https://[::1/",
        "https://example.com/" + "x" * 1000,
    ],
)
def test_only_harmless_web_addresses_are_linked(url: str) -> None:
    assert web_link(url) is None


def test_a_web_address_is_linked_as_it_is() -> None:
    assert web_link("https://例子.example/路径?a=1&b=2#c") == "https://例子.example/路径?a=1&b=2#c"


def test_both_catalogues_have_the_same_blanks() -> None:
    texts = [field.name for field in fields(Catalogue) if isinstance(getattr(ZH, field.name), str)]
    blanks = {name: [set(re.findall(r"\{(\w*)\}", getattr(each, name))) for each in (ZH, EN)] for name in texts}
    allowed = {"day", "day_year", "turns_same", "side_name"}
    assert not {name: both for name, both in blanks.items() if both[0] != both[1] and name not in allowed}


def test_chinese_texts_have_chinese_punctuation() -> None:
    texts = [text for field in fields(Catalogue) for text in _strings(getattr(ZH, field.name))]
    assert not [text for text in texts if re.search(r"[一-鿿}][,:;?!()]|[,:;?!(][一-鿿]", text)]


def _strings(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def test_one_is_not_many() -> None:
    assert [counted(EN.votes, number) for number in (0, 1, 2)] == ["0 votes", "1 vote", "2 votes"]
    assert counted(ZH.votes, 1) == "1 票"


def test_a_statement_that_a_person_corrected_bears_a_mark() -> None:
    one = evidence(1, "沈望川", OPEN, "开源更好")
    assert ZH_PHRASES.quote(one, longest=90).corrected == ""
    assert ZH_PHRASES.quote(replace(one, corrected=True), longest=90).corrected == "经人工更正"
    assert EN_PHRASES.quote(replace(one, corrected=True), longest=90).corrected == "corrected by a person"
