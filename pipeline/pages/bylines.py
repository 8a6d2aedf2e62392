"""Who wrote an article, where the page says so.

Keeps to itself the forms of Chinese and English bylines. A 来源 line names where a text came
from and a 责任编辑 line who let it pass; neither is its author.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.pages.document import text_of
from pipeline.pages.languages import simplified

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from pipeline.pages.claims import Claims

_HAN_NAME = r"[\u4e00-\u9fff·]{2,4}"
_NAMES = rf"{_HAN_NAME}(?:[\s、，,/&]+{_HAN_NAME}){{0,4}}"
_SURNAMES: Final = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝安常乐于时傅"
    "皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛狄米贝明臧戴宋庞熊纪舒屈项祝董梁杜阮蓝闵季贾路江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍虞万柯管卢莫房裘缪解应丁宣邓郁单"
    "洪包左石崔吉龚程邢裴陆荣翁荀甄曲段侯宁仇甘武符刘景龙叶白蒲赖卓池乔闻翟谭劳申冉桑桂牛边燕尚温庄晏柴瞿阎连习艾鱼容向易古廖耿匡文寇辛阚简饶曾沙关游权岳帅况肖佟"
)
_SURE_NAME = rf"(?:[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}|(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐)[\u4e00-\u9fff]{{1,2}})"
_MEDIA = re.compile(
    r"(?:网|报|社|新闻|财经|科技|综合|客户端|频道|周刊|杂志|电视台|头条|中心|媒体|电台|号|官方|资讯|在线|公司)$|^(?:网易|新浪|腾讯|搜狐|凤凰|百度|今日|央视|人民|澎湃)"
)
_FREE = r"[^\s，。；：:|/丨\[\]()（）【】<>]{2,20}"
_ZH: Final = tuple(
    re.compile(form)
    for form in (
        rf"(?:本文)?作者\s*[:：丨|｜/／]\s*({_FREE}(?:[\s、]{_HAN_NAME}(?!\S))*)",
        rf"记者\s*({_SURE_NAME}(?:[、\s]{_SURE_NAME})*)\s*[/／]",
        rf"(?:^|[\s|])作者\s*({_SURE_NAME})(?=\s|$)",
        rf"文\s*[/／]\s*[^\s，。]{{0,12}}(?:作者|记者|评论员|特约)\s+({_NAMES})",
        rf"文\s*[/、]?\s*图\s*[:：/丨|]?\s*({_SURE_NAME}(?:[\s、]{_SURE_NAME})*)",
        rf"(?:撰文|执笔|撰稿|文字|采写|采访|主笔)\s*[:：丨|｜/／]\s*({_FREE}(?:[、&]{_FREE})*)",
        rf"(?:^|[\s【\[(（])文\s*[:：丨|｜/／]\s*({_FREE}(?:[、&]{_FREE})*)",
        rf"(?:见习|实习|特约|首席|全媒体|本报|特派)?记者\s*[:：]\s*({_NAMES})",
        rf"[（(\[【][^（()）]{{0,14}}记者\s*({_NAMES})[^（()）]{{0,12}}[)）\]】]",
        rf"^.{{0,14}}(?:新闻|时报|日报|晚报|报|网|社)(?:首席|见习|实习|特约)?记者\s+({_NAMES})(?=\s|$)",
    )
)
_ZH_SIGNED = re.compile(rf"[（(]\s*({_SURE_NAME}(?:[\s、]+{_SURE_NAME})*)\s*[）)]$")
_ZH_BESIDE = re.compile(rf"^({_SURE_NAME})\s*[/／]\s*\S{{2,10}}(?:报|网|社|新闻|客户端|记者|周刊)$", re.MULTILINE)
_EN = re.compile(
    r"(?:^|\s)(?:(?:Written |Posted |Reported |Published )?[Bb]y|BY|Author:|Words by)\s+"
    r"([A-Z][\w'’-]+(?: (?:[A-Z]\.|[A-Z][\w'’-]+|de|van|von|der|al|bin|la))*(?:(?:,? and | & |, )[A-Z][\w'’-]+(?: (?:[A-Z]\.|[A-Z][\w'’-]+))+)*)"
)
_NOT_NAMES = re.compile(
    r"来源|点击|未知|佚名|本站|网站|原创|编辑|记者|管理员|admin|责任|关注|文章|发布|时间|如下|简介|介绍|\d{4}",
    re.IGNORECASE,
)
_PLACES: Final = (
    "//*[@itemprop='author']//*[@itemprop='name'] | //*[@itemprop='author']",
    "//*[@rel='author' or contains(@class,'author-name') or contains(@class,'authorname') or contains(@class,'byline-name')]",
    "//*[@id='js_author_name' or @id='js_name' or contains(@class,'profile_nickname')]",
    "//*[contains(@class,'byline') or contains(@class,'author') or @id='author']",
)
_SHORTEST: Final = 2
_LONGEST: Final = 80
_LONGEST_NAME: Final = 40
_NEAR: Final = 600
"""Characters of the page around the title in which a byline may stand."""


def author_of(
    root: HtmlElement, claims: Claims, body: list[str], hinted: str | None, *, near: str
) -> tuple[str, str] | None:
    """Return (author, where), or None; ``near`` is the page's text about the title, as one string."""
    found = (
        (_claimed(claims), ""),
        (_in_text([*near[:_NEAR].split("\n"), *body[:2]], body[-3:]), "byline"),
        (_name(hinted or ""), "hint"),
        (_in_places(root), "author box"),
        (_signed(body[-3:]), "byline"),
    )
    for name, where in found:
        if name:
            return name, where or next(claim.where for claim in claims.authors if _name(claim.text) == name)
    return None


def _claimed(claims: Claims) -> str | None:
    sites = {site.casefold() for site in claims.sites}
    names = (_name(claim.text) for claim in claims.authors)
    return next((name for name in names if name and name.casefold() not in sites and not _MEDIA.search(name)), None)


def _in_text(first: list[str], last: list[str]) -> str | None:
    for form in _ZH:
        for line in [*first, *last]:
            if (written := _captured(form, line)) and (name := _name(written)):
                return name
    for form in (_ZH_BESIDE, _EN):
        for line in first:
            if (written := _captured(form, line)) and (name := _name(written)):
                return name
    return None


def _captured(form: re.Pattern[str], line: str) -> str | None:
    """Return what a form names in a line, as written there, whichever characters the line is in."""
    match = form.search(simplified(line[:_NEAR]))
    return line[match.start(1) : match.end(1)] if match else None


def _signed(last: list[str]) -> str | None:
    return next((name for line in reversed(last) if (name := _captured(_ZH_SIGNED, line[-_NEAR:]))), None)


def _in_places(root: HtmlElement) -> str | None:
    for place in _PLACES:
        for element in root.xpath(place)[:5]:
            name = _name(re.sub(r"^(?:[Bb]y|作者\s*[:：]?|文\s*[/|:：])\s*", "", text_of(element)))
            if name and (_is_name(name) if place == _PLACES[-1] else len(name) <= 2 * _LONGEST_NAME):
                return name
    return None


def _is_name(text: str) -> bool:
    """Tell a name from whatever else stands in a box that is only called author."""
    if re.search("[\u4e00-\u9fff]", text):
        return re.fullmatch(_SURE_NAME, text) is not None
    return len(text) <= _LONGEST_NAME and text[:1].isupper()


def _name(written: str) -> str | None:
    name = re.sub(r"^(?:[Bb]y|BY|作者|记者|文)\s*[:：/|]?\s+|^(?:作者|记者)\s*[:：]", "", written.strip()).strip(
        " ,，、|/:：-·"
    )
    if not _SHORTEST <= len(name) <= _LONGEST or _NOT_NAMES.search(name) or re.search(r"[。！？<>{}=]|https?:", name):
        return None
    return name
