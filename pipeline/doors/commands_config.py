"""``kaibi init``, ``config`` and ``doctor``: starting, checking and showing the config, and what it rests on."""

from __future__ import annotations

import json
from pathlib import Path

import click

from pipeline.doors.invocation import Command, Group, Invocation, pass_invocation
from pipeline.doors.terminal import counted


@click.command(
    cls=Command,
    examples=("kaibi init             config.toml here", "kaibi init news        in a folder of its own"),
)
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path())
@pass_invocation
def init(invocation: Invocation, folder: Path) -> None:
    """Write a commented config.toml to start from."""
    from pipeline.config.starter import write_starter

    path = write_starter(folder)
    click.echo(str(path))
    invocation.say("next:")
    if folder.resolve() != Path.cwd():
        invocation.say(f"  cd {folder}")
    for step in (
        "edit config.toml          the debate, the sources, who gets the digest",
        "kaibi sources test NAME   what one source would bring",
        "kaibi crawl               visit them all",
        "kaibi analyse             read what came",
        "kaibi digest preview      the week's mail, before anybody gets it",
    ):
        invocation.say(f"  {step}")


@click.group(
    cls=Group, examples=("kaibi config check", "kaibi config show | less", "kaibi config schema > schema.json")
)
def config() -> None:
    """Check and show the config."""


@config.command(examples=("kaibi config check --config other.toml",))
@pass_invocation
def check(invocation: Invocation) -> None:
    """Name every mistake at once, each with its line, or say that all is well."""
    configured = invocation.configured()
    settings = configured.settings
    enabled = sum(source.enabled for source in settings.source)
    told = [
        f"{counted(len(settings.source), 'source')}"
        + (f", {enabled} of them enabled" if enabled < len(settings.source) else ""),
        counted(len(settings.digest.recipients), "recipient"),
        f"digest {settings.digest.model_dump(mode='json')['every']} {settings.debate.timezone}",
    ]
    click.echo(f"{configured.path}: ok ({', '.join(told)})")


@config.command(examples=("kaibi config show",))
@pass_invocation
def show(invocation: Invocation) -> None:
    """Print the config with every default filled in and secrets masked."""
    from pipeline.config.show import as_toml

    click.echo(as_toml(invocation.configured().settings), nl=False)


@config.command(examples=("kaibi config schema > config.schema.json",))
def schema() -> None:
    """Print the JSON Schema of config.toml, for editors that complete and check."""
    from pipeline.config.show import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


@click.command(cls=Command, examples=("kaibi doctor",))
@pass_invocation
def doctor(invocation: Invocation) -> int:
    """Check what kaibi rests on: one line each, ok or what to do."""
    from pipeline.doors.doctor import examine

    status = 0
    for finding in examine(invocation):
        click.echo(f"{finding.subject:<13} {'ok' if finding.is_ok else '!!'}  {finding.remark}")
        status = status or finding.exit_status
    if not status:
        invocation.say("all is well")
    return status
