"""The real pages beside the project: OFweek's, and the labelled ones with floors under their figures."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from benchmarks.extraction import by_kaibi, load, measure
from pipeline.model import FetchedPage, LinkHints
from pipeline.pages.page import read_html, read_page
from pipeline.settings import Source, SourceKind

REAL = Path(__file__).parents[2].parent / "shared" / "real"
OFWEEK = REAL / "ofweek" / "ai" / "2024-04" / "ART-201700-8500-30632353.html"
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
TABLE = Source(
    name="o", kind=SourceKind.LISTING, url="https://ai.ofweek.com/", title="h1.title", body="#articleC", date=".time"
)

pytestmark = pytest.mark.skipif(not REAL.exists(), reason="../shared/real is not here")


@pytest.mark.parametrize("source", [TABLE, None], ids=["with selectors", "without"])
def test_the_ofweek_page_reads_cleanly(source: Source | None) -> None:
    found = read_html(OFWEEK.read_text(encoding="utf-8"), None, source, LinkHints(), zone=SHANGHAI, now=NOW)
    assert found.title == "大模型应开源还是闭源?周鸿祎怼上了李彦宏"
    assert found.published_at == datetime(2024, 4, 22, 9, 27, tzinfo=SHANGHAI)
    assert found.language == "zh"
    assert found.text is not None
    assert found.text.startswith("大模型要不要开源")
    assert found.text.endswith("只能二选一。")
    assert [
        word for word in ("最新活动更多", "发表评论", "原文标题", "文章排行", "立即报名") if word in found.text
    ] == []


@pytest.mark.parametrize("source", [TABLE, None], ids=["with selectors", "without"])
def test_the_ofweek_page_reads_the_same_in_gbk(source: Source | None) -> None:
    html = OFWEEK.read_text(encoding="utf-8")
    url = "http://127.0.0.1/ai/2024-04/ART-201700-8500-30632353.html"
    body = html.replace('charset="utf-8"', 'charset="gb2312"').encode("gb18030")
    page = FetchedPage(source="o", url=url, asked_url=url, body=body, content_type="text/html")
    assert read_page(page, source, zone=SHANGHAI, now=NOW) == read_html(
        html, url, source, LinkHints(), zone=SHANGHAI, now=NOW
    )


@pytest.mark.parametrize(("language", "body", "title", "date"), [("zh", 0.97, 0.95, 0.95), ("en", 0.955, 0.85, 0.75)])
def test_a_sample_of_the_labelled_pages_is_read_as_well_as_measured(
    language: str, body: float, title: float, date: float
) -> None:
    pages = [page for page in load(REAL / "pages") if page.language == language and (page.title or language == "zh")]
    figures = measure(pages[::2], by_kaibi, NOW)
    assert figures.body >= body
    assert figures.title >= title
    assert figures.date >= date
