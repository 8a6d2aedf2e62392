"""The sample site: six made-up news outlets on free ports of this machine, for the demo and the tests.

Keeps to itself the servers, what they log, and the config that points kaibi at them. The dates are
counted back from the day that is given, so the demo is always fresh.
"""

from __future__ import annotations

import json
import re
import tomllib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

from examples.demo.sample_pages import FRONTS, pages_of, path_of
from examples.demo.sample_texts import outlets

if TYPE_CHECKING:
    from datetime import date
    from types import TracebackType

    from examples.demo.sample_pages import Page
    from examples.demo.sample_texts import Outlet, SampleArticle
    from pipeline.weeks import Week

RECIPIENTS: Final = ("fenxi@example.com", "analyst@example.org")
"""Who gets the demo's digest; the first in Chinese, the second in English."""
WRITTEN_BY: Final = "# Written by the demo"
"""How the demo's config begins: the mark of a folder that the demo may clear."""
_KINDS = {"zhichao": "listing", "yunduan": "sitemap"}
_SELECTORS = {
    "zhichao": {
        "link": "div.con-details h3 > a",
        "next": "div.page a.next",
        "title": "div.artical h1",
        "body": "#articleC",
        "date": "div.time",
        "author": "p.editor span",
    }
}
_PROJECT = Path(__file__).parents[2]
_ACTORS = """
[[debate.actor]]
name = "沈望川"
aliases = ["Shen Wangchuan"]
org = "澜石智能"

[[debate.actor]]
name = "莫北辰"
aliases = ["Mo Beichen"]
org = "源野社区"
"""


class _OutletServer(ThreadingHTTPServer):
    """One outlet on its own port."""

    daemon_threads = True

    def __init__(self, outlet: Outlet) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.base = f"http://127.0.0.1:{self.server_address[1]}"
        self.pages: dict[str, Page] = pages_of(outlet, self.base)
        self.asked: list[str] = []


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _OutletServer

    def do_GET(self) -> None:
        """Answer with the page, with 304 where the asker has it, or with 404."""
        self.server.asked.append(self.path)
        page = self.server.pages.get(urlsplit(self.path).path)
        if page is None:
            self.send_error(404)
        elif _is_unchanged(page, self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")):
            self.send_response(304)
            self._send_validators(page)
            self.end_headers()
        else:
            self.send_response(200)
            self.send_header("Content-Type", page.content_type)
            self.send_header("Content-Length", str(len(page.body)))
            self._send_validators(page)
            self.end_headers()
            self.wfile.write(page.body)

    def _send_validators(self, page: Page) -> None:
        if page.etag is not None and page.modified is not None:
            self.send_header("ETag", page.etag)
            self.send_header("Last-Modified", page.modified)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's signature
        """Say nothing: ``_OutletServer.asked`` is the log."""


def _is_unchanged(page: Page, etag: str | None, since: str | None) -> bool:
    if page.etag is None:
        return False
    return etag == page.etag if etag is not None else since is not None and since == page.modified


class SampleSite:
    """The six outlets, answering from birth until ``close()``; a context manager."""

    def __init__(self, today: date) -> None:
        """Start the servers; ``today`` (in Asia/Shanghai) lies in the week after the newest articles."""
        self.outlets = outlets(today)
        self._servers = {outlet.key: _OutletServer(outlet) for outlet in self.outlets}
        self._threads = [Thread(target=server.serve_forever, args=(0.05,)) for server in self._servers.values()]
        for thread in self._threads:
            thread.start()

    @property
    def articles(self) -> tuple[SampleArticle, ...]:
        """Every article of every outlet, oldest first."""
        return tuple(sorted((a for o in self.outlets for a in o.articles), key=lambda a: a.published_at))

    @property
    def weeks(self) -> tuple[Week, ...]:
        """The weeks that have articles, oldest first."""
        return tuple(sorted({article.week for article in self.articles}))

    @property
    def requests(self) -> dict[str, list[str]]:
        """The paths that were asked for so far, by outlet key, in order of arrival, with their queries."""
        return {key: list(server.asked) for key, server in self._servers.items()}

    @property
    def sources(self) -> list[dict[str, str]]:
        """The ``[[source]]`` tables for a config: name, kind, url, delay, and selectors where one is needed."""
        return [
            {
                "name": outlet.name,
                "kind": _KINDS.get(outlet.key, "feed"),
                "url": self._servers[outlet.key].base + FRONTS[outlet.key],
                "delay": "0s",
                **_SELECTORS.get(outlet.key, {}),
            }
            for outlet in self.outlets
        ]

    def url_of(self, article: SampleArticle) -> str:
        """Return the article's whole address, without tracking parameters."""
        return self._servers[article.outlet].base + path_of(article)

    def close(self) -> None:
        """Stop the servers and free their ports."""
        for server in self._servers.values():
            server.shutdown()
            server.server_close()
        for thread in self._threads:
            thread.join()

    def __enter__(self) -> Self:
        """Return the site, which answers already."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the site."""
        self.close()


def config_text(site: SampleSite, *, folder: Path, smtp_port: int) -> str:
    """Return a whole ``config.toml``: the debate, the six outlets, mail to RECIPIENTS through 127.0.0.1.

    The database lies in ``folder``. The debate is that of the project's own ``config.toml``.
    """
    debate = debate_tables((_PROJECT / "config.toml").read_text(encoding="utf-8"))
    sources = "\n".join(_table("[[source]]", source) for source in site.sources)
    first, second = RECIPIENTS
    return f"""{WRITTEN_BY}; its addresses answer only while the demo runs.
{debate.rstrip()}
{_ACTORS}
{sources}
[store]
url = {_toml(f"sqlite:///{folder.resolve() / 'kaibi.db'}")}

[digest]
recipients = [{_toml(first)}, {{ address = {_toml(second)}, language = "en" }}]
min_votes = 8

[mail]
transport = "smtp"
host = "127.0.0.1"
port = {smtp_port}
security = "none"
sender = "kaibi@example.com"
"""


def debate_tables(config: str) -> str:
    """Return the ``[debate...]`` tables of a config as they are written there, comments inside them too."""
    kept, within = [], False
    for line in config.splitlines():
        header = re.match(r"\[\[?\s*(\w+)[\w.\s]*\]\]?\s*(#.*)?$", line)
        if header:
            within = header[1] == "debate"
        if within:
            kept.append(line)
    while kept and (not kept[-1].strip() or kept[-1].startswith("#")):
        kept.pop()
    text = "\n".join(kept) + "\n"
    if tomllib.loads(text).get("debate") != tomllib.loads(config).get("debate"):
        raise ValueError(
            "config.toml: its [debate] tables could not be told apart - write each header on a line of its own"
        )
    return text


def _table(header: str, values: dict[str, str]) -> str:
    return "\n".join([header, *(f"{key} = {_toml(value)}" for key, value in values.items())]) + "\n"


def _toml(text: str) -> str:
    """Return the text as a TOML string: JSON's escapes are a part of TOML's."""
    return json.dumps(text, ensure_ascii=False)
