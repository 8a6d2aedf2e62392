"""The one secret that kaibi needs, from the environment and never from the config."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

PASSWORD = "KAIBI_MAIL_PASSWORD"  # noqa: S105 - the variable's name
PASSWORD_FILE = "KAIBI_MAIL_PASSWORD_FILE"  # noqa: S105 - the variable's name


def mail_password(environ: Mapping[str, str]) -> str | None:
    """Return the mail server's password; None where neither variable is set.

    A file's first line counts, stripped. Raises ConfigError when both variables are set, and
    when the file cannot be read or its first line is empty.
    """
    password, file = environ.get(PASSWORD), environ.get(PASSWORD_FILE)
    if password and file:
        raise ConfigError(f"both {PASSWORD} and {PASSWORD_FILE} are set - unset one of them")
    if not file:
        return password or None
    try:
        first, _, _ = Path(file).read_text(encoding="utf-8-sig").partition("\n")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file} (named by {PASSWORD_FILE}) is not UTF-8 text") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ConfigError(f"{file} (named by {PASSWORD_FILE}) cannot be read: {reason}") from error
    if not first.strip():
        raise ConfigError(f"{file} (named by {PASSWORD_FILE}) has an empty first line - write the password there")
    return first.strip()
