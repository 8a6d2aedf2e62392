"""Which articles are copies of one story, however much a portal has trimmed, padded or retouched them.

Keeps to itself what is compared (letters and digits alone, in runs of five), how candidates are found
without comparing all with all (MinHash bands, which are plain integers for an index of our own), and
what settles it (how much of the shorter text the longer holds). Why these: ``docs/counting.md``.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from rensa import RMinHash

COPIES_VERSION: Final = "1"
"""Stored beside the bands; bands of different versions must not be compared."""
SHORT_TEXT: Final = 100
"""Bodies with fewer characters (as written) than this are compared by title and numbers."""
CONTAINED: Final = 0.8
"""A copy holds at least this part of the shorter text's shingles."""
RETOUCHED: Final = 0.7
"""A copy retouched all over (one character in 25 leaves .96**5 = .815) may hold only this much, if the numbers are kept."""
_SHINGLE: Final = 5
_LONG_SHINGLE: Final = 9
"""In alphabetic scripts five characters are one word, and words alone are shared by chance."""
_LONG_CONTAINED: Final = 0.5
_BANDS: Final = 64
_ROWS: Final = 2
_SEED: Final = 20
_TELLING_TITLE: Final = 8
"""A title with fewer letters and digits than this (早报) does not tell one story from another."""
_TELLING_NUMBERS: Final = 4
"""From so many different numbers on, a notice from the same mould shows by its numbers."""
_NUMBERS_CONTAINED: Final = 0.5
_NUMBERS_KEPT: Final = 0.75
_TELLING_LENGTH: Final = 300
"""Letters and digits from which a retouched text needs no numbers to tell."""
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fingerprint:
    """What there is to compare of one text; equal texts with equal titles have equal fingerprints."""

    bare: str
    """Letters and digits alone, NFKC, case folded."""
    title: str
    """The same of the title; empty where there is none."""
    short: bool
    """The body is too short for its shingles to tell."""
    numbers: frozenset[str]
    """Every number of the body, as written."""

    @property
    def bands(self) -> tuple[int, ...]:
        """Signed 64-bit integers; two texts that share any one of them are worth comparing."""
        body = [] if self.short else _minhash_bands(self.bare)
        whole = [_integer(b"body" + self.bare.encode())] if self.short and self.bare else []
        named = [_integer(b"title" + self.title.encode())] if len(self.title) >= _TELLING_TITLE else []
        return (*body, *whole, *named)

    def is_copy_of(self, other: Fingerprint) -> bool:
        """Whether the two are one story; the same asked the other way round."""
        if self.short or other.short:
            return _same_short(self, other)
        shorter, longer = sorted((self, other), key=lambda one: (len(one.bare), one.bare))
        contained = _contained(shorter.bare, longer.bare, _SHINGLE)
        if contained < RETOUCHED:
            return False
        if _is_alphabetic(shorter.bare) and _contained(shorter.bare, longer.bare, _LONG_SHINGLE) < _LONG_CONTAINED:
            return False
        if len(shorter.numbers) < _TELLING_NUMBERS:
            return contained >= CONTAINED or len(shorter.bare) >= _TELLING_LENGTH
        needed = _NUMBERS_CONTAINED if contained >= CONTAINED else _NUMBERS_KEPT
        return len(shorter.numbers & longer.numbers) >= needed * len(shorter.numbers)


def fingerprint(text: str, title: str = "") -> Fingerprint:
    """Return the fingerprint of an article's body and title."""
    bare = _bare(text)
    return Fingerprint(
        bare=bare,
        title=_bare(title),
        short=len(text.strip()) < SHORT_TEXT or 2 * len(bare) < SHORT_TEXT,
        numbers=frozenset(_NUMBER.findall(unicodedata.normalize("NFKC", text))),
    )


def bands(text: str, title: str = "") -> tuple[int, ...]:
    """Return the integers to index an article by: signed 64-bit, as SQLite and PostgreSQL's BIGINT store them.

    Articles that share any are candidates for ``is_copy``. 64 for a body of ``SHORT_TEXT`` characters or
    more, one for a shorter one, and one more for a title that tells stories apart; none for nothing.
    """
    return fingerprint(text, title).bands


def is_copy(a_text: str, b_text: str, a_title: str = "", b_title: str = "") -> bool:
    """Whether two articles are one story: the longer body holds at least .8 of the shorter's shingles.

    From .7 on where the text is long, or has numbers and keeps them. Two notices from one mould are kept
    apart by their numbers. Where a body is under ``SHORT_TEXT`` characters, titles and numbers decide (or
    the whole bodies, where they are the same). How far apart in time copies may be
    (14 days) is the caller's to see to.
    """
    return fingerprint(a_text, a_title).is_copy_of(fingerprint(b_text, b_title))


def _minhash_bands(bare: str) -> list[int]:
    """Return one integer a band; its own number is hashed in, so that bands never meet across places."""
    width = _LONG_SHINGLE if _is_alphabetic(bare) else _SHINGLE
    sketch = RMinHash(num_perm=_BANDS * _ROWS, seed=_SEED)
    sketch.update(sorted(_shingles(bare, width)))
    digest = sketch.digest()
    return [
        _integer(struct.pack(f"<{_ROWS + 1}Q", band, *digest[band * _ROWS : (band + 1) * _ROWS]))
        for band in range(_BANDS)
    ]


def _same_short(a: Fingerprint, b: Fingerprint) -> bool:
    """Whether two articles, at least one of them with next to no body, are one: by whole body, or title and numbers."""
    if a.bare and a.bare == b.bare:
        return True
    if a.title != b.title or len(a.title) < _TELLING_TITLE:
        return False
    shorter, longer = sorted((a, b), key=lambda one: (len(one.bare), one.bare))
    return shorter.numbers <= longer.numbers


def _contained(shorter: str, longer: str, width: int) -> float:
    """Return the part, 0..1, of the shorter text's shingles that the longer holds."""
    part = _shingles(shorter, width)
    return len(part & _shingles(longer, width)) / len(part)


def _shingles(bare: str, width: int) -> set[str]:
    """Return every run of ``width`` characters; never empty, a shorter text is its own."""
    return {bare[start : start + width] for start in range(max(1, len(bare) - width + 1))}


def _is_alphabetic(bare: str) -> bool:
    """Whether most of the text is in a script whose words take several characters."""
    return 2 * sum(character < "\u2e80" for character in bare) > len(bare)


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _integer(content: bytes) -> int:
    return int.from_bytes(blake2b(content, digest_size=8).digest(), "little", signed=True)
