"""Pages saved to files, for ``kaibi extract --jsonl``: the one place in this room that opens a file."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING, Final

from pipeline.model import LinkHints
from pipeline.pages.decoding import decode
from pipeline.pages.page import read_html

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from pipeline.model import PageText

LARGEST: Final = 50_000_000
"""Bytes of a page after decompression; a larger one is refused."""
_GZIP: Final = b"\x1f\x8b"


def read_saved(path: Path, url: str | None, *, zone: ZoneInfo, now: datetime) -> PageText:
    """Return what a saved page says; the file may be gzip-compressed, whatever its name.

    OSError where the file cannot be read, ValueError where it is no file (a pipe would keep us waiting), too
    large or broken.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise ValueError(f"{path}: not a file - save the page to one")
    with path.open("rb") as opened:
        is_packed = opened.read(2) == _GZIP
        opened.seek(0)
        try:
            if is_packed:
                with gzip.GzipFile(fileobj=opened) as packed:
                    body = packed.read(LARGEST + 1)
            else:
                body = opened.read(LARGEST + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ValueError(f"{path}: broken gzip file ({error}) - save the page again") from error
    if len(body) > LARGEST:
        raise ValueError(f"{path}: more than {LARGEST // 1_000_000} MB of page - that is no article")
    return read_html(decode(body, ""), url, None, LinkHints(), zone=zone, now=now)
