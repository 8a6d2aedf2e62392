"""What stands in an article's box and is not the article: editors' lines, shares, what to read next.

Keeps to itself the words by which such lines are known. A line goes only where its whole form is
that of furniture; the tail after 推荐阅读 goes only where it reads like a list.
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.pages.languages import simplified

_END = r"[\s:：>》…!！.。+↓]*"
_TAIL_HEADING = re.compile(
    r"[\W_]*(?:(?:更多)?(?:推荐|相关|延伸|拓展|往期|热门|精彩|扩展|猜你喜欢|大家都在看|编辑)[的]?(?:阅读|新闻|文章|报道|推荐|回顾|链接|内容|资讯|专题|活动|"
    r"标签|搜索|话题|稿件|视频|产品|精选)?(?:更多)?|(?:最新|热点)(?:活动|文章|新闻|资讯|评论|推荐)(?:更多)?|发表评论|网友评论|网友跟贴|全部评论|热门评论|参与评论|"
    r"精彩评论|查看评论|我要评论|文明上网.{0,20}|评论区|猜你喜欢|你可能(?:还|也)?(?:喜欢|感兴趣).{0,8}|为您推荐|今日(?:推荐|热点|看点)|热文排行|点击排行|"
    r"热点排行|新闻排行.?|阅读排行.?|文章排行.?|免责声明|版权声明|特别声明|相关热词搜索.*|关键[词字].{0,30}|标签.{0,30}|"
    r"related (?:articles|stories|posts|content|news|reading|links)|you (?:may|might) also (?:like|enjoy|be interested in)|"
    r"more from .{1,40}|more on this (?:story|topic)|recommended (?:for you|stories|reading|articles)|read next|up next|"
    r"most (?:read|popular|viewed)|trending(?: now)?|leave a (?:comment|reply)|post a comment|comments?(?: \(\d+\))?|\d+ comments?|"
    r"share this(?: article| story| post)?|sponsored(?: content)?|about the author|tags?)" + _END,
    re.IGNORECASE,
)
_COMMENTS_HEADING = re.compile(
    r"[\W_]*(?:\d+\s*条?评论.{0,20}|(?:最热|最新|热门|全部|网友|精彩)评论.{0,12}|发表评论|网友跟[贴帖].{0,12}|评论区|我要评论|参与评论|"
    r"comments?(?: \(\d+\))?|\d+ comments?|leave a (?:comment|reply)|post a comment|(?:the )?end|全文完|本文完|完)[\W_]*",
    re.IGNORECASE,
)
"""Where readers take over, or the article itself says that it is done."""
_LINE = re.compile(
    r"[\W_]*(?:"
    r"(?:责任编辑|责编|本文编辑|执行编辑|编辑|文字编辑|实习编辑|值班编辑|主编|校对|审核|终审|初审|复审|监制|审校|排版|美编|版式|签发|编审|制图|设计)\s*[:：/丨|].{0,40}|"
    r"(?:本文)?(?:原文?标题|原标题|原文链接|原文地址|本文链接|文章链接|链接|文章来源|信息来源|稿源|来源|转载自|本文转自|关键[词字]|标签|分类|阅读原文)\s*[:：].{0,80}|"
    r"(?:分享到|分享至|分享给|转发至|一键分享|分享).{0,40}|(?:用)?微信(?:扫一扫|扫码).{0,40}|扫(?:一扫|码|描).{0,40}(?:二维码|关注|阅读|下载|加入|订阅|手机|客户端|分享|APP).{0,30}|"
    r"(?:长按|识别|点击|关注|搜索).{0,20}(?:二维码|公众号|公号|微信号|客户端|小程序).{0,40}|(?:打开|下载|使用).{0,12}(?:APP|客户端).{0,30}|"
    r"(?:免责声明|版权声明|特别声明|郑重声明|风险提示|免责条款|声明|版权说明|版权所有|著作权).{0,4}[:：].{0,400}|"
    r"(?:本文|本站|本网|以上内容|文章|该文|图片|转载).{0,60}(?:不代表.{0,20}(?:立场|观点)|侵权.{0,12}(?:删除|联系)|版权归.{0,20}所有|未经.{0,12}(?:授权|许可|允许).{0,20}(?:转载|使用)|转载请(?:注明|联系)).{0,200}|"
    r"(?:未经|如需转载|转载请|如有侵权|若有侵权|侵权).{0,60}(?:转载|删除|注明|联系|授权).{0,60}|"
    r"(?:copyright|©|\(c\)\s*\d{4}|版权所有|all rights reserved).{0,160}|.{0,60}(?:all rights reserved|版权所有|ICP备\s*\d{6,}).{0,60}|"
    r"(?:暂无评论|请输入评论.{0,40}|登录后.{0,20}|我来说两句.{0,20}|已有\s*\d+\s*(?:人|条).{0,12}|\d+\s*(?:条)?评论|(?:共)?\d+\s*人?(?:阅读|参与|点赞|浏览).{0,8})|"
    r"(?:您(?:现在)?所在的?位置|当前位置|您的位置|您现在的位置)\s*[:：].{0,80}|首页\s*[>›»].{0,80}|.{0,40}【(?:点击|下载|查看|立即).{0,12}】.{0,30}|"
    r"(?:我要反馈|微信公众号|关注我们|登录\s*[|/]?\s*注册|更多精彩评论|表情|发布)|"
    r"(?:点赞|收藏|举报|反馈|打印|投诉|返回顶部|展开全文|阅读全文|查看全文|查看更多|查看原图|点击查看更多|点击进入专题|加载更多|上一[篇页]|下一[篇页]|举报/反馈|纠错|字体|字号|大中小|小中大|关闭|关闭窗口|打印本页|回到顶部|订阅|广告|复制链接|赞|踩|转发|微博|微信|QQ空间|QQ好友|新浪微博|朋友圈|海报)(?:[\s/|、丨]*(?:点赞|收藏|举报|反馈|打印|投诉|返回顶部|分享|评论|关闭|关闭窗口|字号|大|中|小|微博|微信|QQ空间|新浪微博|朋友圈|QQ好友))*|"
    r"(?:立即报名|火热报名中|立即下载|立即查看|精彩回顾).{0,40}|.{0,12}(?:立即报名|火热报名中|立即下载|立即查看)[>\s].{0,80}|"
    r"(?:advertisement|sponsored|ad|share|tweet|email|print|facebook|twitter|linkedin|whatsapp|reddit|pinterest|copy link|save|listen|"
    r"follow us(?: on .{1,40})?|sign up for .{0,80}newsletters?.{0,60}|subscribe(?: now| to .{0,80})?|click here to .{0,60}|"
    r"story continues below(?: advertisement)?|continue reading(?: below)?|read more|show more|load more|skip to .{0,40}|"
    r"by (?:signing up|subscribing|submitting).{0,200}|this (?:article|story|post) (?:originally appeared|was originally published|first appeared) .{0,120})"
    r")" + _END,
    re.IGNORECASE,
)
_CREDIT_AT_END = re.compile(
    r"\s*(?:[\[【(（]\s*(?:责任编辑|责编|本文编辑|编辑)|(?:责任编辑|责编|本文编辑))\s*[:：]\s*[^。！？\]】)）]{0,24}[\]】)）]?\s*$"
)
_SENTENCE = re.compile(r"[。！？；;]|[.!?](?:\s|$)")
_LISTLIKE: Final = 90
"""Characters; a line of a list of links is shorter."""


_ENOUGH_BEFORE: Final = 200
"""Characters of an article after which its comments may begin."""
_LONGEST_LINE: Final = 500
_OPENING: Final = 5
"""Lines at a text's head among which its date and byline may stand."""
_DATED = re.compile(r"(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}")
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_CLAUSE = re.compile(r"[，。！？；]|[,.!?;]\s")
_LONGEST_LABEL: Final = 12
_DATELINE = re.compile(
    r"[\s|｜·•,，:：()（）\[\]/\d-]+|[年月日时分秒号]|星期.|周[一二三四五六日]|上午|下午|发布(?:时间|日期|于|者)?|发表(?:时间|于)?|更新(?:时间|于)?|时间|日期|"
    r"(?:来源|稿源|作者|记者|编辑|责编|责任编辑|文|出处|信息来源|文章来源)\s*[:：/|]?\s*[^\s:：|]{0,16}?(?=$|[\s|｜(（]|来源|作者|记者|编辑|责|时间|\d{4})|阅读(?:量|次数|数)?|浏览(?:量|次数|数)?|点击(?:量|次数|数)?|"
    r"评论|次|条|人参与|原创|字号|字体|大|中|小|我要评论|分享(?:到)?|收藏|打印"
)
_BYLINE = re.compile(
    r"(?:撰?文|文字|作者|撰文|执笔|采写|本报记者|记者)\s*[:：/|丨｜]\s*[^。！？，]{2,24}|"
    r"(?:[Bb]y|BY) [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3}(?:(?:,| and| &) [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3})*"
)


def clean_paragraphs(written: list[str]) -> list[str]:
    """Return the paragraphs that are the article's, in order; what repeats its predecessor is dropped."""
    kept: list[str] = []
    for index, line in enumerate(written):
        paragraph = simplified(line)
        if len(paragraph) <= _LISTLIKE and _TAIL_HEADING.fullmatch(paragraph):
            if _is_tail(written[index + 1 :], kept):
                break
            continue
        if _COMMENTS_HEADING.fullmatch(paragraph):
            if sum(map(len, kept)) >= _ENOUGH_BEFORE:
                break
            continue
        if (len(paragraph) <= _LONGEST_LINE and _LINE.fullmatch(paragraph)) or (
            index < _OPENING and _is_heading_line(paragraph)
        ):
            continue
        credit = _CREDIT_AT_END.search(paragraph)
        article = line[: credit.start()].strip() if credit else line
        if article and (not kept or kept[-1] != article):
            kept.append(article)
    return kept


def _is_heading_line(line: str) -> bool:
    """Tell whether a line at the head is the article's date and source, or its byline."""
    if len(line) > _LISTLIKE:
        return False
    dated = _DATED.search(line)
    is_stamp = dated is not None and dated.start() < _LONGEST_LABEL and _CLOCK.search(line) and not _CLAUSE.search(line)
    is_dateline = dated is not None and (is_stamp or not _DATELINE.sub("", line))
    return bool(is_dateline) or _BYLINE.fullmatch(line) is not None


def _is_tail(after: list[str], before: list[str]) -> bool:
    """Tell whether what follows a heading is no part of the article: little of it, or lines without sentences."""
    following = sum(map(len, after))
    if not before or following > 2 * sum(map(len, before)):
        return False
    prose = sum(len(line) for line in after if len(line) > _LISTLIKE and _SENTENCE.search(line))
    return prose <= 0.4 * following
