"""Own labelled rows for the reading engine: loading them, and scoring an engine against them.

The rows are in ``labelled/*.jsonl``, written and labelled before any engine was run on them, and
halved by a hash of the id: ``dev`` to develop on, ``blind`` to hold the engine to. Errors of the
blind half are never shown, here or by the command:

    python -m tests.reading.labelled_score [--split dev|blind] [-v]

When a found statement is the labelled one, and what the figures count, is ``pipeline.reading.scoring``'s.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.config.starter import shipped_debate
from pipeline.model import (
    AUTHOR_NAMES,
    MIXED,
    NEUTRAL,
    Attribution,
    LabelledArticle,
    Stance,
    Statement,
)
from pipeline.model import LabelledStatement as Marked
from pipeline.reading import scoring
from pipeline.reading.engine import Engine
from pipeline.settings import Debate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

FOLDER: Final = Path(__file__).parent / "labelled"
EXAMPLES: Final = Path(__file__).parents[2] / "examples"
CLASSES: Final = ("first", "second", MIXED, NEUTRAL)
"""What a stance is scored as: the debate's first or second side, or neither."""
_SHIPPED: Final = "models"
_AUTHORS: Final = frozenset(AUTHOR_NAMES.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelledStatement:
    """One labelled position: ``quote`` is in the row's text once, ``stance`` a side's id, mixed or neutral."""

    speaker: str
    stance: str
    quote: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelledRow:
    """One short text of one debate with its positions, in the text's order."""

    id: str
    debate: str
    lang: str
    text: str
    statements: tuple[LabelledStatement, ...]
    phenomena: tuple[str, ...]
    split: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A labelled statement and what the engine made of it; ``found`` and ``wanted`` are of CLASSES."""

    row: LabelledRow
    statement: LabelledStatement
    wanted: str
    found: str
    """Neutral where nothing that the engine found overlaps."""
    speaker_found: bool | None
    """None: the article's own voice, which has no speaker to find."""
    because: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """The figures of some statements; shares are 0..1, and 0 where there is nothing to share."""

    statements: int
    right: float
    """Share whose class is the labelled one: what to look at in small groups."""
    macro_f1: float
    """Over the classes that are labelled."""
    flips: float
    """Share of the one-sided statements that were given to the other side."""
    speaker_recall: float
    """Share of the named speakers' statements that were found under that speaker."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelledScore:
    """All figures of one run."""

    total: Figures
    confusion: Mapping[tuple[str, str], int]
    """(wanted, found) -> statements."""
    by_debate: Mapping[str, Figures]
    by_language: Mapping[str, Figures]
    by_phenomenon: Mapping[str, Figures]
    judged: tuple[Judged, ...]


def labelled_rows(split: str | None = None) -> tuple[LabelledRow, ...]:
    """Return the rows of one half ("dev" or "blind"), or all, by debate and id."""
    lines = [line for file in sorted(FOLDER.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines()]
    rows = [_row(json.loads(line)) for line in lines]
    return tuple(row for row in rows if split in {None, row.split})


def _row(fields: dict[str, object]) -> LabelledRow:
    statements = fields.pop("statements")
    phenomena = fields.pop("phenomena")
    assert isinstance(statements, list)
    assert isinstance(phenomena, list)
    texts = {key: str(value) for key, value in fields.items()}
    return LabelledRow(
        **texts, statements=tuple(LabelledStatement(**one) for one in statements), phenomena=tuple(phenomena)
    )


@cache
def labelled_debates() -> dict[str, Debate]:
    """Return the debates by the name that rows use; ``models`` is the one of the shipped config."""
    tables = tomllib.loads((FOLDER / "debates.toml").read_text(encoding="utf-8"))
    for name in ("office", "power"):
        tables[name] = tomllib.loads((EXAMPLES / f"{name}.toml").read_text(encoding="utf-8"))["debate"]
    return {_SHIPPED: shipped_debate()} | {name: Debate.model_validate(table) for name, table in tables.items()}


@cache
def engine_of(debate: str) -> Engine:
    """Return the engine for a debate's name."""
    return Engine(labelled_debates()[debate])


def score(rows: Iterable[LabelledRow], engine_of: Callable[[str], Engine]) -> LabelledScore:
    """Read every row with its debate's engine and score what it says of the labelled statements."""
    judged = [one for row in rows for one in _judge(row, engine_of(row.debate).read("", row.text).statements)]
    return LabelledScore(
        total=_figures(judged),
        confusion=Counter((one.wanted, one.found) for one in judged),
        by_debate=_grouped(judged, lambda one: (one.row.debate,)),
        by_language=_grouped(judged, lambda one: (one.row.lang,)),
        by_phenomenon=_grouped(judged, lambda one: one.row.phenomena),
        judged=tuple(judged),
    )


def _judge(row: LabelledRow, found: Sequence[Statement]) -> list[Judged]:
    first, second = labelled_debates()[row.debate].sides
    as_class = {first.id: CLASSES[0], second.id: CLASSES[1], MIXED: MIXED, NEUTRAL: NEUTRAL}
    return [
        Judged(
            row=row,
            statement=statement,
            wanted=as_class[statement.stance],
            found=as_class[judged.stance],
            speaker_found=judged.is_speaker_found if judged.is_named else None,
            because=judged.found.because if judged.found else (),
        )
        for statement, judged in zip(row.statements, scoring.judge(_article(row), found), strict=True)
    ]


def _article(row: LabelledRow) -> LabelledArticle:
    return LabelledArticle(
        id=row.id,
        title="",
        text=row.text,
        language=row.lang,
        published_at=None,
        stance=None,
        statements=tuple(_marked(one, row.text.index(one.quote)) for one in row.statements),
    )


def _marked(one: LabelledStatement, start: int) -> Marked:
    return Marked(
        speaker=one.speaker,
        org=None,
        start=start,
        end=start + len(one.quote),
        attribution=Attribution.AUTHOR if one.speaker in _AUTHORS else Attribution.INDIRECT,
        stance=Stance(one.stance),
    )


def _grouped(judged: Iterable[Judged], groups_of: Callable[[Judged], Iterable[str]]) -> dict[str, Figures]:
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        for group in groups_of(one):
            groups.setdefault(group, []).append(one)
    return {group: _figures(groups[group]) for group in sorted(groups)}


def _figures(judged: Sequence[Judged]) -> Figures:
    pairs = [(one.wanted, one.found) for one in judged]
    named = [one for one in judged if one.speaker_found is not None]
    return Figures(
        statements=len(judged),
        right=sum(one.found == one.wanted for one in judged) / max(1, len(judged)),
        macro_f1=scoring.macro_f1(pairs)[0],
        flips=scoring.flips(pairs, CLASSES[:2]),
        speaker_recall=sum(one.speaker_found is True for one in named) / max(1, len(named)),
    )


def _table(result: LabelledScore) -> Iterable[str]:
    yield f"{'':14}{'n':>6}{'right':>8}{'macro F1':>10}{'flips':>8}{'speakers':>10}"
    groups = {"all": result.total} | dict(result.by_debate) | dict(result.by_language) | dict(result.by_phenomenon)
    for name, one in groups.items():
        yield f"{name:14}{one.statements:6}{one.right:8.3f}{one.macro_f1:10.3f}{one.flips:8.3f}{one.speaker_recall:10.3f}"
    yield ""
    yield f"{'wanted / found':14}" + "".join(f"{found:>9}" for found in CLASSES)
    for wanted in CLASSES:
        yield f"{wanted:14}" + "".join(f"{result.confusion.get((wanted, found), 0):9}" for found in CLASSES)


def _errors(judged: Iterable[Judged]) -> Iterable[str]:
    for one in judged:
        if one.wanted != one.found or one.speaker_found is False:
            missed = f" [speaker {one.statement.speaker} missed]" if one.speaker_found is False else ""
            yield f"\n{one.row.id} {'+'.join(one.row.phenomena)}: {one.wanted} read as {one.found}{missed}"
            yield f"  {one.row.text!r}"
            yield f"  quote {one.statement.quote!r}, because {', '.join(one.because) or '-'}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures of one half or of all rows; with -v every error, which the blind half never shows."""
    parser = argparse.ArgumentParser(description="Score the reading engine on the labelled rows.")
    parser.add_argument("--split", choices=("dev", "blind"))
    parser.add_argument("-v", "--verbose", action="store_true", help="every error; only with --split dev")
    asked = parser.parse_args(arguments)
    if asked.verbose and asked.split != "dev":
        parser.error("-v needs --split dev: the blind half's errors are not to be seen")
    result = score(labelled_rows(asked.split), engine_of)
    lines = [*_table(result), *(_errors(result.judged) if asked.verbose else ())]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
