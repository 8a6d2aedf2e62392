"""Saved pages, packed or not."""

from __future__ import annotations

import gzip
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from pipeline.pages import saved
from pipeline.pages.saved import read_saved

if TYPE_CHECKING:
    from pipeline.model import PageText

CASE = Path(__file__).parent / "cases" / "zh_portal.html"


def read(path: Path) -> PageText:
    return read_saved(path, None, zone=ZoneInfo("Asia/Shanghai"), now=datetime(2026, 11, 23, tzinfo=UTC))


def test_a_saved_page_reads_the_same_packed_and_plain(tmp_path: Path) -> None:
    packed = tmp_path / "page.html.gz"
    packed.write_bytes(gzip.compress(CASE.read_bytes()))
    assert read(packed) == read(CASE)
    assert read(packed).title == "青湖实验室公开新模型权重 同行反应不一"


@pytest.mark.parametrize("content", [b"\x1f\x8bnot gzip", gzip.compress(b"a" * 1000, mtime=0)[:20]])
def test_a_broken_gzip_file_is_a_value_error_that_names_it(tmp_path: Path, content: bytes) -> None:
    broken = tmp_path / "broken.gz"
    broken.write_bytes(content)
    with pytest.raises(ValueError, match=r"broken\.gz"):
        read(broken)


def test_a_page_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.gz"
    bomb.write_bytes(gzip.compress(b"\0" * (saved.LARGEST + 1)))
    with pytest.raises(ValueError, match="50 MB"):
        read(bomb)


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="none"):
        read(tmp_path / "none.html")


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    empty = tmp_path / "empty.html"
    empty.touch()
    assert read(empty).text is None


def test_a_pipe_is_no_saved_page(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(ValueError, match="not a file"):
        read(pipe)
