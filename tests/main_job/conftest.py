"""A site, a mail server and the real command: what the main job runs between."""

from __future__ import annotations

import json
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests import servers
from tests.doors.doors_site import COMMAND
from tests.servers import MailServer, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

OFWEEK = Path(__file__).parents[2].parent / "shared" / "real" / "ofweek"
WEEK = "2024-W17"
RECIPIENTS = ["first@example.com", "second@example.com"]


@dataclass
class Kaibi:
    """The real command in its own process, in a folder with its config."""

    folder: Path

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*COMMAND, *arguments], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def __call__(self, *arguments: str) -> str:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, f"kaibi {' '.join(arguments)} ended with {process.returncode}:\n{out}\n{err}"
        return out

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments))


@pytest.fixture
def site() -> Iterator[Site]:
    with _ofweek() as started:
        yield started


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with servers.mail_server() as server:
        yield server


@pytest.fixture
def kaibi(tmp_path: Path, site: Site, mail_server: MailServer) -> Kaibi:
    """Give a kaibi that has done nothing yet."""
    return _configured(tmp_path / "home", site.url, mail_server.port)


@pytest.fixture(scope="session")
def database_read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Crawl the site and read what came, once for all tests that begin after that; give the database."""
    with _ofweek() as started:
        kaibi = _configured(tmp_path_factory.mktemp("read") / "home", started.url, mail_port=9)
        kaibi("crawl")
        kaibi("analyse")
    return kaibi.folder / "kaibi.db"


@pytest.fixture
def reader(tmp_path: Path, database_read: Path, mail_server: MailServer) -> Kaibi:
    """Give a kaibi that has crawled and read, and mailed nothing yet. Its site answers no more."""
    kaibi = _configured(tmp_path / "home", f"http://127.0.0.1:{servers.free_port()}", mail_server.port)
    shutil.copy(database_read, kaibi.folder)
    return kaibi


@contextmanager
def _ofweek() -> Iterator[Site]:
    """Serve the saved OFweek pages."""
    if not OFWEEK.is_dir():
        pytest.skip("the saved OFweek pages (../shared/real/ofweek) are not on this machine")
    with Site() as started:
        for page in OFWEEK.rglob("*.html"):
            started.put(f"/{page.relative_to(OFWEEK).as_posix()}", page.read_bytes(), "text/html")
        yield started


def _configured(folder: Path, site_url: str, mail_port: int) -> Kaibi:
    folder.mkdir()
    (folder / "config.toml").write_text(
        f"""
        [debate]
        [debate.sides.open]
        label = "开源"
        terms = ["开源", "开放源代码", "开放权重"]
        not_terms = ["开源节流", "开源证券"]
        [debate.sides.closed]
        label = "闭源"
        terms = ["闭源", "封闭模型"]
        [debate.topic]
        any = ["大模型", "AI", "人工智能"]
        [[source]]
        name = "OFweek"
        kind = "listing"
        url = "{site_url}/ai/index.html"
        delay = "0s"
        [digest]
        recipients = {RECIPIENTS}
        [mail]
        transport = "smtp"
        host = "127.0.0.1"
        port = {mail_port}
        security = "none"
        """,
        encoding="utf-8",
    )
    return Kaibi(folder)
