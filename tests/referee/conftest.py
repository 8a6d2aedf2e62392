"""A chat server of the test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.chat_server import ChatServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def chat() -> Iterator[ChatServer]:
    with ChatServer() as started:
        yield started
