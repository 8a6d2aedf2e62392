"""crawl, sources test and sources add, each in its own process against a real site."""

from __future__ import annotations

import json
import signal
import subprocess
import tomllib
from datetime import timedelta
from typing import TYPE_CHECKING

from pipeline.config.load import load
from pipeline.doors.cli import INTERRUPTED
from pipeline.doors.commands_crawl import _turns
from pipeline.store.database import open_database
from tests.doors.doors_site import COMMAND, DEBATE, NOW, kaibi_process, publish, source_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.doors.doors_site import Ran
    from tests.servers import Site


def test_a_crawl_tells_each_source_and_fails_only_where_none_could_be_read(
    home: Path, site: Site, kaibi: Callable[..., Ran]
) -> None:
    publish(site, 1, 2, published_at=NOW - timedelta(days=1))
    tables = source_table("小站", f"{site.url}/feed.xml") + source_table("坏站", f"{site.url}/nothing.xml")
    (home / "config.toml").write_text(DEBATE + tables, encoding="utf-8")
    ran = kaibi_process("crawl", cwd=home)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("2 sources visited, 1 not read: 2 new articles in ")
    assert sorted(ran.stderr.splitlines()) == [
        "next: kaibi analyse",
        "坏站: not read: HTTP 404 Not Found",
        "小站: 2 new, 0 known",
    ]
    ran = kaibi_process("crawl", "坏站", cwd=home)
    assert ran.returncode == 4
    assert ran.stderr.splitlines()[-1].startswith("no source could be read (1 visited)")
    assert "Traceback" not in ran.stderr
    found = json.loads(kaibi("status", "--json").out)
    assert {source["name"]: source["health"] for source in found["sources"]} == {"小站": "ok", "坏站": "failing"}
    assert found["waiting"]["articles_unread"] == 2
    assert "坏站: failing: HTTP 404 Not Found (last success: never)" in kaibi("status").out


def test_crawling_what_is_not_there_or_already_under_way_ends_before_any_request(
    home: Path, site: Site, kaibi: Callable[..., Ran]
) -> None:
    (home / "config.toml").write_text(DEBATE, encoding="utf-8")
    nothing = kaibi("crawl")
    assert nothing.status == 0
    assert "kaibi sources add URL" in nothing.err
    (home / "config.toml").write_text(DEBATE + source_table("小站", f"{site.url}/feed.xml"), encoding="utf-8")
    unknown = kaibi("crawl", "小占", "别处")
    assert unknown.status == 2
    assert unknown.err == (
        'config.toml: no source is called "小占" - did you mean "小站"?\n'
        'config.toml: no source is called "别处" - kaibi sources list names them\n'
    )
    db = open_database(load(home / "config.toml").store_url, now=NOW)
    with db.lock("crawl"):
        busy = kaibi("crawl")
    db.close()
    assert busy.status == 6
    assert busy.err.count("\n") == 1
    assert site.asked == []


def test_a_source_is_tried_field_by_field_and_nothing_is_stored(home: Path, site: Site) -> None:
    publish(site, 1, published_at=NOW - timedelta(days=1))
    ran = kaibi_process("sources", "test", f"{site.url}/feed.xml", cwd=home)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith(f"feed {site.url}/feed.xml\n1 link to articles, 1 tried and read\n")
    assert "title         第1场论坛谈大模型  [" in ran.stdout
    assert "     远山智能创始人赵明澈" in ran.stdout
    assert f"next: kaibi sources add {site.url}/feed.xml" in ran.stderr
    assert list(home.iterdir()) == []


def test_an_address_becomes_a_source_only_if_it_can_be_read(home: Path, site: Site) -> None:
    publish(site, 1, published_at=NOW - timedelta(days=1))
    (home / "config.toml").write_text(f"# mine\n{DEBATE}", encoding="utf-8")
    added = kaibi_process("sources", "add", f"{site.url}/feed.xml", "--name", "小站", cwd=home)
    assert added.returncode == 0, added.stderr
    written = (home / "config.toml").read_text(encoding="utf-8")
    assert written.startswith("# mine\n")
    (source,) = tomllib.loads(written)["source"]
    assert source == {"name": "小站", "kind": "feed", "url": f"{site.url}/feed.xml"}
    assert "1 link to articles" in written
    twice = kaibi_process("sources", "add", f"{site.url}/feed.xml", cwd=home)
    assert twice.returncode == 2
    assert 'is there already, as "小站"' in twice.stderr
    missing = kaibi_process("sources", "add", f"{site.url}/nothing", "--kind", "listing", cwd=home)
    assert missing.returncode == 4
    assert "was not added, it cannot be read: HTTP 404" in missing.stderr
    assert (home / "config.toml").read_text(encoding="utf-8") == written


def test_a_page_that_announces_a_feed_is_not_added_in_its_place(home: Path, site: Site) -> None:
    links = "".join(f'<li><a href="/a/{number}.html">第{number}场论坛谈大模型路线之争</a></li>' for number in range(5))
    feed = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    page = f"<!doctype html><html><head>{feed}<title>小站</title></head><body><ul>{links}</ul></body></html>"
    site.put("/", page)
    (home / "config.toml").write_text(DEBATE, encoding="utf-8")
    ran = kaibi_process("sources", "add", f"{site.url}/", cwd=home)
    assert ran.returncode == 2, ran.stderr
    assert f"  kaibi sources add {site.url}/feed.xml" in ran.stderr
    assert "--kind listing" in ran.stderr
    assert (home / "config.toml").read_text(encoding="utf-8") == DEBATE


def test_a_source_that_breaks_or_recovers_is_told_once() -> None:
    (broken,) = _turns({"甲": "failing", "乙": "ok", "丙": "broken"}, {"甲": "broken", "乙": "failing", "丙": "broken"})
    assert broken.startswith('"甲" has failed again and again')
    assert list(_turns({"甲": "broken", "乙": "failing"}, {"甲": "ok", "乙": "ok", "丙": "new"})) == [
        '"甲" is well again'
    ]


def test_ctrl_c_ends_a_crawl_with_one_line_and_status_130(home: Path, site: Site) -> None:
    publish(site, 1, published_at=NOW)
    site.hold("/a/1.html")
    (home / "config.toml").write_text(DEBATE + source_table("小站", f"{site.url}/feed.xml"), encoding="utf-8")
    with subprocess.Popen([*COMMAND, "crawl"], cwd=home, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert site.wait_for("/a/1.html")
        process.send_signal(signal.SIGINT)
        told = process.stderr.read().decode()
        assert process.wait(20) == INTERRUPTED
    assert told.splitlines()[-1] == "interrupted - what was done is kept"
    assert "Traceback" not in told
