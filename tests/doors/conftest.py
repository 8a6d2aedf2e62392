"""A web site and a mail server, a stocked database, and ways to run the command."""

from __future__ import annotations

import io
import logging
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from pipeline.config.load import load
from pipeline.doors.cli import main
from pipeline.model import PageText
from pipeline.settings import Source, SourceKind
from pipeline.steps.analyse import analyse
from pipeline.store import articles, sources
from pipeline.store.database import open_database
from pipeline.weeks import Week
from tests import servers
from tests.doors.doors_site import DEBATE, NOW, Ran, article_text, source_table
from tests.servers import MailServer, Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as started:
        yield started


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with nothing of kaibi in the environment."""
    monkeypatch.chdir(tmp_path)
    secrets = ("KAIBI_MAIL_PASSWORD", "KAIBI_MAIL_PASSWORD_FILE", "KAIBI_REFEREE_KEY", "KAIBI_REFEREE_KEY_FILE")
    for name in ("KAIBI_CONFIG", *secrets):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def kaibi(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Ran]]:
    """Run ``kaibi`` in this process: the same entry, without a process's second."""
    del home
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level

    def run(*arguments: str, given: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        capsys.readouterr()
        status = main(arguments)
        out, err = capsys.readouterr()
        return Ran(status, out, err)

    yield run
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)


@pytest.fixture
def stocked(home: Path) -> Week:
    """A config and a database with three read articles in the last whole week, and who gets the digest."""
    (home / "config.toml").write_text(
        f'{DEBATE}\n[digest]\nevery = "mon 00:00"\nrecipients = ["reader@example.com"]\n[mail]\nsender = "kaibi@example.com"\n'
        + source_table("小站", "http://127.0.0.1:9/feed.xml"),
        encoding="utf-8",
    )
    configured = load(home / "config.toml")
    settings = configured.settings
    week = Week.of(NOW, settings.debate.zone) - 1
    db = open_database(configured.store_url, now=NOW - timedelta(days=30))
    sources.sync(db, (Source(name="小站", kind=SourceKind.FEED, url="http://127.0.0.1:9/feed.xml"),))
    for number in range(3):
        text = PageText(
            title=f"第{number}场论坛谈大模型",
            text=article_text(number),
            published_at=week.starts_at(settings.debate.zone) + timedelta(days=2, hours=number),
            author=None,
            language="zh",
        )
        url = f"http://127.0.0.1:9/a/{number}.html"
        articles.add(db, "小站", url=url, key=url, text=text, now=NOW - timedelta(days=1))
    analyse(db, settings.debate, again=False, now=NOW)
    db.close()
    return week


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with servers.mail_server() as server:
        yield server
