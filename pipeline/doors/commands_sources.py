"""``kaibi sources``: which sites are followed, how they are, and trying, adding and removing them."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import click

from pipeline.doors.commands_crawl import named_sources
from pipeline.doors.invocation import Group, Invocation, clock, pass_invocation
from pipeline.doors.terminal import counted, moment, print_table
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Container

    from pipeline.model import SourceState
    from pipeline.settings import Settings, Source

_KINDS: Final = ("feed", "sitemap", "listing", "page")
_FIRST_LINES: Final = 5
_LONGEST_LINE: Final = 160


@click.group(
    cls=Group,
    examples=(
        "kaibi sources list",
        "kaibi sources test 机器之心",
        "kaibi sources add https://example.com/feed",
        "kaibi sources import feeds.opml",
    ),
)
def sources() -> None:
    """List, try, add and remove the sites that are followed."""


@sources.command(name="list", examples=("kaibi sources list",))
@pass_invocation
def list_sources(invocation: Invocation) -> None:
    """List the sources with their health, their last success and what they brought in 7 days."""
    from pipeline.store import sources as table

    configured = invocation.configured()
    settings, now = configured.settings, clock()
    with invocation.database(configured) as db:
        states = {state.name: state for state in table.states(db, now=now)}
    columns = ("name", "kind", "enabled", "url", "health", "last success", "articles 7 days", "next visit")
    print_table(columns, [_row(source, states.get(source.name), settings) for source in settings.source])
    if not settings.source:
        invocation.say(f"no source in {configured.path} - kaibi sources add URL adds one")


def _row(source: Source, state: SourceState | None, settings: Settings) -> tuple[str, ...]:
    zone = settings.debate.zone
    due = "now" if state is None or state.next_due_at is None else moment(max(state.next_due_at, clock()), zone)
    return (
        source.name,
        str(source.kind),
        "yes" if source.enabled else "no",
        source.url,
        "new" if state is None else str(state.health),
        moment(state and state.last_success_at, zone, never="never"),
        "0" if state is None else str(state.articles_recent),
        due if source.enabled else "-",
    )


@sources.command(examples=("kaibi sources remove 机器之心",))
@click.argument("name")
@pass_invocation
def remove(invocation: Invocation, name: str) -> None:
    """Take a source out of the config; its articles stay in the database."""
    from pipeline.config.edit import remove_source

    configured = invocation.configured()
    named_sources(configured, (name,))
    remove_source(configured.path, name)
    invocation.say(f'"{name}" is no longer in {configured.path} (the file as it was: {configured.path}.bak)')


@sources.command(name="import", examples=("kaibi sources import feeds.opml",))
@click.argument("file", type=click.Path(path_type=Path))
@pass_invocation
def import_opml(invocation: Invocation, file: Path) -> None:
    """Add the feeds of an OPML file, as feed readers export them; those that are there already are left alone."""
    from pydantic import ValidationError

    from pipeline.config.edit import add_source
    from pipeline.doors.opml import read_opml
    from pipeline.settings import Source, SourceKind

    configured = invocation.configured()
    known = {source.url for source in configured.settings.source}
    names = {source.name for source in configured.settings.source}
    added = 0
    for feed in read_opml(file):
        if feed.url in known:
            continue
        try:
            source = Source(name=free_name(feed.title, names), kind=SourceKind.FEED, url=feed.url)
        except ValidationError as error:
            invocation.say(f"left out: {feed.title}: {error.errors()[0]['msg'].removeprefix('Value error, ')}")
            continue
        add_source(configured.path, source, comment=f"from {file.name}, {clock():%Y-%m-%d}")
        names.add(source.name)
        added += 1
    invocation.say(f"{counted(added, 'source')} added to {configured.path}" + (" - next: kaibi crawl" if added else ""))


@sources.command(examples=("kaibi sources export > feeds.opml",))
@pass_invocation
def export(invocation: Invocation) -> None:
    """Print the feeds as OPML, for feed readers."""
    from pipeline.doors.opml import as_opml

    settings = invocation.configured().settings
    click.echo(as_opml(settings.source, title=settings.debate.title), nl=False)
    others = sum(source.kind != "feed" for source in settings.source)
    if others:
        invocation.say(f"left out: {counted(others, 'source')} that are no feeds, which OPML cannot hold")


def free_name(wanted: str, taken: Container[str]) -> str:
    """Return the name, or the first of ``name 2``, ``name 3``, ... that is not taken."""
    return next(
        name for name in itertools.chain((wanted,), (f"{wanted} {n}" for n in itertools.count(2))) if name not in taken
    )
