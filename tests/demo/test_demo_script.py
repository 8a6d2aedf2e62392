"""The demo's script: it keeps mails, clears only what it made, says which command failed, and runs through."""

from __future__ import annotations

import smtplib
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from examples.demo.__main__ import DemoFailed, Kaibi, _fresh, _smtp_server, _week_line
from examples.demo.sample_site import RECIPIENTS, SampleSite

PROJECT = Path(__file__).parents[2]


def test_the_mailbox_keeps_a_mail_once_for_each_recipient() -> None:
    with _smtp_server() as (mailbox, port):
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            client.sendmail("a@example.com", list(RECIPIENTS), b"Subject: x\r\n\r\nhello\r\n")
        assert [recipient for recipient, _ in mailbox.mails] == list(RECIPIENTS)
        assert b"hello" in mailbox.mails[0][1]


def test_a_fresh_run_clears_what_the_last_one_made_and_nothing_else(tmp_path: Path) -> None:
    with SampleSite(today=date(2026, 11, 23)) as site:
        _fresh(tmp_path, site, 2525)
        for name in ("kaibi.db", "kaibi.db-wal", "digest.html", "notes.txt"):
            (tmp_path / name).write_text("old", encoding="utf-8")
        kaibi = _fresh(tmp_path, site, 2526)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.toml", "notes.txt"]
    assert "port = 2526" in kaibi.config.read_text(encoding="utf-8")
    assert kaibi.program.parent == Path(sys.executable).parent


def test_a_folder_with_somebody_elses_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[debate]\n", encoding="utf-8")
    with SampleSite(today=date(2026, 11, 23)) as site, pytest.raises(DemoFailed, match="another folder"):
        _fresh(tmp_path, site, 2525)
    assert (tmp_path / "config.toml").read_text(encoding="utf-8") == "[debate]\n"


def test_a_command_that_fails_is_named_with_what_it_said(tmp_path: Path) -> None:
    python = Kaibi(program=Path(sys.executable), config=tmp_path / "config.toml")
    with pytest.raises(DemoFailed, match=r"kaibi crawl: exit status 2\n.*--config"):
        python.run("crawl")


def test_a_command_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    nobody = Kaibi(program=tmp_path / "kaibi", config=tmp_path / "config.toml")
    with pytest.raises(DemoFailed, match=r"make \.venv"):
        nobody.run("crawl")


@pytest.mark.parametrize(
    ("language", "told"),
    [("zh", ["15 篇文章", "开源 75%", "沈望川 (闭源 → 开源)"]), ("en", ["15 articles", "open 75%"])],
)
def test_a_weeks_line_tells_votes_shares_and_turns(language: str, told: list[str]) -> None:
    line = _week_line(
        {
            "week": "2026-W47",
            "votes": {"open": 3, "closed": 1, "mixed": 0, "neutral": 0},
            "shares": {"open": {"share": 0.75}, "closed": {"share": 0.25}},
            "turns": [{"actor": "沈望川", "from": "closed", "to": "open"}],
            "coverage": {"articles": 15, "statements": 40},
        },
        language,
    )
    assert all(words in line for words in ("2026-W47", *told))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Run the demo once; give what it printed and its folder."""
    folder = tmp_path_factory.mktemp("demo")
    ended = subprocess.run(
        [sys.executable, "-m", "examples.demo", "--folder", str(folder), "--lang", "en"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout, folder


def test_the_demo_reads_every_article_and_mails_the_digest_once(demo: tuple[str, Path]) -> None:
    printed, folder = demo
    assert "Read: 75 articles" in printed
    assert "one to each recipient; sending again mailed nothing" in printed
    assert all(recipient in printed for recipient in RECIPIENTS)
    assert "<html" in (folder / "digest.html").read_text(encoding="utf-8")
    assert b"Subject:" in (folder / "digest.eml").read_bytes()


def test_the_demo_finds_the_turn_of_its_story(demo: tuple[str, Path]) -> None:
    printed, _ = demo
    assert "沈望川 (closed → open)" in printed.partition("Turned:")[2]
