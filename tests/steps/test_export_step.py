"""What leaves for other programs: every statement, in three forms, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from pipeline.steps.analyse import analyse
from pipeline.steps.export import COLUMNS, ExportFormat, export
from tests.steps.conftest import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.settings import Settings
    from pipeline.store.database import Database

AT = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
CONTRACT = [
    "article_url", "article_title", "source", "published_at", "speaker", "org", "quote", "attribution", "stance",
    "confidence", "story",
]  # fmt: skip


@pytest.fixture
def filled(db: Database, settings: Settings, publish: Callable[..., None], now: datetime) -> Database:
    publish(TEXTS["open"], AT)
    publish(TEXTS["closed"].replace("沈望川", "=沈望川"), AT)
    analyse(db, settings.debate, again=False, now=now)
    return db


def test_json_lines_have_the_contracts_fields(filled: Database, settings: Settings) -> None:
    out = io.StringIO()
    written = export(filled, settings.debate, ExportFormat.JSONL, out)
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(rows) == written >= 2
    assert all(set(CONTRACT) <= set(row) for row in rows)
    assert rows[0]["published_at"] == AT.isoformat()


def test_csv_has_the_same_columns_and_no_formulas(filled: Database, settings: Settings) -> None:
    out = io.StringIO()
    export(filled, settings.debate, ExportFormat.CSV, out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert tuple(rows[0]) == COLUMNS
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values() if cell)


def test_the_event_list_names_who_agrees_with_which_side(filled: Database, settings: Settings) -> None:
    out = io.StringIO()
    written = export(filled, settings.debate, ExportFormat.DNA, out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert len(rows) == written
    assert {row["concept"] for row in rows} == {"开源", "闭源"}
    assert {row["agreement"] for row in rows} == {"1"}
