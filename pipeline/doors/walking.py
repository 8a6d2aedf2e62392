"""``kaibi label`` without arguments: one unsure statement after the other, and a key for each answer.

Keeps to itself the keys and what is shown. Reads lines, so that a file of answers does as well as a person; the end
of the input ends the walk.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import click

from pipeline.doors.invocation import clock, printable
from pipeline.doors.terminal import moment
from pipeline.errors import ConfigError
from pipeline.model import MIXED, NEUTRAL, Attribution, Stance
from pipeline.steps.label import correct
from pipeline.store import statements

if TYPE_CHECKING:
    from pipeline.doors.invocation import Invocation
    from pipeline.settings import Debate
    from pipeline.store.database import Database
    from pipeline.store.statements import ListedStatement
    from pipeline.weeks import Week

_BESIDE: Final = 300
"""Characters of the paragraph shown before the quote, and after it."""
_HOW: Final = {
    Attribution.DIRECT: "in quote marks",
    Attribution.INDIRECT: "reported",
    Attribution.AUTHOR: "the article's own voice",
}


class _EndError(Exception):
    """Whoever answers has had enough."""


class Walk:
    """One walk on one database, by one person."""

    def __init__(self, invocation: Invocation, db: Database, debate: Debate, *, by: str) -> None:
        """Learn the keys: a side's number or id, and the letters; a side whose id is a letter has it."""
        self._invocation = invocation
        self._db = db
        self._debate = debate
        self._by = by
        self._done: Counter[str] = Counter()
        self._stances = {"m": MIXED, str(MIXED): MIXED, "n": NEUTRAL, str(NEUTRAL): NEUTRAL}
        for number, side in enumerate(debate.sides, start=1):
            self._stances |= {str(number): Stance(side.id), side.id.casefold(): Stance(side.id)}
        sides = " · ".join(
            f"{number} {side.id}" + (f" ({side.label})" if side.label != side.id else "")
            for number, side in enumerate(debate.sides, start=1)
        )
        self._keys = f"{sides} · m mixed · n neutral · s speaker · d dismiss · enter skip · q quit"

    def go(self, week: Week | None, limit: int) -> None:
        """Show up to ``limit`` statements (of ``week``; None: of all) until there is no more, or no answer."""
        span = None if week is None else (week.starts_at(self._debate.zone), week.ends_at(self._debate.zone))
        found = statements.listed(self._db, span=span, is_unsure=True, limit=limit)
        if not found:
            self._invocation.say("no statement that takes a side waits for a person - kaibi label list shows all")
            return
        try:
            for number, one in enumerate(found, start=1):
                self._show(one, f"{number} of {len(found)}")
                self._ask(one)
        except _EndError:
            pass
        told = ", ".join(f"{count} {what}" for what, count in self._done.items() if count) or "nothing corrected"
        self._invocation.say(f"{told} - next: kaibi label list --corrected, kaibi label export, kaibi digest preview")

    def _ask(self, one: ListedStatement) -> None:
        is_corrected = False
        while True:
            answer = self._answer(f"{self._keys}\n> ")
            key = answer.casefold()
            if key == "":
                self._done["skipped"] += not is_corrected
                return
            if key in self._stances:
                self._done["corrected"] += self._correct(one, stance=self._stances[key]) and not is_corrected
                return
            if key == "d":
                self._done["dismissed"] += self._correct(one, dismiss=True)
                return
            if key == "s":
                is_corrected = self._ask_speaker(one) or is_corrected
            elif key == "q":
                raise _EndError
            else:
                click.echo(f'"{printable(answer)}" is no answer here')

    def _ask_speaker(self, one: ListedStatement) -> bool:
        speaker = self._answer("speaker (author: the article itself; enter: as it was): ")
        if not speaker:
            return False
        org = self._answer("organisation (enter: none): ")
        if not self._correct(one, speaker=speaker, org=org or None):
            return False
        self._done["corrected"] += 1
        click.echo(f"{printable(speaker)} - enter: {one.evidence.stance} is right; or say what it is")
        return True

    def _correct(self, one: ListedStatement, **said: Any) -> bool:
        """Keep a correction and return whether it could be; the statement may have gone since it was shown."""
        number = one.evidence.statement_id
        try:
            correct(self._db, self._debate, number, by=self._by, now=clock(), **said)
        except ConfigError as error:
            click.echo(printable(str(error)))
            return False
        return True

    def _answer(self, prompt: str) -> str:
        click.echo(prompt, nl=False)
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not sys.stdin.isatty():
            click.echo(printable(line.rstrip("\n")))
        if not line:
            raise _EndError
        return line.strip()

    def _show(self, one: ListedStatement, which: str) -> None:
        evidence = one.evidence
        day = moment(evidence.published_at, self._debate.zone)[:10]
        org = f" ({evidence.org})" if evidence.org else ""
        because = ", ".join(evidence.because) or "no cue"
        lines = (
            f"\n[{which}] statement {evidence.statement_id} · {day} · {evidence.source} · {evidence.title}",
            evidence.url,
            f"{one.speaker}{org}, {_HOW[evidence.attribution]}",
            f"engine: {evidence.stance}, {evidence.confidence:.2f}, because of {because}\n",
        )
        click.echo(printable("\n".join(lines)))
        before, quote, after = _in_paragraph(evidence.context, evidence.quote)
        click.echo(printable(before) + click.style(f"【{printable(quote)}】", bold=True) + printable(after) + "\n")


def _in_paragraph(context: str, quote: str) -> tuple[str, str, str]:
    """Return what stands before the quote, the quote, and what stands after it, cut where the paragraph is long."""
    before, found, after = context.partition(quote)
    if not found:
        return "", quote, ""
    if len(before) > _BESIDE:
        before = f"…{before[-_BESIDE:]}"
    if len(after) > _BESIDE:
        after = f"{after[:_BESIDE]}…"
    return before, quote, after
