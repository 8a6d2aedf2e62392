"""Handing the statements to other programs: CSV, JSON Lines, or Discourse Network Analyzer's event list."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pipeline.store import statements

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from pipeline.settings import Debate
    from pipeline.store.database import Database

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class ExportFormat(StrEnum):
    """What a statement is written as."""

    CSV = "csv"
    JSONL = "jsonl"
    DNA = "dna"


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementRow:
    """One statement with its article; the columns of every format, in order."""

    article_url: str
    article_title: str
    source: str
    published_at: str
    speaker: str
    actor: str
    org: str | None
    quote: str
    attribution: str
    stance: str
    confidence: float
    story: int
    because: str
    via: str | None
    dated: bool
    corrected: bool
    """By a person, whom ``because`` names."""


COLUMNS = tuple(StatementRow.__dataclass_fields__)


def rows(db: Database) -> Iterator[StatementRow]:
    """Yield every statement of the newest revisions, oldest article first."""
    for one, speaker in statements.everything(db):
        yield StatementRow(
            article_url=one.url,
            article_title=one.title,
            source=one.source,
            published_at=one.published_at.isoformat(),
            speaker=speaker,
            actor=one.actor,
            org=one.org,
            quote=one.quote,
            attribution=str(one.attribution),
            stance=str(one.stance),
            confidence=one.confidence,
            story=one.story,
            because="; ".join(one.because),
            via=one.via,
            dated=one.dated,
            corrected=one.corrected,
        )


def export(db: Database, debate: Debate, form: ExportFormat, out: TextIO) -> int:
    """Write every statement to ``out`` and return how many.

    CSV has a header line; cells that a spreadsheet would run as a formula begin with an apostrophe. In the DNA
    event list a statement that takes a side becomes "this actor agrees with this side"; the others have no
    agreement and are left out.
    """
    written = 0
    if form is ExportFormat.JSONL:
        for row in rows(db):
            out.write(json.dumps(_fields(row), ensure_ascii=False) + "\n")
            written += 1
        return written
    events = form is ExportFormat.DNA
    columns = _DNA_COLUMNS if events else COLUMNS
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    labels = {side.id: side.label for side in debate.sides}
    for row in rows(db):
        if events and row.stance not in labels:
            continue
        cells = _event(row, written + 1, labels) if events else _fields(row)
        writer.writerow({column: _cell(cells[column]) for column in columns})
        written += 1
    return written


_DNA_COLUMNS = (
    "ID", "time", "text", "person", "organization", "concept", "agreement", "title", "author", "source", "section", "type",
)  # fmt: skip


def _event(row: StatementRow, number: int, labels: dict[str, str]) -> dict[str, Any]:
    return {
        "ID": number,
        "time": row.published_at,
        "text": row.quote,
        "person": row.actor,
        "organization": row.org or "",
        "concept": labels[row.stance],
        "agreement": 1,
        "title": row.article_title,
        "author": row.source,
        "source": row.article_url,
        "section": row.attribution,
        "type": "DNA Statement",
    }


def _fields(row: StatementRow) -> dict[str, Any]:
    return {column: getattr(row, column) for column in COLUMNS}


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
