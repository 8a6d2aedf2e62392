"""What every command shares: the options that all of them take, the config they name, the way they talk.

Keeps to itself how click is bent to that: ``--config``, ``--log-level`` and ``--log-json`` may stand before or
after a command's own arguments, commands are imported only when they are asked for, and help ends with examples.
Imports nothing heavy: every module of the vocabulary but ``errors`` and ``weeks`` is imported where it is used.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
import traceback
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.exceptions import NoSuchCommand

from pipeline.errors import ConfigError
from pipeline.weeks import Week

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import TracebackType

    from pipeline.config.place import Configured
    from pipeline.settings import Debate
    from pipeline.store.database import Database

DEFAULT_CONFIG: Final = Path("config.toml")
LOG_LEVELS: Final = ("debug", "info", "warning", "error")
_log = logging.getLogger("kaibi")


def clock() -> datetime:
    """Return the time now, aware UTC: the one place where commands look at a clock."""
    return datetime.now(UTC)


@dataclass
class Invocation:
    """One call of ``kaibi``: what the shared options said, wherever they stood."""

    config: Path | None = None
    """As named by --config or KAIBI_CONFIG; None: ./config.toml."""
    log_level: str | None = None
    """None: the command's own (``info`` for the daemon, else ``warning``)."""
    log_json: bool = False
    unattended: bool = False
    """Called by the daemon: talk in log lines, and say on standard output what went wrong."""

    @property
    def config_path(self) -> Path:
        """The config file that counts, whether it exists or not."""
        return self.config or DEFAULT_CONFIG

    @property
    def has_config(self) -> bool:
        """Whether a config is named, or lies here."""
        return self.config is not None or DEFAULT_CONFIG.exists()

    def configured(self) -> Configured:
        """Read the config (ConfigError with every mistake in it); the daemon hands it over on standard input."""
        from pipeline.config.load import load, parse_settings
        from pipeline.config.place import Configured

        if self.unattended:
            path = self.config_path
            return Configured(settings=parse_settings(sys.stdin.buffer.read().decode(), shown_as=str(path)), path=path)
        return load(self.config_path)

    def debate(self) -> Debate:
        """Return the config's debate, or the shipped one where no config is named and none lies here."""
        if self.has_config:
            return self.configured().settings.debate
        from pipeline.config.starter import shipped_debate

        return shipped_debate()

    @contextmanager
    def database(self, configured: Configured) -> Iterator[Database]:
        """Open the config's database, brought to the newest schema, and close it afterwards (StoreError)."""
        from pipeline.store.database import open_database

        db = open_database(configured.store_url, now=clock())
        try:
            yield db
        finally:
            db.close()

    def say(self, line: str, *, level: int = logging.INFO) -> None:
        """Tell a person something on standard error; under the daemon it is a log line of that level."""
        if self.unattended:
            _log.log(level, "%s", line)
        else:
            print(printable(line), file=sys.stderr, flush=True)  # noqa: T201 - not click: a progress bar may be on it


def printable(text: str) -> str:
    """Return text from outside without what could steer a terminal; line breaks and tabs stay."""
    return "".join(_harmless(character) for character in text)


def _harmless(character: str) -> str:
    steers = (character < " " and character not in "\n\t") or "\x7f" <= character <= "\x9f"
    turns = "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069"
    return "\N{REPLACEMENT CHARACTER}" if steers or turns or "\ud800" <= character <= "\udfff" else character


@contextmanager
def writing(target: Path | str) -> Iterator[None]:
    """Turn the system's refusal to write a file into one line that names it (ConfigError)."""
    try:
        yield
    except OSError as error:
        raise ConfigError(
            f"{target}: cannot be written ({error.strerror or error}) - nothing else was changed"
        ) from error


_YEARS: Final = (1970, 2999)


class WeekType(click.ParamType[Week]):
    """An ISO week on the command line."""

    name = "WEEK"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Week:
        """Return the week, or fail as click does."""
        if isinstance(value, Week):
            return value
        try:
            week = Week.parse(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if not _YEARS[0] <= week.year <= _YEARS[1]:
            self.fail(f"{week} is too far away - name a week from {_YEARS[0]} to {_YEARS[1]}", param, ctx)
        return week


WEEK: Final = WeekType()


def _shared(name: str) -> Any:
    def keep(ctx: click.Context, param: click.Parameter, value: object) -> object:
        del param
        invocation = ctx.ensure_object(Invocation)
        if value not in {None, False}:
            setattr(invocation, name, value)
        return value

    return keep


def _shared_options() -> list[click.Parameter]:
    return [
        click.Option(
            ["--config"],
            type=click.Path(path_type=Path),
            metavar="FILE",
            expose_value=False,
            callback=_shared("config"),
            help="The config file (KAIBI_CONFIG, or ./config.toml).",
        ),
        click.Option(
            ["--log-level"],
            type=click.Choice(LOG_LEVELS),
            expose_value=False,
            callback=_shared("log_level"),
            help="How much to log on standard error.",
        ),
        click.Option(
            ["--log-json"],
            is_flag=True,
            expose_value=False,
            callback=_shared("log_json"),
            help="Log one JSON object a line.",
        ),
        click.Option(["--unattended"], is_flag=True, hidden=True, expose_value=False, callback=_shared("unattended")),
    ]


class Command(click.Command):
    """A command with the shared options, whose help ends with examples."""

    def __init__(self, *arguments: Any, examples: Sequence[str] = (), log_level: str = "warning", **named: Any) -> None:
        """Take what click takes; ``examples`` are command lines; ``log_level`` holds unless the user says one."""
        super().__init__(*arguments, **named)
        self.examples = tuple(examples)
        self.log_level = log_level
        self.params.extend(_shared_options())

    def invoke(self, ctx: click.Context) -> object:
        """Start the log as the options say, then run the command."""
        invocation = ctx.ensure_object(Invocation)
        if invocation.config is None and os.environ.get("KAIBI_CONFIG"):
            invocation.config = Path(os.environ["KAIBI_CONFIG"])
        if invocation.unattended:
            sys.excepthook = _tell_daemon
        from pipeline.doors.logs import start_log

        start_log(invocation.log_level or self.log_level, as_json=invocation.log_json, stream=sys.stderr)
        return super().invoke(ctx)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, each on a line of its own."""
        del ctx
        _write_examples(self.examples, formatter)


class Group(click.Group):
    """A group of commands, each imported only when it is asked for."""

    command_class = Command

    def __init__(
        self,
        *arguments: Any,
        lazy: Mapping[str, str] | None = None,
        examples: Sequence[str] = (),
        **named: Any,
    ) -> None:
        """Take what click takes; ``lazy`` is command name -> ``module:attribute``, in the order of the help."""
        super().__init__(*arguments, **named)
        self.lazy = dict(lazy or {})
        self.examples = tuple(examples)
        self.params.extend(_shared_options())

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which they were written down."""
        del ctx
        return [*self.lazy, *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, importing it now; None when there is none."""
        if cmd_name not in self.lazy:
            return super().get_command(ctx, cmd_name)
        module, attribute = self.lazy[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was perhaps meant."""
        if self.lazy and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise NoSuchCommand(args[0], possibilities=self.list_commands(ctx), ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, each on a line of its own."""
        del ctx
        _write_examples(self.examples, formatter)


def _tell_daemon(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    """Print a bug's traceback where the daemon reads what ended its child."""
    traceback.print_exception(kind, error, where, file=sys.stdout)


def _write_examples(examples: Sequence[str], formatter: click.HelpFormatter) -> None:
    if examples:
        with formatter.section("Examples"):
            for line in examples:
                formatter.write(f"  {line}\n")


pass_invocation = click.make_pass_decorator(Invocation, ensure=True)
"""Hand the ``Invocation`` to a command as its first argument."""
