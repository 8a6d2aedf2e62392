"""The command ``kaibi``: its commands by name, and the one edge where errors become a line and an exit status.

Keeps to itself what happens at that edge. Imports nothing but click: each command's module is imported when it
is asked for, and what it needs when it runs (``kaibi --help`` answers in under 0.2 s; a test holds it).
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import traceback
from typing import TYPE_CHECKING, Final

import click

from pipeline.doors.invocation import Group, Invocation, printable
from pipeline.errors import KaibiError

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED: Final = 128 + signal.SIGINT
PIPE_CLOSED: Final = 128 + signal.SIGPIPE
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
    lazy={
        "init": f"{_ROOM}.commands_config:init",
        "doctor": f"{_ROOM}.commands_config:doctor",
        "config": f"{_ROOM}.commands_config:config",
        "sources": f"{_ROOM}.commands_sources:sources",
        "crawl": f"{_ROOM}.commands_crawl:crawl",
        "analyse": f"{_ROOM}.commands_reading:analyse",
        "stance": f"{_ROOM}.commands_reading:stance",
        "extract": f"{_ROOM}.commands_reading:extract",
        "digest": f"{_ROOM}.commands_digest:digest",
        "status": f"{_ROOM}.commands_status:status",
        "run": f"{_ROOM}.commands_crawl:run",
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
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_show_version, help="Show the version.")
def kaibi() -> None:
    """Watch a two-sided debate in the news: who says what, and what shifted this week."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; errors that a user can put right become one line each."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    invocation = Invocation()
    try:
        status = kaibi.main(arguments, prog_name="kaibi", standalone_mode=False, obj=invocation)
        sys.stdout.flush()
    except click.UsageError as error:
        return _tell(invocation, _usage_line(error), 2)
    except click.ClickException as error:
        return _tell(invocation, error.format_message(), error.exit_code)
    except KaibiError as error:
        return _tell(invocation, str(error), error.exit_status)
    except (click.Abort, KeyboardInterrupt):
        return _tell(invocation, "interrupted - what was done is kept", INTERRUPTED)
    except BrokenPipeError:
        _let_go(sys.stdout)
        return PIPE_CLOSED
    except OSError as error:
        if error.errno not in _SYSTEM_REFUSALS:
            raise
        _let_go(sys.stdout)
        return _tell(invocation, f"{error.filename or 'output'}: {error.strerror} - the command was not finished", 2)
    except Exception:
        if invocation.unattended:  # the daemon reads what went wrong there
            traceback.print_exc(file=sys.stdout)
            return 1
        raise
    return status if isinstance(status, int) else 0


def _usage_line(error: click.UsageError) -> str:
    where = error.ctx.command_path if error.ctx is not None else "kaibi"
    return f"{where}: {error.format_message()} - see {where} --help"


def _tell(invocation: Invocation, message: str, status: int) -> int:
    """Print why the command ended and return its status; the daemon reads it on standard output."""
    target = sys.stdout if invocation.unattended else sys.stderr
    try:
        print(printable(message), file=target, flush=True)  # noqa: T201 - click.echo hides a closed pipe
        sys.stdout.flush()
    except OSError:
        _let_go(target)
    return status


def _let_go(stream: object) -> None:
    """Point a broken stream at nothing, so that Python's end does not complain about it."""
    descriptor = os.open(os.devnull, os.O_WRONLY)
    os.dup2(descriptor, stream.fileno())  # type: ignore[attr-defined]
    os.close(descriptor)


if __name__ == "__main__":
    sys.exit(main())
