"""The labelled rows: what they are, and reading them as the engine would.

A row is a statement with what was said before it and the stance that it takes (``rows/DEBATE.LANGUAGE.NUMBER.tsv``: stance, context or
``-``, text). Keeps to itself the files' format. The debates are the shipped one, the examples' and those in ``debates/``.
"""

from __future__ import annotations

import json
import random
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.config.starter import shipped_debate
from pipeline.model import MIXED, NEUTRAL
from pipeline.reading.engine import context_of
from pipeline.reading.features import Span
from pipeline.reading.folding import fold
from pipeline.reading.masking import Masker
from pipeline.settings import Debate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.reading.masking import Mention

HERE: Final = Path(__file__).parent
CLASSES: Final = 4
"""Side 0, side 1, mixed, neutral."""
NO_SIDE: Final = 3
_PRECEDED: Final = 0.7


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One labelled statement, read: ``label`` is 0 or 1 for a side, 2 mixed, 3 neutral."""

    debate: str
    lang: str
    file: str
    number: int
    """Of the line in its file, from 1."""
    label: int
    folded: str
    mentions: tuple[Mention, ...]
    span: Span


def rows() -> Iterator[Row]:
    """Yield all rows by file and line; ValueError for a line that is none.

    A row that takes a stance and names no side, neither in the statement nor before it, is left out: nothing tells one side from the other there.
    """
    for file in sorted((HERE / "rows").glob("*.tsv")):
        name, lang, _ = file.stem.split(".")
        masker, labels = _reader(name)
        for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            cells = [cell.strip() for cell in line.split("\t")]
            if len(cells) != 3 or cells[0] not in labels:  # noqa: PLR2004 - stance, context, text
                raise ValueError(f"{file}:{number}: not a row: {line[:60]!r}")
            stance, context, text = cells
            before = "" if context == "-" else context + "\n"
            folded = fold(before + text)
            mentions = masker.find(folded)
            if mentions or labels[stance] == NO_SIDE:
                yield Row(
                    debate=name, lang=lang, file=file.name, number=number, label=labels[stance], folded=folded,
                    mentions=mentions, span=Span(0, len(before), len(folded)),
                )  # fmt: skip


def article_rows() -> Iterator[Row]:
    """Yield the labelled statements of whole articles (``articles/``, one a line), in their places, as the engine would see them.

    ValueError where a quote is not in its text once.
    """
    for file in sorted((HERE / "articles").glob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            article = json.loads(line)
            masker, labels = _reader(article["debate"])
            folded = fold(article["text"])
            mentions = masker.find(folded)
            for statement in article["statements"]:
                if article["text"].count(statement["quote"]) != 1:
                    raise ValueError(f"{file}:{number}: not in the text once: {statement['quote']!r}")
                start = article["text"].index(statement["quote"])
                context = context_of(folded, start, 0, article["lang"])
                yield Row(
                    debate=article["debate"], lang=article["lang"], file=file.name, number=number, label=labels[statement["stance"]],
                    folded=folded, mentions=mentions, span=Span(context, start, start + len(statement["quote"])),
                )  # fmt: skip


def with_contexts(given: Iterable[Row]) -> list[Row]:
    """Return the rows, two in three of those that stand alone with another row of their debate said before them.

    In an article something has nearly always been said before, and mostly about another thing; a model that has only seen passages
    that stand alone would be misled by it. Only where the passage itself names a side, or says nothing of either: and a passage
    that names none anywhere always gets one before it that does, for most passages of an article are like that.
    """
    read = list(given)
    others: dict[tuple[str, str], list[Row]] = {}
    for row in read:
        if row.mentions:
            others.setdefault((row.debate, row.lang), []).append(row)
    chance = random.Random(1)  # noqa: S311 - the same for every fit
    found = []
    for row in read:
        by, drawn = chance.choice(others[row.debate, row.lang]), chance.random()
        found.append(_preceded(row, by) if row.span.start == 0 and (drawn < _PRECEDED or not row.mentions) else row)
    return [row for row in found if row.mentions]


def _preceded(row: Row, by: Row) -> Row:
    if by is row or not (row.label == NO_SIDE or row.mentions):
        return row
    before = by.folded[by.span.start :] + "\n"
    folded = before + row.folded
    mentions = _reader(row.debate)[0].find(folded)
    return replace(row, folded=folded, mentions=mentions, span=Span(0, len(before), len(folded)))


@cache
def _reader(name: str) -> tuple[Masker, dict[str, int]]:
    debate = debate_named(name)
    first, second = (side.id for side in debate.sides)
    return Masker(debate), {first: 0, second: 1, MIXED: 2, NEUTRAL: 3}


def debate_named(name: str) -> Debate:
    """Return a debate by the name that rows use: the shipped one, an example config's, or one of this folder."""
    if name == "models":
        return shipped_debate()
    example = HERE.parent / "examples" / f"{name}.toml"
    if example.exists():
        return Debate.model_validate(tomllib.loads(example.read_text(encoding="utf-8"))["debate"])
    return Debate.model_validate(tomllib.loads((HERE / "debates" / f"{name}.toml").read_text(encoding="utf-8")))
