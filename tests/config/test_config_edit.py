"""Editing keeps everything else byte for byte, and never leaves a broken file."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from pipeline.config.edit import add_source, remove_source
from pipeline.config.load import load_settings
from pipeline.config.starter import write_starter
from pipeline.errors import ConfigError
from pipeline.settings import Source, SourceKind

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
# 我的配置  (kept as it is)
[debate]   # the question
[debate.sides.open]
label = "开源"
terms = [ "开源",   "open source" ]
[debate.sides.closed]
label = '闭源'
terms = ["闭源"]

"""
FIRST = """\
# above the first
[[source]]
# inside the first
name = "A"    # its name
kind = "feed"
url = "https://a.example.com/feed"
drop = [
  ".ad",
]
"""
SECOND = """\

# above the second
[[source]]
name = "B"
kind = "listing"
url = "https://b.example.com/"
"""
TAIL = """\

# after the sources
[digest]
min_votes = 5 # few
"""
NEW = Source(
    name='新"源"',
    kind=SourceKind.LISTING,
    url="https://c.example.com/新闻",
    every=timedelta(minutes=90),
    link="h3 > a[href*='/a/']",
    drop=(".x", "#y"),
)


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def read(path: Path) -> str:
    return path.read_bytes().decode()


def test_adding_appends_a_table_and_changes_nothing_before_it(tmp_path: Path) -> None:
    text = HEAD + FIRST + SECOND + TAIL
    path = written(tmp_path, text)
    add_source(path, NEW, comment="found by hand\n\nsecond line")
    after = read(path)
    assert after.startswith(text)
    assert after[len(text) :].startswith("\n[[source]]\n# found by hand\n#\n# second line\nname = ")
    assert load_settings(path).source[-1] == NEW
    assert read(tmp_path / "config.toml.bak") == text
    assert {file.name for file in tmp_path.iterdir()} == {"config.toml", "config.toml.bak"}


def test_only_what_differs_from_the_defaults_is_written(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD)
    add_source(path, NEW)
    assert tomllib.loads(read(path))["source"] == [
        {
            "name": '新"源"',
            "kind": "listing",
            "url": "https://c.example.com/新闻",
            "every": "90m",
            "link": "h3 > a[href*='/a/']",
            "drop": [".x", "#y"],
        }
    ]


def test_removing_takes_the_table_with_what_stands_in_it_and_one_blank_line(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + FIRST + SECOND + TAIL)
    remove_source(path, "A")
    assert read(path) == HEAD + "# above the first\n" + SECOND.removeprefix("\n") + TAIL
    remove_source(path, "B")
    assert read(path) == HEAD + "# above the first\n# above the second\n" + TAIL.removeprefix("\n")
    assert load_settings(path).source == ()


def test_adding_and_removing_again_restores_the_shipped_file(tmp_path: Path) -> None:
    path = write_starter(tmp_path)
    before = read(path)
    add_source(path, NEW)
    remove_source(path, NEW.name)
    assert read(path).rstrip("\n") == before.rstrip("\n")


def test_the_last_source_may_lack_its_line_end(tmp_path: Path) -> None:
    path = written(tmp_path, (HEAD + FIRST + SECOND).rstrip("\n"))
    add_source(path, NEW)
    assert [source.name for source in load_settings(path).source] == ["A", "B", NEW.name]
    remove_source(path, NEW.name)
    remove_source(path, "B")
    assert read(path).startswith(HEAD + FIRST)


def test_windows_line_ends_byte_order_mark_and_mode_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    raw = b"\xef\xbb\xbf" + (HEAD + FIRST).replace("\n", "\r\n").encode()
    path.write_bytes(raw)
    path.chmod(0o640)
    add_source(path, NEW, comment="x")
    after = path.read_bytes()
    assert after.startswith(raw)
    assert after.count(b"\n") == after.count(b"\r\n")
    assert path.stat().st_mode & 0o777 == 0o640
    remove_source(path, "A")
    assert b"# above the first\r\n" in path.read_bytes()
    assert [source.name for source in load_settings(path).source] == [NEW.name]


def test_a_link_to_the_config_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real = written(tmp_path / "real", HEAD)
    link = tmp_path / "config.toml"
    link.symlink_to(real)
    add_source(link, NEW)
    assert link.is_symlink()
    assert load_settings(real).source == (NEW,)


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + FIRST)
    taken = NEW.model_copy(update={"name": "A"})
    with pytest.raises(ConfigError, match='there is a source "A" already - choose another name'):
        add_source(path, taken)
    assert read(path) == HEAD + FIRST
    assert not (tmp_path / "config.toml.bak").exists()


def test_an_address_that_is_followed_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + FIRST)
    with pytest.raises(ConfigError, match=r'the source "A" follows https://a\.example\.com/feed already'):
        add_source(path, NEW.model_copy(update={"url": "https://a.example.com/feed"}))


def test_an_unknown_name_is_refused_with_a_suggestion(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + FIRST.replace('"A"', '"OFweek"'))
    with pytest.raises(ConfigError, match=r'no source is called "ofwek" - did you mean "OFweek"\?'):
        remove_source(path, "ofwek")
    with pytest.raises(ConfigError, match='"kaibi sources list" names them'):
        remove_source(path, "zzz")


def test_a_source_that_breaks_a_rule_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + FIRST)
    with pytest.raises(ConfigError, match=r"as it would be:\d+: source\.2\.delay: \"0\.2s\" is too short"):
        add_source(path, NEW.model_copy(update={"delay": timedelta(milliseconds=200)}))
    assert read(path) == HEAD + FIRST


def test_a_config_with_mistakes_is_not_edited(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + "[mail]\nprot = 1\n")
    with pytest.raises(ConfigError, match=r"mail\.prot: unknown key"):
        add_source(path, NEW)


def test_sources_in_an_inline_array_are_not_edited(tmp_path: Path) -> None:
    text = f'source = [{{ name = "A", kind = "feed", url = "https://a.example.com/" }}]\n{HEAD}'
    path = written(tmp_path, text)
    problem = r"config\.toml:1: source: write each source as a \[\[source\]\] table"
    with pytest.raises(ConfigError, match=problem):
        add_source(path, NEW)
    with pytest.raises(ConfigError, match=problem):
        remove_source(path, "A")
    assert read(path) == text


def test_a_folder_that_takes_no_file_leaves_the_config_alone(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD)
    (tmp_path / "config.toml.bak").mkdir()
    with pytest.raises(ConfigError, match="cannot be written: "):
        add_source(path, NEW)
    assert read(path) == HEAD
    assert {file.name for file in tmp_path.iterdir()} == {"config.toml", "config.toml.bak"}
