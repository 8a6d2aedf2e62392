"""What a mail is made of: headers, both parts, and bytes that survive every server on the way."""

from __future__ import annotations

import email
import os
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from pipeline.errors import DeliveryError
from pipeline.mail.message import build_message, list_id_for, message_id_for, unsubscribe_link
from pipeline.mail.outbox import exists, file_name, write
from pipeline.mail.render import render
from pipeline.model import Wording
from pipeline.settings import Recipient
from tests.mail.mail_samples import DEBATE, WEEK, usual_week

SENT_AT = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
ANNA = Recipient(address="anna@example.com", name="安娜")
SENDER = "开闭周报 <kaibi@example.com>"


def built(
    *,
    subject: str = "开源阵营占比升至 64%",
    sender: str = SENDER,
    recipient: Recipient = ANNA,
    message_id: str = "<one@example.com>",
    list_id: str = "kaibi.example.com",
    sent_at: datetime = SENT_AT,
) -> EmailMessage:
    rendered = Wording(subject=subject, preheader="", html="<p>你好 . </p>\n", text="你好\n.\n-- \nkaibi\n")
    return build_message(
        rendered,
        sender=sender,
        recipient=recipient,
        message_id=message_id,
        sent_at=sent_at,
        list_id=list_id,
        language="zh",
    )


def read_back(message: EmailMessage) -> EmailMessage:
    parsed = email.message_from_bytes(message.as_bytes(), policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_a_message_has_the_headers_of_an_automatic_list_mail() -> None:
    message = read_back(built())
    assert {name: str(value) for name, value in message.items()} == {
        "From": "开闭周报 <kaibi@example.com>",
        "To": "安娜 <anna@example.com>",
        "Subject": "开源阵营占比升至 64%",
        "Date": "Mon, 23 Nov 2026 00:00:00 +0000",
        "Message-ID": "<one@example.com>",
        "List-Id": "<kaibi.example.com>",
        "List-Unsubscribe": "<mailto:kaibi@example.com?subject=unsubscribe>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "zh-CN",
        "MIME-Version": "1.0",
        "Content-Type": message["Content-Type"],
    }
    assert message.get_content_type() == "multipart/alternative"


def test_both_parts_survive_the_way_and_every_byte_is_ascii() -> None:
    rendered = render(usual_week(), DEBATE, language="zh", unsubscribe=None)
    message = build_message(
        rendered,
        sender=SENDER,
        recipient=ANNA,
        message_id="<one@example.com>",
        sent_at=SENT_AT,
        list_id="kaibi.example.com",
        language="zh",
    )
    raw = message.as_bytes()
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    parts = [part for part in read_back(message).walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert [part.get_content().replace("\r\n", "\n") for part in parts] == [rendered.text, rendered.html]


def test_the_same_mail_is_the_same_bytes() -> None:
    assert built().as_bytes() == built().as_bytes()


def test_english_plain_text_stays_readable_in_the_source() -> None:
    rendered = Wording(subject="x", preheader="", html="<p>x</p>", text="Plain words.\n")
    message = build_message(
        rendered,
        sender="",
        recipient=Recipient(address="bob@example.com"),
        message_id="<one@example.com>",
        sent_at=SENT_AT,
        list_id="kaibi",
        language="en",
    )
    assert b"Plain words." in message.as_bytes()
    assert message["From"].addresses[0].username == "kaibi"
    assert message["Content-Language"] == "en"


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x0b", "\x00"])
def test_no_line_break_makes_a_header(break_: str) -> None:
    evil = f"x{break_}Bcc: spy@example.com"
    message = read_back(
        built(
            subject=evil,
            sender=f"{evil} <kaibi@example.com>",
            recipient=Recipient.model_construct(address="anna@example.com", name=evil, language=None),
        )
    )
    assert message["Bcc"] is None
    assert len(message.keys()) == 11
    assert message["Subject"] == "x Bcc: spy@example.com"
    assert [address.addr_spec for address in message["To"].addresses] == ["anna@example.com"]


def test_a_long_chinese_subject_is_folded_and_read_back_whole() -> None:
    subject = "开源阵营占比升至 64%（+12）：" + "沈望川转向开源，" * 20
    assert read_back(built(subject=subject))["Subject"] == subject.strip()


@pytest.mark.parametrize("address", ["张三@example.com", 'a"b@example.com', "a b@example.com", "a@b_c", "nobody"])
def test_an_address_that_mail_cannot_carry_is_refused_with_its_place(address: str) -> None:
    with pytest.raises(DeliveryError, match=r"^digest\.recipients: "):
        built(recipient=Recipient.model_construct(address=address, name="", language=None))
    with pytest.raises(DeliveryError, match=r"^mail\.sender: "):
        built(sender=f"x <{address}>" if address != "nobody" else address)


def test_a_chinese_domain_is_written_as_the_net_knows_it() -> None:
    message = built(recipient=Recipient(address="anna@例子.公司"))
    assert message["To"].addresses[0].addr_spec == "anna@xn--fsqu00a.xn--55qx5d"


@pytest.mark.parametrize("bad", ["one@example.com", "<a\r\nBcc: x@y>", "<a b@c>"])
def test_a_bad_message_id_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="Message-ID"):
        built(message_id=bad)


def test_a_bad_list_id_or_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="List-Id"):
        built(list_id="a>\r\nBcc: x")
    with pytest.raises(ValueError, match="no zone"):
        built(sent_at=SENT_AT.replace(tzinfo=None))


def test_a_message_id_is_the_same_for_the_same_digest_recipient_and_database_only() -> None:
    first = message_id_for(WEEK, ANNA, "db-1")
    assert first == message_id_for(WEEK, Recipient(address="Anna@Example.com"), "db-1")
    others = {
        message_id_for(WEEK + 1, ANNA, "db-1"),
        message_id_for(WEEK, Recipient(address="bob@example.com"), "db-1"),
        message_id_for(WEEK, ANNA, "db-2"),
    }
    assert len(others | {first}) == 4
    assert built(message_id=first)["Message-ID"] == first


def test_the_list_and_its_unsubscribe_address_come_from_the_sender() -> None:
    assert list_id_for(SENDER) == "kaibi.example.com"
    assert unsubscribe_link("a+b@例子.公司") == "mailto:a%2Bb@xn--fsqu00a.xn--55qx5d?subject=unsubscribe"


def test_the_outbox_keeps_a_mail_as_one_whole_file(tmp_path: Path) -> None:
    folder, name = tmp_path / "new" / "outbox", file_name(WEEK, ANNA)
    assert not exists(folder, name=name)
    file = write(built(), folder, name=name)
    assert exists(folder, name=name)
    assert file.read_bytes() == built().as_bytes()
    assert [each.name for each in folder.iterdir()] == [name]


def test_a_mail_in_the_outbox_is_not_written_twice(tmp_path: Path) -> None:
    name = file_name(WEEK, ANNA)
    file = write(built(subject="first"), tmp_path, name=name)
    before = file.stat().st_mtime_ns
    assert write(built(subject="second"), tmp_path, name=name) == file
    assert (file.stat().st_mtime_ns, b"first" in file.read_bytes()) == (before, True)


def test_what_a_crash_left_half_written_is_no_mail_and_does_no_harm(tmp_path: Path) -> None:
    name = file_name(WEEK, ANNA)
    (tmp_path / f".{name}.part").write_bytes(b"half a ma")
    assert not exists(tmp_path, name=name)
    assert write(built(), tmp_path, name=name).read_bytes() == built().as_bytes()
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_name_is_safe_and_different_for_each_address() -> None:
    addresses = ["a.b@example.com", "a-b@example.com", "../../etc@example.com", "张三@例子.公司", "x" * 300 + "@a.b"]
    names = [file_name(WEEK, Recipient(address=address)) for address in addresses]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"2026-W47-[a-z0-9@_-]*-[0-9a-f]{8}\.eml", name) for name in names)
    assert max(map(len, names)) < 100
    assert file_name(WEEK, Recipient(address="ANNA@example.com")) == file_name(WEEK, ANNA)


@pytest.mark.parametrize("name", ["", ".", "..", "../x.eml", "a/b.eml", "a\\b.eml", "a\x00.eml"])
def test_a_path_is_no_file_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no file name"):
        write(built(), tmp_path, name=name)


def test_an_outbox_that_is_a_file_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("in the way")
    with pytest.raises(DeliveryError, match=r"^mail\.outbox: cannot write .*name a folder that can be written"):
        write(built(), tmp_path / "outbox", name="x.eml")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full to stand for a full disk")
def test_a_full_disk_leaves_no_mail_behind(tmp_path: Path) -> None:
    (tmp_path / ".x.eml.part").symlink_to("/dev/full")
    with pytest.raises(DeliveryError, match="No space left on device"):
        write(built(), tmp_path, name="x.eml")
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - hidden files too, in one line
