"""Another debate by configuration alone: the example configs are sound, and plain news is read with them as it should be."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
ARTICLES = {
    "office": [
        (
            "某保险公司昨日宣布新规。人力总监郭若溪表示：“远程办公让我们的离职率降了一半，我坚决支持远程办公。”\n工会代表韩东来则认为，远程办公更公平，也更有利于带孩子的员工。",
            {"郭若溪": "remote", "韩东来": "remote"},
        ),
        (
            "制造企业负责人齐大勇表示：“坐班效率更高，新人也成长得更快，我们坚持坐班。”\n咨询师凌霜说，远程办公拖累了团队协作，弊大于利。",
            {"齐大勇": "onsite", "凌霜": "onsite"},
        ),
        (
            (
                "“Remote work is better for our staff and cheaper for us, and we fully support it,” said Ingrid Solheim, chief executive of Fjordlane.\n"
                "Bram Peeters, who runs a rival firm, said that working in person is far more productive and that remote work has failed."
            ),
            {"Ingrid Solheim": "remote", "Bram Peeters": "onsite"},
        ),
        ("县医院与省城专家开通了远程医疗。院长戴佩芬说：“远程医疗很好，病人少跑了路。”", {}),
        ("公司发布招聘公告，新人到岗时间为九月一日。人事主管范一鸣说：“到岗时间不能再推迟。”", {}),
    ],
    "power": [
        (
            "能源学会会长龚北辰表示：“核电稳定可靠，我们支持发展核电。”\n环保组织负责人麦小穗认为，核电成本太高，风险太大，光伏更便宜，也更安全。",
            {"龚北辰": "nuclear", "麦小穗": "renewable"},
        ),
        (
            (
                "“Nuclear power is reliable and safe, and the country needs it,” said Aldous Pryce, the minister.\n"
                "Renata Quill of the Green Grid Alliance said that wind and solar are cheaper and that nuclear power is too expensive."
            ),
            {"Aldous Pryce": "nuclear", "Renata Quill": "renewable"},
        ),
        ("这个山村风光秀丽，游客很多。村主任贺春生说：“我们的风光无限好，欢迎大家来。”", {}),
        (
            "Astronomers have found a new object in the outer solar system. “It is beautiful,” said Odile Marchetti, who led the team.",
            {},
        ),
    ],
}
SIDES = {"office": {"remote", "onsite"}, "power": {"nuclear", "renewable"}}


def _kaibi(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from pipeline.doors.cli import main; raise SystemExit(main())", *arguments],
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", sorted(ARTICLES))
def test_an_example_config_has_no_mistakes(name: str) -> None:
    checked = _kaibi("config", "check", "--config", str(EXAMPLES / f"{name}.toml"))
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.fixture(scope="module", params=sorted(ARTICLES))
def read(request: pytest.FixtureRequest) -> list[tuple[dict[str, str], dict[str, Any]]]:
    name: str = request.param
    lines = [json.dumps({"id": at, "title": "", "text": text}) for at, (text, _) in enumerate(ARTICLES[name])]
    done = _kaibi("analyse", "--jsonl", "--config", str(EXAMPLES / f"{name}.toml"), given="\n".join(lines))
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return [({"": name} | wanted, answer) for (_, wanted), answer in zip(ARTICLES[name], answers, strict=True)]


def test_plain_statements_get_the_side_that_their_speaker_takes(
    read: list[tuple[dict[str, str], dict[str, Any]]],
) -> None:
    found = total = 0
    for wanted, answer in read:
        sides = SIDES[wanted[""]]
        for speaker, side in wanted.items():
            if speaker:
                taken = {one["stance"] for one in answer["statements"] if one["speaker"] == speaker} & sides
                assert taken <= {side}, (speaker, answer)
                found += taken == {side}
                total += 1
    assert found >= total - 1


def test_a_compound_that_only_holds_a_term_makes_nobody_take_a_side(
    read: list[tuple[dict[str, str], dict[str, Any]]],
) -> None:
    for wanted, answer in read:
        if len(wanted) == 1:
            assert answer["stance"] in {"off_topic", "neutral"}
            assert not {one["stance"] for one in answer["statements"]} & SIDES[wanted[""]]
