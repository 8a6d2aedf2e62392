"""Word a digest: from numbers and evidence to a view that the templates only lay out.

Keeps to itself how lists are cut to a mail's room and how the sections are put together. Pure: the
same digest, debate, language and room give the same view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.mail.catalogue import counted
from pipeline.mail.headline import change_sentence, lead, preheader, says_few, shares, subject
from pipeline.mail.listing import Room, listed
from pipeline.mail.phrases import NAME, TITLE, Phrases, percent
from pipeline.mail.untrusted import short, web_link
from pipeline.mail.view import (
    CardsView,
    ColumnView,
    LinkedText,
    QuoteView,
    SideView,
    StoryView,
    TallyView,
    TurnView,
    View,
    VotesView,
    VoteView,
)
from pipeline.model import MIXED, NEUTRAL, Verdict

if TYPE_CHECKING:
    from pipeline.model import Digest, Evidence, Story, Turn, WeekPoint
    from pipeline.settings import Debate, Side
    from pipeline.written import Language

COLUMN: Final = 72
"""Height of a full column of the trend, in pixels."""
_QUESTION: Final = 200
_COPIES: Final = 6
"""Other outlets named at a story."""
_OUTLETS: Final = 5
"""Articles of each stance shown for where the outlets lean."""
_OWN_WORDS: Final = 80
"""Characters of an article's own words there."""
_EVIDENCE_WORDS: Final = 0.6
"""A quote under a vote is shorter than one on a card, by this factor."""


def word(
    digest: Digest,
    debate: Debate,
    *,
    language: Language,
    room: Room,
    unsubscribe: str | None = None,
    subject_template: str = "",
) -> View:
    """Return the digest in words, dates in the debate's zone; ``unsubscribe`` is a ``mailto:`` address or None."""
    phrases = Phrases(debate=debate, language=language, week=digest.week)
    texts = phrases.texts
    verdicts = {Verdict.TOO_FEW: texts.too_few, Verdict.NO_CLEAR_CHANGE: texts.no_clear_change}
    change = digest.change
    evidence = _evidence(digest, phrases, room)
    told = {quote.anchor for votes in evidence for vote in votes.votes for quote in vote.quotes}
    return View(
        texts=texts,
        subject=subject(digest, phrases, subject_template),
        preheader=preheader(digest, phrases),
        title=short(debate.title, _QUESTION),
        question=short(debate.question, _QUESTION),
        week=phrases.week_title(),
        lead=lead(digest, phrases),
        verdict=verdicts.get(change.verdict, texts.clear),
        sides=_sides(digest, phrases),
        beside=_beside(digest, phrases),
        change=change_sentence(digest, phrases),
        change_basis=_basis(digest, phrases),
        trend=tuple(_column(point, digest, phrases) for point in digest.trend),
        trend_title=texts.trend_title.format(n=len(digest.trend)),
        trend_caption=texts.trend_caption.format(side=phrases.label(debate.sides[0].id)),
        text_trend_caption=texts.text_trend_caption.format(side=phrases.label(debate.sides[0].id)),
        turns=tuple(_turn(turn, phrases, room) for turn in digest.turns[: room.items]),
        turns_more=_more(len(digest.turns) - room.items, phrases),
        voices=tuple(phrases.quote(voice.evidence, longest=room.words) for voice in digest.new_voices[: room.items]),
        voices_more=_more(len(digest.new_voices) - room.items, phrases),
        strongest=tuple(_cards(side, digest, phrases, room) for side in debate.sides),
        stories=tuple(_story(story, phrases, told) for story in digest.stories[: room.items]),
        stories_more=_more(len(digest.stories) - room.items, phrases),
        outlets=_outlets(digest, phrases, room),
        evidence=evidence,
        coverage=_coverage(digest, phrases, room),
        unsubscribe=unsubscribe,
    )


def _stances(phrases: Phrases) -> tuple[str, ...]:
    first, second = phrases.debate.sides
    return first.id, second.id, MIXED, NEUTRAL


def _anchor(digest: Digest, phrases: Phrases, stance: str) -> str:
    """Return where the votes for a stance are listed; empty where nobody voted so."""
    listed_here = any(vote.stance == stance for vote in digest.voters)
    return f"votes{_stances(phrases).index(stance) + 1}" if listed_here else ""


def _more(left: int, phrases: Phrases) -> str:
    return phrases.texts.and_more.format(n=left) if left > 0 else ""


def _sides(digest: Digest, phrases: Phrases) -> tuple[SideView, SideView]:
    per_cent = None if says_few(digest) else shares(digest, phrases)

    def view(side: Side, number: int) -> SideView:
        interval = digest.shares.get(side.id)
        return SideView(
            label=phrases.label(side.id),
            tone=phrases.tone(side.id),
            votes=counted(phrases.texts.votes, digest.votes.get(side.id, 0)),
            share=per_cent[number] if per_cent else None,
            interval=phrases.texts.interval.format(low=percent(interval.low), high=percent(interval.high))
            if per_cent and interval
            else "",
            anchor=_anchor(digest, phrases, side.id),
        )

    first, second = phrases.debate.sides
    return view(first, 0), view(second, 1)


def _beside(digest: Digest, phrases: Phrases) -> tuple[TallyView, ...]:
    return tuple(
        TallyView(
            label=phrases.label(stance),
            tone=phrases.tone(stance),
            count=counted(phrases.texts.votes, digest.votes[stance]),
            anchor=_anchor(digest, phrases, stance),
        )
        for stance in (MIXED, NEUTRAL)
        if digest.votes.get(stance)
    )


def _basis(digest: Digest, phrases: Phrases) -> LinkedText:
    texts, change = phrases.texts, digest.change
    before, _, after = texts.change_basis.partition("{now}")
    return LinkedText(
        before=before,
        linked=counted(texts.votes, change.votes_now),
        after=after.format(before=counted(texts.votes, change.votes_before)),
        anchor="evidence" if digest.voters else "",
    )


def _column(point: WeekPoint, digest: Digest, phrases: Phrases) -> ColumnView:
    """Return a week's column; one of too few votes shows no share."""
    first, second = (point.votes.get(side.id, 0) for side in phrases.debate.sides)
    total = first + second if first + second >= digest.min_votes else 0
    share = percent(first / total) if total else 0
    height = round(COLUMN * share / 100)
    return ColumnView(
        week=str(point.week.number),
        share=str(share) if total else "–",
        first=height if total else 0,
        second=COLUMN - height if total else 0,
        votes=first + second,
        anchor=_anchor(digest, phrases, phrases.debate.sides[0].id) if point.week == digest.week else "",
    )


def _turn(turn: Turn, phrases: Phrases, room: Room) -> TurnView:
    return TurnView(
        actor=short(turn.actor, NAME),
        org=phrases.org(turn.actor, turn.org),
        from_label=phrases.label(turn.from_side),
        from_tone=phrases.tone(turn.from_side),
        to_label=phrases.label(turn.to_side),
        to_tone=phrases.tone(turn.to_side),
        before=phrases.quote(turn.before, longest=room.words),
        after=phrases.quote(turn.after, longest=room.words),
    )


def _cards(side: Side, digest: Digest, phrases: Phrases, room: Room) -> CardsView:
    statements = digest.strongest.get(side.id, ())
    return CardsView(
        label=phrases.label(side.id),
        tone=phrases.tone(side.id),
        cards=tuple(phrases.quote(statement, longest=room.words) for statement in statements[: room.items]),
        more=_more(len(statements) - room.items, phrases),
    )


def _story(story: Story, phrases: Phrases, told: set[str]) -> StoryView:
    texts, first = phrases.texts, story.copies[0]
    outlets = list(dict.fromkeys(copy.source for copy in story.copies))
    others = [short(outlet, NAME) for outlet in outlets[1 : 1 + _COPIES]]
    left = len(outlets) - 1 - _COPIES
    others += [texts.story_more.format(n=left)] if left > 0 else []
    day = phrases.date(first.published_at.astimezone(phrases.debate.zone).date())
    return StoryView(
        title=short(story.title, TITLE),
        link=web_link(first.url),
        label=phrases.label(story.stance),
        tone=phrases.tone(story.stance),
        outlets=counted(texts.outlets, len(outlets)),
        statements=counted(texts.positions, story.statements),
        anchor=f"story{story.id}" if f"story{story.id}" in told else "",
        began=texts.story_from.format(source=short(first.source, NAME), day=day),
        also=texts.story_also.format(texts.list_comma.join(others)) if others else "",
    )


def _outlets(digest: Digest, phrases: Phrases, room: Room) -> tuple[TallyView, ...]:
    shown = min(room.items, _OUTLETS)
    return tuple(
        TallyView(
            label=phrases.label(stance),
            tone=phrases.tone(stance),
            count=counted(phrases.texts.outlet_tally, len(found)),
            quotes=tuple(phrases.quote(one, longest=min(room.words, _OWN_WORDS)) for one in found[:shown]),
            more=_more(len(found) - shown, phrases),
        )
        for stance in _stances(phrases)
        if (found := digest.outlets.get(stance, ()))
    )


def _evidence(digest: Digest, phrases: Phrases, room: Room) -> tuple[VotesView, ...]:
    """Return the votes of each stance; the first statement listed of each story is where that story's number leads."""
    stances = _stances(phrases)
    groups = [[vote for vote in digest.voters if vote.stance == stance] for stance in stances]
    unled = {story.id for story in digest.stories}
    longest = int(room.words * _EVIDENCE_WORDS)

    def quote(evidence: Evidence) -> QuoteView:
        anchor = f"story{evidence.story}" if evidence.story in unled else ""
        unled.discard(evidence.story)
        return phrases.quote(evidence, longest=longest, anchor=anchor)

    views = []
    for stance, group, counts in zip(stances, groups, listed(groups, room.statements), strict=True):
        if not group:
            continue
        left = sum(len(vote.evidence) for vote in group) - sum(counts)
        votes = tuple(
            VoteView(
                actor=short(vote.actor, NAME),
                org=phrases.org(vote.actor, vote.org),
                quotes=tuple(quote(each) for each in vote.evidence[:count]),
            )
            for vote, count in zip(group, counts, strict=True)
            if count
        )
        view = VotesView(
            anchor=_anchor(digest, phrases, stance),
            label=phrases.label(stance),
            tone=phrases.tone(stance),
            count=counted(phrases.texts.votes, digest.votes.get(stance, 0)),
            votes=votes,
            more=phrases.texts.more_below.format(n=left) if left > 0 else "",
        )
        views.append(view)
    return tuple(views)


def _coverage(digest: Digest, phrases: Phrases, room: Room) -> tuple[str, ...]:
    texts, coverage = phrases.texts, digest.coverage
    names = []
    for source in coverage.quiet[: room.items]:
        name = short(source.name, NAME)
        if source.since is None:
            names.append(texts.coverage_never.format(name=name))
        else:
            day = phrases.date(source.since.astimezone(phrases.debate.zone).date())
            names.append(texts.coverage_since.format(name=name, day=day))
    names += [more] if (more := _more(len(coverage.quiet) - room.items, phrases)) else []
    lines = [
        counted(texts.coverage_answered, coverage.sources_watched, answered=coverage.sources_answered),
        texts.coverage_quiet.format(n=len(coverage.quiet), names=texts.list_comma.join(names)) if names else "",
        texts.coverage_articles.format(
            articles=counted(texts.articles, coverage.articles),
            on_topic=coverage.articles_on_topic,
            statements=counted(texts.statements, coverage.statements),
        ),
        counted(texts.coverage_undated, coverage.articles_undated) if coverage.articles_undated else "",
        counted(texts.coverage_unread, coverage.articles_unread) if coverage.articles_unread else "",
        counted(texts.coverage_late, coverage.articles_late) if coverage.articles_late else "",
    ]
    return tuple(line for line in lines if line)
