"""The main job on the article that kaibi starts from: source, article, statements, digest, two mails, each once."""

from __future__ import annotations

import json
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.main_job.conftest import RECIPIENTS, WEEK
from tests.servers import Answer

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator

    from tests.main_job.conftest import Kaibi
    from tests.servers import MailServer, Site

ARTICLE = "/ai/2024-04/ART-201700-8500-30632353.html"


def job(kaibi: Kaibi) -> None:
    kaibi("crawl")
    kaibi("analyse")
    kaibi("digest", "send", "--week", WEEK)


def test_the_article_becomes_statements_a_digest_and_two_mails(reader: Kaibi, mail_server: MailServer) -> None:
    reader("digest", "send", "--week", WEEK)

    rows = [json.loads(line) for line in reader("export", "statements", "--format", "jsonl").splitlines()]
    assert {row["article_title"] for row in rows} == {"大模型应开源还是闭源?周鸿祎怼上了李彦宏"}
    assert {row["published_at"] for row in rows} == {"2024-04-22T01:27:00+00:00"}

    digest = reader.json("digest", "preview", "--week", WEEK, "--json")
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
    kaibi("crawl")
    kaibi("analyse", "--all")
    kaibi("digest", "send", "--week", WEEK)
    assert site.paths().count(ARTICLE) == 1
    assert kaibi("export", "statements", "--format", "jsonl") == before
    assert mail_server.recipients == RECIPIENTS


def test_a_crawl_killed_while_it_fetches_the_article_is_taken_up_again(
    kaibi: Kaibi, site: Site, mail_server: MailServer
) -> None:
    page = site.answers[ARTICLE]
    with _killed(kaibi, "crawl") as die:
        site.answers[ARTICLE] = lambda _: die() or Answer(breaks=True)
    site.answers[ARTICLE] = page
    job(kaibi)
    assert mail_server.recipients == RECIPIENTS


def test_a_sender_killed_before_the_mail_goes_out_sends_it_later_and_once(
    reader: Kaibi, mail_server: MailServer
) -> None:
    with _killed(reader, "digest", "send", "--week", WEEK) as die:
        mail_server.on_recipient = die
    mail_server.on_recipient = None
    assert mail_server.mails == []
    reader("digest", "send", "--week", WEEK)
    reader("digest", "send")
    assert mail_server.recipients == RECIPIENTS


def test_a_sender_killed_once_the_server_has_the_mail_never_sends_it_again_by_itself(
    reader: Kaibi, mail_server: MailServer
) -> None:
    with _killed(reader, "digest", "send", "--week", WEEK) as die:
        mail_server.on_data = die
    mail_server.on_data = None
    reader("digest", "send", "--week", WEEK)
    reader("digest", "send", "--week", WEEK)
    assert mail_server.recipients == RECIPIENTS
    status = reader("digest", "status")
    assert "unknown" in status
    assert "kaibi digest resend" in status


@contextmanager
def _killed(kaibi: Kaibi, *arguments: str) -> Iterator[Callable[[], None]]:
    """Start a command when the block ends, and wait until it has died of the call that is given."""
    process: Future[subprocess.Popen[str]] = Future()

    def die() -> None:
        process.result(10).kill()
        process.result().wait()

    yield die
    process.set_result(kaibi.start(*arguments))
    assert process.result().wait(timeout=60) == -9
