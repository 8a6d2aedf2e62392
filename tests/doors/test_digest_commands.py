"""digest preview, send, status, resend; status, export, db: on a stocked database."""

from __future__ import annotations

import csv
import io
import json
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.weeks import Week
    from tests.doors.doors_site import Ran


def test_preview_writes_every_part_and_stores_nothing(stocked: Week, home: Path, kaibi: Callable[..., Ran]) -> None:
    plain = kaibi("digest", "preview")
    assert plain.status == 0
    assert "林一舟" in plain.out
    assert "next: kaibi digest send" in plain.err
    ran = kaibi(
        "digest", "preview", "--week", str(stocked), "--html", "w.html", "--text", "-", "--eml", "w.eml", "--json"
    )
    assert ran.status == 0
    text, brace, document = ran.out.partition("\n{")
    found = json.loads(brace + document)
    assert text.strip() == plain.out.strip()
    assert found["week"] == str(stocked)
    assert found["votes"] == {"open": 2, "closed": 1, "mixed": 0, "neutral": 0}
    assert {"shares", "change", "turns", "new_voices", "stories", "coverage"} <= set(found)
    assert "林一舟" in (home / "w.html").read_text(encoding="utf-8")
    mail = message_from_bytes((home / "w.eml").read_bytes(), policy=policy.default)
    assert mail["To"] == "reader@example.com"
    assert "林一舟" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert kaibi("digest", "status").err.startswith("no digest was built yet")
    assert kaibi("digest", "preview", "--html", "missing/w.html").err.startswith("missing/w.html: cannot be written")


def test_an_empty_weeks_preview_says_which_weeks_have_statements(stocked: Week, kaibi: Callable[..., Ran]) -> None:
    ran = kaibi("digest", "preview", "--week", "2020-W05")
    assert ran.status == 0
    assert ran.err.startswith(f"2020-W05: no statement in this week; there are some in {stocked} (")


def test_a_week_at_the_calendars_end_is_wrong_use(stocked: Week, kaibi: Callable[..., Ran]) -> None:
    del stocked
    ran = kaibi("digest", "preview", "--week", "9999-W52")
    assert ran.status == 2
    assert "9999-W52 is too far away" in ran.err


def test_send_mails_once_and_status_and_resend_follow_it(stocked: Week, home: Path, kaibi: Callable[..., Ran]) -> None:
    test_mail = kaibi("digest", "send", "--to", "me@example.com")
    assert test_mail.status == 0
    assert kaibi("digest", "status").out == ""  # a test mail leaves the ledger alone
    sent = kaibi("digest", "send")
    assert sent.status == 0
    assert f"{stocked} to reader@example.com: written to {home / 'outbox'}" in sent.err
    assert sent.err.count("no statement in this week, so no mail") >= 3  # the weeks since the database was made
    again = kaibi("digest", "send")
    assert again.status == 0
    assert f"nothing is owed: {stocked} was mailed to 1 recipient" in again.err
    mails = sorted(path.name for path in (home / "outbox").iterdir())
    assert [name.startswith("test-") for name in mails] == [False, True]
    listed = kaibi("digest", "status").out
    assert f"{stocked}  " in listed
    assert "sent" in listed
    assert "no delivery that failed" in kaibi("digest", "resend").err
    for mail in (home / "outbox").iterdir():
        mail.unlink()
    assert kaibi("digest", "resend", "--to", "reader@example.com").status == 0
    assert len(list((home / "outbox").iterdir())) == 1
    assert "no digest was built for 2020-W05" in kaibi("digest", "resend", "--week", "2020-W05").err


def test_a_week_that_is_not_over_goes_out_with_a_word_of_what_that_means(
    stocked: Week, kaibi: Callable[..., Ran]
) -> None:
    ran = kaibi("digest", "send", "--week", str(stocked + 1))
    assert ran.status == 0
    assert "this is its digest for good" in ran.err
    to_come = kaibi("digest", "send", "--week", str(stocked + 9))
    assert to_come.status == 2
    assert "name a week that has begun" in to_come.err
    assert kaibi("digest", "send", "--to", "nobody").err == (
        '--to: "nobody" is no mail address - write one such as name@example.com\n'
    )


def test_a_mail_that_cannot_be_delivered_ends_with_status_5_and_is_kept(
    stocked: Week, home: Path, kaibi: Callable[..., Ran]
) -> None:
    (home / "outbox").write_bytes(b"in the way")
    failed = kaibi("digest", "send", "--week", str(stocked))
    assert failed.status == 5
    assert f"{stocked} to reader@example.com: mail.outbox: cannot write" in failed.err
    assert "kept, tried again at" in failed.err
    assert "tried again at" in kaibi("digest", "status").out
    assert json.loads(kaibi("status", "--json").out)["deliveries_not_sent"][0]["state"] == "ready"
    assert "kaibi digest status says what to do" in kaibi("status").out
    (home / "outbox").unlink()
    assert kaibi("digest", "send").status == 0
    assert len(list((home / "outbox").iterdir())) == 1


def test_without_recipients_send_says_where_to_write_one(stocked: Week, home: Path, kaibi: Callable[..., Ran]) -> None:
    config = (home / "config.toml").read_text(encoding="utf-8")
    (home / "config.toml").write_text(config.replace('["reader@example.com"]', "[]"), encoding="utf-8")
    ran = kaibi("digest", "send", "--week", str(stocked))
    assert ran.status == 0
    assert "write an address into [digest] recipients in config.toml" in ran.err


def test_status_tells_sources_waiting_and_digests(stocked: Week, kaibi: Callable[..., Ran]) -> None:
    told = kaibi("status")
    assert told.status == 0
    assert "sources   1 enabled: 1 new" in told.out
    assert "3 articles, " in told.out
    assert "0 articles to be read" in told.out
    kaibi("digest", "send", "--week", str(stocked))
    assert f"last {stocked}" in kaibi("status").out
    found = json.loads(kaibi("status", "--json").out)
    assert found["articles"] == 3
    assert found["waiting"] == {"articles_unread": 0, "pages_waiting": 0, "pages_given_up": 0}
    assert found["digest"]["last"]["week"] == str(stocked)
    assert found["sources"][0]["name"] == "小站"
    assert found["last_run"] is None


def test_analyse_reads_again_when_asked(stocked: Week, home: Path, kaibi: Callable[..., Ran]) -> None:
    del stocked
    nothing = kaibi("analyse")
    assert nothing.status == 0
    assert nothing.err.startswith("nothing to read")
    config = (home / "config.toml").read_text(encoding="utf-8")
    (home / "config.toml").write_text(config.replace('["开源"]', '["开源", "开放"]'), encoding="utf-8")
    assert "3 articles were read with other terms" in kaibi("analyse").err
    assert kaibi("analyse", "--all").err.startswith("read 3 articles, found ")


def test_statements_are_exported_in_every_form(stocked: Week, kaibi: Callable[..., Ran]) -> None:
    del stocked
    lines = kaibi("export", "statements", "--format", "jsonl").out.splitlines()
    rows = [json.loads(line) for line in lines]
    assert {row["speaker"] for row in rows} >= {"林一舟", "赵明澈", "陈知夏"}
    table = list(csv.DictReader(io.StringIO(kaibi("export", "statements", "--format", "csv").out)))
    assert [row["quote"] for row in table] == [row["quote"] for row in rows]
    events = list(csv.DictReader(io.StringIO(kaibi("export", "statements", "--format", "dna").out)))
    assert {event["concept"] for event in events} == {"开源", "闭源"}


def test_the_database_is_copied_and_never_over_another_file(
    stocked: Week, home: Path, kaibi: Callable[..., Ran]
) -> None:
    del stocked
    assert kaibi("db", "upgrade").out.endswith("kaibi.db: ok, of this version\n")
    assert kaibi("db", "backup", "copy.db").out == "copy.db\n"
    assert (home / "copy.db").stat().st_size > 0
    assert kaibi("db", "backup", "copy.db").status == 3
