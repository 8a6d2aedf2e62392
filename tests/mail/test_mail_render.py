"""The digest laid out: golden files, links that lead somewhere, text from outside made harmless, and the size cap."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.mail.render import LARGEST_HTML, render
from tests.mail.mail_samples import (
    DEBATE,
    ENGLISH_DEBATE,
    OPEN,
    WEEK,
    evidence,
    few_votes,
    first_week,
    monster_week,
    silent_week,
    steady_week,
    usual_week,
)

if TYPE_CHECKING:
    from pipeline.model import Digest, Wording
    from pipeline.settings import Debate
    from pipeline.written import Language

GOLDEN = Path(__file__).parent / "golden"
UNSUBSCRIBE = "mailto:kaibi@example.com?subject=unsubscribe"


class Seen(HTMLParser):
    """Collects what a page links, names and writes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.append((tag, named))
        self.links += [named["href"] or ""] if "href" in named else []
        self.ids += [named["id"] or ""] if "id" in named else []

    def handle_data(self, data: str) -> None:
        self.text += data


def chinese(digest: Digest) -> Wording:
    return render(digest, DEBATE, language="zh", unsubscribe=UNSUBSCRIBE)


@pytest.mark.parametrize(
    ("name", "digest", "debate", "language"),
    [
        ("usual.zh", usual_week(), DEBATE, "zh"),
        ("usual.en", usual_week(), ENGLISH_DEBATE, "en"),
        ("few.zh", few_votes(), DEBATE, "zh"),
        ("steady.en", steady_week(), ENGLISH_DEBATE, "en"),
        ("first.zh", first_week(), DEBATE, "zh"),
        ("silent.zh", silent_week(), DEBATE, "zh"),
    ],
)
@pytest.mark.parametrize("part", ["html", "txt"])
def test_a_digest_looks_as_it_did(
    *,
    name: str,
    digest: Digest,
    debate: Debate,
    language: Language,
    part: str,
    request: pytest.FixtureRequest,
) -> None:
    rendered = render(digest, debate, language=language, unsubscribe=UNSUBSCRIBE)
    found = rendered.html if part == "html" else rendered.text
    file = GOLDEN / f"{name}.{part}"
    if request.config.getoption("--update-golden"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("digest", [usual_week(), few_votes(), silent_week()])
def test_every_link_within_the_mail_leads_somewhere(digest: Digest) -> None:
    seen = Seen(chinese(digest).html)
    inside = {link[1:] for link in seen.links if link.startswith("#")}
    assert inside <= set(seen.ids)
    assert len(seen.ids) == len(set(seen.ids))


def test_every_count_of_votes_leads_to_them() -> None:
    html = chinese(usual_week()).html
    for anchor, count in (("votes1", "13 票"), ("votes2", "7 票"), ("votes3", "1 票"), ("evidence", "20 票")):
        assert re.search(f'<a href="#{anchor}"[^>]*>{count}</a>', html)


def test_hostile_text_stays_text() -> None:
    hostile = "</p><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}"
    said = evidence(
        1,
        hostile,
        OPEN,
        hostile + "\u202e",
        org=hostile,
        title=hostile,
        source=hostile,
        via=hostile,
        url="javascript:alert(1)",
    )
    vote = replace(usual_week().voters[0], actor=hostile, org=hostile, evidence=(said,))
    turn = replace(usual_week().turns[0], actor=hostile, before=said, after=said)
    story = replace(
        usual_week().stories[0],
        title=hostile,
        copies=(replace(usual_week().stories[0].copies[0], source=hostile, url="javascript:alert(1)"),),
    )
    digest = replace(
        usual_week(), turns=(turn,), strongest={"open": (said,)}, voters=(vote,), stories=(story,), new_voices=()
    )
    rendered = chinese(digest)
    seen = Seen(rendered.html)
    assert not {"script", "img"} & {tag for tag, _ in seen.tags}
    assert all(link.startswith(("#", "https://", "mailto:")) for link in seen.links)
    assert "javascript:" not in rendered.html + rendered.text
    assert "\u202e" not in rendered.html + rendered.text
    assert "49" not in rendered.subject


def test_a_statement_whose_address_is_no_web_page_is_shown_without_a_link() -> None:
    said = evidence(1, "顾念之", OPEN, "话在这里", url="file:///etc/passwd", title="题目在这里")
    rendered = chinese(replace(usual_week(), strongest={"open": (said,)}))
    assert "题目在这里" in rendered.html
    assert "file:" not in rendered.html + rendered.text


def test_a_monstrous_week_keeps_under_the_cap_and_says_what_it_left_out() -> None:
    rendered = chinese(monster_week())
    assert LARGEST_HTML * 0.6 < len(rendered.html.encode()) <= LARGEST_HTML
    assert rendered.html.count("条未列出") == 4
    assert "另有" in rendered.text


def test_a_busy_week_of_ordinary_statements_lists_as_many_as_fit() -> None:
    votes = tuple(
        replace(
            usual_week().voters[0],
            actor=f"发言者{n}",
            week=WEEK,
            evidence=(evidence(2000 + n, f"发言者{n}", OPEN, "把权重放出来，大家一起改，比关起门来做更快。" * 3),),
        )
        for n in range(500)
    )
    rendered = chinese(replace(usual_week(), voters=votes))
    size = len(rendered.html.encode())
    assert LARGEST_HTML - 1000 < size <= LARGEST_HTML
    left = re.search(r"另有 (\d+) 条未列出", rendered.html)
    assert left
    assert rendered.html.count("比关起门来做更快。<") + rendered.html.count("比关起门来做更快。”") >= 500 - int(left[1])


def test_a_mail_loads_nothing_and_says_its_language() -> None:
    for rendered, language in (
        (chinese(usual_week()), "zh-CN"),
        (render(usual_week(), ENGLISH_DEBATE, language="en", unsubscribe=None), "en"),
    ):
        seen = Seen(rendered.html)
        tags = [tag for tag, _ in seen.tags]
        assert not {"img", "link", "script", "iframe", "svg"} & set(tags)
        assert "url(" not in rendered.html
        assert ("html", {"lang": language}) in seen.tags
        assert all(named.get("role") == "presentation" for tag, named in seen.tags if tag == "table")


def test_styles_are_inline_and_fonts_name_chinese_ones() -> None:
    html = chinese(usual_week()).html
    rules = html[html.index("<style") : html.index("</style>")]
    assert "@media" in rules
    assert html.count("<style") == 1
    assert html.index("<meta charset") < 200
    body = re.search(r'<td class="body" style="([^"]*)"', html)
    assert body
    for font in ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC"):
        assert font in body[1].replace("&quot;", '"')


def test_without_an_unsubscribe_address_the_footer_says_nothing_of_it() -> None:
    rendered = render(usual_week(), DEBATE, language="zh", unsubscribe=None)
    assert "mailto:" not in rendered.html + rendered.text
    assert UNSUBSCRIBE in chinese(usual_week()).text


def test_an_empty_week_has_no_list_of_votes() -> None:
    rendered = chinese(silent_week())
    assert "全部票与依据" not in rendered.html + rendered.text


def test_the_text_part_holds_the_news_without_markup() -> None:
    text = chinese(usual_week()).text
    assert "== 谁转向了 ==" in text
    assert "https://news.example.com/2026/11/901.html" in text
    assert not re.search(r"</?\w+>|&amp;", text)


def test_a_subject_template_is_used() -> None:
    rendered = render(
        usual_week(), DEBATE, language="zh", unsubscribe=None, subject_template="开闭周报 {week} {unknown}"
    )
    assert rendered.subject == "开闭周报 2026-W47 {unknown}"


def test_a_digest_of_the_other_language_calls_debate_and_sides_by_their_other_names() -> None:
    first, second = (side.model_copy(update={"label_other": f"{side.id} source"}) for side in DEBATE.sides)
    debate = DEBATE.model_copy(update={"sides": (first, second), "title_other": "Open or closed?"})
    english = render(usual_week(), debate, language="en", unsubscribe=None)
    assert "open source at 65%" in english.subject.lower()
    assert "Open or closed?" in english.html
    assert "开源阵营占比" in render(usual_week(), debate, language="zh", unsubscribe=None).subject
