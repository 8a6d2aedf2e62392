"""The words that judge: an own lexicon of some sixteen thousand words and phrases, each in one class, found in folded text.

Where ``cues.py`` says what a word does to a target by rule, a class here only groups words, and what a class means where
it stands is learned (``learned.py``). Keeps to itself the format of ``words_zh.tsv`` and ``words_en.tsv`` (class, words between ``|``;
an English word or the first of a phrase stands for its -s, -ed and -ing forms too) and that cues which the lexicon lacks are classes of their own.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

import ahocorasick_rs

from pipeline.reading.cues import Kind, entries
from pipeline.reading.folding import fold
from pipeline.reading.masking import inflected, whole_word

LANGUAGES: Final = ("zh", "en")
NO_CLASS: Final = 0


@cache
def _finder() -> tuple[ahocorasick_rs.AhoCorasick, list[int]]:
    words: dict[str, int] = {}
    numbers: dict[str, int] = {}
    made: dict[str, int] = {}
    for language in LANGUAGES:
        for line in (files(__package__) / f"words_{language}.tsv").read_text(encoding="utf-8").splitlines():
            if not line or line.startswith("#"):
                continue
            name, listed = line.split("\t")
            number = numbers.setdefault(name, len(numbers) + 1)
            for word in map(fold, listed.split("|")):
                words.setdefault(word, number)
                if word.isascii():
                    first, _, rest = word.partition(" ")
                    made |= {f"{form} {rest}".strip(): number for form in inflected(first)}
    for word, kind, weight in entries():
        number = numbers.setdefault(f"{kind}{'+' if weight > 0 else '-'}", len(numbers) + 1)
        made.setdefault(word, NO_CLASS if kind is Kind.VOID else number)
    # What is listed goes before what is made of another word (flawed before flaw + ed).
    known = made | words
    longest = ahocorasick_rs.MatchKind.LeftmostLongest
    return ahocorasick_rs.AhoCorasick(list(known), matchkind=longest), list(known.values())


def classes_in(masked: str) -> list[tuple[int, int]]:
    """Return where each judging word of masked, folded text begins and its class's number, in order; the longest word counts."""
    finder, numbers = _finder()
    return [
        (start, numbers[which])
        for which, start, end in finder.find_matches_as_indexes(masked)
        if numbers[which] != NO_CLASS and (masked[start] > "\x7f" or whole_word(masked, start, end))
    ]
