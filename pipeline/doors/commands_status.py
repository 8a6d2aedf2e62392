"""``kaibi status``: how the sources are, what waits, and where the digests stand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import click

from pipeline.doors.invocation import Command, Invocation, clock, pass_invocation
from pipeline.doors.terminal import counted, moment

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from pipeline.model import BuiltDigest, CrawlRun, Delivery, SourceState
    from pipeline.settings import Settings
    from pipeline.store.database import Database

_FROZEN_AFTER: Final = timedelta(days=90)
"""A source whose newest article is older than this may have stopped, though it answers."""
_PAGES_SHOWN: Final = 5


@dataclass(frozen=True, kw_only=True)
class Overview:
    """All that ``kaibi status`` tells."""

    states: tuple[SourceState, ...]
    last_run: CrawlRun | None
    articles: int
    unread: int
    statements: int
    last_digest: BuiltDigest | None
    next_due_at: datetime
    unsettled: tuple[Delivery, ...]


@click.command(cls=Command, examples=("kaibi status", "kaibi status --json | jq .waiting"))
@click.option("--json", "as_json", is_flag=True, help="Print it all as JSON.")
@pass_invocation
def status(invocation: Invocation, *, as_json: bool) -> None:
    """Tell how the sources are, what waits, and where the digests stand."""
    configured = invocation.configured()
    now = clock()
    with invocation.database(configured) as db:
        overview = _overview(db, configured.settings, now=now)
    if as_json:
        click.echo(json.dumps(_as_json(overview, configured.settings), ensure_ascii=False, indent=2))
        return
    from pipeline.doors.invocation import printable

    for line in _lines(overview, configured.settings, now=now):
        click.echo(printable(line))


def _overview(db: Database, settings: Settings, *, now: datetime) -> Overview:
    from pipeline.steps.digest import next_due_at
    from pipeline.store import articles, deliveries, digests, runs, sources, statements

    stored, unread = articles.count(db)
    return Overview(
        states=tuple(state for state in sources.states(db, now=now) if state.name in _enabled(settings)),
        last_run=runs.last(db),
        articles=stored,
        unread=unread,
        statements=statements.count(db),
        last_digest=next(iter(digests.built(db, limit=1)), None),
        next_due_at=next_due_at(settings, now=now),
        unsettled=deliveries.unsettled(db),
    )


def _enabled(settings: Settings) -> set[str]:
    return {source.name for source in settings.source if source.enabled}


def _lines(overview: Overview, settings: Settings, *, now: datetime) -> list[str]:
    zone = settings.debate.zone
    return [
        *_source_lines(overview, settings, now=now, zone=zone),
        *_waiting_lines(overview),
        *_page_lines(overview, zone),
        *_digest_lines(overview, zone),
    ]


def _source_lines(overview: Overview, settings: Settings, *, now: datetime, zone: tzinfo) -> list[str]:
    known = {state.name for state in overview.states}
    never = [name for name in _enabled(settings) if name not in known]
    by_health: dict[str, int] = {"new": len(never)}
    for state in overview.states:
        by_health[state.health] = by_health.get(state.health, 0) + 1
    told = ", ".join(f"{count} {health}" for health, count in sorted(by_health.items()) if count)
    rows = [f"sources   {len(_enabled(settings))} enabled: {told or 'none'}"]
    for state in overview.states:
        if state.problem is not None:
            since = moment(state.last_success_at, zone, never="never")
            rows.append(f"  {state.name}: {state.health}: {state.problem} (last success: {since})")
        elif state.newest_article_at is not None and now - state.newest_article_at > _FROZEN_AFTER:
            newest = f"{state.newest_article_at.astimezone(zone):%Y-%m-%d}"
            rows.append(f"  {state.name}: answers, but its newest article is of {newest} - has it moved?")
    return rows


def _waiting_lines(overview: Overview) -> list[str]:
    waiting = sum(state.pages_waiting for state in overview.states)
    given_up = sum(state.pages_given_up for state in overview.states)
    todo = [counted(waiting, "page") + " to be fetched", counted(overview.unread, "article") + " to be read"]
    if given_up:
        todo.append(counted(given_up, "page") + " given up")
    return [
        f"stored    {counted(overview.articles, 'article')}, {counted(overview.statements, 'statement')}",
        f"waiting   {', '.join(todo)}",
    ]


def _page_lines(overview: Overview, zone: tzinfo) -> list[str]:
    if overview.last_run is None:
        return ["crawled   never - kaibi crawl visits the sources now, kaibi run at their times"]
    visits = overview.last_run.visits
    new = sum(visit.articles_new for visit in visits)
    when = moment(overview.last_run.ended_at, zone)
    rows = [f"crawled   {when}: {counted(len(visits), 'source')}, {counted(new, 'new article')}"]
    for visit in visits:
        rows += [f"  {visit.source}: {page.url}: {page.problem}" for page in visit.page_problems[:_PAGES_SHOWN]]
        if len(visit.page_problems) > _PAGES_SHOWN:
            rows.append(f"  {visit.source}: and {len(visit.page_problems) - _PAGES_SHOWN} more pages (--json has all)")
    return rows


def _digest_lines(overview: Overview, zone: tzinfo) -> list[str]:
    last = overview.last_digest
    was = (
        f"last {last.week}, built {moment(last.built_at, zone)}, {last.outcome.replace('_', ' ')}"
        if last
        else "none yet"
    )
    rows = [f"digest    {was}; next due {moment(overview.next_due_at, zone)}"]
    rows += [
        f"  {one.week} to {one.recipient}: {one.state}{f': {one.problem}' if one.problem else ''}"
        for one in overview.unsettled
    ]
    if overview.unsettled:
        rows.append("  kaibi digest status says what to do")
    return rows


def _as_json(overview: Overview, settings: Settings) -> dict[str, Any]:
    known = {state.name: state for state in overview.states}
    run, last = overview.last_run, overview.last_digest
    return {
        "sources": [
            {
                "name": source.name,
                "kind": source.kind,
                "url": source.url,
                "enabled": source.enabled,
                **_state_json(known.get(source.name)),
            }
            for source in settings.source
        ],
        "articles": overview.articles,
        "statements": overview.statements,
        "waiting": {
            "articles_unread": overview.unread,
            "pages_waiting": sum(state.pages_waiting for state in overview.states),
            "pages_given_up": sum(state.pages_given_up for state in overview.states),
        },
        "last_run": run and _run_json(run),
        "digest": {
            "last": last and {"week": str(last.week), "built_at": last.built_at.isoformat(), "outcome": last.outcome},
            "next_due_at": overview.next_due_at.isoformat(),
        },
        "deliveries_not_sent": [
            {
                "week": str(one.week),
                "recipient": one.recipient,
                "state": one.state,
                "attempts": one.attempts,
                "next_try_at": _instant(one.next_try_at),
                "problem": one.problem,
            }
            for one in overview.unsettled
        ],
    }


def _state_json(state: SourceState | None) -> dict[str, Any]:
    return {
        "health": state.health if state else "new",
        "problem": state and state.problem,
        "failures": state.failures if state else 0,
        "last_visit_at": _instant(state.last_visit_at if state else None),
        "last_success_at": _instant(state.last_success_at if state else None),
        "next_due_at": _instant(state.next_due_at if state else None),
        "newest_article_at": _instant(state.newest_article_at if state else None),
        "articles": state.articles if state else 0,
        "articles_recent": state.articles_recent if state else 0,
        "pages_waiting": state.pages_waiting if state else 0,
        "pages_given_up": state.pages_given_up if state else 0,
    }


def _run_json(run: CrawlRun) -> dict[str, Any]:
    return {
        "started_at": run.started_at.isoformat(),
        "ended_at": run.ended_at.isoformat(),
        "visits": [
            {
                "source": visit.source,
                "outcome": visit.outcome,
                "articles_new": visit.articles_new,
                "articles_known": visit.articles_known,
                "problem": visit.problem,
                "page_problems": [{"url": page.url, "problem": page.problem} for page in visit.page_problems],
            }
            for visit in run.visits
        ],
    }


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
