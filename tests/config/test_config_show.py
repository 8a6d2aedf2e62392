"""What is shown loads back; the schema says what the tables take; secrets stay out of sight."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from pipeline.config.load import parse_settings
from pipeline.config.secrets import mail_password, referee_key
from pipeline.config.show import as_toml, json_schema, masked
from pipeline.config.starter import shipped_config_text
from pipeline.errors import ConfigError
from pipeline.settings import (
    CrawlSettings,
    Debate,
    DigestSettings,
    KnownActor,
    MailSettings,
    ReadingSettings,
    Recipient,
    RefereeSettings,
    Security,
    Settings,
    Side,
    Source,
    SourceKind,
    StoreSettings,
    Topic,
    Transport,
    WeeklyTime,
)
from pipeline.written import duration, duration_text, size, size_text

if TYPE_CHECKING:
    from pathlib import Path

FULL = Settings(
    debate=Debate(
        title='"T" \\ 开?',
        question="多行\n问题",
        language="en",
        timezone="Europe/Berlin",
        sides=(
            Side(id="开 放", label="开", terms=("开", 'o"p'), not_terms=("开门",)),
            Side(id="b.c", label="闭", terms=("闭",)),
        ),
        topic=Topic(any=("模型",), all=("a",), none=("b",)),
        actor=(KnownActor(name="A", aliases=("a", "啊"), org="O"), KnownActor(name="B")),
    ),
    source=(
        Source(
            name="本地",
            kind=SourceKind.LISTING,
            url="http://127.0.0.1:8000/",
            every=timedelta(minutes=90),
            enabled=False,
            timezone="UTC",
            language="zh",
            max_articles=7,
            delay=timedelta(milliseconds=250),
            link="a[href*='x']",
            next='a[rel="next"]',
            title="h1",
            body="#b",
            author=".a",
            date="time",
            drop=(".x", ".y"),
        ),
        Source(name="feed", kind=SourceKind.FEED, url="https://example.com/feed"),
    ),
    crawl=CrawlSettings(contact="me@example.com", max_size=1_500, keep_html=timedelta(days=30), timeout=timedelta(weeks=1)),
    reading=ReadingSettings(
        referee=RefereeSettings(
            enabled=True,
            base_url="https://api.example.com/v1",
            model="judge-1",
            below=0.55,
            monthly_budget=0,
            timeout=timedelta(minutes=2),
            max_retries=0,
        )
    ),
    store=StoreSettings(url="postgresql://user@host/name"),
    digest=DigestSettings(
        every=WeeklyTime(weekday=4, time=time(17, 5)),
        recipients=(Recipient(address="a@example.com", name="王", language="en"), Recipient(address="b@example.com")),
        subject="{week}: {title}",
        empty="send",
    ),
    mail=MailSettings(transport=Transport.SMTP, host="mail.example.com", security=Security.TLS, port=2465, sender="K <k@example.com>"),
)  # fmt: skip


@pytest.mark.parametrize("settings", [FULL, parse_settings(shipped_config_text(), shown_as="shipped")])
def test_what_is_shown_loads_back_as_the_same_settings(settings: Settings) -> None:
    assert parse_settings(as_toml(settings), shown_as="shown") == settings


def test_defaults_are_shown_and_what_is_not_set_says_what_counts_instead() -> None:
    toml = as_toml(parse_settings(shipped_config_text(), shown_as="shipped"))
    assert 'every = "mon 08:00"' in toml
    assert 'max_size = "10MB"' in toml
    assert "# port: 587, as usual for starttls" in toml
    assert "# timezone: the debate's, Asia/Shanghai" in toml
    assert "# delay: that of [crawl], 1s" in toml


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:s3cret@host/db", "postgresql://me:***@host/db"),
        ("postgresql+psycopg://me:p@ss:w/rd@host:5432/db", "postgresql+psycopg://me:***@host:5432/db"),
        (
            "postgresql://me@host/db?password=s3cret&sslmode=require",
            "postgresql://me@host/db?password=***&sslmode=require",
        ),
        ("postgresql://me@host/db", "postgresql://me@host/db"),
        ("sqlite:///kaibi.db", "sqlite:///kaibi.db"),
    ],
)
def test_the_databases_password_is_masked(url: str, shown: str) -> None:
    assert masked(url) == shown
    settings = FULL.model_copy(update={"store": StoreSettings(url=url)})
    assert "s3cret" not in as_toml(settings)
    assert "ss:w" not in as_toml(settings)


def test_the_schema_describes_every_key() -> None:
    schema = json_schema()
    for name, table in schema["$defs"].items():
        for key, described in table.get("properties", {}).items():
            assert described.get("description"), f"{name}.{key} has no docstring"
    for key, described in schema["properties"].items():
        assert described.get("description") or tables_description(schema, described), key


def tables_description(schema: dict[str, Any], described: dict[str, Any]) -> object:
    return schema["$defs"][described["$ref"].rpartition("/")[2]]["description"]


def test_the_schema_speaks_of_durations_sizes_and_sides_as_the_file_writes_them() -> None:
    tables = json_schema()["$defs"]
    every = tables["Source"]["properties"]["every"]
    assert (every["type"], every["default"]) == ("string", "1h")
    assert re.search(every["pattern"], "30m")
    assert not re.search(every["pattern"], "30 minuts")
    assert tables["CrawlSettings"]["properties"]["max_size"]["default"] == "10MB"
    assert tables["DigestSettings"]["properties"]["every"]["default"] == "mon 08:00"
    sides = tables["Debate"]["properties"]["sides"]
    assert (sides["type"], sides["minProperties"], sides["maxProperties"]) == ("object", 2, 2)
    assert tables["Side"]["required"] == ["label", "terms"]
    assert {"type": "string", "format": "email"} in tables["DigestSettings"]["properties"]["recipients"]["items"][
        "anyOf"
    ]
    assert json_schema()["required"] == ["debate"]


@given(st.integers(0, 10**12))
@effort(max_examples=50, deadline=None)
def test_durations_and_sizes_write_themselves_back(micros: int) -> None:
    span = timedelta(microseconds=micros)
    assert duration(duration_text(span)) == span
    assert size(size_text(micros)) == micros


def test_the_password_comes_from_the_environment_or_a_files_first_line(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("\ufeff s3cret \r\nsecond\n", encoding="utf-8")
    assert mail_password({}) is None
    assert mail_password({"KAIBI_MAIL_PASSWORD": ""}) is None
    assert mail_password({"KAIBI_MAIL_PASSWORD": " kept as it is "}) == " kept as it is "
    assert mail_password({"KAIBI_MAIL_PASSWORD_FILE": str(file)}) == "s3cret"


def test_the_referees_key_comes_the_same_way_and_must_look_like_one(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("sk-1\n", encoding="utf-8")
    assert referee_key({}) is None
    assert referee_key({"KAIBI_REFEREE_KEY": " sk-2\n", "KAIBI_MAIL_PASSWORD_FILE": "x"}) == "sk-2"
    assert referee_key({"KAIBI_REFEREE_KEY_FILE": str(file)}) == "sk-1"
    for wrong in ("sk 1", "sk-1\nsk-2", "密钥"):
        with pytest.raises(ConfigError, match=r"KAIBI_REFEREE_KEY .* no key has - copy the key again"):
            referee_key({"KAIBI_REFEREE_KEY": wrong})
    with pytest.raises(ConfigError, match="both KAIBI_REFEREE_KEY and KAIBI_REFEREE_KEY_FILE are set"):
        referee_key({"KAIBI_REFEREE_KEY": "x", "KAIBI_REFEREE_KEY_FILE": "y"})


def test_two_passwords_are_one_too_many() -> None:
    with pytest.raises(ConfigError, match="both KAIBI_MAIL_PASSWORD and KAIBI_MAIL_PASSWORD_FILE are set"):
        mail_password({"KAIBI_MAIL_PASSWORD": "x", "KAIBI_MAIL_PASSWORD_FILE": "y"})


@pytest.mark.parametrize(
    ("content", "problem"),
    [(None, "cannot be read: No such file"), (b"\n", "has an empty first line"), (b"\xff\xfe", "is not UTF-8 text")],
)
def test_a_password_file_that_gives_none_is_named(tmp_path: Path, content: bytes | None, problem: str) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        mail_password({"KAIBI_MAIL_PASSWORD_FILE": str(file)})
    assert str(caught.value).startswith(f"{file} (named by KAIBI_MAIL_PASSWORD_FILE) {problem}")
