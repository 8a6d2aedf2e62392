"""Another debate by configuration alone: the example configs are sound, and short news is read with them as it should be.

Everything goes through the command in its own process, as a user's would. That a speaker is put on the wrong side, or takes
one by a word that means something else, is never allowed; of the plain statements nearly all are to be found.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

EXAMPLES: Final = Path(__file__).parents[2] / "examples"
MOST_MISSED: Final = 1
"""Plain statements of one debate that may be left without a side."""


@dataclass(frozen=True, kw_only=True)
class Article:
    """A short article of our own, and who takes which side in it; everybody else takes none."""

    text: str
    sides: dict[str, str] = field(default_factory=dict)


PLAIN: Final = {
    "office": (
        Article(
            text="某保险公司昨日宣布新规。人力总监郭若溪表示：“远程办公让我们的离职率降了一半，我坚决支持远程办公。”\n"
            "工会代表韩东来则认为，远程办公更公平，也更有利于带孩子的员工。",
            sides={"郭若溪": "remote", "韩东来": "remote"},
        ),
        Article(
            text="制造企业负责人齐大勇表示：“坐班效率更高，新人也成长得更快，我们坚持坐班。”\n"
            "咨询师凌霜说，远程办公拖累了团队协作，弊大于利。",
            sides={"齐大勇": "onsite", "凌霜": "onsite"},
        ),
        Article(
            text="两家设计公司走了不同的路。创始人喻见秋说：“居家办公更安静，画图的人在家效率更高。”\n"
            "另一家公司的合伙人丁远帆表示：“回到办公室以后，沟通顺畅多了，交付也更快。”",
            sides={"喻见秋": "remote", "丁远帆": "onsite"},
        ),
        Article(
            text="針對遠距工作，工會理事長柯以晴表示：“遠距工作值得推廣，員工更快樂，公司也省下租金。”",
            sides={"柯以晴": "remote"},
        ),
        Article(
            text="“Remote work is better for our staff and cheaper for us, and we fully support it,” said Ingrid Solheim, who runs Fjordlane.\n"
            "Bram Peeters, who runs a rival firm, said that working in person is far more productive and that remote work has failed.",
            sides={"Ingrid Solheim": "remote", "Bram Peeters": "onsite"},
        ),
        Article(
            text="The insurer Calder Mutual asked its people last week how they want to work.\n"
            "“In-office work is more productive and better for trainees,” said its chief executive, Morag Tennant.\n"
            "“Working from home is cheaper, healthier and more efficient,” said Ravi Deshmukh, who speaks for the staff.",
            sides={"Morag Tennant": "onsite", "Ravi Deshmukh": "remote"},
        ),
    ),
    "power": (
        Article(
            text="能源学会会长龚北辰表示：“核电稳定可靠，我们支持发展核电。”\n"
            "环保组织负责人麦小穗认为，核电成本太高，风险太大，光伏更便宜，也更安全。",
            sides={"龚北辰": "nuclear", "麦小穗": "renewable"},
        ),
        Article(
            text="省里的能源规划座谈会昨天举行。电网工程师贺兰舟指出：“风电光伏成本低、建设快，应当优先发展。”\n"
            "研究员邵一川则认为，核电更稳定，更适合承担电网的基本负荷。",
            sides={"贺兰舟": "renewable", "邵一川": "nuclear"},
        ),
        Article(
            text="海岛上的居民为新电站争论了半年。村民代表蓝小满说：“我们反对建核电站，核电太危险。”\n"
            "镇长谷怀安表示：“可再生能源更安全，也更便宜，岛上应该多装光伏。”",
            sides={"蓝小满": "renewable", "谷怀安": "renewable"},
        ),
        Article(
            text="“Nuclear power is reliable and safe, and the country needs it,” said Aldous Pryce, the minister.\n"
            "Renata Quill of the Green Grid Alliance said that wind and solar are cheaper and that nuclear power is too expensive.",
            sides={"Aldous Pryce": "nuclear", "Renata Quill": "renewable"},
        ),
        Article(
            text="The province must decide by June how to replace its coal plants.\n"
            "“Wind farms are cheaper and faster to build, and we should invest in them,” said Tamsin Okoro, an energy economist.\n"
            "Joachim Feld, a grid engineer, said: “New reactors are the better choice, because they are more reliable.”",
            sides={"Tamsin Okoro": "renewable", "Joachim Feld": "nuclear"},
        ),
    ),
}
TRAPS: Final = {
    "office": (
        Article(text="县医院与省城专家开通了远程医疗。院长戴佩芬说：“远程医疗很好，病人少跑了路。”"),
        Article(text="公司发布招聘公告，新人到岗时间为九月一日。人事主管范一鸣说：“到岗时间不能再推迟。”"),
        Article(text="暴雨过后，清障队员陆续回到岗位。队长耿大川说：“能回到岗位，大家都很高兴。”"),
        Article(text="游客可以乘坐班车上山。景区经理车晓岚说：“坐班车又快又便宜，我们推荐大家坐班车。”"),
        Article(text="副市长来到工地，召开现场办公会。施工方负责人岳平说：“现场办公会效率高，问题当天就解决了。”"),
        Article(
            text="The drone is flown by remote control. “It is a wonderful machine,” said Piet Haas, who built it."
        ),
        Article(
            text="“Remote sensing is cheaper and better than sending people,” said Anya Volkova, who maps glaciers."
        ),
        Article(text="The hotel opened on Friday. “The on-site parking is excellent,” said Carla Mendes, the manager."),
        Article(text="The clerk waited in the office of the vicar. “It is a lovely room,” said Edna Moss, a visitor."),
    ),
    "power": (
        Article(text="这个山村风光秀丽，游客很多。村主任贺春生说：“我们的风光无限好，欢迎大家来。”"),
        Article(text="摄影展上周开幕。策展人卜晓鸥说：“高山上的风光令人难忘，这样的风光值得一看。”"),
        Article(text="该局将上收审批权。局长甄国栋表示：“审核能更快，群众就更满意，审核能力必须提高。”"),
        Article(text="气象台发布预报。首席预报员瞿海宁说：“台风能否登陆还不好说，太阳能够露脸的日子不多了。”"),
        Article(text="新款笔记本采用双核处理器。评测人申小柯说：“双核电脑便宜好用，值得购买。”"),
        Article(
            text="Astronomers have mapped the outer solar system. “It is beautiful,” said Odile Marchetti, who led them."
        ),
        Article(text="“The nuclear family is the best place for a child,” said Gareth Lund, a sociologist."),
        Article(
            text="A treaty bans nuclear weapons. “Nuclear weapons are dangerous and must go,” said Hilde Brandt, an envoy."
        ),
        Article(
            text="“Nuclear medicine is safe and saves lives,” said Samir Haddad, who has signed a renewable contract."
        ),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What the command said of one debate's articles, in their order."""

    debate: str
    plain: tuple[dict[str, Any], ...]
    traps: tuple[dict[str, Any], ...]


def _kaibi(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from pipeline.doors.cli import main; raise SystemExit(main())", *arguments],
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def _sides(answer: dict[str, Any]) -> dict[str, set[str]]:
    taken: dict[str, set[str]] = {}
    for statement in answer["statements"]:
        if statement["stance"] not in {"mixed", "neutral"}:
            taken.setdefault(statement["speaker"], set()).add(statement["stance"])
    return taken


@pytest.fixture(scope="module", params=sorted(PLAIN))
def answers(request: pytest.FixtureRequest) -> Answers:
    debate: str = request.param
    articles = (*PLAIN[debate], *TRAPS[debate])
    lines = [json.dumps({"id": at, "title": "", "text": article.text}) for at, article in enumerate(articles)]
    done = _kaibi("analyse", "--jsonl", "--config", str(EXAMPLES / f"{debate}.toml"), given="\n".join(lines))
    assert (done.returncode, done.stderr) == (0, "")
    found = tuple(json.loads(line) for line in done.stdout.splitlines())
    assert [answer["id"] for answer in found] == list(range(len(articles)))
    return Answers(debate=debate, plain=found[: len(PLAIN[debate])], traps=found[len(PLAIN[debate]) :])


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_an_example_config_has_no_mistakes(name: str) -> None:
    checked = _kaibi("config", "check", "--config", str(EXAMPLES / f"{name}.toml"))
    assert (checked.returncode, checked.stderr) == (0, "")


def test_nobody_is_put_on_the_wrong_side(answers: Answers) -> None:
    for article, answer in zip(PLAIN[answers.debate], answers.plain, strict=True):
        for speaker, sides in _sides(answer).items():
            assert sides == {article.sides.get(speaker)}, (speaker, answer)


def test_nearly_all_plain_statements_get_their_speaker_and_side(answers: Answers) -> None:
    missed = [
        (speaker, answer)
        for article, answer in zip(PLAIN[answers.debate], answers.plain, strict=True)
        for speaker, side in article.sides.items()
        if _sides(answer).get(speaker) != {side}
    ]
    assert len(missed) <= MOST_MISSED, missed


def test_a_compound_that_only_holds_a_term_is_no_stance_of_anybody(answers: Answers) -> None:
    for answer in answers.traps:
        assert answer["stance"] in {"off_topic", "neutral"}, answer
        assert not _sides(answer), answer
