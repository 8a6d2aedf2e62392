"""What the news of a week is, in a subject, a preheader and one sentence.

The rule that matters: in a week of too few votes nothing here claims a share or a trend. Pure;
tested with plain values.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.mail.catalogue import counted
from pipeline.mail.phrases import percent, whole
from pipeline.mail.untrusted import plain, short
from pipeline.model import Verdict

if TYPE_CHECKING:
    from pipeline.mail.phrases import Phrases
    from pipeline.model import Digest

_SUBJECT = 150
"""Longest subject, in characters."""
_ACTOR = 30
"""Longest name in a subject."""
_EVEN = 50


def shares(digest: Digest, phrases: Phrases) -> tuple[int, int] | None:
    """Return both sides' shares in whole per cent, adding up to 100; None when nobody took a side."""
    first, second = phrases.debate.sides
    if first.id in digest.shares:
        share = percent(digest.shares[first.id].share)
    elif second.id in digest.shares:
        share = 100 - percent(digest.shares[second.id].share)
    else:
        return None
    return share, 100 - share


def _told(digest: Digest, phrases: Phrases) -> tuple[str, int]:
    """Return the side that the headline speaks of (the one that rose, else the larger) and its share."""
    first, second = (side.id for side in phrases.debate.sides)
    of_first, of_second = shares(digest, phrases) or (0, 0)
    share = {first: of_first, second: of_second}
    clear = digest.change.verdict is Verdict.CLEAR and digest.change.side in share
    side = digest.change.side if clear else max((first, second), key=lambda each: share[each])
    return side, share[side]


def says_few(digest: Digest) -> bool:
    """Tell whether the week has too few votes for its shares to be told.

    A verdict may also be "too few" for want of votes before the week (the first digest's always is): its shares
    are then told, without a trend.
    """
    return not digest.shares or digest.change.votes_now < digest.min_votes


def _turns(digest: Digest, phrases: Phrases) -> str:
    texts, turns = phrases.texts, digest.turns
    if not turns:
        return ""
    others = len(turns) - 1
    same = len({turn.to_side for turn in turns}) == 1
    phrase = texts.turns_one if not others else texts.turns_same if same else texts.turns_other
    actor, side = short(turns[0].actor, _ACTOR), phrases.running(turns[0].to_side)
    return phrase.format(actor=actor, side=side, n=len(turns), others=others)


def subject(digest: Digest, phrases: Phrases, template: str) -> str:
    """Return the subject: the week's news, or ``template`` with ``{week}`` and ``{title}`` filled in.

    Whatever else a template has in braces stays as it is.
    """
    if template.strip():
        filled = {"week": str(digest.week), "title": phrases.debate.title}
        return short(re.sub(r"\{(week|title)\}", lambda found: filled[found[1]], template), _SUBJECT)
    texts, turns = phrases.texts, _turns(digest, phrases)
    news = _share_news(digest, phrases)
    return short(f"{news}{texts.colon}{turns}" if turns else news, _SUBJECT)


def _share_news(digest: Digest, phrases: Phrases) -> str:
    texts = phrases.texts
    if says_few(digest):
        votes = digest.change.votes_now
        return counted(texts.subject_few, votes) if votes else texts.subject_none
    if digest.change.verdict is Verdict.TOO_FEW:
        return counted(texts.subject_first, digest.change.votes_now)
    side, share = _told(digest, phrases)
    if digest.change.verdict is Verdict.CLEAR:
        points = whole(digest.change.points)
        return texts.subject_share.format(side=phrases.camp(side), share=share, points=points)
    if share == _EVEN:
        return texts.subject_even
    return texts.subject_steady.format(side=phrases.camp(side), share=share)


def lead(digest: Digest, phrases: Phrases) -> str:
    """Return the one sentence on top."""
    texts, total = phrases.texts, digest.change.votes_now
    if says_few(digest):
        return counted(texts.lead_few, total) if total else texts.lead_none
    side, share = _told(digest, phrases)
    phrase = texts.lead_clear if digest.change.verdict is Verdict.CLEAR else texts.lead_steady
    if digest.change.verdict is Verdict.TOO_FEW:
        phrase = texts.lead_first
    points = whole(digest.change.points)
    votes = digest.votes.get(side, 0)
    return phrase.format(side=phrases.running(side), share=share, points=points, n=votes, total=total)


def preheader(digest: Digest, phrases: Phrases) -> str:
    """Return what a mail program shows beside the subject: turns, new voices, what it rests on."""
    texts, coverage = phrases.texts, digest.coverage
    parts = [
        counted(texts.pre_turns, len(digest.turns)) if digest.turns else "",
        counted(texts.pre_voices, len(digest.new_voices)) if digest.new_voices else "",
        texts.pre_basis.format(
            statements=counted(texts.statements, coverage.statements),
            articles=counted(texts.articles, coverage.articles_on_topic),
        ),
    ]
    return plain(texts.comma.join(part for part in parts if part) + texts.stop)


def change_sentence(digest: Digest, phrases: Phrases) -> str:
    """Return how the shares compare with the four weeks before."""
    texts, change = phrases.texts, digest.change
    if says_few(digest):
        return texts.change_few
    if change.verdict is Verdict.TOO_FEW:
        return texts.change_first
    phrase = texts.change_clear if change.verdict is Verdict.CLEAR else texts.change_steady
    sure = percent(change.probability)
    probability = ">99" if sure > 99 else str(sure)  # noqa: PLR2004 - a rise is never certain
    return phrase.format(side=phrases.camp(change.side), points=whole(change.points), probability=probability)
