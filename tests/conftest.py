"""Options that the whole suite shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--update-golden``: golden files are written anew instead of compared."""
    parser.addoption("--update-golden", action="store_true", help="write golden files anew instead of comparing")
