"""Small pieces of a sentence: a side's name, a date in the debate's zone, a statement in words.

Everything here is one language and one debate; what is said of a week is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.mail.catalogue import MONTHS, Catalogue, catalogue
from pipeline.mail.untrusted import plain, short, web_link
from pipeline.mail.view import QuoteView
from pipeline.model import MIXED, NEUTRAL, Attribution

if TYPE_CHECKING:
    from datetime import date

    from pipeline.model import Evidence
    from pipeline.settings import Debate, Side
    from pipeline.weeks import Week
    from pipeline.written import Language

NAME: Final = 40
"""Longest name of an actor, organisation or outlet, in characters."""
TITLE: Final = 90
"""Longest title."""
_LABEL: Final = 30
"""Longest label of a side."""
_QUOTE_MARKS: Final = ("“”", "「」", '""')


def whole(number: float) -> int:
    """Return a number of 0 or more rounded, halves up."""
    return int(number + 0.5)


def percent(share: float) -> int:
    """Return a share (0..1) in whole per cent, halves up."""
    return whole(share * 100)


def _unquoted(words: str) -> str:
    """Return ``words`` without quote marks around the whole of them."""
    for opening, closing in _QUOTE_MARKS:
        inner = words.removeprefix(opening).removesuffix(closing)
        if len(inner) == len(words) - 2 and opening not in inner and closing not in inner:
            return inner
    return words


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrases:
    """The pieces for one debate, language and week (whose year goes without saying)."""

    debate: Debate
    language: Language
    week: Week

    @property
    def texts(self) -> Catalogue:
        """The language's texts."""
        return catalogue(self.language)

    def side(self, stance: str) -> Side | None:
        """Return the side of that id; None for a stance that is no side."""
        return next((side for side in self.debate.sides if side.id == stance), None)

    def label(self, stance: str) -> str:
        """Return what a stance is called where it stands alone."""
        side = self.side(stance)
        if side is not None:
            return short(side.label, _LABEL)
        named: dict[str, str] = {MIXED: self.texts.mixed, NEUTRAL: self.texts.neutral}
        return named.get(stance, self.texts.off_topic)

    def running(self, stance: str) -> str:
        """Return the label as it stands inside a sentence: in lower case where the config's terms have it so."""
        label, side = self.label(stance), self.side(stance)
        return label.lower() if side is not None and label.lower() in side.terms else label

    def camp(self, stance: str) -> str:
        """Return a side as the subject of a sentence (开源阵营)."""
        label = self.label(stance)
        return label if label.endswith("阵营") else self.texts.side_name.format(label)

    def tone(self, stance: str) -> str:
        """Return the colour class of a stance."""
        first, second = self.debate.sides
        return {first.id: "first", second.id: "second"}.get(stance, "rest")

    def date(self, day: date) -> str:
        """Return a day, with its year where it is not the week's."""
        written = self.texts.day if day.year == self.week.sunday_on.year else self.texts.day_year
        return written.format(year=day.year, month=day.month, month_name=MONTHS[day.month - 1], day=day.day)

    def week_title(self) -> str:
        """Return the week with its first and last day."""
        return self.texts.week_title.format(
            year=self.week.year,
            number=self.week.number,
            first=self.date(self.week.monday_on),
            last=self.date(self.week.sunday_on),
        )

    def org(self, actor: str, org: str | None) -> str:
        """Return the organisation, or nothing where it is the actor itself."""
        return "" if org is None or plain(org) == plain(actor) else short(org, NAME)

    def quote(self, evidence: Evidence, *, longest: int, anchor: str = "") -> QuoteView:
        """Return a statement in words, its quote cut to ``longest`` characters; ``anchor`` is where a link leads to it."""
        texts = self.texts
        words = short(evidence.quote, longest)
        day = self.date(evidence.published_at.astimezone(self.debate.zone).date())
        notes = {Attribution.DIRECT: "", Attribution.INDIRECT: texts.reported, Attribution.AUTHOR: texts.own_voice}
        note = [notes[evidence.attribution], texts.via.format(short(evidence.via, NAME)) if evidence.via else ""]
        if evidence.attribution is Attribution.DIRECT:
            words = texts.open_quote + _unquoted(words) + texts.close_quote
        return QuoteView(
            anchor=anchor,
            actor=short(evidence.actor, NAME),
            org=self.org(evidence.actor, evidence.org),
            words=words,
            note=texts.list_comma.join(part for part in note if part),
            outlet=short(evidence.source, NAME),
            day=day if evidence.dated else texts.undated.format(day),
            link=web_link(evidence.url),
            title=short(evidence.title, TITLE),
            label=self.label(evidence.stance),
            tone=self.tone(evidence.stance),
            confidence=texts.confidence.format(percent(evidence.confidence)),
            corrected=texts.corrected if evidence.corrected else "",
        )
