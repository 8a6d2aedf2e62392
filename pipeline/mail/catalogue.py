"""Every sentence that a digest can say, in Chinese and in English, side by side.

No logic but plurals: what is said when is decided in ``wording`` and ``headline``. A text with
``{}`` names is filled by ``str.format``; ``one|many`` is chosen by :func:`counted`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pipeline.written import Language


def counted(phrase: str, count: int, **others: object) -> str:
    """Return ``phrase`` with ``{n}`` and the ``others`` filled in, in the form for ``count`` where it has two (``one|many``)."""
    one, _, many = phrase.partition("|")
    return (one if count == 1 or not many else many).format(n=count, **others)


@dataclass(frozen=True, kw_only=True, slots=True)
class Catalogue:
    """The texts of one language."""

    lang: str
    """For the ``lang`` attribute and Content-Language."""
    comma: str
    stop: str
    colon: str
    space: str
    """Between two sentences."""
    open_quote: str
    close_quote: str
    brackets: str
    list_comma: str

    side_name: str
    mixed: str
    neutral: str
    off_topic: str
    too_few: str
    no_clear_change: str
    clear: str

    votes: str
    statements: str
    positions: str
    articles: str
    outlet_tally: str
    outlets: str
    and_more: str
    more_below: str

    week_title: str
    day: str
    day_year: str
    undated: str
    confidence: str
    corrected: str
    """Beside a statement that a person corrected, or said to be right."""
    reported: str
    own_voice: str
    via: str

    subject_share: str
    subject_steady: str
    subject_even: str
    subject_few: str
    subject_first: str
    subject_none: str
    turns_one: str
    turns_same: str
    turns_other: str

    lead_clear: str
    lead_steady: str
    lead_first: str
    lead_few: str
    lead_none: str
    pre_turns: str
    pre_voices: str
    pre_basis: str

    share_caption: str
    beside: str
    interval: str
    change_title: str
    change_clear: str
    change_steady: str
    change_few: str
    change_first: str
    change_basis: str
    trend_title: str
    trend_caption: str
    text_trend_caption: str
    turns_title: str
    turns_none: str
    before: str
    now: str
    voices_title: str
    strongest_title: str
    strongest_none: str
    stories_title: str
    story_from: str
    story_also: str
    story_more: str
    outlets_title: str
    outlets_caption: str
    evidence_title: str
    evidence_caption: str
    coverage_title: str
    coverage_answered: str
    coverage_quiet: str
    coverage_since: str
    coverage_never: str
    coverage_articles: str
    coverage_late: str
    coverage_undated: str
    coverage_unread: str
    method_title: str
    method: tuple[str, ...]
    """One sentence or two a line."""
    made_by: str
    unsubscribe: str


ZH: Final = Catalogue(
    lang="zh-CN",
    comma="，",
    stop="。",
    colon="：",
    space="",
    open_quote="“",
    close_quote="”",
    brackets="（{}）",
    list_comma="、",
    side_name="{}阵营",
    mixed="立场兼有",
    neutral="中立",
    off_topic="无关",
    too_few="样本太少，无法判断",
    no_clear_change="无明显变化",
    clear="明显转向",
    votes="{n} 票",
    statements="{n} 条表态",
    positions="{n} 条明确立场",
    articles="{n} 篇文章",
    outlet_tally="{n} 篇",
    outlets="{n} 家刊发",
    and_more="另有 {n} 条",
    more_below="另有 {n} 条未列出，可在数据库中查到",
    week_title="{year} 年第 {number} 周（{first}—{last}）",
    day="{month} 月 {day} 日",
    day_year="{year} 年 {month} 月 {day} 日",
    undated="未标日期，{}首次见到",
    confidence="判读置信度 {}%",
    corrected="经人工更正",
    reported="转述",
    own_voice="文章自身观点",
    via="据{}报道",
    subject_share="{side}占比升至 {share}%（+{points}）",
    subject_steady="{side}占比 {share}%，无明显变化",
    subject_even="双方各占一半，无明显变化",
    subject_few="本周仅 {n} 票，样本太少",
    subject_first="本周 {n} 票表明立场，前四周太少，无从比较",
    subject_none="本周无人表态",
    turns_one="{actor}转向{side}",
    turns_same="{actor}等 {n} 方转向{side}",
    turns_other="{actor}转向{side}，另有 {others} 方改变立场",
    lead_clear="本周 {total} 票中有 {n} 票支持{side}，占 {share}%，比前四周高 {points} 个百分点。",
    lead_steady="本周 {total} 票中有 {n} 票支持{side}，占 {share}%，与前四周相比无明显变化。",
    lead_first="本周 {total} 票中有 {n} 票支持{side}；前四周票数太少，无从比较。",
    lead_few="本周只有 {n} 票表明立场，样本太少，无法判断趋势。",
    lead_none="本周没有人明确站在哪一方。",
    pre_turns="{n} 方转向",
    pre_voices="{n} 个新声音",
    pre_basis="{statements}，{articles}",
    share_caption="各阵营占比",
    beside="不计入占比",
    interval="90% 区间 {low}–{high}%",
    change_title="本周变化",
    change_clear="{side}占比较前四周上升 {points} 个百分点，确为上升的可能性为 {probability}%。",
    change_steady="{side}占比较前四周上升 {points} 个百分点，仍在正常波动范围内。",
    change_few="票数太少，本周不比较占比。",
    change_first="前四周票数太少，无从比较。",
    change_basis="依据：本周 {now}，前四周 {before}。",
    trend_title="近 {n} 周走势",
    trend_caption="柱顶数字为{side}占比（%），柱下为第几周，最下为票数。票数太少的周只列票数。",
    text_trend_caption="每行：第几周、{side}占比、票数。票数太少的周只列票数。",
    turns_title="谁转向了",
    turns_none="本周没有人转向。",
    before="此前",
    now="本周",
    voices_title="新声音",
    strongest_title="最有力的表态",
    strongest_none="本周没有这一方的表态。",
    stories_title="主要事件",
    story_from="首发 {source}，{day}",
    story_also="亦见 {}",
    story_more="另有 {n} 家",
    outlets_title="媒体自身的倾向",
    outlets_caption="文章以自己的口吻表态的，按篇计，不计入上面的票数。",
    evidence_title="全部票与依据",
    evidence_caption="每位发言者每周一票；每票之下列出所依据的表态。",
    coverage_title="本周覆盖",
    coverage_answered="跟踪 {n} 个来源，成功读取 {answered} 个。",
    coverage_quiet="{n} 个未能读取：{names}。",
    coverage_since="{name}（{day}起）",
    coverage_never="{name}（从未成功）",
    coverage_articles="本周共 {articles}，其中 {on_topic} 篇涉及本论争，有 {statements}。",
    coverage_late="上期周报之后又收到 {n} 篇更早几周的文章，已发出的数字不再改动。",
    coverage_undated="{n} 篇没有日期，按首次见到的日子计入。",
    coverage_unread="{n} 篇尚未读取，不在以上数字之内。",
    method_title="怎么数的",
    method=(
        "每位发言者每周一票，按其当周表态的方向和把握程度加权；两边相当的算“立场兼有”。",
        "占比＝一方票数÷双方票数之和；转载的同一篇只算一次。",
        "立场由程序根据原文判断，可能有误；每条都附原文链接，请以原文为准。",
    ),
    made_by="本周报由 kaibi 自动生成。",
    unsubscribe="如需退订，请发邮件至",
)

EN: Final = Catalogue(
    lang="en",
    comma=", ",
    stop=".",
    colon=": ",
    space=" ",
    open_quote="“",
    close_quote="”",
    brackets=" ({})",
    list_comma=", ",
    side_name="{}",
    mixed="mixed",
    neutral="neutral",
    off_topic="off topic",
    too_few="too few statements to say",
    no_clear_change="no clear change",
    clear="clear shift",
    votes="{n} vote|{n} votes",
    statements="{n} statement|{n} statements",
    positions="{n} clear position|{n} clear positions",
    articles="{n} article|{n} articles",
    outlet_tally="{n} article|{n} articles",
    outlets="{n} outlet|{n} outlets",
    and_more="and {n} more",
    more_below="and {n} more, kept in the database",
    week_title="Week {number}, {year} ({first} – {last})",
    day="{day} {month_name}",
    day_year="{day} {month_name} {year}",
    undated="undated, first seen {}",
    confidence="{}% sure",
    corrected="corrected by a person",
    reported="reported",
    own_voice="the article's own view",
    via="via {}",
    subject_share="{side} at {share}% (+{points})",
    subject_steady="{side} at {share}%, no clear change",
    subject_even="Even at 50%, no clear change",
    subject_few="Only {n} vote this week, too few to say|Only {n} votes this week, too few to say",
    subject_first="{n} vote this week, too few before to compare|{n} votes this week, too few before to compare",
    subject_none="Nobody took a side this week",
    turns_one="{actor} turns to {side}",
    turns_same="{actor} and {others} more turn to {side}",
    turns_other="{actor} turns to {side}, {others} more changed sides",
    lead_clear="{n} of {total} votes this week went to {side}: {share}%, {points} points up on the four weeks before.",
    lead_steady="{n} of {total} votes this week went to {side}: {share}%, no clear change from the four weeks before.",
    lead_first="{n} of {total} votes this week went to {side}; the four weeks before have too few to compare.",
    lead_few="Only {n} vote took a side this week: too few to speak of a trend.|Only {n} votes took a side this week: too few to speak of a trend.",
    lead_none="Nobody clearly took a side this week.",
    pre_turns="{n} turned|{n} turned",
    pre_voices="{n} new voice|{n} new voices",
    pre_basis="{statements} from {articles}",
    share_caption="Share of each side",
    beside="Not counted in the shares",
    interval="90% interval {low}–{high}%",
    change_title="Change",
    change_clear="{side} is up {points} points; the probability that the rise is real is {probability}%.",
    change_steady="{side} is up {points} points, which is within the usual noise.",
    change_few="Too few votes to compare shares this week.",
    change_first="The four weeks before have too few votes to compare.",
    change_basis="Based on {now} this week and {before} in the four weeks before.",
    trend_title="The last {n} weeks",
    trend_caption="On top of each column: {side}, in %. Below: the week's number, then its votes. Weeks with too few votes show these alone.",
    text_trend_caption="Each line: the week's number, {side} in %, votes. Weeks with too few votes show these alone.",
    turns_title="Who turned",
    turns_none="Nobody turned this week.",
    before="Before",
    now="Now",
    voices_title="New voices",
    strongest_title="Strongest statements",
    strongest_none="No statement of this side this week.",
    stories_title="Main stories",
    story_from="first in {source}, {day}",
    story_also="also in {}",
    story_more="and {n} more",
    outlets_title="Where the outlets lean",
    outlets_caption="Articles that take a position in their own voice. They do not count in the votes above.",
    evidence_title="Every vote and what it rests on",
    evidence_caption="One vote per actor per week; under each, the statements it rests on.",
    coverage_title="Coverage",
    coverage_answered="{n} source watched, {answered} read.|{n} sources watched, {answered} read.",
    coverage_quiet="{n} could not be read: {names}.",
    coverage_since="{name} (since {day})",
    coverage_never="{name} (never read)",
    coverage_articles="{articles} this week, {on_topic} on this debate, {statements}.",
    coverage_late="{n} article of earlier weeks came in after the last digest; the figures already sent stay as they were.|{n} articles of earlier weeks came in after the last digest; the figures already sent stay as they were.",
    coverage_undated="{n} article bears no date and counts on the day it was first seen.|{n} articles bear no date and count on the day they were first seen.",
    coverage_unread="{n} article is not read yet and not in these figures.|{n} articles are not read yet and not in these figures.",
    method_title="How it is counted",
    method=(
        "One vote per actor per week: the side of what they said, weighted by how sure the reading is; “mixed” where the sides weigh alike.",
        "A share is one side's votes over the votes for either side. A story that many outlets copied counts once.",
        "A program reads the positions and can be wrong. Every statement links to its source, which decides.",
    ),
    made_by="Generated automatically by kaibi.",
    unsubscribe="No longer interested? Unsubscribe by mail",
)

_CATALOGUES: Final = {"zh": ZH, "en": EN}
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def catalogue(language: Language) -> Catalogue:
    """Return the texts of a language."""
    return _CATALOGUES[language]
