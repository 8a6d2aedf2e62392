"""The main job on the article that kaibi starts from: source, article, statements, digest, two mails, each once."""

from __future__ import annotations

import csv
import io
import json
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

    from tests.main_job.conftest import Kaibi, MailServer, Site

ARTICLE = "/ai/2024-04/ART-201700-8500-30632353.html"
WEEK = "2024-W17"
RECIPIENTS = ["first@example.com", "second@example.com"]


def job(kaibi: Kaibi) -> None:
    kaibi("crawl")
    kaibi("analyse")
    kaibi("digest", "send", "--week", WEEK)


def test_the_article_becomes_statements_a_digest_and_two_mails(kaibi: Kaibi, mail_server: MailServer) -> None:
    job(kaibi)

    rows = [json.loads(line) for line in kaibi("export", "statements", "--format", "jsonl").splitlines()]
    assert {row["article_title"] for row in rows} == {"大模型应开源还是闭源?周鸿祎怼上了李彦宏"}
    assert {row["published_at"] for row in rows} == {"2024-04-22T01:27:00+00:00"}
    assert len(list(csv.DictReader(io.StringIO(kaibi("export", "statements", "--format", "csv"))))) == len(rows)

    digest = kaibi.json("digest", "preview", "--week", WEEK, "--json")
    sides = {vote["actor"]: vote["stance"] for vote in digest["voters"]}
    assert sides["李彦宏"] == "closed"
    assert sides["周鸿祎"] == "open"
    assert sides["周靖人"] == "open"
    assert sides["王小川"] in {"open", "mixed"}
    assert digest["change"]["verdict"] == "too_few"

    assert mail_server.recipients == RECIPIENTS
    for mail in mail_server.mails:
        html = mail.get_body(("html",))
        text = mail.get_body(("plain",))
        assert html is not None
        assert text is not None
        for part in (html.get_content(), text.get_content()):
            assert all(name in part for name in ("李彦宏", "周鸿祎", "周靖人"))
            assert not any(junk in part for junk in ("最新活动更多", "发表评论", "原文标题"))


def test_everything_a_second_time_fetches_reads_and_mails_nothing_more(
    kaibi: Kaibi, site: Site, mail_server: MailServer
) -> None:
    job(kaibi)
    before = kaibi("export", "statements", "--format", "jsonl")
    job(kaibi)
    kaibi("analyse", "--all")
    kaibi("digest", "send", "--week", WEEK)
    assert site.paths.count(ARTICLE) == 1
    assert kaibi("export", "statements", "--format", "jsonl") == before
    assert mail_server.recipients == RECIPIENTS


def test_a_crawl_killed_while_it_fetches_the_article_is_taken_up_again(
    kaibi: Kaibi, site: Site, mail_server: MailServer
) -> None:
    crawl = _killed_when(site, ARTICLE, kaibi)
    assert crawl.wait(timeout=60) == -9
    job(kaibi)
    assert mail_server.recipients == RECIPIENTS


def test_a_sender_killed_before_the_mail_goes_out_sends_it_later_and_once(
    kaibi: Kaibi, mail_server: MailServer
) -> None:
    kaibi("crawl")
    kaibi("analyse")
    sender: list[subprocess.Popen[str]] = []
    started = threading.Event()

    def die() -> None:
        started.wait(10)
        mail_server.on_recipient = None
        sender[0].kill()
        sender[0].wait()

    mail_server.on_recipient = die
    sender.append(kaibi.start("digest", "send", "--week", WEEK))
    started.set()
    assert sender[0].wait(timeout=60) == -9
    assert mail_server.mails == []
    kaibi("digest", "send", "--week", WEEK)
    kaibi("digest", "send")
    assert mail_server.recipients == RECIPIENTS


def test_a_sender_killed_once_the_server_has_the_mail_never_sends_it_again_by_itself(
    kaibi: Kaibi, mail_server: MailServer
) -> None:
    kaibi("crawl")
    kaibi("analyse")
    sender: list[subprocess.Popen[str]] = []
    started = threading.Event()

    def die() -> None:
        started.wait(10)
        mail_server.on_data = None
        sender[0].kill()
        sender[0].wait()

    mail_server.on_data = die
    sender.append(kaibi.start("digest", "send", "--week", WEEK))
    started.set()
    assert sender[0].wait(timeout=60) == -9
    kaibi("digest", "send", "--week", WEEK)
    kaibi("digest", "send", "--week", WEEK)
    assert mail_server.recipients == RECIPIENTS
    status = kaibi("digest", "status")
    assert "unknown" in status
    assert "kaibi digest resend" in status


def _killed_when(site: Site, path: str, kaibi: Kaibi) -> subprocess.Popen[str]:
    """Start a crawl that dies the moment it asks for ``path``."""
    started = threading.Event()
    crawl: list[subprocess.Popen[str]] = []

    def die(asked: str) -> None:
        if asked == path:
            started.wait(10)
            site.on_request = None
            crawl[0].kill()
            crawl[0].wait()

    site.on_request = die
    crawl.append(kaibi.start("crawl"))
    started.set()
    return crawl[0]
