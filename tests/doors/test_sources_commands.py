"""sources list, remove, import, export: the config on disk is edited, and nothing in it is lost."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from tests.doors.doors_site import DEBATE, source_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.doors.doors_site import Ran

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>mine</title></head><body>
<outline text="科技"><outline type="rss" text="甲站" title="甲站" xmlUrl="https://jia.example/feed"/>
<outline type="rss" text="甲站" xmlUrl="https://jia.example/other.xml"/>
<outline type="rss" text="known" xmlUrl="https://yi.example/feed"/></outline>
<outline type="rss" text="bad" xmlUrl="feed:nowhere"/><outline text="empty folder"/>
</body></opml>"""


def names(home: Path) -> list[str]:
    config = tomllib.loads((home / "config.toml").read_text(encoding="utf-8"))
    return [source["name"] for source in config.get("source", [])]


def test_list_shows_every_source_with_what_is_known_of_it(home: Path, kaibi: Callable[..., Ran]) -> None:
    (home / "config.toml").write_text(DEBATE, encoding="utf-8")
    none = kaibi("sources", "list")
    assert (none.status, none.out) == (0, "")
    assert "kaibi sources add URL" in none.err
    long = "https://jia.example/" + "a" * 200
    tables = source_table("甲站", "https://jia.example/feed").replace('delay = "0s"', "enabled = false")
    (home / "config.toml").write_text(
        DEBATE + tables + source_table("乙站", long).replace("0s", "2s"), encoding="utf-8"
    )
    head, first, second = kaibi("sources", "list").out.splitlines()
    assert head.split()[:5] == ["name", "kind", "enabled", "url", "health"]
    assert first.split() == ["甲站", "feed", "no", "https://jia.example/feed", "new", "never", "0", "-"]
    assert second.split() == ["乙站", "feed", "yes", long, "new", "never", "0", "now"]


def test_remove_takes_out_the_one_named(home: Path, kaibi: Callable[..., Ran]) -> None:
    tables = source_table("甲站", "http://127.0.0.1:9/a") + "# kept\n" + source_table("乙站", "http://127.0.0.1:9/b")
    (home / "config.toml").write_text(DEBATE + tables, encoding="utf-8")
    assert 'did you mean "甲站"?' in kaibi("sources", "remove", "甲戰").err
    assert kaibi("sources", "remove", "甲站").status == 0
    assert names(home) == ["乙站"]
    assert "# kept" in (home / "config.toml").read_text(encoding="utf-8")
    assert "甲站" in (home / "config.toml.bak").read_text(encoding="utf-8")


def test_feeds_of_an_opml_file_are_added_once_and_bad_ones_named(home: Path, kaibi: Callable[..., Ran]) -> None:
    known = source_table("乙站", "https://yi.example/feed").replace("0s", "1s")
    (home / "config.toml").write_text(DEBATE + known, encoding="utf-8")
    (home / "feeds.opml").write_text(OPML, encoding="utf-8")
    ran = kaibi("sources", "import", "feeds.opml")
    assert ran.status == 0
    assert names(home) == ["乙站", "甲站", "甲站 2"]
    assert 'left out: bad: "feed:nowhere" is no web address' in ran.err
    assert "2 sources added" in ran.err
    assert "# from feeds.opml" in (home / "config.toml").read_text(encoding="utf-8")
    assert "0 sources added" in kaibi("sources", "import", "feeds.opml").err


def test_what_is_no_opml_is_refused_in_one_line(home: Path, kaibi: Callable[..., Ran]) -> None:
    (home / "config.toml").write_text(DEBATE, encoding="utf-8")
    for content, told in ((b"<rss/>", "begins with <rss>"), (b"feeds", "is no OPML ("), (None, "cannot be read")):
        if content is not None:
            (home / "feeds.opml").write_bytes(content)
        else:
            (home / "feeds.opml").unlink()
        ran = kaibi("sources", "import", "feeds.opml")
        assert ran.status == 2
        assert told in ran.err


def test_export_prints_the_feeds_for_readers(home: Path, kaibi: Callable[..., Ran]) -> None:
    tables = source_table("甲 & 乙", "http://127.0.0.1:9/f?a=1&b=2") + source_table(
        "表", "http://127.0.0.1:9/", "listing"
    )
    (home / "config.toml").write_text(DEBATE + tables, encoding="utf-8")
    ran = kaibi("sources", "export")
    (outline,) = ET.fromstring(ran.out.encode()).iter("outline")  # noqa: S314 - our own
    assert (outline.get("text"), outline.get("xmlUrl")) == ("甲 & 乙", "http://127.0.0.1:9/f?a=1&b=2")
    assert "left out: 1 source that are no feeds" in ran.err
