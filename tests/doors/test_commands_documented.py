"""docs/commands.md names every command and every option that a user may give."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from pipeline.doors.cli import kaibi as group

DOCUMENT = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")


def leaves(command: click.Command, path: str = "kaibi") -> list[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        return [(path, command)]
    context = click.Context(command)
    found = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
    return [leaf for name, each in found if each is not None for leaf in leaves(each, f"{path} {name}")]


@pytest.mark.parametrize(("path", "command"), [pytest.param(*leaf, id=leaf[0]) for leaf in leaves(group)])
def test_every_command_and_option_is_documented(path: str, command: click.Command) -> None:
    assert f"`{path}" in DOCUMENT
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden:
            assert f"{option.opts[0]}" in DOCUMENT
