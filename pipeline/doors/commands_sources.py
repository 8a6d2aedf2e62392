"""``kaibi sources``: which sites are followed, how they are, and trying, adding and removing them."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import click

from pipeline.doors.commands_crawl import named_sources
from pipeline.doors.invocation import Group, Invocation, clock, pass_invocation, printable
from pipeline.doors.terminal import counted, moment, print_table
from pipeline.errors import ConfigError, SourcesError

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from pipeline.model import PageText, SourceState
    from pipeline.settings import Settings, Source, SourceKind
    from pipeline.steps.probe import ProbeResult

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
        moment(state.last_success_at if state else None, zone, never="never"),
        "0" if state is None else str(state.articles_recent),
        due if source.enabled else "-",
    )


@sources.command(
    examples=(
        "kaibi sources test 机器之心                     a source of the config",
        "kaibi sources test https://example.com/feed    an address; its kind is found out",
    )
)
@click.argument("name_or_url", metavar="NAME|URL")
@pass_invocation
def test(invocation: Invocation, name_or_url: str) -> None:
    """Show what would be stored of a source's newest articles, and where each field was found; nothing is stored."""
    result = _probed(invocation, name_or_url)
    for line in _report(result):
        click.echo(printable(line))
    if result.problem is not None:
        raise SourcesError(f"{result.source.url} cannot be read: {result.problem}")
    if not result.articles:
        invocation.say(f"no article could be read - {_ADVICE}")
    elif "://" in name_or_url:
        invocation.say(f"next: kaibi sources add {name_or_url}")
    else:
        invocation.say(f'next: kaibi crawl "{name_or_url}" stores them')


_ADVICE: Final = "check the address; selectors (link, title, body, date) help where a page cannot be told by itself"


def _probed(invocation: Invocation, asked: str, *, kind: str | None = None) -> ProbeResult:
    from pipeline.config.starter import shipped_debate
    from pipeline.settings import CrawlSettings, SourceKind
    from pipeline.steps.probe import probe

    crawl, zone, wanted = CrawlSettings(), shipped_debate().zone, None
    if "://" not in asked or invocation.has_config:
        configured = invocation.configured()
        crawl, zone = configured.settings.crawl, configured.settings.debate.zone
        known = [source for source in configured.settings.source if source.url == asked]
        wanted = next(iter(known), None) if "://" in asked else named_sources(configured, (asked,))[0]
    if wanted is None:
        bare = _as_source(asked, asked, SourceKind(kind or "page"))
        return probe(bare if kind else bare.url, crawl, zone=zone, clock=clock)
    return probe(wanted, crawl, zone=zone, clock=clock)


def _as_source(name: str, url: str, kind: SourceKind) -> Source:
    from pydantic import ValidationError

    from pipeline.settings import Source

    try:
        return Source(name=name, kind=kind, url=url)
    except ValidationError as error:
        raise ConfigError(error.errors()[0]["msg"].removeprefix("Value error, ")) from error


def _report(result: ProbeResult) -> Iterator[str]:
    yield f"{result.source.kind} {result.source.url}"
    if result.problem is not None:
        yield f"cannot be read: {result.problem}"
        return
    yield f"{counted(result.links, 'link')} to articles, {len(result.articles)} tried and read"
    for feed in result.feeds:
        yield f"announces the feed {feed}"
    for number, article in enumerate(result.articles, start=1):
        text = article.text
        published = text.published_at and text.published_at.isoformat()
        yield ""
        yield f"{number}. {article.url}"
        for field, value in (
            ("title", text.title),
            ("published_at", published),
            ("author", text.author),
            ("language", text.language),
        ):
            yield f"   {field:<13} {value or '(not said)'}{_where(text, field)}"
        lines = (text.text or "").splitlines()
        yield f"   {'text':<13} {counted(len(text.text or ''), 'character')}{_where(text, 'text')}"
        yield from (f"     {_cut(line)}" for line in lines[:_FIRST_LINES])
    for page in result.page_problems:
        yield f"not stored: {page.url}: {page.problem}"


def _where(text: PageText, field: str) -> str:
    return f"  [{text.found_in[field]}]" if field in text.found_in else ""


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"


@sources.command(
    examples=(
        "kaibi sources add https://example.com/feed",
        "kaibi sources add https://example.com/news --name Example --kind listing",
    )
)
@click.argument("url")
@click.option("--name", help="How commands and the digest call it (default: its host).")
@click.option("--kind", type=click.Choice(_KINDS), help="What the address answers with (default: found out).")
@pass_invocation
def add(invocation: Invocation, url: str, name: str | None, kind: str | None) -> None:
    """Try an address, and write it into the config as a source if it can be read."""
    from pipeline.config.edit import add_source

    configured = invocation.configured()
    there = next((source.name for source in configured.settings.source if source.url == url), None)
    if there is not None:
        raise ConfigError(f'{configured.path}: {url} is there already, as "{there}"')
    result = _probed(invocation, url, kind=kind)
    if result.problem is not None:
        raise SourcesError(f"{url} was not added, it cannot be read: {result.problem}")
    if result.feeds and kind is None:
        raise ConfigError(
            f"{url} is a {result.source.kind} that announces a feed, which tells more - add that:",
            *(f"  kaibi sources add {feed}" for feed in result.feeds),
            f"or the page itself: kaibi sources add {url} --kind {result.source.kind}",
        )
    names = {source.name for source in configured.settings.source}
    source = _as_source(name or free_name(_host(url), names), url, result.source.kind)
    add_source(
        configured.path, source, comment=f"added {clock():%Y-%m-%d}: {counted(result.links, 'link')} to articles"
    )
    invocation.say(
        f'added "{source.name}" ({source.kind}, {counted(result.links, "link")} to articles) to {configured.path}'
    )
    if not result.articles:
        invocation.say(f"but none of its articles could be read yet - {_ADVICE}")
    invocation.say(f'next: kaibi sources test "{source.name}", then kaibi crawl')


def _host(url: str) -> str:
    return (urlsplit(url).hostname or url).removeprefix("www.")


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
    from pipeline.config.edit import add_source
    from pipeline.doors.opml import read_opml
    from pipeline.settings import SourceKind

    configured = invocation.configured()
    known = {source.url for source in configured.settings.source}
    names = {source.name for source in configured.settings.source}
    added = 0
    for feed in read_opml(file):
        if feed.url in known:
            continue
        try:
            source = _as_source(free_name(feed.title, names), feed.url, SourceKind.FEED)
        except ConfigError as error:
            invocation.say(f"left out: {feed.title}: {error}")
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
