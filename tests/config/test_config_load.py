"""Every mistake of a config, each at its line and in plain words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.config.load import load, load_settings
from pipeline.errors import ConfigError
from pipeline.settings import Settings

DEBATE = """\
[debate]
title = "X?"
[debate.sides.open]
label = "开源"
terms = ["开源"]
[debate.sides.closed]
label = "闭源"
terms = ["闭源"]
"""
SOURCE = '[[source]]\nname = "A"\nkind = "feed"\nurl = "https://example.com/feed"\n'


def problems(folder: Path, text: str) -> list[str]:
    """Return the mistakes in a config without the path before them."""
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    assert caught.value.exit_status == 2
    assert all(line.startswith(f"{path}:") and "\n" not in line for line in caught.value.problems)
    return [line.removeprefix(f"{path}:") for line in caught.value.problems]


def test_two_sides_are_enough(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(DEBATE, encoding="utf-8")
    found = load_settings(path)
    assert isinstance(found, Settings)
    assert [side.id for side in found.debate.sides] == ["open", "closed"]
    assert found.source == ()


MISTAKES = {
    "a duration that is none": (SOURCE + 'every = "30 minuts"\n', '13: source.1.every: "30 minuts" is no duration - write "30m" or "2h"'),
    "a duration without end": (SOURCE + f'every = "{"9" * 30}w"\n', '13: source.1.every: "' + "9" * 30 + 'w" is longer than a computer can count'),
    "no time at all": (SOURCE + 'every = "0s"\n', "13: source.1.every: must be longer than nothing"),
    "a misspelt key": ("[mail]\nprot = 25\n", '10: mail.prot: unknown key - did you mean "port"?'),
    "another program's key": ('[mail]\nserver = "x"\n', '10: mail.server: unknown key - did you mean "host"?'),
    "a key of another table": ("[crawl]\nrecipients = []\n", "10: crawl.recipients: unknown key - it belongs in [digest]"),
    "a key of no table": ("[store]\nzzzz = 1\n", "10: store.zzzz: unknown key - known here: url"),
    "a misspelt table": ("[stor]\nurl = 'x'\n", '9: stor: unknown key - did you mean "store"?'),
    "a misspelt array of tables": (SOURCE.replace("source", "sources"), '9: sources: unknown key - did you mean "source"?'),
    "a key with a space": ('[mail]\n"q q" = 1\n', '10: mail."q q": unknown key - known here: transport, outbox, host, port, security, username, sender'),
    "text for a number": ('[digest]\nmin_votes = "x"\n', '10: digest.min_votes: must be a whole number, not "x"'),
    "a fraction for a whole number": ("[digest]\nmin_votes = 2.5\n", "10: digest.min_votes: must be a whole number, not 2.5"),
    "text for yes or no": (SOURCE + 'enabled = "yes"\n', '13: source.1.enabled: must be true or false, not "yes"'),
    "a number for text": ("[digest]\nsubject = 3\n", '10: digest.subject: must be text in "quotes", not 3'),
    "text for a list": (SOURCE + 'drop = ".ad"\n', '13: source.1.drop: must be a list such as ["one", "two"], not ".ad"'),
    "too small": ("[crawl]\nconcurrency = 0\n", "10: crawl.concurrency: must be at least 1, not 0"),
    "too large": ("[mail]\nport = 70000\n", "10: mail.port: must be at most 65535, not 70000"),
    "no size": ('[crawl]\nmax_size = "ten"\n', '10: crawl.max_size: "ten" is no size - write "500KB" or "10MB"'),
    "an endless size": (f'[crawl]\nmax_size = "{"9" * 400}GB"\n', '10: crawl.max_size: "' + "9" * 56 + "... is more than a computer can count"),
    "an empty size": ("[crawl]\nmax_size = 0\n", "10: crawl.max_size: must be more than 0, not 0"),
    "no choice": ('[mail]\nsecurity = "ssl"\n', '10: mail.security: must be "starttls", "tls" or "none", not "ssl"'),
    "a misspelt choice": (SOURCE.replace('feed"\nurl', 'sitmap"\nurl'), '11: source.1.kind: must be "feed", "sitemap", "listing" or "page", not "sitmap" - did you mean "sitemap"?'),
    "a broken address": (SOURCE.replace("https://example", "example"), '12: source.1.url: "example.com/feed" is no web address - write it whole, as "https://example.com/feed"'),
    "an address with a bad port": (SOURCE.replace("example.com", "example.com:99999"), '12: source.1.url: "https://example.com:99999/feed" is no web address - write it whole, as "https://example.com/feed"'),
    "no address": (SOURCE.replace('url = "https://example.com/feed"\n', ""), "9: source.1.url: missing - every source needs a url"),
    "the same name": (SOURCE + "\n" + SOURCE, '15: source.2.name: "A" is the name of source.1 too - give each source its own'),
    "no CSS": (SOURCE + 'link = "a[["\n', "13: source.1.link: \"a[[\" is no CSS selector (Expected ident or '*', got <DELIM '[' at 2>)"),
    "more than an element for a link": (SOURCE + 'link = "h3 a::attr(href)"\n', '13: source.1.link: "h3 a::attr(href)" must name the element alone - write "h3 a"'),
    "no element before the ending": (SOURCE + 'date = "::text"\n', '13: source.1.date: "::text" names no element before its ::'),
    "an unknown ending": (SOURCE + 'date = "p::before"\n', '13: source.1.date: "p::before" is no CSS selector (Pseudo-elements are not supported)'),
    "no CSS in a list": (SOURCE + 'drop = [".ad",\n"##"]\n', "14: source.1.drop.2: \"##\" is no CSS selector (Expected selector, got <DELIM '#' at 0>)"),
    "an empty selector": (SOURCE + 'body = " "\n', "13: source.1.body: must not be empty"),
    "a hurried source": (SOURCE + 'delay = "0.5s"\n', '13: source.1.delay: "0.5s" is too short - below 1s is for addresses of this machine only'),
    "hurry for all": (SOURCE + '[crawl]\ndelay = "100s"\ntimeout = 3\n', '15: crawl.timeout: 3 is no duration - write "30m" or "2h"'),
    "a hurried crawl": ('[crawl]\ndelay = "0.1s"\n' + SOURCE, '10: crawl.delay: "0.1s" is too short for source.1 - below 1s is for addresses of this machine only (127.0.0.1, localhost)'),
    "one table for many": (SOURCE.replace("[[source]]", "[source]"), "9: source: must be written with double brackets: [[source]]"),
    "a table for a list": ('[[debate.actor]]\nname = "X"\n[debate.actor.aliases]\n', '11: debate.actor.1.aliases: must be a list such as ["one", "two"], not a table'),
    "a table in many": ('[debate.actor]\nname = "X"\n', "9: debate.actor: must be written with double brackets: [[debate.actor]]"),
    "many tables for one": ("[[mail]]\n", "9: mail: must be one table, written with single brackets: [mail]"),
    "a value for a table": ("[crawl.delay]\n", '9: crawl.delay: a table is no duration - write "30m" or "2h"'),
    "no time of the week": ('[digest]\nevery = "monday"\n', '10: digest.every: "monday" is no time of the week - write "mon 08:00"'),
    "no mail address": ('[digest]\nrecipients = ["a@example.com",\n"b"]\n', '11: digest.recipients.2.address: "b" is no mail address - write one such as "name@example.com"'),
    "a number for a recipient": ("[digest]\nrecipients = [3]\n", "10: digest.recipients.1: must be an address or a table with one, not 3"),
    "a recipient twice": ('[digest]\nrecipients = ["a@example.com",\n{ address = "A@example.com" }]\n', '11: digest.recipients.2: "A@example.com" is there twice - each recipient gets one mail'),
    "a recipient without address": ('[digest]\nrecipients = [{ name = "A" }]\n', '10: digest.recipients.1.address: missing - write address = "..."'),
    "a subject with an unknown word": ('[digest]\nsubject = "{year}"\n', '10: digest.subject: "{year}" asks for {year} - only {week} and {title} are filled in'),
    "a subject with a brace too many": ('[digest]\nsubject = "{week"\n', '10: digest.subject: "{week" has a brace too many or too few - only {week} and {title} are filled in'),
    "two lines in a header": ('[crawl]\ncontact = "a\\nb"\n', "10: crawl.contact: must be one line without control characters"),
    "no sender": ('[mail]\nsender = "me"\n', '10: mail.sender: "me" is no sender - write "name@example.com" or "Name <name@example.com>"'),
    "smtp without a host": ('[mail]\ntransport = "smtp"\n', '9: mail.host: transport = "smtp" needs a mail server - write host = "mail.example.com" in [mail]'),
    "smtp with an empty host": ('[mail]\ntransport = "smtp"\nhost = ""\n', '11: mail.host: transport = "smtp" needs a mail server - write host = "mail.example.com" in [mail]'),
    "a password": ('[mail]\npassword = "x"\n', "10: mail.password: no secrets in this file - take the line out and set KAIBI_MAIL_PASSWORD, or KAIBI_MAIL_PASSWORD_FILE to a file that holds it"),
    "a password by another name": ('[mail]\nsmtp_pass = "x"\n', "10: mail.smtp_pass: no secrets in this file - take the line out and set KAIBI_MAIL_PASSWORD, or KAIBI_MAIL_PASSWORD_FILE to a file that holds it"),
    "a database in memory": ('[store]\nurl = "sqlite://"\n', '10: store.url: a database in memory forgets everything at exit - write a file, as "sqlite:///kaibi.db"'),
    "a database in memory by name": ('[store]\nurl = "sqlite:///:memory:"\n', '10: store.url: a database in memory forgets everything at exit - write a file, as "sqlite:///kaibi.db"'),
    "a slash too few": ('[store]\nurl = "sqlite://kaibi.db"\n', '10: store.url: a SQLite address has three slashes - write "sqlite:///kaibi.db"'),
    "a path for a database": ('[store]\nurl = "kaibi.db"\n', '10: store.url: "kaibi.db" is no database address - write "sqlite:///kaibi.db"'),
    "another database": ('[store]\nurl = "mysql://x/y"\n', '10: store.url: kaibi keeps its data in SQLite or PostgreSQL, not "mysql" - write "sqlite:///kaibi.db"'),
    "an old database name": ('[store]\nurl = "postgres://x/y"\n', '10: store.url: a PostgreSQL address begins with "postgresql://"'),
    "a referee without an address": ('[reading.referee]\nenabled = true\nmodel = "x"\n', '9: reading.referee.base_url: an enabled referee needs it - write base_url = "https://api.example.com/v1" in [reading.referee]'),
    "a referee without a model": ('[reading.referee]\nenabled = true\nbase_url = "http://127.0.0.1:1/v1"\nmodel = ""\n', '12: reading.referee.model: an enabled referee needs it - write model = "a-model" in [reading.referee]'),
    "a referee's address that is none": ('[reading.referee]\nbase_url = "api.example.com/v1"\n', '10: reading.referee.base_url: "api.example.com/v1" is no web address - write it whole, as "https://api.example.com/v1"'),
    "a referee's address that goes too far": ('[reading.referee]\nbase_url = "https://x.example/v1/chat/completions"\n', '10: reading.referee.base_url: "https://x.example/v1/chat/completions" goes too far - write "https://x.example/v1"'),
    "a key in the referee's address": ('[reading.referee]\nbase_url = "https://x.example/v1?key=s3cret"\n', "10: reading.referee.base_url: must end before any ? or #, and hold no user name or key - that comes from KAIBI_REFEREE_KEY"),
    "a password in the referee's address": ('[reading.referee]\nbase_url = "https://u:s3cret@x.example/v1"\n', "10: reading.referee.base_url: must end before any ? or #, and hold no user name or key - that comes from KAIBI_REFEREE_KEY"),
    "a referee's key": ('[reading.referee]\napi_key = "x"\n', "10: reading.referee.api_key: no secrets in this file - take the line out and set KAIBI_REFEREE_KEY, or KAIBI_REFEREE_KEY_FILE to a file that holds it"),
    "a referee's key of another program": ("[reading.referee]\nbudget = 5\n", '10: reading.referee.budget: unknown key - did you mean "monthly_budget"?'),
    "a misspelt key of the referee": ("[reading.referee]\nenable = true\n", '10: reading.referee.enable: unknown key - did you mean "enabled"?'),
    "a referee that is never unsure": ("[reading.referee]\nbelow = 1.5\n", "10: reading.referee.below: must be at most 1, not 1.5"),
    "text for a fraction": ('[reading.referee]\nbelow = "half"\n', '10: reading.referee.below: must be a number, not "half"'),
    "a referee at the top": ("[referee]\nenabled = true\n", "9: referee: unknown key - it belongs in [reading]"),
    "two referees": ("[[reading.referee]]\n", "9: reading.referee: must be one table, written with single brackets: [reading.referee]"),
    "a side named as a stance": ("[debate.sides.mixed]\n", "9: debate.sides.mixed: is the name of a stance and cannot be a side's - choose another name"),
    "an id in a side": ('id = "x"\n', "9: debate.sides.closed.id: unknown key - the table's own name is the side's id"),
    "a key unknown to a side": ("weight = 1\n", "9: debate.sides.closed.weight: unknown key - known here: label, label_other, terms, not_terms"),
    "an actor without a name": ('[[debate.actor]]\norg = "X"\n', '9: debate.actor.1.name: missing - write name = "..."'),
}  # fmt: skip


@pytest.mark.parametrize(("added", "problem"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_at_its_line(tmp_path: Path, added: str, problem: str) -> None:
    assert problem in problems(tmp_path, DEBATE + added)


@pytest.mark.parametrize(
    ("zone", "hint"),
    [
        ("Asia/Shangai", 'did you mean "Asia/Shanghai"?'),
        ("asia/shanghai", 'did you mean "Asia/Shanghai"?'),
        ("Beijing", 'did you mean "Asia/Shanghai"?'),
        ("北京", 'did you mean "Asia/Shanghai"?'),
        ("Berlin", 'did you mean "Europe/Berlin"?'),
        ("new york", 'did you mean "America/New_York"?'),
        ("Amsterdm", 'did you mean "Europe/Amsterdam"?'),
        ("", 'write one such as "Asia/Shanghai" or "Europe/Berlin"'),
        ("qqqqqqqqqq", 'write one such as "Asia/Shanghai" or "Europe/Berlin"'),
    ],
)
def test_an_unknown_zone_gets_a_suggestion(tmp_path: Path, zone: str, hint: str) -> None:
    text = DEBATE.replace('title = "X?"', f'timezone = "{zone}"')
    (found,) = problems(tmp_path, text)
    assert found.startswith(f'2: debate.timezone: "{zone}" is no time zone - ')
    assert found.endswith(hint)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", '1: debate: missing - the debate with its two sides is the one table kaibi needs ("kaibi init" writes an example)'),
        ('\n[debate]\ntitle = "X?"\n', "2: debate.sides: missing - a debate has two sides: write exactly two tables, as [debate.sides.open] and [debate.sides.closed]"),
        (DEBATE.partition("[debate.sides.closed]")[0], '3: debate.sides: one side is missing, only "open" is here - write exactly two tables, as [debate.sides.open] and [debate.sides.closed]'),
        (DEBATE + '[debate.sides.third]\nlabel = "3"\nterms = ["三"]\n', "3: debate.sides: a debate has two sides, 3 are here (open, closed, third) - write exactly two tables, as [debate.sides.open] and [debate.sides.closed]"),
        ("[debate]\n[debate.sides]\n", "2: debate.sides: a debate has two sides, none is here - write exactly two tables, as [debate.sides.open] and [debate.sides.closed]"),
        ("[debate]\nsides = ['a', 'b']\n", "2: debate.sides: must be tables with the sides' names - write exactly two tables, as [debate.sides.open] and [debate.sides.closed]"),
        ("debate = 3\n", "1: debate: must be a table, not 3"),
        (DEBATE.replace('terms = ["闭源"]', 'terms = [\n"开源",\n"闭源"]'), '9: debate.sides.closed.terms.1: "开源" is a term of the side "open" too - it can name only one'),
        (DEBATE.replace('terms = ["闭源"]', "terms = []"), "8: debate.sides.closed.terms: must not be empty"),
        (DEBATE.replace('label = "闭源"\n', ""), '6: debate.sides.closed.label: missing - the side "closed" needs a label'),
        (DEBATE.replace('terms = ["闭源"]\n', ""), '6: debate.sides.closed.terms: missing - the side "closed" needs terms'),
    ],
)  # fmt: skip
def test_the_debate_needs_its_two_sides_and_nothing_more_is_said(tmp_path: Path, text: str, problem: str) -> None:
    assert problems(tmp_path, text) == [problem]


def test_every_mistake_is_told_at_once_and_in_the_order_of_the_lines(tmp_path: Path) -> None:
    text = (
        DEBATE.replace('title = "X?"', 'language = "fr"')
        + '[debate.sides.third]\nlabel = 3\nterms = ["闭源"]\n'
        + SOURCE
        + SOURCE.replace("feed", "fed", 1)
        + 'delay = "0.1s"\n[mail]\ntransport = "smtp"\nprot = 25\n[digest]\nrecipients = ["a@b.c", "a@b.c", "x"]\n'
    )
    found = problems(tmp_path, text)
    assert [int(problem.partition(":")[0]) for problem in found] == [2, 3, 10, 11, 17, 18, 20, 21, 23, 25, 25]
    assert [problem.split(": ")[1] for problem in found[-4:]] == [
        "mail.host",
        "mail.prot",
        "digest.recipients.2",
        "digest.recipients.3.address",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a = 1\nb = x\n", '2: column 5: no value that TOML knows - text needs straight "quotes"'),
        ("a = “x”\n", '1: column 5: no value that TOML knows - text needs straight "quotes"'),
        ('a = "x\nb = 1\n', "1: column 7: the text has no closing quote on its line"),
        ('a = 1\nb = """x\n\ny\n', "2: the text that begins here has no closing quote"),
        ("a = 1\na = 2", "2: this key or table is there twice"),
        ("[a]\n[a]\n", "2: column 3: this table is there twice"),
        ("a b = 1\n", '1: column 3: after a key comes "=" and a value'),
        ("[a\nb = 1\n", '1: column 3: the table\'s name has no closing "]"'),
        ("源 = 1\n", '1: column 1: neither a [table] nor key = "value" - names in other scripts need "quotes"'),
        ('path = "C:\\q"\n', "1: column 13: a backslash needs another before it, or write the text in 'single quotes'"),
        ("a = 'x\x00'\n", "1: column 7: a control character stands here - take it out"),
        ("a = 1 # \x07\n", "1: column 9: a control character stands here - take it out"),
        ("\na = '''x\n", "2: the text that begins here has no closing quotes"),
        ("[[a]\n", '1: column 4: the table\'s name has no closing "]]"'),
        ("a = [1 2]\n", '1: column 8: the list has a missing comma or no closing "]"'),
        ("a = " + "[" * 5000, "1: lists or tables are nested too deeply to be read"),
    ],
)  # fmt: skip
def test_a_syntax_error_has_its_line_and_plain_words(tmp_path: Path, text: str, problem: str) -> None:
    assert problems(tmp_path, text) == [problem]


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (DEBATE + SOURCE).replace("\n", "\r\n").encode())
    assert load_settings(path).source[0].name == "A"


def test_a_file_that_is_not_utf_8_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(DEBATE.encode("gb18030"))
    with pytest.raises(ConfigError, match=r"config\.toml:4: not UTF-8 from here on - save the file as UTF-8"):
        load_settings(path)


def test_a_missing_file_says_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as caught:
        load_settings(Path("config.toml"))
    assert str(caught.value) == 'no config at ./config.toml - "kaibi init" writes one'
    with pytest.raises(ConfigError, match=r'^no config at .*/elsewhere\.toml - "kaibi init" writes one$'):
        load_settings(tmp_path / "elsewhere.toml")


def test_a_folder_is_no_config(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path)
    assert str(caught.value) == f"{tmp_path} is a folder - name the file in it, as {tmp_path}/config.toml"


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "file").touch()
    for path in (tmp_path / "loop", tmp_path / "file" / "config.toml", Path("a\0b")):
        with pytest.raises(ConfigError, match="cannot be read: "):
            load_settings(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_says_why(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.touch(mode=0o000)
    with pytest.raises(ConfigError, match="cannot be read: Permission denied"):
        load_settings(path)


def test_an_articles_selectors_may_end_as_scrapys_do(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(DEBATE + SOURCE + 'date = "time::attr(datetime)"\ntitle = "h1::text"\n', encoding="utf-8")
    assert load_settings(path).source[0].date == "time::attr(datetime)"


def test_this_machine_alone_may_be_hurried(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    local = SOURCE.replace("https://example.com", "http://127.0.0.1:8000")
    path.write_text(f'{DEBATE}[crawl]\ndelay = "0s"\n{local}', encoding="utf-8")
    assert load_settings(path).source[0].is_loopback


def test_relative_paths_count_from_the_configs_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("sub").mkdir()
    path = Path("sub/config.toml")
    path.write_text(DEBATE, encoding="utf-8")
    configured = load(path)
    assert configured.folder == tmp_path / "sub"
    assert configured.store_url == f"sqlite:///{tmp_path}/sub/kaibi.db"
    assert configured.outbox == tmp_path / "sub" / "outbox"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///a/b.db?timeout=5", "sqlite:///{folder}/a/b.db?timeout=5"),
        ("sqlite+pysqlite:///b.db", "sqlite+pysqlite:///{folder}/b.db"),
        ("sqlite:////var/kaibi.db", "sqlite:////var/kaibi.db"),
        ("sqlite:///file:b.db?uri=true", "sqlite:///file:b.db?uri=true"),
        ("postgresql://user@host/name", "postgresql://user@host/name"),
    ],
)
def test_only_relative_sqlite_paths_are_made_absolute(tmp_path: Path, url: str, expected: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'{DEBATE}[store]\nurl = "{url}"\n', encoding="utf-8")
    assert load(path).store_url == expected.format(folder=tmp_path)
