"""What the documents say of commands is so: each is named in docs/commands.md, and no command line is made up."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from pipeline.doors.cli import kaibi as group
from pipeline.doors.invocation import Command, Group

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parents[2]
DOCUMENT = (PROJECT / "docs" / "commands.md").read_text(encoding="utf-8")
WITH_COMMANDS = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]
SPAN = re.compile(r"`(kaibi[^`]*)`")
CODE = re.compile(r"(?m)^    (.*)$")


def leaves(command: click.Command, path: str = "kaibi") -> list[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        return [(path, command)]
    context = click.Context(command)
    found = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
    return [leaf for name, each in found if each is not None for leaf in leaves(each, f"{path} {name}")]


def command_lines(text: str) -> Iterator[str]:
    """Yield what a shell would take as a call of kaibi, from spans of code and from indented lines."""
    for span in [*SPAN.findall(text.replace("\\|", "|")), *CODE.findall(text)]:
        line = re.sub(r"\$\([^)]*\)", "now", re.split(r"\s+#|\s{3,}|\s>", span)[0])
        for part in re.split(r"^\$ | && | \| | < |; ", line):
            if part.startswith("kaibi ") and "COMMAND" not in part and part != "kaibi ...":
                yield part


def refused(line: str) -> str | None:
    """Return what click's own parser says against a command line, brackets and dots of a synopsis apart."""
    words = [word.strip("[]") for word in shlex.split(line)[1:]]
    command: click.Command = group
    context = click.Context(command, info_name="kaibi")
    try:
        rest = parsed(command, context, [word for word in words if word not in {"", "..."}])
        while isinstance(command, click.Group) and rest:
            name, found, rest = command.resolve_command(context, rest)
            assert found is not None
            command = found
            context = click.Context(command, info_name=name, parent=context)
            rest = parsed(command, context, rest)
    except click.UsageError as error:
        return error.format_message()
    return f"{rest} is too much" if rest else None


def parsed(command: click.Command, context: click.Context, words: list[str]) -> list[str]:
    context.allow_interspersed_args = command.allow_interspersed_args
    _, rest, _ = command.make_parser(context).parse_args(words)
    return rest


@pytest.mark.parametrize(("path", "command"), [pytest.param(*leaf, id=leaf[0]) for leaf in leaves(group)])
def test_every_command_and_option_is_documented(path: str, command: click.Command) -> None:
    assert f"`{path}" in DOCUMENT
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden:
            assert f"{option.opts[0]}" in DOCUMENT


@pytest.mark.parametrize("document", WITH_COMMANDS, ids=lambda path: path.name)
def test_every_command_line_in_the_documents_is_one_that_kaibi_takes(document: Path) -> None:
    lines = list(command_lines(document.read_text(encoding="utf-8")))
    assert {line: problem for line in lines if (problem := refused(line)) is not None} == {}


def test_the_documents_command_lines_are_found() -> None:
    found = {line for document in WITH_COMMANDS for line in command_lines(document.read_text(encoding="utf-8"))}
    assert {"kaibi crawl", "kaibi init news", "kaibi digest preview [--week W]", "kaibi analyse --jsonl"} <= found


@pytest.mark.parametrize(("path", "command"), [("kaibi", group), *leaves(group)])
def test_the_examples_in_a_commands_help_are_ones_that_kaibi_takes(path: str, command: click.Command) -> None:
    assert isinstance(command, Command | Group)
    lines = [line for example in command.examples for line in command_lines(f"    {example}")]
    assert lines, path
    assert {line: problem for line in lines if (problem := refused(line)) is not None} == {}


@pytest.mark.parametrize("line", ["kaibi crawl --never", "kaibi digest sned", "kaibi db upgrade twice"])
def test_a_made_up_command_line_is_found_out(line: str) -> None:
    assert refused(line) is not None
