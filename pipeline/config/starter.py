"""The ``config.toml`` that ships with kaibi: what ``kaibi init`` writes, and the debate it holds."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.config.load import parse_settings, read_config
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.settings import Debate

_HERE = Path(__file__).resolve().parent


def shipped_config_text() -> str:
    """Return the shipped config's text: the file beside the package, or the wheel's copy inside it."""
    beside = _HERE.parents[1] / "config.toml"
    return read_config(beside if beside.is_file() else _HERE / "config.toml")


@cache
def shipped_debate() -> Debate:
    """Return the debate of the shipped config, for commands that need no config file."""
    return parse_settings(shipped_config_text(), shown_as="the shipped config.toml").debate


def write_starter(folder: Path) -> Path:
    """Write the shipped config into ``folder`` (made if it is not there) and return the new file's path.

    Raises ConfigError where a config.toml stands already, which is never overwritten, and where
    the folder cannot be written.
    """
    path = folder / "config.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="") as file:
            try:
                file.write(shipped_config_text())
                file.flush()
            except OSError:
                path.unlink()  # a part of it would be in the way of the next try
                raise
    except FileExistsError as error:
        taken = path if folder.is_dir() else folder
        raise ConfigError(f"{taken} is there already and is never overwritten - move it away first") from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror or error}") from error
    return path
