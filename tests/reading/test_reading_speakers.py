"""Who speaks: every way that a text names its speakers, and what is no speaker."""

from __future__ import annotations

import pytest

from pipeline.model import Attribution, Statement
from pipeline.reading.engine import Engine
from tests.reading.reading_debates import MODELS

ENGINE = Engine(MODELS)
CLAIM = "开源模型才值得信赖"


def statements(text: str) -> list[Statement]:
    return list(ENGINE.read("", text).statements)


def speakers(text: str) -> set[str]:
    return {one.speaker for one in statements(text) if one.attribution is not Attribution.AUTHOR}


def said_by(name: str, text: str) -> str:
    return "|".join(one.quote for one in statements(text) if one.speaker == name)


@pytest.mark.parametrize(
    "text",
    [
        "开源模型才值得信赖，药店老板仉小满乐呵呵地说。",
        "“开源模型才值得信赖。”校医院的夏侯知秋点了点头。",
        "“难道只有开源模型才值得信赖？”架构师邝大江拍了拍桌子。",
        "会计师贝文心执意认定，开源模型才值得信赖。",
        "依邮递员郁小海之见，开源模型才值得信赖。",
        "站在渔政站长鲍远山的立场，开源模型才值得信赖。",
        "桂海药业研发总监尉迟光辩道，开源模型才值得信赖。",
        "桐林大学教授奚若兰的态度很明确：开源模型才值得信赖。",
        "咨询师裘一帆提供的数据显示，开源模型才值得信赖。",
        "刚刚卸任的郎秋实是一位工程师，他没有多谈往事，只是说，开源模型才值得信赖。",
        "開源模型才值得信賴，執行長鄔曉嵐笑稱。",
        "瑞典研究员奥勒·林德奎斯特在信中写道，开源模型才值得信赖。",
        "开源模型才值得信赖，行程表见附件，科长窦小雨交代。",
    ],
)
def test_a_name_never_heard_of_speaks_from_every_place_of_the_sentence(text: str) -> None:
    found = speakers(text)
    assert len(found) == 1
    assert found <= {
        "仉小满", "夏侯知秋", "邝大江", "贝文心", "郁小海", "鲍远山", "尉迟光", "奚若兰", "裘一帆", "郎秋实", "鄔曉嵐",
        "奥勒·林德奎斯特", "窦小雨",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("郎秋实、鲍远山和裘一帆均表示，开源模型才值得信赖。", {"郎秋实", "鲍远山", "裘一帆"}),
        ("县长郎秋实、校长鲍远山与店长裘一帆一致盼着开源模型早日落地。", {"郎秋实", "鲍远山", "裘一帆"}),
        ("郎秋实与鲍远山在论坛上相遇，两人都认为，开源模型才值得信赖。", {"郎秋实", "鲍远山"}),
        (
            "Ines Falk, Omar Reyes and Petra Holm warn that open models are a risk.",
            {"Ines Falk", "Omar Reyes", "Petra Holm"},
        ),
        ("Ines Falk and Omar Reyes both argue that open models are safe.", {"Ines Falk", "Omar Reyes"}),
    ],
)
def test_everybody_of_a_list_says_it(text: str, names: set[str]) -> None:
    assert speakers(text) == names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("郎秋实去年离开了学校。他如今逢人便夸开源模型。", "郎秋实"),
        ("桂海药业总裁郎秋实出席会议。郎总认为，开源模型才值得信赖。", "郎秋实"),
        ("Ines Falk left a large lab last year. She now believes that open models are safe.", "Ines Falk"),
        ("Ines Falk runs a small lab. Falk said that open models are safe.", "Ines Falk"),
    ],
)
def test_a_pronoun_or_a_surname_leads_to_the_full_name(text: str, name: str) -> None:
    assert speakers(text) == {name}


def test_the_former_and_the_latter_are_the_two_just_named() -> None:
    text = "桂海科技和松江智能各走各路。前者把开源模型全部放出，后者坚持闭源。"
    assert "开源" in said_by("桂海科技", text)
    assert "闭源" in said_by("松江智能", text)
    text = "Hexley and Lydford part ways. The former gives its open models away, while the latter keeps a closed model."
    assert "open models" in said_by("Hexley", text)
    assert "closed model" in said_by("Lydford", text)


@pytest.mark.parametrize(
    ("text", "org"),
    [
        ("桂海药业集团押注开源模型，自建机房。", "桂海药业集团"),
        ("连锁超市“九里香”宣布全面改用开源模型。", "九里香"),
        ("曾经力推开源模型的桂海科技，如今改走闭源路线。", "桂海科技"),
        ("Puffin Systems has torn up its contract and moved to open models.", "Puffin Systems"),
        ("Once the darling of the open-source crowd, Tindale has gone proprietary.", "Tindale"),
    ],
)
def test_an_act_belongs_to_the_organisation_that_acts(text: str, org: str) -> None:
    assert speakers(text) == {org}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("In the judgement of tax inspector Ines Falk, open models are the only safe choice.", "Ines Falk"),
        ("To geologist Ines Falk, no closed model is safe.", "Ines Falk"),
        ("Open models are mostly safe, suggested ethicist Ines Falk; few people need more.", "Ines Falk"),
        ("I do trust the open models on my desk, nurse Ines Falk declared.", "Ines Falk"),
        ('"Does anyone still trust a closed model?" shop steward Ines Falk demanded.', "Ines Falk"),
        ('Then came Ines Falk of the Teveril lab: "Open models are what we need, and we need them now."', "Ines Falk"),
        ("Tideline analyst Ines Falk said that open models are safe.", "Ines Falk"),
    ],
)
def test_an_english_name_speaks_from_every_place_of_the_sentence(text: str, name: str) -> None:
    assert speakers(text) == {name}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Halden’s lawyers argued that open models are safe.", "Halden"),
        (
            "The European Rivers Commission met in the old town hall today. It said that open models are safe.",
            "European Rivers Commission",
        ),
        (
            "The Rivers and Lakes Administration released a report in favour of open models.",
            "Rivers and Lakes Administration",
        ),
        ("Later, Omar Reyes — who runs a farm — praised open models.", "Omar Reyes"),
    ],
)
def test_english_institutions_and_their_people_speak(text: str, name: str) -> None:
    assert speakers(text) == {name}


def test_a_sentence_with_two_quotes_in_it_is_one_statement() -> None:
    text = "Ines Falk said that although it “trails the closed models of last year,” an open model “does the work we need done.”"
    assert said_by("Ines Falk", text) == text


def test_a_quote_goes_to_whom_it_names_right_after_it() -> None:
    text = "Halden calls it a gift: “it is the best open model we have made so far,” claims founder Ines Falk to reporters."
    assert "Ines Falk" in speakers(text)


def test_a_quote_on_both_sides_of_its_speaker_is_said_by_one() -> None:
    text = '"Take away open models," thundered pensioner Ines Falk, "and you take away my independence."'
    assert said_by("Ines Falk", text) == "Take away open models,|and you take away my independence."


@pytest.mark.parametrize(
    "text",
    [
        "开源模型的下载量本月增长了两成。",
        "这款开源模型支持函数调用，文档已经更新。",
        "招聘：本公司诚聘开源模型工程师两名。",
        "Open models are now used by half of all hospitals.",
        "The announcement rattled Wall Street, where closed models are popular.",
    ],
)
def test_products_and_common_words_do_not_speak(text: str) -> None:
    assert speakers(text) == set()


def test_an_organisation_is_no_title_and_not_the_speaker_s_own_name() -> None:
    (one,) = statements("外交部发言人郎秋实表示，开源模型才值得信赖。")
    assert (one.speaker, one.org) == ("郎秋实", "外交部")
    (one,) = statements("首席科学家郎秋实表示，开源模型才值得信赖。")
    assert (one.speaker, one.org) == ("郎秋实", None)


def test_a_whole_text_s_spans_are_its_own_words() -> None:
    text = "桂海科技和松江智能各走各路。前者把开源模型全部放出，后者坚持闭源。\n“开源模型才值得信赖！”店长仉小满乐了。"
    assert all(one.quote == text[one.start : one.end] for one in statements(text))


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("“大模型开源是条不归路”，芯火智能创始人邢天说道，“但我们认了”。", "邢天", "大模型开源是条不归路|但我们认了"),
        ("“开源模型不挣钱，我不投。”投资人鲍远山摆摆手。", "鲍远山", "开源模型不挣钱，我不投。"),
        ("“闭源是为了对客户负责。”说这话的是启明云总经理裘一帆。", "裘一帆", "闭源是为了对客户负责。"),
        (
            "同样的话，投资人郎秋实听过很多遍。“开源模型不挣钱，我不投。”她摆摆手。",
            "郎秋实",
            "开源模型不挣钱，我不投。",
        ),
        ("记者问及路线之争，鲍远山笑了笑，“开源闭源，都得先活下来。”", "鲍远山", "开源闭源，都得先活下来。"),
        ("网友“老猫”吐槽，闭源模型涨价太快。", "老猫", "网友“老猫”吐槽，闭源模型涨价太快。"),
    ],
)
def test_a_chinese_quote_finds_its_speaker_and_only_its_words(text: str, name: str, words: str) -> None:
    assert said_by(name, text) == words
    assert speakers(text) == {name}


def test_the_label_of_a_turn_is_the_name_without_what_stands_in_brackets() -> None:
    text = (
        "我们问了两个人。\n鲍远山（高校教师）：开源模型让学生有东西可拆。\n裘一帆（银行职员）：监管不允许，只能闭源。"
    )
    assert speakers(text) == {"鲍远山", "裘一帆"}


def test_two_subjects_of_one_sentence_are_kept_apart() -> None:
    text = "桂海资本的鲍远山只投闭源公司；老对手松江银行的裘一帆把钱押在开源模型上。"
    assert "闭源" in said_by("鲍远山", text)
    assert "开源" in said_by("裘一帆", text)


def test_an_employee_s_name_is_not_lost_in_the_employer_s() -> None:
    text = "Open models are fine, according to Dr Maria Lopez of Oslo University."
    assert speakers(text) == {"Maria Lopez"}
    assert speakers("The Ministry of Rural Affairs warned that open models are a risk.") == {
        "Ministry of Rural Affairs"
    }


def test_in_her_words_inside_a_sentence_does_not_take_it_from_its_subject() -> None:
    text = "Ines Falk praised open models. Its chief executive, Petra Holm, said that the best one, in her words, is a closed model."
    assert "closed model" in said_by("Petra Holm", text)


def test_a_kind_of_firm_named_after_a_side_does_not_speak() -> None:
    assert speakers("闭源公司出了问题有人负责。") == set()
