"""Settings together with the file they came from: relative paths count from its folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.config.rules import store_problem
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.settings import Settings

_SQLITE_FILE = re.compile(r"(sqlite(?:\+\w+)?:///)([^?]+)(.*)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Configured:
    """What one config file says, and where it stands; refuses a database that it could not keep."""

    settings: Settings
    path: Path
    """The file as the user named it."""

    def __post_init__(self) -> None:
        """Raise ConfigError for a store that is no file and no server."""
        if problem := store_problem(self.settings.store.url):
            raise ConfigError(f"{self.path}: store.url: {problem}")

    @property
    def folder(self) -> Path:
        """The absolute folder of the file: what relative paths count from."""
        return self.path.absolute().parent

    @property
    def store_url(self) -> str:
        """The database's SQLAlchemy URL, a relative SQLite path made absolute."""
        match = _SQLITE_FILE.fullmatch(self.settings.store.url)
        if match is None or match[2].startswith("file:"):
            return self.settings.store.url
        return f"{match[1]}{self.folder / match[2]}{match[3]}"

    @property
    def outbox(self) -> Path:
        """The absolute folder for .eml files."""
        return self.folder / self.settings.mail.outbox
