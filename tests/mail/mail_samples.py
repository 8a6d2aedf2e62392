"""Invented digests: a usual week, a week of few votes, a week of 500 statements."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipeline.model import (
    MIXED,
    NEUTRAL,
    Attribution,
    Change,
    Coverage,
    Digest,
    Evidence,
    NewVoice,
    QuietSource,
    Share,
    Stance,
    Story,
    StoryCopy,
    Turn,
    Verdict,
    Vote,
    WeekPoint,
)
from pipeline.settings import Debate, Side
from pipeline.weeks import Week

OPEN, CLOSED = Stance("open"), Stance("closed")
WEEK = Week(2026, 47)
DEBATE = Debate(
    title="大模型应开源还是闭源？",
    question="面向公众的大模型，权重和训练方法应当公开，还是留在公司手里？",
    sides=(
        Side(id="open", label="开源", terms=("开源", "open source")),
        Side(id="closed", label="闭源", terms=("闭源", "closed source")),
    ),
)
ENGLISH_DEBATE = Debate(
    title="Open or closed AI models?",
    language="en",
    timezone="Europe/Berlin",
    sides=(
        Side(id="open", label="Open source", terms=("open source", "开源")),
        Side(id="closed", label="Closed source", terms=("closed source", "闭源")),
    ),
)
_TUESDAY = datetime(2026, 11, 17, 2, 30, tzinfo=UTC)


def evidence(number: int, actor: str, stance: Stance, quote: str, **changed: object) -> Evidence:
    plain = Evidence(
        statement_id=number,
        actor=actor,
        org=None,
        stance=stance,
        confidence=0.93 - number % 7 * 0.05,
        quote=quote,
        context=quote,
        attribution=Attribution.DIRECT,
        because=("开源",),
        via=None,
        article_id=number,
        title="权重该不该放出来：一场没有结束的争论",
        url=f"https://news.example.com/2026/11/{number}.html",
        source=("星河日报", "海岸科技", "The Daily Lantern")[number % 3],
        published_at=_TUESDAY + timedelta(hours=7 * (number % 18)),
        dated=True,
        story=number,
    )
    return replace(plain, **changed)  # type: ignore[arg-type]


_BEFORE = evidence(
    901,
    "沈望川",
    CLOSED,
    "把模型锁在自己的机房里，我们才敢对它的一言一行负责。",
    org="云杉智能",
    published_at=datetime(2025, 9, 3, 1, 0, tzinfo=UTC),
    title="云杉智能：闭源是对用户的承诺",
)
_AFTER = evidence(
    1,
    "沈望川",
    OPEN,
    "从下一代起，云杉会把全部权重放到网上，让每个实验室都能查、能改、能复现。",
    org="云杉智能",
    title="云杉智能宣布下一代模型开放权重",
)
_SPOKEN = (
    _AFTER,
    evidence(2, "Marta Lindqvist", OPEN, "A model that nobody may inspect is a model that nobody should trust.", org="Fjord Institute", title="Why we publish our weights"),
    evidence(3, "顾念之", OPEN, "小公司能站起来，靠的就是有人愿意把模型放出来。", dated=False, title="创业者眼中的开放生态"),
    evidence(4, "贺兰山", CLOSED, "能力越强的模型越不该随手公开，放出去就再也收不回来。", org="长堤实验室", title="长堤实验室谈安全边界"),
    evidence(5, "长堤实验室", CLOSED, "公司表示旗舰模型只通过接口提供，近期没有公开权重的计划", org="长堤实验室", attribution=Attribution.INDIRECT, via="蓝鲸快讯"),
    evidence(6, "Tom Okafor", MIXED, "Small models should be open, the largest ones should wait until we know how to test them.", org="Harbour Policy Lab", title="Two tracks for model release"),
    evidence(7, "秦未晚", NEUTRAL, "先把评测标准定下来，再谈放不放。"),
    evidence(8, "顾念之", OPEN, "我们去年所有的产品都建立在别人开放的权重之上。"),
)  # fmt: skip


def _editorials(stance: Stance, articles: int) -> tuple[Evidence, ...]:
    own = {OPEN: "本报认为，放开权重利大于弊。", CLOSED: "本报认为，最强的模型不该随手放出去。"}
    words = own.get(stance, "本报以为两条路都走得通。")
    return tuple(
        evidence(300 + number, "星河日报", stance, words, attribution=Attribution.AUTHOR, title=f"社评 {number + 1}")
        for number in range(articles)
    )


def _votes() -> tuple[Vote, ...]:
    actors = list(dict.fromkeys(each.actor for each in _SPOKEN))
    votes = []
    for actor in actors:
        said = tuple(each for each in _SPOKEN if each.actor == actor)
        votes.append(
            Vote(actor=actor, org=said[0].org, week=WEEK, stance=said[0].stance, confidence=0.9, evidence=said)
        )
    for number in range(15):
        stance = CLOSED if number % 3 == 0 else OPEN
        quote = f"这是第 {number + 1} 位受访者的话，说的是自己为什么支持{'闭源' if stance == CLOSED else '开源'}。"
        one = evidence(100 + number, f"受访者{number + 1}", stance, quote, org="某大学" if number % 2 else None)
        votes.append(Vote(actor=one.actor, org=one.org, week=WEEK, stance=stance, confidence=0.8, evidence=(one,)))
    return tuple(votes)


def _story(number: int, title: str, stance: Stance, outlets: tuple[str, ...]) -> Story:
    copies = tuple(
        StoryCopy(
            article_id=number * 50 + place,
            source=outlet,
            title=title,
            url=f"https://{number}.example.com/{place}?a=1&b=2",
            published_at=_TUESDAY + timedelta(hours=place),
            stance=stance,
        )
        for place, outlet in enumerate(outlets)
    )
    return Story(id=number, title=title, stance=stance, copies=copies, statements=1 + number % 3)


def usual_week() -> Digest:
    """13 votes for open, 7 for closed: a clear rise, one turn."""
    trend = [(9, 10), (8, 9), (10, 9), (0, 0), (7, 9), (11, 10), (9, 8), (10, 9), (3, 1), (9, 9), (10, 10), (13, 7)]
    return Digest(
        min_votes=20,
        week=WEEK,
        votes={"open": 13, "closed": 7, "mixed": 1, "neutral": 1},
        shares={"open": Share(share=0.65, low=0.47, high=0.8), "closed": Share(share=0.35, low=0.2, high=0.53)},
        change=Change(
            side="open", points=12.4, probability=0.985, verdict=Verdict.CLEAR, votes_now=20, votes_before=61
        ),
        turns=(Turn(actor="沈望川", org="云杉智能", from_side=CLOSED, to_side=OPEN, before=_BEFORE, after=_AFTER),),
        new_voices=(NewVoice(actor="顾念之", org=None, stance=OPEN, evidence=_SPOKEN[2]),),
        strongest={"open": (_SPOKEN[1], _SPOKEN[2]), "closed": (_SPOKEN[3], _SPOKEN[4])},
        voters=_votes(),
        outlets={
            "open": _editorials(OPEN, 6),
            "closed": _editorials(CLOSED, 3),
            "mixed": _editorials(MIXED, 2),
            "neutral": _editorials(NEUTRAL, 9),
        },
        stories=(
            _story(1, "云杉智能宣布下一代模型开放权重", OPEN, tuple(f"第{n}晚报" for n in range(1, 10))),
            _story(4, "长堤实验室：旗舰模型不会公开", CLOSED, ("海岸科技", "星河日报", "The Daily Lantern")),
            _story(6, "Two tracks for model release", MIXED, ("The Daily Lantern",)),
        ),
        trend=tuple(
            WeekPoint(
                week=WEEK - (11 - place), votes={"open": for_open, "closed": for_closed, "mixed": 1, "neutral": 2}
            )
            for place, (for_open, for_closed) in enumerate(trend)
        ),
        coverage=Coverage(
            sources_watched=45,
            sources_answered=42,
            quiet=(
                QuietSource(name="海岸科技", problem="timeout", since=datetime(2026, 11, 12, 20, 0, tzinfo=UTC)),
                QuietSource(name="北辰网", problem="404", since=None),
                QuietSource(name="Old Tribune", problem="403", since=datetime(2025, 12, 30, 9, 0, tzinfo=UTC)),
            ),
            articles=318,
            articles_on_topic=57,
            articles_undated=4,
            statements=41,
            articles_late=3,
            articles_unread=2,
        ),
    )


def few_votes() -> Digest:
    """6 votes, one turn, nothing that may be called a trend."""
    usual = usual_week()
    return replace(
        usual,
        votes={"open": 4, "closed": 2, "mixed": 0, "neutral": 0},
        shares={"open": Share(share=2 / 3, low=0.35, high=0.88), "closed": Share(share=1 / 3, low=0.12, high=0.65)},
        change=Change(side="open", points=15.0, probability=0.8, verdict=Verdict.TOO_FEW, votes_now=6, votes_before=61),
        voters=usual.voters[:6],
        trend=(*usual.trend[:-1], WeekPoint(week=WEEK, votes={"open": 4, "closed": 2, "mixed": 0, "neutral": 0})),
    )


def first_week() -> Digest:
    """The usual week, with next to nothing before it to compare with."""
    usual = usual_week()
    return replace(usual, change=replace(usual.change, points=0, verdict=Verdict.TOO_FEW, votes_before=2), turns=())


def silent_week() -> Digest:
    """Not one vote, and nothing else either."""
    usual = usual_week()
    return replace(
        usual,
        votes={"open": 0, "closed": 0, "mixed": 0, "neutral": 0},
        shares={},
        change=Change(side="open", points=0, probability=0.5, verdict=Verdict.TOO_FEW, votes_now=0, votes_before=0),
        turns=(),
        new_voices=(),
        strongest={},
        voters=(),
        outlets={},
        stories=(),
        trend=(),
        coverage=replace(usual.coverage, quiet=(), statements=0),
    )


def steady_week() -> Digest:
    """The usual week with no clear change."""
    usual = usual_week()
    change = replace(usual.change, points=3.0, probability=0.7, verdict=Verdict.NO_CLEAR_CHANGE)
    return replace(usual, change=change)


def monster_week() -> Digest:
    """500 statements with endless quotes, names, titles and addresses."""
    usual = usual_week()
    votes = []
    for number in range(250):
        stance = (OPEN, CLOSED, OPEN, MIXED, NEUTRAL)[number % 5]
        said = tuple(
            evidence(
                1000 + 2 * number + each,
                f"发言者{number}" + "与他的同事们" * 20,
                stance,
                "这句话怎么也说不完，<而且>一直在重复同一个意思；" * 40,
                org="联合研究院" * 30,
                title="一个没有尽头的标题&" * 30,
                url=f"https://news.example.com/{number}/{each}?" + "q=1&" * 240,
                source="很长很长的媒体名" * 12,
                via="另一家媒体" * 20,
                attribution=Attribution.INDIRECT,
            )
            for each in range(2)
        )
        votes.append(
            Vote(actor=said[0].actor, org=said[0].org, week=WEEK, stance=stance, confidence=0.9, evidence=said)
        )
    spoken = [vote.evidence[0] for vote in votes]
    return replace(
        usual,
        votes={"open": 100, "closed": 50, "mixed": 50, "neutral": 50},
        change=replace(usual.change, votes_now=150),
        turns=tuple(
            Turn(actor=each.actor, org=each.org, from_side=CLOSED, to_side=OPEN, before=each, after=each)
            for each in spoken[:60]
        ),
        new_voices=tuple(
            NewVoice(actor=each.actor, org=each.org, stance=OPEN, evidence=each) for each in spoken[60:140]
        ),
        outlets={str(stance): tuple(spoken[:40]) for stance in (OPEN, CLOSED, MIXED, NEUTRAL)},
        strongest={"open": tuple(spoken[:30]), "closed": tuple(spoken[30:60])},
        voters=tuple(votes),
        stories=tuple(_story(n, "长篇大论" * 60, OPEN, tuple(f"媒体{m}" * 10 for m in range(40))) for n in range(90)),
        coverage=replace(
            usual.coverage,
            statements=500,
            quiet=tuple(QuietSource(name=f"来源{n}" * 20, problem="x", since=None) for n in range(200)),
        ),
    )
