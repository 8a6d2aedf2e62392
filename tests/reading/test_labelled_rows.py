"""The labelled rows are sound, the scorer counts as it says, and the blind half stays blind."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest

from pipeline.model import Attribution, Reading, Stance, Statement
from pipeline.reading.engine import Engine
from tests.reading.labelled_score import (
    FOLDER,
    LabelledRow,
    LabelledStatement,
    engine_of,
    labelled_debates,
    labelled_rows,
    main,
    score,
)

ROWS = labelled_rows()


def test_there_are_enough_rows_of_every_kind() -> None:
    languages = Counter(row.lang for row in ROWS)
    assert len(ROWS) >= 480
    assert {row.debate for row in ROWS} == set(labelled_debates())
    assert 0.5 <= languages["zh"] / len(ROWS) <= 0.7
    assert len({phenomenon for row in ROWS for phenomenon in row.phenomena}) >= 25


def test_ids_and_texts_are_unique() -> None:
    assert len({row.id for row in ROWS}) == len({row.text for row in ROWS}) == len(ROWS)


def test_every_quote_is_in_its_text_just_once() -> None:
    wrong = [(row.id, one.quote) for row in ROWS for one in row.statements if row.text.count(one.quote) != 1]
    assert not wrong


def test_every_speaker_is_named_in_the_text_or_is_the_author() -> None:
    author = {"zh": "作者", "en": "author"}
    wrong = [
        (row.id, one.speaker)
        for row in ROWS
        for one in row.statements
        if one.speaker != author[row.lang] and one.speaker not in row.text
    ]
    assert not wrong


def test_every_stance_is_a_side_of_its_debate_or_mixed_or_neutral() -> None:
    for row in ROWS:
        allowed = {side.id for side in labelled_debates()[row.debate].sides} | {"mixed", "neutral"}
        assert {one.stance for one in row.statements} <= allowed, row.id
        assert row.statements, row.id


def test_a_row_is_blind_by_the_hash_of_its_id() -> None:
    for row in ROWS:
        is_odd = hashlib.sha256(row.id.encode()).digest()[0] % 2 == 1
        assert row.split == ("blind" if is_odd else "dev"), row.id
    assert {*labelled_rows("dev"), *labelled_rows("blind")} == set(ROWS)


def test_the_shipped_debate_is_not_written_twice() -> None:
    assert "[models" not in (FOLDER / "debates.toml").read_text(encoding="utf-8")


class _Told(Engine):
    """An engine that finds what it is told, in text order."""

    def __init__(self, *told: tuple[str, str, str]) -> None:
        self._told = told

    def read(self, title: str, text: str) -> Reading:
        del title
        statements = [
            Statement(
                speaker=speaker,
                org=None,
                start=text.index(quote),
                end=text.index(quote) + len(quote),
                quote=quote,
                attribution=Attribution.INDIRECT,
                stance=Stance(stance),
                confidence=0.5,
                because=("told",),
            )
            for speaker, stance, quote in self._told
        ]
        return Reading(stance=Stance("neutral"), confidence=0.5, statements=tuple(statements))


def _row(*statements: tuple[str, str, str]) -> LabelledRow:
    return LabelledRow(
        id="r",
        debate="office",
        lang="en",
        text="Ann Lee wants staff at home. Bo Orr wants them back. I like tea.",
        statements=tuple(LabelledStatement(speaker=who, stance=stance, quote=said) for who, stance, said in statements),
        phenomena=("test",),
        split="dev",
    )


def test_the_scorer_counts_right_sides_flips_and_speakers() -> None:
    row = _row(
        ("Ann Lee", "remote", "wants staff at home"),
        ("Bo Orr", "onsite", "wants them back"),
        ("author", "neutral", "I like tea"),
    )
    engine = _Told(("Lee", "remote", "wants staff at home"), ("Ann Lee", "remote", "wants them back"))
    found = score([row], lambda _: engine)
    assert found.total.statements == 3
    assert found.total.right == pytest.approx(2 / 3)
    assert found.total.flips == 0.5
    assert found.total.speaker_recall == 0.5
    assert found.total.macro_f1 == pytest.approx((2 / 3 + 0 + 1) / 3)
    assert found.confusion == {("first", "first"): 1, ("second", "first"): 1, ("neutral", "neutral"): 1}
    assert set(found.by_debate) == {"office"}
    assert set(found.by_language) == {"en"}


def test_a_span_that_covers_too_little_does_not_match() -> None:
    engine = _Told(("Ann Lee", "remote", "wants"), ("Bo Orr", "remote", "I like tea"))
    found = score([_row(("Ann Lee", "remote", "wants staff at home"))], lambda _: engine)
    assert found.confusion == {("first", "neutral"): 1}
    assert found.total.speaker_recall == 0


def test_the_same_speaker_s_span_goes_before_a_better_overlap() -> None:
    engine = _Told(("Bo Orr", "onsite", "wants staff at home"), ("Ann Lee", "remote", "staff at home"))
    found = score([_row(("Ann Lee", "remote", "wants staff at home"))], lambda _: engine)
    assert found.confusion == {("first", "first"): 1}


def test_the_blind_half_s_errors_are_never_shown(capsys: pytest.CaptureFixture[str]) -> None:
    for asked in (["--split", "blind", "-v"], ["-v"]):
        with pytest.raises(SystemExit):
            main(asked)
        assert "not to be seen" in capsys.readouterr().err


def test_the_command_prints_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    assert engine_of("office") is engine_of("office")
    assert main(["--split", "blind"]) == 0
    printed = capsys.readouterr().out
    assert "macro F1" in printed
    assert "wanted / found" in printed
