"""A digest as the JSON that ``kaibi digest preview --json`` prints: the contract's fields, and nothing else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.model import Coverage, Digest, Evidence, Story, Turn


def document(digest: Digest) -> dict[str, Any]:
    """Return the digest as plain JSON values: instants as ISO 8601 in UTC, sides by their id."""
    change = digest.change
    return {
        "week": str(digest.week),
        "votes": dict(digest.votes),
        "shares": {side: {"share": one.share, "low": one.low, "high": one.high} for side, one in digest.shares.items()},
        "change": {
            "side": change.side,
            "points": change.points,
            "probability": change.probability,
            "verdict": str(change.verdict),
            "votes_now": change.votes_now,
            "votes_before": change.votes_before,
        },
        "turns": [_turn(turn) for turn in digest.turns],
        "new_voices": [
            {
                "actor": voice.actor,
                "org": voice.org,
                "stance": str(voice.stance),
                "statement": _statement(voice.evidence),
            }
            for voice in digest.new_voices
        ],
        "strongest": {side: [_statement(one) for one in found] for side, found in digest.strongest.items()},
        "voters": [
            {
                "actor": vote.actor,
                "org": vote.org,
                "stance": str(vote.stance),
                "confidence": vote.confidence,
                "statements": [_statement(one) for one in vote.evidence],
            }
            for vote in digest.voters
        ],
        "outlets": {stance: [_statement(one) for one in found] for stance, found in digest.outlets.items()},
        "stories": [_story(story) for story in digest.stories],
        "trend": [{"week": str(point.week), "votes": dict(point.votes)} for point in digest.trend],
        "coverage": _coverage(digest.coverage),
    }


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "actor": turn.actor,
        "org": turn.org,
        "from": str(turn.from_side),
        "to": str(turn.to_side),
        "before": _statement(turn.before),
        "after": _statement(turn.after),
    }


def _statement(evidence: Evidence) -> dict[str, Any]:
    return {
        "actor": evidence.actor,
        "org": evidence.org,
        "stance": str(evidence.stance),
        "confidence": evidence.confidence,
        "quote": evidence.quote,
        "title": evidence.title,
        "url": evidence.url,
        "source": evidence.source,
        "published_at": _instant(evidence.published_at),
        "dated": evidence.dated,
        "corrected": evidence.corrected,
    }


def _story(story: Story) -> dict[str, Any]:
    return {
        "title": story.title,
        "stance": str(story.stance),
        "outlets": len({copy.source for copy in story.copies}),
        "statements": story.statements,
        "copies": [
            {
                "source": copy.source,
                "title": copy.title,
                "url": copy.url,
                "published_at": _instant(copy.published_at),
                "stance": str(copy.stance),
            }
            for copy in story.copies
        ],
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "sources_watched": coverage.sources_watched,
        "sources_answered": coverage.sources_answered,
        "quiet": [{"source": one.name, "problem": one.problem, "since": _instant(one.since)} for one in coverage.quiet],
        "articles": coverage.articles,
        "articles_on_topic": coverage.articles_on_topic,
        "articles_undated": coverage.articles_undated,
        "articles_late": coverage.articles_late,
        "articles_unread": coverage.articles_unread,
        "statements": coverage.statements,
    }


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
