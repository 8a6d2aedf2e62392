"""kaibi label and kaibi evaluate: as a person types them, in their own processes where that is the point."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.config.load import load
from pipeline.model import PageText
from pipeline.store import articles
from pipeline.store.database import open_database
from tests.doors.doors_site import COMMAND, DEBATE, NOW, article_text, kaibi_process

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.weeks import Week
    from tests.doors.doors_site import Ran

    Kaibi = Callable[..., Ran]


def listed(kaibi: Kaibi, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(kaibi("label", "list", "--json", *options).out)
    return found


def number_of(kaibi: Kaibi, actor: str) -> str:
    return str(next(one["id"] for one in listed(kaibi, "--actor", actor) if one["stance"] in {"open", "closed"}))


def labelled_line(**changed: object) -> dict[str, Any]:
    text = article_text(0)
    quote = "开源大模型一定会赢得开发者，闭源路线走不远。"
    statement = {
        "speaker": "林一舟",
        "org": "青禾科技",
        "q_start": text.index(quote),
        "q_end": text.index(quote) + len(quote),
        "reported": "direct",
        "stance": "open",
    }
    return {
        "id": "a1", "title": "论坛", "text": text, "lang": "zh", "published_at": None, "article_stance": "open",
        "statements": [statement], **changed,
    }  # fmt: skip


def write_lines(path: Path, *lines: object) -> str:
    path.write_text(
        "".join((line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n" for line in lines),
        encoding="utf-8",
    )
    return str(path)


def test_statements_are_listed_with_their_numbers(stocked: Week, kaibi: Kaibi) -> None:
    lines = kaibi("label", "list", "--week", str(stocked)).out.splitlines()
    assert lines[0].split() == ["id", "date", "source", "actor", "stance", "sure", "quote"]
    assert any("陈知夏" in line and "open" in line and "我们坚决支持" in line for line in lines)
    unsure = listed(kaibi, "--unsure")
    assert {one["stance"] for one in unsure} == {"open", "closed"}
    assert [one["confidence"] for one in unsure] == sorted(one["confidence"] for one in unsure)
    assert {one["actor"] for one in listed(kaibi, "--actor", "陈知夏")} == {"陈知夏"}
    assert {one["stance"] for one in listed(kaibi, "--stance", "闭源")} == {"closed"}
    short = kaibi("label", "list", "--limit", "1")
    assert (len(short.out.splitlines()), short.err) == (2, "the first 1 - --limit N shows more\n")
    nothing = kaibi("label", "list", "--week", "2020-W05")
    assert (nothing.status, nothing.out) == (0, "")
    assert nothing.err.startswith("no such statement")


def test_a_correction_is_everywhere_and_outlives_reading_again_in_processes_of_their_own(
    stocked: Week, home: Path
) -> None:
    del stocked
    rows = json.loads(kaibi_process("label", "list", "--json", "--unsure", cwd=home).stdout)
    one = str(next(row["id"] for row in rows if row["actor"] == "林一舟"))
    env = {**os.environ, "LOGNAME": "ana"}
    told = kaibi_process("label", "set", one, "--stance", "closed", cwd=home, env=env)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith(f"{one}: 林一舟: open, 0.")
    assert "-> 林一舟: closed, corrected: 开源大模型一定会" in told.stdout
    assert kaibi_process("analyse", "--all", cwd=home).returncode == 0
    digest = json.loads(kaibi_process("digest", "preview", "--json", cwd=home).stdout)
    assert digest["votes"] == {"open": 1, "closed": 2, "mixed": 0, "neutral": 0}
    exported = kaibi_process("export", "statements", "--format", "jsonl", cwd=home).stdout
    row = next(row for row in map(json.loads, exported.splitlines()) if row["corrected"])
    assert (row["speaker"], row["stance"], row["confidence"]) == ("林一舟", "closed", 1.0)
    assert row["because"] == "corrected by ana"
    assert "经人工更正" in kaibi_process("digest", "preview", cwd=home).stdout


def test_the_columns_of_the_export_end_in_corrected(stocked: Week, kaibi: Kaibi) -> None:
    del stocked
    kaibi("label", "set", number_of(kaibi, "林一舟"), "--stance", "open")
    rows = list(csv.DictReader(io.StringIO(kaibi("export", "statements", "--format", "csv").out)))
    assert list(rows[0])[-2:] == ["dated", "corrected"]
    assert [row["speaker"] for row in rows if row["corrected"] == "True"] == ["林一舟"]


def test_a_speaker_is_corrected_a_statement_dismissed_and_both_are_taken_back(stocked: Week, kaibi: Kaibi) -> None:
    del stocked
    one = number_of(kaibi, "林一舟")
    assert kaibi("label", "set", one, "--speaker", "顾南舟", "--org", "星野", "--note", "另有其人").status == 0
    assert [row["org"] for row in listed(kaibi, "--actor", "顾南舟")] == ["星野"]
    assert kaibi("label", "set", one, "--dismiss").out.split(": ")[2] == "open, corrected -> 顾南舟"
    assert one not in {str(row["id"]) for row in listed(kaibi)}
    assert [row["dismissed"] for row in listed(kaibi, "--corrected")] == [True]
    assert "顾南舟: open, corrected, the correction before is in force" in kaibi("label", "undo", one).out
    assert "as the engine found it" in kaibi("label", "undo", one).out
    assert listed(kaibi, "--corrected") == []
    again = kaibi("label", "undo", one)
    assert (again.status, again.out) == (2, "")
    assert again.err.startswith(f"nobody corrected statement {one}")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("set", "1"), "nothing to correct"),
        (("set", "1", "--dismiss", "--stance", "open"), "leave the others out"),
        (("set", "1", "--stance", "opne"), '"opne" is no stance of a statement in this debate'),
        (("set", "999", "--stance", "open"), "there is no statement 999"),
        (("set", "eins", "--stance", "open"), "'eins' is not a valid integer"),
        (("set", "1", "--speaker", " "), "an empty name names nobody"),
        (("list", "--unsure", "--corrected"), "give one of them"),
        (("list", "--stance", "offen"), '"offen" is no stance'),
    ],
)
def test_wrong_use_is_one_line_and_status_2(stocked: Week, kaibi: Kaibi, arguments: tuple[str, ...], told: str) -> None:
    del stocked
    ran = kaibi("label", *arguments)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert told in ran.err


def test_the_walk_shows_the_unsure_and_takes_a_key_for_each(stocked: Week, home: Path) -> None:
    del stocked
    answers = "2\nwas?\ns\n顾南舟\n星野\n\nd\n"
    walked = subprocess.run(
        [*COMMAND, "label"], cwd=home, input=answers, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    assert walked.returncode == 0
    assert "[1 of 3] statement " in walked.stdout
    assert "：“【" in walked.stdout  # the quote in its paragraph
    assert "because of " in walked.stdout
    assert '"was?" is no answer here' in walked.stdout
    assert walked.stderr.startswith("2 corrected, 1 dismissed - next: ")
    rows = json.loads(kaibi_process("label", "list", "--corrected", "--json", cwd=home).stdout)
    assert len(rows) == 3
    assert sum(row["dismissed"] for row in rows) == 1
    assert [row["org"] for row in rows if row["actor"] == "顾南舟"] == ["星野"]
    left = kaibi_process("label", cwd=home)
    assert (left.returncode, left.stdout) == (0, "")
    assert left.stderr.startswith("no statement that takes a side waits for a person")


@pytest.mark.parametrize(
    ("answers", "stances"),
    [
        ("closed\nm\nn\n", {"closed", "mixed", "neutral"}),
        ("q\nclosed\n", set()),
        ("\n\n\n", set()),
        ("", set()),
        ("s\n\n\n", set()),
        ("s\n顾南舟\n\n1\nq\n", {"open"}),
    ],
)
def test_each_key_of_the_walk_does_what_it_says(stocked: Week, kaibi: Kaibi, answers: str, stances: set[str]) -> None:
    ran = kaibi("label", "walk", "--week", str(stocked), "--by", "ana", given=answers.encode())
    assert ran.status == 0
    corrected = listed(kaibi, "--corrected")
    assert {one["stance"] for one in corrected} == stances
    assert {one["because"][0] for one in corrected} <= {"corrected by ana"}


def test_a_statement_that_goes_while_it_is_shown_ends_nothing(stocked: Week, home: Path) -> None:
    del stocked
    rows = json.loads(kaibi_process("label", "list", "--json", "--unsure", cwd=home).stdout)
    with subprocess.Popen(
        [*COMMAND, "label"], cwd=home, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as walked:
        assert walked.stdin is not None
        assert walked.stdout is not None
        while f"statement {rows[0]['id']}" not in walked.stdout.readline():
            pass
        db = open_database(load(home / "config.toml").store_url, now=NOW)
        url = rows[0]["article_url"]
        page = PageText(title="改", text="这篇文章已经撤下。", published_at=NOW, author=None, language="zh")
        articles.add(db, "小站", url=url, key=url, text=page, now=NOW)
        db.close()
        out, _ = walked.communicate("1\nq\n")
    assert walked.returncode == 0
    assert f"statement {rows[0]['id']} is of a text that its page has changed since" in out


def test_corrections_are_exported_and_the_engine_is_scored_on_them(stocked: Week, home: Path, kaibi: Kaibi) -> None:
    del stocked
    assert kaibi("label", "export").err == "0 corrected statements in 0 articles - kaibi label makes some\n"
    kaibi("label", "set", number_of(kaibi, "林一舟"), "--stance", "closed")
    kaibi("label", "set", number_of(kaibi, "赵明澈"), "--stance", "closed")
    ran = kaibi("label", "export", "--format", "jsonl")
    assert ran.err == "2 corrected statements in 2 articles\n"
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert list(rows[0]) == [
        "id", "title", "text", "lang", "published_at", "article_stance", "exhaustive", "statements",
    ]  # fmt: skip
    one = rows[0]["statements"][0]
    assert rows[0]["text"][one["q_start"] : one["q_end"]].startswith("开源大模型一定会")
    (home / "labels.jsonl").write_text(ran.out, encoding="utf-8")
    told = kaibi("evaluate", "labels.jsonl")
    assert told.status == 0
    assert "2 articles, 2 labelled statements" in told.out
    assert "(no article is labelled as a whole)" in told.out
    assert "on the wrong side: 1" in told.out
    assert "林一舟  “开源大模型一定会赢得开发者，闭源路线走不远。”  labelled closed, found open, because" in told.out
    table = [line.split() for line in told.out.split("found (across)\n")[1].splitlines()[:2]]
    assert table == [["open", "closed", "mixed", "neutral", "all"], ["closed", "1", "1", "0", "0", "2"]]


def test_evaluate_needs_no_config_and_prints_json_for_programs(home: Path) -> None:
    file = write_lines(home / "gold.jsonl", labelled_line())
    ran = kaibi_process("evaluate", file, "--json", "--errors", cwd=home)
    assert (ran.returncode, ran.stderr) == (0, "")
    told = json.loads(ran.stdout)
    assert (told["articles"], told["statements"], told["stance_f1"], told["bad_lines"]) == (1, 1, 1.0, 0)
    assert (told["confusion"], told["wrong_sides"], told["differences"]) == ({"open>open": 1}, [], [])


def test_every_difference_is_shown_when_asked(home: Path, kaibi: Kaibi) -> None:
    (home / "config.toml").write_text(DEBATE, encoding="utf-8")
    wrong = labelled_line()
    wrong["statements"] = [
        {
            "speaker": "林一舟",
            "quote": "开源大模型一定会赢得开发者，闭源路线走不远。",
            "reported": "direct",
            "stance": "mixed",
        },
        {"speaker": "韩越", "quote": "论坛由行业协会主办", "reported": "indirect", "stance": "neutral"},
    ]
    file = write_lines(home / "gold.jsonl", wrong)
    plain = kaibi("evaluate", file)
    assert "on the wrong side: none" in plain.out
    every = kaibi("evaluate", file, "--errors").out
    assert "not as labelled: 2" in every
    assert "labelled mixed, found open, because" in every
    assert "labelled neutral, found nothing, speaker not found, because -" in every


def broken(**changed: object) -> dict[str, Any]:
    line = labelled_line()
    line["statements"][0] |= changed
    return line


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "not JSON"),
        ("", "the line is empty"),
        ({"id": "a"}, '"text" is missing'),
        (labelled_line(statements=None), '"statements" is missing'),
        (labelled_line(statements={}), '"statements" must be a list'),
        (labelled_line(statements=[3]), "statement 1: is not a JSON object"),
        (labelled_line(exhaustive="no"), '"exhaustive" must be true or false'),
        (labelled_line(article_stance="offen"), '"article_stance" must be open, closed, mixed, neutral or off_topic'),
        (broken(stance="off_topic"), 'statement 1: "stance" must be open, closed, mixed or neutral, not "off_topic"'),
        (broken(reported="heard"), '"reported" must be direct, indirect or author, not "heard"'),
        (broken(q_start=9_000), "are no span of a text of"),
        (broken(q_end="9"), '"q_end" must be a whole number'),
        (broken(speaker=None), '"speaker" must be a text'),
        (
            labelled_line(statements=[{"speaker": "甲", "quote": "没有", "reported": "direct", "stance": "open"}]),
            '"quote" is not in the text',
        ),
        (
            labelled_line(statements=[{"speaker": "甲", "quote": "论坛", "reported": "direct", "stance": "open"}]),
            'times, not once - give "q_start" and "q_end"',
        ),
        (
            labelled_line(statements=[{"speaker": "甲", "reported": "direct", "stance": "open"}]),
            '"q_start" is missing',
        ),
    ],
)
def test_a_bad_line_is_named_with_its_number_and_the_rest_is_scored(
    home: Path, kaibi: Kaibi, line: object, told: str
) -> None:
    file = write_lines(home / "gold.jsonl", labelled_line(), line, labelled_line(id=7))
    ran = kaibi("evaluate", file)
    assert ran.status == 1
    assert ran.err.startswith(f"{file}:2: ")
    assert told in ran.err
    assert "1 bad line left out, 2 articles scored" in ran.err
    assert ran.out.startswith("2 articles, 2 labelled statements\n")


def test_a_missing_file_is_wrong_use_and_an_empty_one_nothing_to_do(home: Path, kaibi: Kaibi) -> None:
    missing = kaibi("evaluate", "nowhere.jsonl")
    assert (missing.status, missing.out, missing.err.count("\n")) == (2, "", 1)
    assert "nowhere.jsonl" in missing.err
    folder = kaibi("evaluate", str(home))
    assert (folder.status, folder.err.count("\n")) == (2, 1)
    empty = kaibi("evaluate", write_lines(home / "empty.jsonl"))
    assert (empty.status, empty.out) == (0, "")
    assert "no labelled article in it" in empty.err
