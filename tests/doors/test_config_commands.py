"""init, config, doctor: the first things that anybody runs."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

from tests.doors.doors_site import DEBATE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.doors.doors_site import Ran
    from tests.servers import MailServer


def test_init_writes_a_config_that_is_right_and_says_what_comes_next(home: Path, kaibi: Callable[..., Ran]) -> None:
    ran = kaibi("init", "news")
    assert (ran.status, ran.out) == (0, "news/config.toml\n")
    assert ran.err.index("cd news") < ran.err.index("sources test") < ran.err.index("crawl") < ran.err.index("preview")
    assert kaibi("config", "check", "--config", "news/config.toml").status == 0
    before = (home / "news" / "config.toml").read_bytes()
    again = kaibi("init", "news")
    assert again.status == 2
    assert "never overwritten" in again.err
    assert (home / "news" / "config.toml").read_bytes() == before


def test_show_prints_every_default_and_masks_the_databases_password(home: Path, kaibi: Callable[..., Ran]) -> None:
    store = '[store]\nurl = "postgresql+psycopg://kaibi:hunter2@db/kaibi"\n'
    (home / "config.toml").write_text(DEBATE + store, encoding="utf-8")
    shown = kaibi("config", "show")
    assert "hunter2" not in shown.out
    assert tomllib.loads(shown.out)["crawl"]["delay"] == "1s"
    assert tomllib.loads(shown.out)["debate"]["sides"]["open"]["label"] == "开源"


def test_schema_is_json_schema(kaibi: Callable[..., Ran]) -> None:
    assert json.loads(kaibi("config", "schema").out)["$schema"].startswith("https://json-schema.org/")


def test_doctor_says_ok_a_line_each_or_what_to_do(home: Path, kaibi: Callable[..., Ran]) -> None:
    (home / "config.toml").write_text(DEBATE, encoding="utf-8")
    well = kaibi("doctor")
    assert well.status == 0, well.out
    subjects = [line[:13].strip() for line in well.out.splitlines()]
    assert subjects == [
        "python", "dependencies", "config", "folder", "database", "mail", "referee", "time zone", "disk", "clock",
    ]  # fmt: skip
    assert all(line[14:16] == "ok" for line in well.out.splitlines())
    assert "recipients is empty" in well.out


def test_doctor_names_what_is_wrong_and_ends_with_its_status(home: Path, kaibi: Callable[..., Ran]) -> None:
    assert kaibi("doctor").status == 2
    mail = '[mail]\ntransport = "smtp"\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"\nsender = "k@example.com"\n'
    (home / "config.toml").write_text(DEBATE + mail, encoding="utf-8")
    unreachable = kaibi("doctor")
    assert unreachable.status == 5
    assert "mail          !!  127.0.0.1: connecting to 127.0.0.1:9" in unreachable.out
    (home / "kaibi.db").write_bytes(b"no database" * 100)
    (home / "outbox").write_bytes(b"in the way")
    (home / "config.toml").write_text(DEBATE, encoding="utf-8")
    broken = kaibi("doctor")
    assert broken.status == 3
    assert "is no SQLite database" in broken.out
    assert "name another [mail] outbox" in broken.out


def test_doctor_goes_as_far_as_the_mail_servers_word_and_sends_nothing(
    home: Path, mail_server: MailServer, kaibi: Callable[..., Ran]
) -> None:
    mail = f'[mail]\ntransport = "smtp"\nhost = "127.0.0.1"\nport = {mail_server.port}\nsecurity = "none"\nsender = "Kai <k@example.com>"\n'
    (home / "config.toml").write_text(
        f'{DEBATE}{mail}[digest]\nrecipients = ["nobody@example.com"]\n', encoding="utf-8"
    )
    mail_server.answers["nobody@example.com"] = "550 no such user"
    refused = kaibi("doctor")
    assert refused.status == 5
    assert "recipient nobody@example.com: 550 no such user" in refused.out
    (home / "config.toml").write_text(f'{DEBATE}{mail}[digest]\nrecipients = ["a@example.com"]\n', encoding="utf-8")
    taken = kaibi("doctor")
    assert taken.status == 0, taken.out
    assert "127.0.0.1 takes mail from k@example.com to a@example.com" in taken.out
    assert mail_server.received == []
