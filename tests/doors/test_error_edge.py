"""The command's own edge: exit statuses, one line each, and nothing heavy for a word of help."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from pipeline.doors.cli import INTERRUPTED, PIPE_CLOSED
from pipeline.doors.cli import kaibi as group
from tests.doors.doors_site import COMMAND, DEBATE, kaibi_process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.doors.doors_site import Ran

FULL_DISK = Path("/dev/full")


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from commands(found, (*path, name))


def test_help_imports_nothing_heavy_and_takes_a_fifth_of_a_second() -> None:
    script = (
        "import sys, resource\n"
        "from pipeline.doors.cli import main\n"
        "assert main(['--help']) == 0\n"
        "spent = resource.getrusage(resource.RUSAGE_SELF)\n"
        "heavy = {'pydantic', 'sqlalchemy', 'scrapy', 'rich', 'lxml', 'jieba', 'scipy', 'apscheduler'} & set(sys.modules)\n"
        "print(spent.ru_utime + spent.ru_stime, sorted(heavy), file=sys.stderr)\n"
    )
    env = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
    told = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=env, check=True).stderr
        for _ in range(3)
    ]
    assert all(line.split(maxsplit=1)[1].strip() == "[]" for line in told)
    assert min(float(line.split()[0]) for line in told) < 0.2


@pytest.mark.parametrize("path", list(commands(group)), ids=" ".join)
def test_every_command_has_help_with_examples(path: tuple[str, ...], kaibi: Callable[..., Ran]) -> None:
    ran = kaibi(*path, "--help")
    assert ran.status == 0
    assert "Examples:" in ran.out
    assert "--config FILE" in ran.out
    assert "--unattended" not in ran.out


def test_the_config_may_be_named_before_or_after_a_commands_own_arguments(
    home: Path, kaibi: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "other.toml").write_text(DEBATE, encoding="utf-8")
    for line in (
        ("--config", "other.toml", "config", "check"),
        ("config", "--config", "other.toml", "check"),
        ("config", "check", "--config", "other.toml"),
        ("--config", "missing.toml", "config", "check", "--config", "other.toml"),
    ):
        assert kaibi(*line).out.startswith("other.toml: ok (0 sources, 0 recipients, ")
    monkeypatch.setenv("KAIBI_CONFIG", "other.toml")
    assert kaibi("config", "check").status == 0
    assert kaibi("config", "check", "--config", "missing.toml").status == 2


def test_unknown_commands_and_options_name_a_near_one(kaibi: Callable[..., Ran]) -> None:
    for line, meant in (
        (("crwl",), "Did you mean 'crawl'?"),
        (("sources", "lst"), "Did you mean 'list'?"),
        (("digest", "preview", "--wek", "2026-W47"), "'--week'"),
        (("digest", "preview", "--week", "2026-47"), "write it as 2026-W47"),
        (("export", "statements", "--format", "xml"), "csv"),
        (("analyse", "--all", "--jsonl"), "give one of them"),
        (("stance",), "--jsonl"),
    ):
        ran = kaibi(*line)
        assert (ran.status, ran.out) == (2, "")
        assert meant in ran.err
        assert ran.err.count("\n") == 1


def test_mistakes_are_lines_with_their_place_and_no_traceback(home: Path) -> None:
    (home / "config.toml").write_text(DEBATE + "[digest]\nmin_votes = 0\nrecipents = []\n", encoding="utf-8")
    ran = kaibi_process("crawl", cwd=home)
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert [line.split(":")[:2] for line in ran.stderr.splitlines()] == [["config.toml", "14"], ["config.toml", "15"]]
    (home / "config.toml").unlink()
    ran = kaibi_process("status", cwd=home)
    assert (ran.returncode, ran.stderr) == (2, 'no config at ./config.toml - "kaibi init" writes one\n')


def test_a_database_that_cannot_be_opened_ends_with_status_3(home: Path, kaibi: Callable[..., Ran]) -> None:
    (home / "config.toml").write_text(DEBATE, encoding="utf-8")
    (home / "kaibi.db").write_bytes(b"this is no database at all, just some text in its place" * 40)
    ran = kaibi("status")
    assert ran.status == 3
    assert "is no SQLite database" in ran.err
    assert ran.err.count("\n") == 1


def test_a_closed_pipe_is_no_error_to_talk_about(home: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "config", "schema"], cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(20) == PIPE_CLOSED


@pytest.mark.skipif(not FULL_DISK.exists(), reason="this system has no /dev/full to stand for a full disk")
def test_a_full_disk_is_one_line(stocked: object, home: Path, kaibi: Callable[..., Ran]) -> None:
    del stocked
    file = kaibi("digest", "preview", "--html", str(FULL_DISK))
    assert (file.status, file.err.count("\n")) == (2, 1)
    assert file.err.startswith("/dev/full: cannot be written (No space left on device)")
    for line, given in (
        (("export", "statements", "--format", "csv"), b""),
        (("stance", "--jsonl"), '{"id": "a", "text": "开源大模型会赢"}\n'.encode()),
    ):
        with FULL_DISK.open("wb") as full:
            ended = subprocess.run(
                [*COMMAND, *line], cwd=home, input=given, stdout=full, stderr=subprocess.PIPE, check=False
            )
        told = ended.stderr.decode()
        assert ended.returncode == 2, told
        assert "No space left on device" in told
        assert "Traceback" not in told


def test_a_part_of_a_preview_is_not_left_behind(stocked: object, home: Path, kaibi: Callable[..., Ran]) -> None:
    del stocked
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with closing(sqlite3.connect(home / "kaibi.db")) as held:
        held.execute("SELECT count(*) FROM articles").fetchone()  # SQLite's own files are as large as they get
        resource.setrlimit(resource.RLIMIT_FSIZE, (4000, limits[1]))
        try:
            ran = kaibi("digest", "preview", "--html", "week.html")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (ran.status, ran.err.count("\n")) == (2, 1)
    assert ran.err.startswith("week.html: cannot be written (File too large)")
    assert not (home / "week.html").exists()


def test_a_missing_option_is_one_line(home: Path) -> None:
    ran = kaibi_process("export", "statements", cwd=home)
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert "csv, jsonl, dna" in ran.stderr


def test_ctrl_c_ends_a_stream_with_one_line_and_status_130(home: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "stance", "--jsonl"],
        cwd=home,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write('{"id": "a", "text": "开源大模型会赢"}\n'.encode())
        process.stdin.flush()
        assert b'"stance": "open"' in process.stdout.readline()  # answered while the input is still open
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b"interrupted - what was done is kept\n"
        assert process.wait(20) == INTERRUPTED


def test_output_is_utf8_whatever_the_locale_says(home: Path) -> None:
    (home / "config.toml").write_text(DEBATE, encoding="utf-8")
    env = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ran = kaibi_process("config", "show", cwd=home, env=env)
    assert 'title = "开源还是闭源?"' in ran.stdout


def test_text_from_outside_cannot_steer_the_terminal(home: Path, kaibi: Callable[..., Ran]) -> None:
    (home / "config.toml").write_text(DEBATE, encoding="utf-8")
    ran = kaibi("sources", "test", "\x1b[31mred\u202e")
    assert ran.status == 2
    assert "\x1b" not in ran.err
    assert "\u202e" not in ran.err


def test_the_log_is_one_json_object_a_line_when_asked(home: Path, kaibi: Callable[..., Ran]) -> None:
    import json
    import logging

    (home / "config.toml").write_text(DEBATE, encoding="utf-8")
    assert kaibi("--log-json", "config", "check", "--log-level", "info").status == 0
    root = logging.getLogger()
    formatted = [
        handler.format(logging.LogRecord("kaibi.crawl", level, __file__, 1, "第 %d 次", (3,), None))
        for handler in root.handlers
        for level in (logging.INFO,)
    ]
    entry = json.loads(formatted[0])
    assert (entry["level"], entry["logger"], entry["message"]) == ("info", "kaibi.crawl", "第 3 次")
    other = logging.LogRecord("scrapy.core", logging.INFO, __file__, 1, "noise", (), None)
    assert not root.handlers[0].filter(other)


def test_version_and_completion_are_answered(kaibi: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    assert kaibi("--version").out.startswith("kaibi 0.")
    nothing = kaibi()
    assert (nothing.status, nothing.out) == (2, "")
    assert nothing.err.startswith("Usage: kaibi")
    monkeypatch.setenv("_KAIBI_COMPLETE", "bash_source")
    assert "complete" in kaibi().out
