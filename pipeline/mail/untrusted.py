"""Text and addresses that came from the web, made harmless for a mail.

Escaping for HTML is Jinja's business; this is about what survives escaping: characters that turn
the direction of the text, control characters, half surrogates, and addresses that are no web page.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

_JOINERS: Final = "\u200c\u200d"
_SPACE: Final = re.compile(r"\s+")
_LONGEST_LINK: Final = 1000
"""Characters; longer addresses are shown as plain text, not linked, so that a mail keeps its size."""


def plain(text: str) -> str:
    """Return ``text`` as one line without control, direction or invisible format characters.

    Every run of white space becomes one space, half a surrogate pair U+FFFD.
    """
    if text.isprintable():  # nearly all text: nothing to take out, and many times faster
        return _SPACE.sub(" ", text).strip()
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if category == "Cs":
            kept.append("\ufffd")
        elif character.isspace() or category in {"Cc", "Zl", "Zp"}:
            kept.append(" ")
        elif category not in {"Cf", "Co"} or character in _JOINERS:
            kept.append(character)
    return _SPACE.sub(" ", "".join(kept)).strip()


def short(text: str, longest: int) -> str:
    """Return ``text`` made :func:`plain`, cut to ``longest`` characters with an ellipsis if it is longer."""
    line = plain(text)
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    at_word = cut.rfind(" ", longest * 3 // 4)
    return (cut[:at_word] if at_word > 0 else cut).rstrip(" ,，、;；") + "…"


def web_link(url: str) -> str | None:
    """Return ``url`` if a mail may link it: http(s), a host, no user name, nothing invisible; else None."""
    try:
        parts = urlsplit(url)
        allowed = parts.scheme in {"http", "https"} and parts.hostname and parts.username is None
    except ValueError:
        return None
    if not allowed or len(url) > _LONGEST_LINK or re.search(r"[\s<>\"\\]", url) or plain(url) != url:
        return None
    return url
