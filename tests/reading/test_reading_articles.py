"""Articles: who is found to speak, where, and what the whole comes to."""

from __future__ import annotations

import pickle
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config.starter import shipped_debate
from pipeline.model import Attribution, Reading, Statement
from pipeline.reading.engine import Engine
from tests.reading.reading_debates import MODELS, OFFICE, swapped

ENGINE = Engine(MODELS)
MIRROR = Engine(swapped(MODELS))
LEAD = "大模型要不要开源,业界争论不休。\n"


def read(text: str) -> Reading:
    return ENGINE.read("", text)


def by(speaker: str, text: str) -> list[Statement]:
    return [one for one in read(text).statements if one.speaker == speaker]


@pytest.mark.parametrize(
    ("text", "speaker", "quote"),
    [
        ("周明远表示，“大模型的未来属于开源，我们会坚持下去。”", "周明远", "大模型的未来属于开源，我们会坚持下去。"),
        ("周明远说：「開源模型更透明，值得信賴。」", "周明远", "開源模型更透明，值得信賴。"),
        ("“开源模型更透明，值得信赖。”周明远说。", "周明远", "开源模型更透明，值得信赖。"),
        ("“开源模型更透明，”周明远说，“而且便宜得多，谁都用得起。”", "周明远", "而且便宜得多，谁都用得起。"),
        ("周明远认为，开源模型更加透明。", "周明远", "开源模型更加透明。"),
        ("在周明远看来，开源模型更加透明。", "周明远", "开源模型更加透明。"),
        ("据周明远介绍，开源模型的成本正在下降。", "周明远", "开源模型的成本正在下降。"),
        ("正如周明远所说，开源模型更加透明。", "周明远", "开源模型更加透明。"),
        ("云岭科技董事长兼CEO周明远（Mike Zhou）在接受采访时表示，开源模型更加透明。", "周明远", "开源模型更加透明。"),
        ("云岭科技首席科学家卡洛·贝内利近日指出，开源模型更加透明。", "卡洛·贝内利", "开源模型更加透明。"),
        ("OpenAI首席执行官Jane Dorsey表示，开源模型更加透明。", "Jane Dorsey", "开源模型更加透明。"),
        ("周明远在大会上发言。他还表示，开源模型更加透明。", "周明远", "开源模型更加透明。"),
        ("业内专家表示，开源模型更加透明。", "业内专家", "开源模型更加透明。"),
    ],
)
def test_a_chinese_speaker_is_found(text: str, speaker: str, quote: str) -> None:
    assert quote in [one.quote for one in by(speaker, text)]


@pytest.mark.parametrize(
    ("text", "speaker", "part"),
    [
        ('"Open models are safer than closed models," Jane Dorsey said.', "Jane Dorsey", "Open models are safer"),
        (
            "“Open models are safer than closed models,” said Jane Dorsey, CEO of Acme.",
            "Jane Dorsey",
            "Open models are safer",
        ),
        ("Jane Dorsey said that open AI models are safer.", "Jane Dorsey", "open AI models are safer"),
        ("According to Jane Dorsey, open AI models are safer.", "Jane Dorsey", "open AI models are safer"),
        (
            "In Dorsey’s telling, open AI models are safer. Jane Dorsey, CEO of Acme, left.",
            "Jane Dorsey",
            "open AI models are safer",
        ),
        (
            "Jane Dorsey, the chief executive of Acme, spoke first. She said open AI models are safer.",
            "Jane Dorsey",
            "open AI models are safer",
        ),
        ("Acme CEO Jane Dorsey argued that open AI models are safer.", "Jane Dorsey", "open AI models are safer"),
    ],
)
def test_an_english_speaker_is_found(text: str, speaker: str, part: str) -> None:
    assert any(part in one.quote for one in by(speaker, text))


def test_the_quoted_is_direct_and_the_reported_indirect() -> None:
    quoted, reported = read("周明远说：“开源模型更透明，值得信赖。”周明远认为，闭源模型太贵。").statements
    assert (quoted.attribution, reported.attribution) == (Attribution.DIRECT, Attribution.INDIRECT)


def test_the_organisation_is_named_with_the_person() -> None:
    (statement,) = read("云岭科技创始人周明远表示，开源模型更加透明。").statements
    assert statement.org == "云岭科技"


def test_the_config_knows_an_aliass_organisation() -> None:
    (statement,) = read("奥特曼表示，闭源模型更加安全。").statements
    assert (statement.speaker, statement.org) == ("奥特曼", "OpenAI")


def test_a_short_name_is_given_in_full_where_the_text_does() -> None:
    text = "卡洛·贝内利来到会场。贝内利表示，开源模型更加透明。\n云岭科技首席科学家卡洛·贝内利指出，开源大势所趋。"
    assert {one.speaker for one in read(text).statements} == {"卡洛·贝内利"}


def test_two_speakers_of_one_sentence_each_say_it() -> None:
    statements = read("周明远、孙若水均表示，开源模型更加透明。").statements
    assert [one.speaker for one in statements] == ["周明远", "孙若水"]


def test_two_speakers_against_each_other_keep_their_sides() -> None:
    statements = read("周明远表示开源模型更加透明，孙若水则认为闭源模型更安全。").statements
    assert [(one.speaker, str(one.stance)) for one in statements] == [("周明远", "open"), ("孙若水", "closed")]


def test_the_medium_is_no_speaker() -> None:
    (statement,) = read("据《晨报》报道，周明远表示，开源模型更加透明。").statements
    assert (statement.speaker, statement.via) == ("周明远", "《晨报》")


def test_scare_quotes_are_no_speech() -> None:
    (statement,) = read("周明远表示，所谓“安全”只是借口，开源模型更加透明。").statements
    assert statement.attribution is Attribution.INDIRECT


def test_an_interview_gives_each_turn_to_its_speaker() -> None:
    text = (
        "记者：你怎么看开源模型？\n周明远：我非常支持开源。\n开源让大模型越来越好。\n孙若水：闭源模型更安全，也更可靠。"
    )
    assert [(one.speaker, str(one.stance)) for one in read(text).statements] == [
        ("周明远", "open"),
        ("周明远", "open"),
        ("孙若水", "closed"),
    ]


def test_an_act_without_speech_is_a_statement() -> None:
    statements = read("云岭科技宣布开源旗下全部大模型。").statements
    assert [(one.speaker, str(one.stance)) for one in statements] == [("云岭科技", "open")]


def test_the_articles_own_voice_is_the_authors() -> None:
    (zh,) = read("开源模型的成本更低，是大势所趋。").statements
    (en,) = read("Open AI models are cheaper and safer.").statements
    assert (zh.speaker, en.speaker) == ("作者", "author")
    assert zh.attribution is Attribution.AUTHOR


def test_an_article_about_something_else_is_off_topic() -> None:
    reading = read("开源证券发布研报，看好白酒板块，认为龙头公司值得配置。")
    assert reading.stance == "off_topic"


def test_sides_named_by_the_topics_noun_need_no_second_word_on_it() -> None:
    on_it = (
        "Bank drops its supplier\nThe bank said on Monday that it would replace its supplier's closed model with an open model by June.\n"
        "“Open models are cheaper and we can check them,” said Ingrid Maas, who runs its computers.\n"
        + "The branches keep their opening hours, the bank said, and nobody will lose a job over it. " * 4
        + "\nIts offices in Lyon tried an AI assistant in spring."
    )
    aside = (
        "Database maker opens its code\nThe company put its database under an open-source licence on Monday.\n"
        + "Customers may change the code and run it where they like, and the price of support remains as it was. " * 4
        + "\nIt also announced an AI assistant."
    )
    engine = Engine(shipped_debate())
    assert engine.read("", on_it).stance == "open"
    assert engine.read("", aside).stance == "off_topic"


def test_an_article_of_one_side_is_that_sides() -> None:
    assert read(LEAD + "周明远表示，开源模型更加透明。\n孙若水认为，闭源模型走不通。").stance == "open"


def test_an_article_of_both_sides_is_mixed() -> None:
    assert read(LEAD + "周明远表示，开源模型更加透明。\n孙若水认为，闭源模型更安全。").stance == "mixed"


def test_an_article_without_a_position_is_neutral() -> None:
    assert read("该公司发布了一款开源大模型，参数量为七十亿。").stance == "neutral"


def test_another_debate_needs_only_other_terms() -> None:
    reading = Engine(OFFICE).read("", "周明远表示，居家办公让员工更幸福。孙若水认为，居家办公让人孤独。")
    assert [str(one.stance) for one in reading.statements] == ["remote", "office"]


def test_nothing_comes_of_an_empty_text() -> None:
    assert ENGINE.read("", "").statements == ()


def test_an_engine_can_be_handed_to_another_process() -> None:
    debate = pickle.loads(pickle.dumps(MODELS))  # noqa: S301 - what is loaded was dumped on the same line
    assert Engine(debate).lean("我们支持开源。") == ENGINE.lean("我们支持开源。")


def test_building_an_engine_is_cheap() -> None:
    started = time.process_time()
    Engine(MODELS)
    assert time.process_time() - started < 0.3


def test_an_article_is_read_quickly() -> None:
    text = (
        LEAD
        + "周明远表示，“开源模型更透明，值得信赖。”他还认为，闭源模型太贵，但性能更强。今天的会场人很多，天气不错。\n"
    ) * 40
    ENGINE.read("", text)
    best = min(_seconds(text) for _ in range(5))
    assert len(text) >= 2500
    assert best < 0.4  # docs/reading.md has the figure; this holds under coverage on a busy machine


def _seconds(text: str) -> float:
    started = time.process_time()
    ENGINE.read("", text)
    return time.process_time() - started


FRAGMENTS = [
    *[
        "周明远",
        "卡洛·贝内利",
        "OpenAI",
        "他",
        "该公司",
        "表示",
        "认为",
        "说",
        "，",
        "。",
        "“",
        "”",
        "「",
        "」",
        "‘",
        "’",
        '"',
        "：",
        "?",
        "开源",
        "闭源",
        "開源",
        "大模型",
        "更好",
        "不如",
        "反对",
        "据《晨报》报道",
        "在",
        "看来",
        "和",
        "、",
    ],
    "\n",
    "\u3000",
    " said ",
    "Jane Dorsey",
    "open models",
    "closed source",
    "İ",
    "ﬀ",
    "😀",
    "'",
    ". ",
]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join)))
def test_a_quote_is_always_the_texts_own_characters(text: str) -> None:
    reading, mirrored = ENGINE.read("", text), MIRROR.read("", text)
    assert all(one.quote == text[one.start : one.end] for one in reading.statements)
    assert [one.start for one in reading.statements] == sorted(one.start for one in reading.statements)
    assert reading == mirrored


@pytest.mark.parametrize(
    "text",
    [
        "表示" * 3000,
        "开源比闭源" * 2000,
        "“" * 4000,
        "周明远：" * 1500,
        "a-" * 4000,
        "Abc " * 3000,
        "周明远：开源\n" * 800,
        "Q: why?\nLee: I am open source.\n" * 2500,
        "Open source wins" + ", he says, she says" * 3500,
    ],
    ids=["verbs", "terms", "quotes", "labels", "hyphens", "capitals", "turns", "surnames", "pronouns"],
)
def test_a_hostile_text_takes_no_long_time(text: str) -> None:
    started = time.process_time()
    ENGINE.read("", text)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("Q: Do you back open source?\nJane Dorsey: Yes, open models are safer.", {"Jane Dorsey"}),
        ("Jane Dorsey:\n我支持开源。\nBob Lemaire:\n开源模型更加透明。", {"Jane Dorsey", "Bob Lemaire"}),
        ("问：怎么看开源大模型？\n答：开源更好。", set()),
        ("云岭科技创始人周明远：开源让大模型越来越好，我们会继续开源。", {"周明远"}),
        ("来源：晨报\n编辑：小陈\n开源大模型是大势所趋。", {"作者"}),
        ("Tip: use open models.\nTip: test open models.", {"author"}),
        ("周明远在会上回答提问。\n问：怎么看开源大模型？\n答：开源更好。", {"周明远"}),
    ],
)
def test_labelled_lines_are_turns_only_in_a_conversation(text: str, speakers: set[str]) -> None:
    assert {one.speaker for one in read(text).statements} <= speakers


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“开源模型更透明，值得信赖。”云岭科技掌门人周明远在会上拍了桌子。", "周明远"),
        ("周明远在邮件列表里留下一句话：开源模型更透明。", "周明远"),
        ("开源模型更透明，云岭科技首席架构师周明远总结道。", "周明远"),
        ("云岭科技的周明远反馈，开源模型更透明。", "周明远"),
    ],
)
def test_the_place_of_a_name_tells_who_speaks(text: str, speaker: str) -> None:
    assert [one.speaker for one in read(text).statements] == [speaker]


def test_an_english_verb_nobody_listed_still_has_its_speaker() -> None:
    (statement,) = read('"Open models are far safer than closed models," marvelled reviewer Jane Dorsey.').statements
    assert statement.speaker == "Jane Dorsey"
