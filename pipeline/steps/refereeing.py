"""Asking the referee about the unsure statements of a reading, before it is kept.

What was answered before is not asked again, a month's requests are counted before they are sent, and a referee that
fails several times in a row is left alone for the rest of the run. Whatever goes wrong, the engine's own answer stands:
nothing but the database's own errors is raised from here. What became of it all is in the record.

The article's own stance stays the engine's: it weighs passages that are no statements too, and its headline.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from pipeline.model import OFF_TOPIC
from pipeline.reading.folding import fold
from pipeline.referee.question import LONGEST_STATEMENT, PROMPT_VERSION, Case, read_reply, request
from pipeline.referee.ruling import LONGEST_EVIDENCE, found_in, ruled
from pipeline.referee.troubles import Failure, Trouble
from pipeline.store import referee as kept

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipeline.model import Reading, RefereeAnswer, Statement
    from pipeline.referee.endpoint import Endpoint
    from pipeline.settings import Debate, RefereeSettings
    from pipeline.store.database import Database

FAILURES_IN_A_ROW: Final = 3
"""After so many questions that its server did not answer, the referee is left alone for the rest of the run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RefereeRecord:
    """What came of asking, counted in statements; ``unsure`` is the sum of the others but ``changed`` and ``from_cache``."""

    model: str
    requests: int
    """Sent, repeated ones too."""
    budget: int
    unsure: int
    from_cache: int
    """Answered, or found without use, with no request at all."""
    agreed: int
    """The referee said the same twice: its stance counts."""
    changed: int
    """Of those, where that was not the engine's stance."""
    undecided: int
    """It contradicted itself when the sides' names were exchanged."""
    over_budget: int
    left_alone: int
    """Not asked about, after too many failures."""
    failures: tuple[tuple[str, int], ...]
    """What went wrong (one plain line) and how often."""

    @property
    def failed(self) -> int:
        """How many statements got no usable answer."""
        return sum(count for _, count in self.failures)


class Referee:
    """One run's referee on one database."""

    def __init__(
        self, db: Database, debate: Debate, settings: RefereeSettings, endpoint: Endpoint, *, now: datetime
    ) -> None:
        """Take an enabled referee's settings; ``now`` says which month's budget is used and when answers came."""
        self._db = db
        self._debate = debate
        self.settings = settings
        self._endpoint = endpoint
        self._now = now
        self._month = month_of(now, debate)
        self._requests = 0
        self._in_a_row = 0
        self._is_left_alone = False
        self._counts: Counter[str] = Counter()
        self._failures: Counter[str] = Counter()

    def review(self, reading: Reading, passages: Sequence[str]) -> tuple[Reading, bool]:
        """Return the reading with the unsure statements settled, and whether each of them was (False: some wait for another run).

        ``passages`` are what is around each statement, in their order.
        """
        if reading.stance == OFF_TOPIC:
            return reading, True
        statements: list[Statement] = []
        waiting = 0
        for statement, passage in zip(reading.statements, passages, strict=True):
            settled: Statement | None = statement
            if statement.confidence < self.settings.below:
                settled = self._settle(statement, passage)
            waiting += settled is None
            statements.append(settled or statement)
        return replace(reading, statements=tuple(statements)), not waiting

    def record(self) -> RefereeRecord:
        """Return what came of it so far."""
        return RefereeRecord(
            model=self.settings.model,
            requests=self._requests,
            budget=self.settings.monthly_budget,
            unsure=self._counts["unsure"],
            from_cache=self._counts["from_cache"],
            agreed=self._counts["agreed"],
            changed=self._counts["changed"],
            undecided=self._counts["undecided"],
            over_budget=self._counts["over_budget"],
            left_alone=self._counts["left_alone"],
            failures=tuple(self._failures.most_common()),
        )

    def _settle(self, statement: Statement, passage: str) -> Statement | None:
        """Return the statement as it is to be kept; None where it may be asked about again another time."""
        case = Case(
            debate=self._debate,
            speaker=statement.speaker,
            statement=statement.quote[:LONGEST_STATEMENT],
            passage=passage,
        )
        self._counts["unsure"] += 1
        before = self._requests
        answers = self._answers(case)
        if isinstance(answers, Failure):
            self._count(answers)
            settled = statement if answers.trouble is Trouble.INVENTED else None
        else:
            settled = self._ruled(statement, case, *answers)
        if self._requests == before and settled is not None:
            self._counts["from_cache"] += 1
        return settled

    def _ruled(self, statement: Statement, case: Case, first: RefereeAnswer, second: RefereeAnswer) -> Statement:
        evidence = found_in(first.evidence, case.passage, fold=fold) or ""
        because = f"referee {self.settings.model}: {evidence[:LONGEST_EVIDENCE]}"
        settled = ruled(statement, first, second, because=because)
        if settled is None:
            self._counts["undecided"] += 1
            return statement
        self._counts["agreed"] += 1
        self._counts["changed"] += settled.stance != statement.stance
        return settled

    def _answers(self, case: Case) -> tuple[RefereeAnswer, RefereeAnswer] | Failure:
        """Return the answers in both orders, or the first failure: what is of no use is not asked about twice."""
        answers: list[RefereeAnswer] = []
        for swapped in (False, True):
            answer = self._answer(case, swapped=swapped)
            if isinstance(answer, Failure):
                return answer
            if found_in(answer.evidence, case.passage, fold=fold) is None:
                return Failure(trouble=Trouble.INVENTED)
            answers.append(answer)
        return answers[0], answers[1]

    def _answer(self, case: Case, *, swapped: bool) -> RefereeAnswer | Failure:
        body = request(case, self.settings.model, swapped=swapped)
        key = sha256(body).hexdigest()
        if known := kept.answer(self._db, key):
            return known
        if self._is_left_alone:
            return _LEFT_ALONE
        raw = self._endpoint.ask(body, may_send=self._may_send)
        answer = read_reply(raw, case, swapped=swapped) if isinstance(raw, bytes) else raw
        if isinstance(answer, Failure):
            self._in_a_row += answer.is_of_endpoint
            self._is_left_alone = answer.is_lasting or self._in_a_row >= FAILURES_IN_A_ROW
        else:
            self._in_a_row = 0
            kept.keep(self._db, key, answer, model=self.settings.model, now=self._now)
        return answer

    def _may_send(self) -> bool:
        may = kept.spend(self._db, self._month, budget=self.settings.monthly_budget)
        self._requests += may
        return may

    def _count(self, failure: Failure) -> None:
        if failure is _LEFT_ALONE:
            self._counts["left_alone"] += 1
        elif failure.trouble is Trouble.OVER_BUDGET:
            self._counts["over_budget"] += 1
        else:
            self._failures[f"{failure.trouble}{f' ({failure.detail})' if failure.detail else ''}"] += 1


_LEFT_ALONE: Final = Failure(trouble=Trouble.UNREACHABLE, detail="left alone for the rest of the run")


def name_of(settings: RefereeSettings) -> str:
    """Return what distinguishes readings that an enabled referee has settled: the prompt, its model, and what it is asked about."""
    return f"referee {PROMPT_VERSION} {settings.model} <{settings.below:g}"


def month_of(now: datetime, debate: Debate) -> str:
    """Return the calendar month of an instant in the debate's zone, as budgets are kept: ``2026-11``."""
    return f"{now.astimezone(debate.zone):%Y-%m}"
