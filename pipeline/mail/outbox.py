"""The outbox: a folder where each digest becomes an ``.eml`` file, whole or not at all.

Keeps to itself how a file's name is made safe and how a half-written file is never seen.
"""

from __future__ import annotations

import hashlib
import os
import re
from typing import TYPE_CHECKING

from pipeline.errors import DeliveryError

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path

    from pipeline.settings import Recipient
    from pipeline.weeks import Week


def file_name(week: Week, recipient: Recipient) -> str:
    """Return the file's name for that week and recipient: ASCII, one path part, different for each address."""
    address = recipient.address.casefold()
    readable = re.sub(r"[^a-z0-9@_-]+", "-", address).strip("-")[:60]
    return f"{week}-{readable}-{hashlib.sha256(address.encode()).hexdigest()[:8]}.eml"


def exists(folder: Path, *, name: str) -> bool:
    """Tell whether that mail lies in the outbox already."""
    return (folder / name).is_file()


def write(message: EmailMessage, folder: Path, *, name: str) -> Path:
    """Put the message into ``folder`` (made if missing) and return the file; one that is there stays as it is.

    Raises DeliveryError when the folder or the disk will not take it, ValueError when ``name`` is a path.
    """
    if name != re.sub(r"[/\\\x00]", "", name) or name in {"", ".", ".."}:
        raise ValueError(f"{name!r} is no file name")
    final = folder / name
    if final.is_file():
        return final
    partial = folder / f".{name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with partial.open("wb") as file:
                file.write(message.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            partial.replace(final)
        finally:
            partial.unlink(missing_ok=True)
        _keep(folder)
    except OSError as error:
        raise DeliveryError(
            f"mail.outbox: cannot write {final}: {error.strerror or error} - free some space, or name a folder that can be written"
        ) from error
    return final


def _keep(folder: Path) -> None:
    """Make the folder's new entry survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
