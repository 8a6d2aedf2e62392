"""``kaibi export`` and ``kaibi db``: taking out what is stored, and looking after where it is stored."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.doors.invocation import Group, Invocation, pass_invocation
from pipeline.doors.terminal import counted

_FORMATS = ("csv", "jsonl", "dna")


@click.group(cls=Group, examples=("kaibi export statements --format csv > statements.csv",))
def export() -> None:
    """Hand what was found to other programs."""


@export.command(
    examples=(
        "kaibi export statements --format csv > statements.csv",
        "kaibi export statements --format dna > events.csv    for Discourse Network Analyzer",
    )
)
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), required=True, help="csv, JSON lines, or DNA's event list."
)
@pass_invocation
def statements(invocation: Invocation, form: str) -> None:
    """Print every statement with its quote, article and source, oldest first."""
    from pipeline.steps import export as step

    configured = invocation.configured()
    with invocation.database(configured) as db:
        written = step.export(db, configured.settings.debate, step.ExportFormat(form), sys.stdout)
    sys.stdout.flush()
    hint = "" if written else " - kaibi crawl and kaibi analyse bring some"
    invocation.say(f"{counted(written, 'statement')}{hint}")


@click.group(cls=Group, examples=("kaibi db backup kaibi-backup.db",))
def db() -> None:
    """Bring the database to the newest form, or copy it."""


@db.command(examples=("kaibi db upgrade",))
@pass_invocation
def upgrade(invocation: Invocation) -> None:
    """Make the database, or bring it to this version's form (every command does so when it opens it)."""
    from pipeline.config.show import masked

    configured = invocation.configured()
    with invocation.database(configured):
        click.echo(f"{masked(configured.store_url)}: ok, of this version")


@db.command(examples=("kaibi db backup /backups/kaibi-$(date +%F).db    also while the daemon runs",))
@click.argument("file", type=click.Path(path_type=Path))
@pass_invocation
def backup(invocation: Invocation, file: Path) -> None:
    """Write a consistent copy of the database to FILE, which must not exist."""
    configured = invocation.configured()
    with invocation.database(configured) as database:
        database.backup(file)
    click.echo(str(file))
