"""The site spider that docs/crawling.md shows does what the page says of it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from pipeline.model import LinkHints
from pipeline.settings import Source, SourceKind

if TYPE_CHECKING:
    import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "crawling.md").read_text(encoding="utf-8")
URL = "https://www.example.com/news"


def test_the_example_of_a_site_spider_is_found_by_name_and_reads_its_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert shown is not None
    (tmp_path / "example_site.py").write_text(shown[1], encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    try:
        spider = SpiderLoader(Settings({"SPIDER_MODULES": ["example_site"]})).load("listing example.com")
        rows = '<ul><li data-href="/a/1"><b>第一篇</b></li><li data-href="/a/2"><b>第二篇</b></li></ul>'
        found = spider(source=Source(name="s", kind=SourceKind.LISTING, url=URL)).parse(
            HtmlResponse(URL, body=rows.encode(), encoding="utf-8", request=Request(URL))
        )
        assert {one.url: one.cb_kwargs["hints"] for one in found} == {
            "https://www.example.com/a/1": LinkHints(title="第一篇"),
            "https://www.example.com/a/2": LinkHints(title="第二篇"),
        }
    finally:
        sys.modules.pop("example_site", None)
