"""``kaibi crawl``: visiting the sources now."""

from __future__ import annotations

import itertools
import logging
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from pipeline.doors.invocation import Command, Invocation, clock, pass_invocation
from pipeline.doors.terminal import counted, progress_bar
from pipeline.errors import ConfigError, SourcesError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.config.place import Configured
    from pipeline.model import CrawlRun, Visit
    from pipeline.settings import Source
    from pipeline.store.database import Database


@click.command(
    cls=Command,
    examples=("kaibi crawl                  all enabled sources", "kaibi crawl 机器之心 量子位    these two"),
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--due", is_flag=True, hidden=True, help="Only those whose time has come.")
@pass_invocation
def crawl(invocation: Invocation, *, names: tuple[str, ...], due: bool) -> None:
    """Visit the sources now, whether they are due or not, and store what is new."""
    from pipeline.store import sources as table

    configured = invocation.configured()
    settings = configured.settings
    chosen = named_sources(configured, names) if names else [one for one in settings.source if one.enabled]
    with invocation.database(configured) as db:
        table.sync(db, settings.source)
        if due:
            chosen = list(table.due(db, chosen, now=clock()))
        if not chosen:
            if not due:
                invocation.say(f"no source is enabled in {configured.path} - kaibi sources add URL adds one")
            return
        run = _visited(invocation, db, configured, chosen, by_hand=not due)
    summary = _summary(run)
    if invocation.unattended:
        invocation.say(summary)
    else:
        click.echo(summary)
    if run.was_cut_short:
        raise click.Abort
    if all(visit.problem is not None for visit in run.visits):
        raise SourcesError(
            f"no source could be read ({len(run.visits)} visited) - check the network, then kaibi sources test NAME"
        )
    if not invocation.unattended:
        invocation.say("next: kaibi analyse")


def _visited(
    invocation: Invocation, db: Database, configured: Configured, chosen: Sequence[Source], *, by_hand: bool
) -> CrawlRun:
    from pipeline.steps.crawl import crawl as visit_sources

    settings = configured.settings
    before = _health(db)
    over = itertools.count(1)
    with progress_bar("visiting") as progress:

        def ended(visit: Visit) -> None:
            invocation.say(_told(visit))
            progress(next(over), len(chosen))

        progress(0, len(chosen))
        run = visit_sources(
            chosen, settings.crawl, db, zone=settings.debate.zone, clock=clock, progress=ended, by_hand=by_hand
        )
    for line in _turns(before, _health(db)):
        invocation.say(line, level=logging.WARNING)
    return run


def _health(db: Database) -> dict[str, str]:
    from pipeline.store import sources as table

    return {state.name: str(state.health) for state in table.states(db, now=clock())}


def _turns(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each source that has just been found broken, or is well again after that."""
    for name, health in after.items():
        if health == "broken" != before.get(name):
            yield f'"{name}" has failed again and again - kaibi sources test "{name}" shows why; it is asked less often'
        elif before.get(name) == "broken" and health == "ok":
            yield f'"{name}" is well again'


def named_sources(configured: Configured, names: Sequence[str]) -> list[Source]:
    """Return the config's sources of those names, each once; ConfigError names the unknown ones, with suggestions."""
    by_name = {source.name: source for source in configured.settings.source}
    problems = []
    for name in names:
        if name not in by_name:
            near = get_close_matches(name.casefold(), {known.casefold(): known for known in by_name}, n=1, cutoff=0.5)
            meant = next((known for known in by_name if near and known.casefold() == near[0]), None)
            hint = f'did you mean "{meant}"?' if meant else "kaibi sources list names them"
            problems.append(f'{configured.path}: no source is called "{name}" - {hint}')
    if problems:
        raise ConfigError(*problems)
    return [by_name[name] for name in dict.fromkeys(names)]


def _told(visit: Visit) -> str:
    if visit.problem is not None:
        told = f"{visit.source}: not read: {visit.problem}"
    else:
        told = f"{visit.source}: {visit.articles_new} new, {visit.articles_known} known"
    if visit.page_problems:
        first = visit.page_problems[0]
        told += f"; {counted(len(visit.page_problems), 'page')} not stored, the first {first.url}: {first.problem}"
    return told


def _summary(run: CrawlRun) -> str:
    new = sum(visit.articles_new for visit in run.visits)
    unread = sum(visit.problem is not None for visit in run.visits)
    seconds = (run.ended_at - run.started_at).total_seconds()
    failed = f", {unread} not read" if unread else ""
    return f"{counted(len(run.visits), 'source')} visited{failed}: {counted(new, 'new article')} in {seconds:.1f} s"
