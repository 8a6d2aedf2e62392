"""People's corrections in the place of what the engine found: decided here with plain values, written elsewhere.

Keeps to itself where a correction's words stand in a text that has changed since, and which of the engine's
statements a correction is about when the engine draws them otherwise than it did.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LEAST_COVERED: Final = 0.5
"""Two spans are of one statement where one holds so much of the other."""
_LONGER: Final = 4
_LONGER_BY: Final = 40
"""A span of the engine's that is longer than so many times a correction's and so many characters holds more than it."""
_AROUND: Final = 200
"""Characters on either side by which two places with the same words are told apart."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptStatement:
    """A statement as its row has it, apart from the row's number and its text's."""

    name_id: int
    speaker: str
    org: str | None
    start: int
    end: int
    quote: str
    context: str
    attribution: str
    stance: str
    confidence: float
    because: tuple[str, ...]
    via: str | None
    label_id: int | None = None
    """The correction that this shows; None: it is as the engine found it."""
    found: tuple[KeptStatement, ...] = ()
    """Where it shows a correction: the engine's statements in whose place it stands; none where the engine finds none."""
    dismissed: bool = False

    @property
    def values(self) -> dict[str, Any]:
        """The row's columns."""
        columns = asdict(self)
        columns["because"] = list(self.because)
        columns["found"] = None if self.label_id is None else [_as_json(one) for one in self.found]
        return columns


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """One correction as it is kept; None in ``stance``, ``speaker`` and ``org``: as found."""

    id: int
    revision: int
    start: int
    end: int
    quote: str
    context: str
    via: str | None
    found_speaker: str
    found_org: str | None
    found_stance: str
    found_confidence: float
    stance: str | None
    speaker: str | None
    org: str | None
    dismissed: bool
    name_id: int
    attribution: str
    made_by: str

    @property
    def speaker_now(self) -> str:
        """The speaker as corrected, or as found."""
        return self.speaker or self.found_speaker

    @property
    def org_now(self) -> str | None:
        """The organisation as corrected; that of the found speaker does not pass to another one."""
        return self.org or (None if self.speaker else self.found_org)


def kept(row: Mapping[str, Any]) -> KeptStatement:
    """Return a row of the table, or what ``found`` says of one, as a value."""
    fields = {name: row[name] for name in KeptStatement.__dataclass_fields__ if name in row}
    fields["because"] = tuple(row["because"])
    fields["found"] = tuple(kept(one) for one in row.get("found") or ())
    return KeptStatement(**fields)


def as_found(rows: Sequence[KeptStatement]) -> tuple[KeptStatement, ...]:
    """Return what the engine found, from rows that may show corrections."""
    found = [one for row in rows for one in (row.found if row.label_id is not None else (row,))]
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def corrected(
    found: Sequence[KeptStatement], labels: Sequence[Label], texts: Mapping[int, str], revision: int
) -> tuple[KeptStatement, ...]:
    """Return the statements of a text with the corrections that apply in it, by their start.

    ``labels`` are the article's, newest first: of several for one span the first counts. ``texts`` are its texts by
    revision, of which ``revision`` is read and the labels' are those that they were made on. A label whose quote is no
    longer in the text does not apply; one that the engine's statements do not meet is a statement of its own.
    """
    placed = _placed(labels, texts, revision)
    meant = _meant(found, placed)
    taken = {at for places in meant for at in places}
    rows = [one for at, one in enumerate(found) if at not in taken]
    rows += [
        _shown(label, start, [found[at] for at in places]) for (start, label), places in zip(placed, meant, strict=True)
    ]
    return tuple(sorted(rows, key=lambda one: (one.start, one.end)))


def _placed(labels: Sequence[Label], texts: Mapping[int, str], revision: int) -> list[tuple[int, Label]]:
    placed: dict[tuple[int, int, str], tuple[int, Label]] = {}
    for label in labels:
        start = label.start
        if label.revision != revision:
            there = _start_in(texts[revision], label, texts[label.revision])
            if there is None:
                continue
            start = there
        placed.setdefault((start, len(label.quote), label.found_speaker), (start, label))
    return list(placed.values())


def _start_in(text: str, label: Label, before: str) -> int | None:
    """Return where a correction's quote stands in a text that was ``before`` when it was made; None: nowhere.

    Of several places the one whose surroundings are most like those that it had, then the nearest.
    """
    left, right = before[: label.start][-_AROUND:], before[label.end :][:_AROUND]
    starts = [found.start() for found in re.finditer(re.escape(label.quote), text)]

    def unlikeness(start: int) -> tuple[int, int]:
        end = start + len(label.quote)
        alike = _alike(text[max(0, start - _AROUND) : start][::-1], left[::-1]) + _alike(
            text[end : end + _AROUND], right
        )
        return -alike, abs(start - label.start)

    return min(starts, key=unlikeness, default=None)


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _meant(found: Sequence[KeptStatement], placed: Sequence[tuple[int, Label]]) -> list[list[int]]:
    """Return for each correction which of the engine's statements (by place) it is about, best first; each once.

    The same span by the same speaker, else the same span; only where neither is there, what overlaps.
    """
    free = dict(enumerate(found))
    meant: list[list[int]] = [[] for _ in placed]
    for by_speaker in (True, False):
        for number, (start, label) in enumerate(placed):
            at = next(
                (
                    at
                    for at, one in free.items()
                    if not meant[number]
                    and (one.start, one.end) == (start, start + len(label.quote))
                    and (not by_speaker or one.speaker == label.found_speaker)
                ),
                None,
            )
            if at is not None:
                meant[number].append(at)
                del free[at]
    alone = [number for number, places in enumerate(meant) if not places]
    for number in alone:
        start, label = placed[number]
        near = [at for at, one in free.items() if _is_one(start, label, one)]
        same = [at for at in near if found[at].speaker in {label.found_speaker, label.speaker_now}]
        meant[number] = sorted(same or near, key=lambda at: -_shared(start, label, found[at]))
        for at in meant[number]:
            del free[at]
    return meant


def _shared(start: int, label: Label, one: KeptStatement) -> int:
    return min(start + len(label.quote), one.end) - max(start, one.start)


def _is_one(start: int, label: Label, one: KeptStatement) -> bool:
    shared, length, engines = _shared(start, label, one), len(label.quote), one.end - one.start
    if shared <= 0 or engines > _LONGER * length + _LONGER_BY:
        return False
    return shared >= _LEAST_COVERED * min(length, engines)


def _shown(label: Label, start: int, found: Sequence[KeptStatement]) -> KeptStatement:
    context = next((one.context for one in found if label.quote in one.context), label.context)
    return KeptStatement(
        name_id=label.name_id,
        speaker=label.speaker_now,
        org=label.org_now,
        start=start,
        end=start + len(label.quote),
        quote=label.quote,
        context=context,
        attribution=label.attribution,
        stance=label.stance or label.found_stance,
        confidence=1.0,
        because=(f"corrected by {label.made_by}",),
        via=label.via,
        label_id=label.id,
        found=tuple(found),
        dismissed=label.dismissed,
    )


def _as_json(one: KeptStatement) -> dict[str, Any]:
    fields = asdict(one)
    fields["because"] = list(one.because)
    for name in ("label_id", "found", "dismissed"):
        del fields[name]
    return fields
