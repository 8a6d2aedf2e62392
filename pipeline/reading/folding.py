"""Folding: one script, one width, one case, character by character, so that every offset survives.

Keeps to itself the table of traditional characters and which marks are made alike.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

_WIDE = range(0xFF01, 0xFF5F)
_ALIKE = {
    0x3000: " ",
    0xA0: " ",
    0x2019: "'",
    0x2018: "'",
    0x02BC: "'",
    0x2010: "-",
    0x2011: "-",
    0x2013: "-",
    0x2022: "·",
    0x30FB: "·",
    0x2027: "·",
    0xFF65: "·",
}
_HAN = re.compile(r"[\u4e00-\u9fff]")


@cache
def _table() -> dict[int, str]:
    lines = (files(__package__) / "traditional.txt").read_text(encoding="utf-8").splitlines()
    pairs = "".join(line for line in lines if not line.startswith("#"))
    table = {ord(pairs[at]): pairs[at + 1] for at in range(0, len(pairs), 2)}
    table.update({code: chr(code - 0xFEE0) for code in _WIDE})
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x391, 0x530)):
        low = chr(code).lower()
        if len(low) == 1 and ord(low) != code:
            table[code] = low
    table.update({code: chr(code - 0xFEE0).lower() for code in range(0xFF21, 0xFF3B)})
    table.update(_ALIKE)
    return table


def fold(text: str) -> str:
    """Return ``text`` in simplified script, half width and lower case, exactly as long as it was."""
    return text.translate(_table())


@lru_cache(maxsize=8192)
def fold_word(word: str) -> str:
    """Return a name or phrase folded; the same ones come again and again."""
    return fold(word)


@lru_cache(maxsize=4096)
def fold_name(name: str) -> str:
    """Return a name for comparison: folded, without spaces, dots and hyphens; the length may change."""
    return re.sub(r"[\s·.\-《》]", "", fold(unicodedata.normalize("NFKC", name)))


def language_of(text: str) -> str:
    """Return ``zh`` where Han characters make up a tenth of the text or more, else ``en``."""
    sample = text[:1500]
    return "zh" if len(_HAN.findall(sample)) * 10 >= len(sample.strip()) and _HAN.search(sample) else "en"
