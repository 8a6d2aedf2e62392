"""Lines in, lines out: whatever comes in, every line is answered in its place and in valid UTF-8."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.doors.jsonl import BadLineError, answer_lines, as_line, text_field, workers_for
from tests.doors.doors_site import COMMAND, DEBATE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.doors.doors_site import Ran

PAGE = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>论坛谈大模型_小站</title>
<meta property="article:published_time" content="2026-11-18T09:30:00+08:00"></head><body><h1>论坛谈大模型</h1><article>
<p>青禾科技创始人林一舟在大模型论坛上谈到了路线之争，到场的听众有几百人，讨论持续了整个上午。</p>
<p>他表示开源大模型会赢得开发者，主持人随后请其他嘉宾发言，会期两天，议题还包括算力和数据。</p></article></body></html>"""


def echo(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"text": text_field(fields, "text")}


def answers(given_lines: bytes) -> tuple[list[dict[str, Any]], int]:
    out = io.BytesIO()
    bad = answer_lines(io.BytesIO(given_lines), out, echo)
    return [json.loads(line) for line in out.getvalue().decode("utf-8").splitlines()], bad


def lines(ran: Ran) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.out.split("\n")[:-1]]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"not json", "not JSON"),
        (b"[1]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b'{"text": "a"}', '"id" is missing'),
        (b'{"id": null, "text": "a"}', '"id" must be a text or a whole number'),
        (b'{"id": true, "text": "a"}', '"id" must be a text or a whole number'),
        (b'{"id": "a"}', '"text" is missing'),
        (b'{"id": "a", "text": 3}', '"text" must be a text'),
        (b'{"id": "a", "text": NaN}', "NaN is no JSON number"),
        (b'{"id": "a", "text": "\xff"}', "not UTF-8 at byte 22"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"id": 1, "n": ' + b"9" * 5000 + b"}", "not JSON"),
        (b"  ", "the line is empty"),
    ],
)
def test_a_bad_line_is_told_by_its_number_and_the_rest_go_on(line: bytes, error: str) -> None:
    found, bad = answers(b'{"id": "first", "text": "x"}\n' + line + b'\n{"id": "last", "text": "y"}\n')
    assert bad == 1
    assert [one.get("text") for one in found] == ["x", None, "y"]
    assert found[1]["line"] == 2
    assert error in found[1]["error"]
    assert found[1]["id"] in {None, "a"}


def test_the_id_of_a_bad_line_is_told_where_it_has_one() -> None:
    found, _ = answers(b'{"id": "a", "text": 3}\n{"id": 7}\n')
    assert [one["id"] for one in found] == ["a", 7]


def test_only_a_line_feed_ends_a_line_and_the_last_may_lack_it() -> None:
    text = "a\u2028b\u2029c\x85d\x0be"
    line = json.dumps({"id": "a", "text": text}, ensure_ascii=False).encode()
    out = io.BytesIO()
    assert answer_lines(io.BytesIO(b"\xef\xbb\xbf" + line + b"\r\n" + line), out, echo) == 0
    assert [json.loads(one)["text"] for one in out.getvalue().split(b"\n")[:-1]] == [text, text]


def test_empty_lines_at_the_end_are_no_lines_and_between_lines_they_are_bad() -> None:
    assert answers(b'{"id": 1, "text": ""}\n\n\n') == ([{"id": 1, "text": ""}], 0)
    found, bad = answers(b'\n{"id": 1, "text": ""}\n')
    assert bad == 1
    assert found[0] == {"id": None, "line": 1, "error": "the line is empty"}


def test_half_a_surrogate_pair_goes_out_as_it_came_in() -> None:
    found, bad = answers(b'{"id": "\\ud800", "text": "x\\udfffy \\ud83d\\ude00"}\n')
    assert bad == 0
    assert found == [{"id": "\ud800", "text": "x\udfffy \U0001f600"}]


@given(st.dictionaries(st.text(), st.text(st.characters(codec=None, categories=None)) | st.integers() | st.none()))
def test_every_object_comes_out_as_one_line_of_valid_utf8(told: dict[str, Any]) -> None:
    line = as_line(told)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert json.loads(line.decode("utf-8")) == told


@given(st.lists(st.binary(max_size=60).map(lambda raw: raw.replace(b"\n", b" ")), max_size=8))
def test_whatever_bytes_come_in_each_line_is_answered_in_its_place(raw: list[bytes]) -> None:
    marked = [*raw, b'{"id": "end", "text": "z"}']
    found, _ = answers(b"\n".join(marked))
    assert len(found) == len(marked)
    assert found[-1] == {"id": "end", "text": "z"}


def test_a_missing_text_is_refused_and_an_optional_one_may_be_null() -> None:
    assert text_field({"url": None}, "url", optional=True) is None
    with pytest.raises(BadLineError):
        text_field({"url": 3}, "url", optional=True)


def test_analyse_answers_as_the_contract_says_with_no_config_and_no_database(
    home: Path, kaibi: Callable[..., Ran]
) -> None:
    text = "大模型论坛昨日举行。\u2028百度创始人李彦宏表示：“闭源大模型会持续领先，开源模型会落后。”\ud83d\n"
    given_lines = [
        json.dumps({"id": "a", "title": "论坛谈大模型", "text": text, "url": None, "gold": [1]}),
        json.dumps({"id": "b", "title": "天气", "text": "今天下雨。"}),
        json.dumps({"id": "c", "title": "没有正文"}),
        json.dumps({"id": "d", "title": "网址", "text": "", "url": 3}),
    ]
    ran = kaibi("analyse", "--jsonl", given="\n".join(given_lines).encode())
    assert ran.status == 1
    first, second, third, fourth = lines(ran)
    assert list(first) == ["id", "stance", "confidence", "statements"]
    said = first["statements"][0]
    assert (said["speaker"], said["org"], said["stance"], said["attribution"]) == ("李彦宏", "百度", "closed", "direct")
    for one in first["statements"]:
        assert list(one) == [
            "speaker", "org", "start", "end", "quote", "attribution", "stance", "confidence", "because",
        ]  # fmt: skip
        assert one["quote"] == text[one["start"] : one["end"]]
        assert 0 <= one["confidence"] <= 1
        assert isinstance(one["because"], list)
    assert (second["stance"], second["statements"]) == ("off_topic", [])
    assert third == {"id": "c", "line": 3, "error": '"text" is missing'}
    assert fourth == {"id": "d", "line": 4, "error": '"url" must be a text'}
    assert list(home.iterdir()) == []


def test_the_sides_are_those_of_the_config_that_lies_here(home: Path, kaibi: Callable[..., Ran]) -> None:
    (home / "config.toml").write_text(
        DEBATE.replace("sides.open", "sides.kai").replace("sides.closed", "sides.bi"), "utf-8"
    )
    given_lines = '{"id": 1, "text": "闭源大模型更有优势"}\n{"id": 2, "text": "\\ud800开源大模型会赢"}\n'.encode()
    first, second = lines(kaibi("stance", "--jsonl", given=given_lines))
    assert list(first) == ["id", "stance", "score", "confidence", "because"]
    assert (first["stance"], second["stance"]) == ("bi", "kai")
    assert first["score"] < 0 < second["score"]
    (home / "config.toml").write_text("[debate", encoding="utf-8")
    assert kaibi("stance", "--jsonl", given=given_lines).status == 2


def test_extract_reads_pages_packed_or_not_and_tells_which_it_cannot(home: Path, kaibi: Callable[..., Ran]) -> None:
    (home / "page.html").write_text(PAGE, encoding="utf-8")
    (home / "page.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (home / "broken.gz").write_bytes(gzip.compress(PAGE.encode())[:-20])
    (home / "empty.html").write_bytes(b"")
    files = ["page.html", "page.html.gz", "missing.html", "broken.gz", ".", "a\x00b", "empty.html"]
    given_lines = "\n".join(json.dumps({"id": file, "file": file, "url": None}) for file in files)
    ran = kaibi("extract", "--jsonl", given=given_lines.encode())
    assert ran.status == 1
    plain, packed, *bad, empty = lines(ran)
    assert list(plain) == ["id", "title", "text", "published_at", "author", "language"]
    assert plain["title"] == "论坛谈大模型"
    assert plain["text"].startswith("青禾科技创始人林一舟")
    assert plain["published_at"] == "2026-11-18T09:30:00+08:00"
    assert {**packed, "id": plain["id"]} == plain
    assert [one["line"] for one in bad] == [3, 4, 5, 6]
    assert empty == {
        "id": "empty.html",
        "title": None,
        "text": None,
        "published_at": None,
        "author": None,
        "language": None,
    }


def test_each_answer_comes_before_the_next_line_is_sent(home: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "analyse", "--jsonl"], cwd=home, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(as_line({"id": number, "title": "", "text": "开源大模型会赢。"}))
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(20) == 0


def test_a_large_file_is_answered_side_by_side_in_its_order(home: Path) -> None:
    given_lines = b"".join(
        b"broken\n"
        if number == 300
        else as_line({"id": number, "title": "", "text": "开源大模型会赢。", "padding": "x" * 1000})
        for number in range(320)
    )
    (home / "in.jsonl").write_bytes(given_lines)
    with (home / "in.jsonl").open("rb") as source:
        assert workers_for(source, worth_bytes=300_000) == len(os.sched_getaffinity(0))
        assert workers_for(source, worth_bytes=10**9) == 1
        ran = subprocess.run([*COMMAND, "analyse", "--jsonl"], cwd=home, stdin=source, capture_output=True, check=False)
    assert (ran.returncode, ran.stderr) == (1, b"")
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [one["id"] for one in found] == [*range(300), None, *range(301, 320)]
    assert found[300]["line"] == 301
    assert workers_for(io.BytesIO(), worth_bytes=0) == 1
