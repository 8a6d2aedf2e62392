"""Who speaks in Chinese news of every kind, also where no side is named: what carries a statement, and what is no speaker."""

from __future__ import annotations

import pytest

from pipeline.model import Attribution, Statement
from pipeline.reading.engine import Engine
from tests.reading.reading_debates import MODELS

ENGINE = Engine(MODELS)


def statements(text: str) -> list[Statement]:
    return [one for one in ENGINE.read("", text).statements if one.attribution is not Attribution.AUTHOR]


def said(text: str) -> list[tuple[str, str]]:
    return [(one.speaker, one.quote) for one in statements(text)]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        (
            "“渡口的灯到十点才关。”航道站副站长郁小海对记者介绍，夜班从四月排起。",
            [("郁小海", "渡口的灯到十点才关。"), ("郁小海", "夜班从四月排起。")],
        ),
        (
            "夜里水位又涨了，“再涨一尺，我们就得撤到坡上去。”郁小海介绍，闸门早已全开，不再放人过桥。",
            [("郁小海", "再涨一尺，我们就得撤到坡上去。"), ("郁小海", "闸门早已全开，不再放人过桥。")],
        ),
        (
            "鲍远山表示，票价不会再涨。“今年我们连一分钱也没有加过。”郁小海则认为，成本早就压不住了。",
            [
                ("鲍远山", "票价不会再涨。"),
                ("鲍远山", "今年我们连一分钱也没有加过。"),
                ("郁小海", "成本早就压不住了。"),
            ],
        ),
        (
            "鲍远山强调，船必须停下来，“他们拿到的那份图纸，是十年前的旧图”，郁小海介绍。",
            [("鲍远山", "船必须停下来"), ("郁小海", "他们拿到的那份图纸，是十年前的旧图")],
        ),
    ],
)
def test_a_quote_goes_to_whom_the_words_right_after_it_name(text: str, pairs: list[tuple[str, str]]) -> None:
    assert sorted(said(text)) == sorted(pairs)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("镇上的渔民们质疑，新码头根本停不下大船。", "镇上的渔民"),
        ("外地网友纷纷表示：这里的早市才像早市。", "外地网友"),
        ("曾有运营商称，信号塔只能建在山背后。", "运营商"),
        ("相关负责人表示，栈桥要到秋天才能修好。", "相关负责人"),
        ("苹果称其新机的外壳全部来自回收铝材。", "苹果"),
        ("今年四月，全球芯片巨头英特尔宣布退出这项业务。", "英特尔"),
        ("英特尔发言人表示，这项业务会在秋天结束。", "英特尔"),
        ("郁小海女儿郁知秋表示，渡口的故事还没有写完。", "郁知秋"),
        ("小满奶奶此前对媒体说，那天晚上没有人听见狗叫。", "小满奶奶"),
        ("工作人员向晨江都市报记者介绍，栈桥上只剩两盏灯。", "工作人员"),
        ("据郁小海披露，渡船的修理费早已超过船价。", "郁小海"),
        ("根据桂海科技公布的数据，夜航的乘客多了一倍。", "桂海科技"),
        ("晨江广播公司援引航道专家的话说，这段河道每年都要改道。", "航道专家"),
        ("桂海警方：夜航未出事故，谴责造谣者", "桂海警方"),
    ],
)
def test_crowds_firms_relatives_and_sources_speak_in_ordinary_news(text: str, name: str) -> None:
    assert {speaker for speaker, _ in said(text)} == {name}


def test_a_report_is_its_medium_s_once_that_is_named() -> None:
    text = "《晨江周刊》网站二日发表了题为《渡口的灯》的报道，报道称，夜航恢复得很快。\n报道指出，票价没有变。"
    assert said(text) == [("《晨江周刊》", "夜航恢复得很快。"), ("《晨江周刊》", "票价没有变。")]


def test_a_transliterated_name_s_parts_lead_to_the_whole() -> None:
    text = "茉莉·西格尔（Molly Siegel）曾是灯塔看守。茉莉说，雾天最难熬。西格尔表示，灯不能灭。"
    assert {speaker for speaker, _ in said(text)} == {"茉莉·西格尔"}


def test_the_letter_after_a_short_name_is_not_taken_for_its_third() -> None:
    text = "郁海先是在群里号召，谁有空谁来。郁海表示，缺的是人。后来郁海说，人够了。"
    assert {speaker for speaker, _ in said(text)} == {"郁海"}


@pytest.mark.parametrize(
    "text",
    [
        "晨江渔业所鲍远山获得新人奖，桐林大学教授郁小海获得终身奖。",
        "九月九日，开学已满一周，郁小海还没能去报到。",
        "捐款应当向社会公布，应当通知捐款人的家属。",
        "温馨提醒：今晚有雨，出门请带伞。",
        "每个奖项一百万元，由四位企业家、投资人平摊捐赠，使用不受限制。",
        "鲍远山选择一如既往。",
        "鲍远山在街上看到了一盏旧灯。",
        "谈到夜航时，码头上谁也没有再开口。",
        "专家们作了题为“渡口夜航的几点体会和办法”的报告，大家都在记。",
        "（应受访者要求，文中的渔民都用了化名。）",
    ],
)
def test_what_people_do_or_are_given_is_nobody_s_statement(text: str) -> None:
    assert said(text) == []


def test_a_heading_in_quotes_is_not_the_last_speaker_s() -> None:
    text = "郁小海表示，灯会修好。\n“把渡口的灯一直守到天亮为止”\n夜里没有船。"
    assert said(text) == [("郁小海", "灯会修好。")]


def test_a_statement_keeps_both_marks_of_a_word_in_quotes() -> None:
    assert said("郁小海介绍，“夜航”两个字在这里写了三十年。") == [("郁小海", "“夜航”两个字在这里写了三十年。")]


def test_straight_marks_inside_a_quote_do_not_end_it() -> None:
    text = '“我们从来没有所谓的"夜航费"，也不准船工收钱。”郁小海说。'
    assert said(text) == [("郁小海", '我们从来没有所谓的"夜航费"，也不准船工收钱。')]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("桐林科技昨日停产。该公司发言人表示，生产线会在秋天重开。", "桐林科技"),
        ("桐林科技发言人表示，生产线会在秋天重开。", "桐林科技"),
        ("船舶公司相关负责人告诉记者，夜航不会停。", "船舶公司"),
        ("航道管理处负责人表示，夜航不会停。", "航道管理处"),
        ("桐林银行四月卖掉了旧楼。该行表示，新楼更靠近码头。", "桐林银行"),
        ("当事人称，船头早就裂了。", "当事人"),
        ("也有人认为，夜航该停。", "有人"),
    ],
)
def test_whoever_speaks_without_a_name_is_the_firm_or_the_crowd_that_the_text_says(text: str, name: str) -> None:
    assert {speaker for speaker, _ in said(text)} == {name}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("鲍远山说，灯该修了。\n郁小海在船上长大，他说：“夜里的水是有声音的。”", "郁小海"),
        ("鲍远山说，灯该修了。\n开会前，郁小海教授先倒了茶，她说，夜里的水是有声音的。", "郁小海"),
        ("鲍远山说，灯该修了。\n某船长表示，夜航太险。\n当然，他承认，夜里的水是有声音的。", "某船长"),
        ("鲍远山说，灯该修了。\n小满奶奶说，夜里冷。她还说，夜里的水是有声音的。", "小满奶奶"),
        ("鲍远山说，灯该修了。\n小满奶奶说，夜里冷。\n他还说，夜里的水是有声音的。", "鲍远山"),
    ],
)
def test_a_pronoun_is_whom_its_sentence_begins_with_else_the_last_person_heard(text: str, name: str) -> None:
    assert [speaker for speaker, words in said(text) if "声音" in words] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "九月一日，码头重新开张，郁小海接到了第一位客人。",
        "评委小组投了三轮票，郁小海荣获二等奖。",
        "她母亲留下的旧灯，也让郁小海想起了夏天。",
        "“船上再挤十个人，违规”，郁小海已经走到岸边，把绳子系好。",
        "桐林市和晨江市要加强夜航管理，继续实施“限速、限载、限时的办法”，守住每一个渡口。",
        "桐林科技新船型的容量分别为：三十人、五十人和八十人。",
        "郁小海没有回应记者的提问。",
        "第三届研讨会指出，夜航的票价偏低。",
        "70B称，夜航的票价偏低。",
        "今年的销量预计会再涨一成。",
        "（记者郁小海）晨江的夜航昨天恢复，反对限速的船工也来了。",
        "让大家看到这条河的美。",
        "结果船上的人员连饭都吃不上，提出换班也没用。",
    ],
)
def test_deeds_refusals_and_bylines_are_no_speech(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        (
            "郁小海说：“有人认为，夜航只会带来麻烦”，但“这是外行话，船工靠它吃饭。”",
            [("郁小海", "有人认为，夜航只会带来麻烦”，但“这是外行话，船工靠它吃饭。")],
        ),
        (
            "郁小海表示，今年要做的事包括修灯、换缆和“把夜航的班次翻一番”。",
            [("郁小海", "今年要做的事包括修灯、换缆和“把夜航的班次翻一番”。")],
        ),
        (
            "有人说夜航是赔本买卖，郁小海笑了笑：“账不是这么算的。”",
            [("有人", "夜航是赔本买卖"), ("郁小海", "账不是这么算的。")],
        ),
        ("“那是你没有在夜里等过船。”郁小海接过话头。", [("郁小海", "那是你没有在夜里等过船。")]),
        ("渔民们提出三项诉求，一是加灯，二是减班。", [("渔民", "三项诉求，一是加灯，二是减班。")]),
    ],
)
def test_a_thought_stays_whole_and_goes_to_whoever_leads_up_to_it(text: str, pairs: list[tuple[str, str]]) -> None:
    assert sorted(said(text)) == sorted(pairs)


def test_what_a_sentence_tells_of_the_speaker_is_not_carried_on_as_speech() -> None:
    text = "郁小海说：“灯会修好。”这盏灯他守了三十年。"
    assert said(text) == [("郁小海", "灯会修好。")]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        (
            "郁小海表示，桐林航运选择了更慢的船，既省油，也少出事。",
            [("郁小海", "桐林航运选择了更慢的船，既省油，也少出事。")],
        ),
        (
            "郁小海认为，夜航改变不了河道的格局，因此“多一条船不多，少一条船不少”。",
            [("郁小海", "夜航改变不了河道的格局，因此“多一条船不多，少一条船不少”。")],
        ),
        ("郁小海举例说明，就是老船也能装新灯。", [("郁小海", "就是老船也能装新灯。")]),
        (
            "关于夜航，航道局发言人郁小海有这么一番论述，“船要慢，灯要亮，人要在”。",
            [("郁小海", "船要慢，灯要亮，人要在")],
        ),
        ("晨江晚报获悉，近日，郁小海在讲座中对夜航的来历做了梳理。", []),
    ],
)
def test_what_is_reported_of_others_is_said_by_whoever_reports_it(text: str, pairs: list[tuple[str, str]]) -> None:
    assert said(text) == pairs


@pytest.mark.parametrize(
    "dateline",
    [
        "本报讯（记者 陈晓）",
        "新华社北京11月3日电（记者陈晓）",
        "中新网3月5日电 ",
        "【快讯】财联社11月3日讯，",
        "本报讯",
    ],
)
def test_a_dateline_is_no_part_of_a_name(dateline: str) -> None:
    assert ("星河智能", "将开源旗下全部大模型。") in said(f"{dateline}星河智能周二宣布，将开源旗下全部大模型。")


def test_a_pronoun_in_mid_sentence_is_whom_the_sentence_begins_with_whoever_spoke_before() -> None:
    text = "分析师张弛认为，闭源模型更安全。\n云岭科技总裁周明远没有直接回应，他说：“我们始终相信开源的力量。”"
    assert ("周明远", "我们始终相信开源的力量。") in said(text)


def test_prose_after_an_interview_is_no_answer_of_the_last_speaker() -> None:
    text = "周明：闭源模型更安全。\n王小川：开源模型更灵活。\n周明：我不同意。\n会后，王小川对记者补充说，他并不反对闭源，只是看场景。"
    assert {name for name, quote in said(text) if "反对" in quote} == {"王小川"}


def test_those_who_are_none_say_nothing_and_posts_leave_nothing_on_a_firm() -> None:
    text = "大模型开源之争还在继续。\n并非所有人都认同开源这一做法。\n现任开放联盟秘书长周明远指出，开源模型更透明。云岭集团总工程师王小川认为，闭源模型更可靠。"
    assert not {name for name, _ in said(text) if name.endswith("人")}
    assert {one.org for one in statements(text) if one.attribution is not Attribution.AUTHOR} == {
        "开放联盟",
        "云岭集团",
    }


@pytest.mark.parametrize(
    "text",
    ["没有人认为闭源模型更安全。", "没有人认为开源模型更差。", "并非所有人都认为开源模型更安全。"],
)
def test_what_nobody_thinks_is_not_said_by_the_author_either(text: str) -> None:
    assert not [one for one in statements(text) if one.stance.takes_side]
