"""The two secrets that kaibi may need, from the environment and never from the config."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

PASSWORD = "KAIBI_MAIL_PASSWORD"  # noqa: S105 - the variable's name
REFEREE_KEY = "KAIBI_REFEREE_KEY"


def mail_password(environ: Mapping[str, str]) -> str | None:
    """Return the mail server's password; None where neither variable is set.

    A file's first line counts, stripped. Raises ConfigError when both variables are set, and
    when the file cannot be read or its first line is empty.
    """
    return _secret(environ, PASSWORD, what="password")


def referee_key(environ: Mapping[str, str]) -> str | None:
    """Return the referee's key as ``mail_password`` does; ConfigError also where no server could be sent such a key."""
    key = (_secret(environ, REFEREE_KEY, what="key") or "").strip()
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise ConfigError(
            f"{REFEREE_KEY} (or its file) holds a space or a character that no key has - copy the key again"
        )
    return key or None


def _secret(environ: Mapping[str, str], name: str, *, what: str) -> str | None:
    file_name = f"{name}_FILE"
    secret, file = environ.get(name), environ.get(file_name)
    if secret and file:
        raise ConfigError(f"both {name} and {file_name} are set - unset one of them")
    if not file:
        return secret or None
    try:
        first, _, _ = Path(file).read_text(encoding="utf-8-sig").partition("\n")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file} (named by {file_name}) is not UTF-8 text") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ConfigError(f"{file} (named by {file_name}) cannot be read: {reason}") from error
    if not first.strip():
        raise ConfigError(f"{file} (named by {file_name}) has an empty first line - write the {what} there")
    return first.strip()
