"""The command ``kaibi``: its commands by name, and the one edge where errors become a line and an exit status.

Keeps to itself what happens at that edge. Imports nothing but click: each command's module is imported when it
is asked for, and what it needs when it runs (``kaibi --help`` answers in under 0.2 s; a test holds it).
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final

import click

from pipeline.doors.invocation import Group, Invocation, printable
from pipeline.errors import KaibiError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

INTERRUPTED: Final = 128 + signal.SIGINT
PIPE_CLOSED: Final = 128 + signal.SIGPIPE
_COMPLETION: Final = "_KAIBI_COMPLETE"
_ROOM: Final = "pipeline.doors"
_SYSTEM_REFUSALS: Final = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO}


def _show_version(ctx: click.Context, param: click.Parameter, value: object) -> None:
    del param
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"kaibi {version('kaibi')}")
        ctx.exit()


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"]},
    lazy={
        "init": f"{_ROOM}.commands_config:init",
        "doctor": f"{_ROOM}.commands_config:doctor",
        "config": f"{_ROOM}.commands_config:config",
        "sources": f"{_ROOM}.commands_sources:sources",
        "crawl": f"{_ROOM}.commands_crawl:crawl",
        "analyse": f"{_ROOM}.commands_reading:analyse",
        "stance": f"{_ROOM}.commands_reading:stance",
        "extract": f"{_ROOM}.commands_reading:extract",
        "label": f"{_ROOM}.commands_label:label",
        "evaluate": f"{_ROOM}.commands_evaluate:evaluate",
        "digest": f"{_ROOM}.commands_digest:digest",
        "status": f"{_ROOM}.commands_status:status",
        "run": f"{_ROOM}.commands_run:run",
        "export": f"{_ROOM}.commands_store:export",
        "db": f"{_ROOM}.commands_store:db",
    },
    examples=(
        "kaibi init news && cd news     a commented config.toml to start from",
        "kaibi crawl && kaibi analyse   visit the sources, read what came",
        "kaibi digest preview           what the week's mail would say",
        "kaibi run                      all of it, at its times",
    ),
)
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_show_version, help="Show the version."
)
def kaibi() -> None:
    """Watch a two-sided debate in the news: who says what, and what shifted this week."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; errors that a user can put right become one line each."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if instruction := os.environ.get(_COMPLETION):
        from click.shell_completion import shell_complete

        return shell_complete(kaibi, {}, "kaibi", _COMPLETION, instruction)
    invocation = Invocation()
    try:
        status = _run(sys.argv[1:] if arguments is None else arguments, invocation)
        sys.stdout.flush()
    except (KaibiError, click.ClickException, click.Abort, KeyboardInterrupt, OSError) as error:
        message, status = _ending(error)
        return _tell(invocation, message, status)
    return status


def _run(arguments: Sequence[str], invocation: Invocation) -> int:
    """Run a command without click's own edge, which has other ideas of Ctrl-C and closed pipes."""
    try:
        with kaibi.make_context("kaibi", list(arguments), obj=invocation) as context:
            status = kaibi.invoke(context)
    except click.exceptions.Exit as ending:
        return ending.exit_code
    return status if isinstance(status, int) else 0


def _ending(error: BaseException) -> tuple[str, int]:  # noqa: PLR0911 - a table
    """Return what is said of the error that ended a command (empty: nothing), and the exit status; a bug is raised."""
    match error:
        case click.exceptions.NoArgsIsHelpError():
            return error.format_message(), 2
        case click.UsageError():
            return _usage_line(error), 2
        case click.ClickException():
            return error.format_message(), error.exit_code
        case KaibiError():
            return str(error), error.exit_status
        case click.Abort() | KeyboardInterrupt():
            return "interrupted - what was done is kept", INTERRUPTED
        case BrokenPipeError():
            _let_go(sys.stdout)
            return "", PIPE_CLOSED
        case OSError() if error.errno in _SYSTEM_REFUSALS:
            _let_go(sys.stdout)
            return f"{error.filename or 'output'}: {error.strerror} - the command was not finished", 2
    raise error


def _usage_line(error: click.UsageError) -> str:
    where = error.ctx.command_path if error.ctx is not None else "kaibi"
    return f"{where}: {' '.join(error.format_message().split()).rstrip('.')} - see {where} --help"


def _tell(invocation: Invocation, message: str, status: int) -> int:
    """Print why the command ended and return its status; the daemon reads it on standard output."""
    target = sys.stdout if invocation.unattended else sys.stderr
    try:
        if message:
            print(printable(message), file=target, flush=True)
        sys.stdout.flush()
    except OSError:
        _let_go(sys.stdout)
        _let_go(sys.stderr)
    return status


def _let_go(stream: TextIO) -> None:
    """Point a broken stream at nothing, so that Python's end does not complain about it."""
    descriptor = os.open(os.devnull, os.O_WRONLY)
    os.dup2(descriptor, stream.fileno())
    os.close(descriptor)


if __name__ == "__main__":
    sys.exit(main())
