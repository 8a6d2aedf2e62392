"""``kaibi analyse``, ``stance`` and ``extract``: the engine and the page reader, on the database or on a stream."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.doors.invocation import Command, Invocation, clock, pass_invocation
from pipeline.doors.jsonl import BadLineError, answer_lines, text_field, whole, workers_for
from pipeline.doors.terminal import counted, progress_bar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.doors.jsonl import Answer
    from pipeline.model import Statement
    from pipeline.settings import Debate

_JSONL_HELP = "Read JSON lines from standard input, answer on standard output; no database is touched."


@click.command(
    cls=Command,
    examples=(
        "kaibi analyse                            read what is not read yet",
        "kaibi analyse --all                      everything again, after terms or the engine changed",
        "kaibi analyse --jsonl < in.jsonl > out.jsonl",
    ),
)
@click.option("--all", "again", is_flag=True, help="Read every article again.")
@click.option("--jsonl", is_flag=True, help=_JSONL_HELP)
@pass_invocation
def analyse(invocation: Invocation, *, again: bool, jsonl: bool) -> int:
    """Read the articles: who says what, and which side they take."""
    if jsonl and again:
        raise click.UsageError("--all reads the database and --jsonl does not touch it - give one of them")
    if jsonl:
        return _answer_input(_analyse_line(invocation.debate()), worth_bytes=300_000)
    _analyse_stored(invocation, again=again)
    return 0


@click.command(cls=Command, examples=("kaibi stance --jsonl < sentences.jsonl",))
@click.option("--jsonl", is_flag=True, required=True, help=_JSONL_HELP)
@pass_invocation
def stance(invocation: Invocation, *, jsonl: bool) -> int:
    """Tell which side a sentence or a passage takes."""
    del jsonl
    return _answer_input(_stance_line(invocation.debate()), worth_bytes=1_000_000)


@click.command(cls=Command, examples=("kaibi extract --jsonl < pages.jsonl",))
@click.option("--jsonl", is_flag=True, required=True, help=_JSONL_HELP)
@pass_invocation
def extract(invocation: Invocation, *, jsonl: bool) -> int:
    """Read title, text, date and author from saved pages."""
    del jsonl
    return _answer_input(_extract_line(invocation.debate()), worth_bytes=2_000)


def _analyse_stored(invocation: Invocation, *, again: bool) -> None:
    from pipeline.doors.refereeing import referee_for, tell_of_referee
    from pipeline.steps.analyse import analyse as read_articles
    from pipeline.steps.analyse import engine_name
    from pipeline.store import statements

    configured = invocation.configured()
    debate = configured.settings.debate
    with invocation.database(configured) as db:
        now = clock()
        referee = referee_for(invocation, db, configured, now=now)
        with progress_bar("reading") as progress:
            record = read_articles(db, debate, again=again, now=now, referee=referee, progress=progress)
        otherwise = statements.read_otherwise(db, engine_name(debate, configured.settings.reading.referee))
    if record.articles:
        hint = "" if invocation.unattended else " - next: kaibi digest preview"
        found = counted(record.statements, "statement")
        invocation.say(f"read {counted(record.articles, 'article')}, found {found}{hint}")
    elif not invocation.unattended:
        invocation.say("nothing to read: every stored article is read - new ones come with kaibi crawl")
    tell_of_referee(invocation, record.referee)
    if otherwise and not invocation.unattended:
        is_refereed = configured.settings.reading.referee.enabled
        how = "other terms, another engine or without the referee" if is_refereed else "other terms or another engine"
        invocation.say(f"{counted(otherwise, 'article')} were read with {how} - kaibi analyse --all reads them again")


def _answer_input(answer: Answer, *, worth_bytes: int) -> int:
    """Answer standard input, with more processes where it is a file of at least ``worth_bytes``; 1: a line was bad."""
    sys.stdout.flush()
    workers = workers_for(sys.stdin.buffer, worth_bytes=worth_bytes)
    return 1 if answer_lines(sys.stdin.buffer, sys.stdout.buffer, answer, workers=workers) else 0


def _analyse_line(debate: Debate) -> Answer:
    from pipeline.reading.engine import Engine

    engine = Engine(debate)

    def answer(fields: Mapping[str, Any]) -> Mapping[str, Any]:
        for name in ("url", "published_at"):
            text_field(fields, name, optional=True)
        title, text = text_field(fields, "title") or "", text_field(fields, "text") or ""
        reading = engine.read(whole(title), whole(text))
        return {
            "stance": reading.stance,
            "confidence": _figure(reading.confidence),
            "statements": [_statement(one, text) for one in reading.statements],
        }

    return answer


def _statement(statement: Statement, text: str) -> dict[str, Any]:
    return {
        "speaker": statement.speaker,
        "org": statement.org,
        "start": statement.start,
        "end": statement.end,
        "quote": text[statement.start : statement.end],
        "attribution": statement.attribution,
        "stance": statement.stance,
        "confidence": _figure(statement.confidence),
        "because": statement.because,
    }


def _stance_line(debate: Debate) -> Answer:
    from pipeline.reading.engine import Engine

    engine = Engine(debate)

    def answer(fields: Mapping[str, Any]) -> Mapping[str, Any]:
        leaning = engine.lean(whole(text_field(fields, "text") or ""))
        return {
            "stance": leaning.stance,
            "score": _figure(leaning.score),
            "confidence": _figure(leaning.confidence),
            "because": leaning.because,
        }

    return answer


def _extract_line(debate: Debate) -> Answer:
    from pipeline.pages.saved import read_saved

    zone, now = debate.zone, clock()

    def answer(fields: Mapping[str, Any]) -> Mapping[str, Any]:
        file, url = text_field(fields, "file") or "", text_field(fields, "url", optional=True)
        try:
            page = read_saved(Path(file), url, zone=zone, now=now)
        except OSError as error:
            raise BadLineError(f"{file}: cannot be read ({error.strerror or error})") from error
        except ValueError as error:
            raise BadLineError(str(error)) from error
        return {
            "title": page.title,
            "text": page.text,
            "published_at": page.published_at and page.published_at.isoformat(),
            "author": page.author,
            "language": page.language,
        }

    return answer


def _figure(number: float) -> float:
    return round(number, 4)
