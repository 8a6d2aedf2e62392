"""What the templates are given: every sentence worded, every number and date written out.

Frozen nouns without logic. ``tone`` is the colour class of a stance: ``first``, ``second`` or
``rest``; colours never stand alone, a label is always with them. Texts are plain, not HTML.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.mail.catalogue import Catalogue


@dataclass(frozen=True, kw_only=True, slots=True)
class QuoteView:
    """One statement with what a reader needs to judge it."""

    anchor: str
    """Where links within the mail lead to it; empty: nothing does."""
    actor: str
    org: str
    """Empty: unknown, or the actor itself."""
    words: str
    """The quote, in quote marks where the article quotes it."""
    note: str
    """How it reached the reader (reported, via); empty for a direct quote."""
    outlet: str
    day: str
    link: str | None
    """None: the address is not one that a mail may link."""
    title: str
    label: str
    tone: str
    confidence: str
    corrected: str
    """That a person corrected it; empty: nobody did."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SideView:
    """One side in the headline's bar."""

    label: str
    tone: str
    votes: str
    share: int | None
    """Per cent; the two add up to 100. None: nobody took a side."""
    interval: str
    """Empty where there is no share."""
    anchor: str
    """Of its votes; empty where there are none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnView:
    """One week of the trend; heights are pixels, 0 for both where nobody took a side."""

    week: str
    share: str
    first: int
    second: int
    votes: int
    anchor: str
    """Of the votes behind it; empty for weeks that have their own digest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TurnView:
    """An actor that changed sides."""

    actor: str
    org: str
    from_label: str
    from_tone: str
    to_label: str
    to_tone: str
    before: QuoteView
    after: QuoteView


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryView:
    """A story and who carried it."""

    title: str
    link: str | None
    label: str
    tone: str
    outlets: str
    statements: str
    anchor: str
    """Of the first of them under the votes; empty where none is listed."""
    began: str
    also: str
    """The other outlets; empty when nobody copied it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CardsView:
    """The strongest statements of one side."""

    label: str
    tone: str
    cards: tuple[QuoteView, ...]
    more: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TallyView:
    """A label with its count, as in "open source 12 articles", and what is behind it.

    ``anchor`` leads there where it is listed elsewhere in the mail, else ``quotes`` hold it; both may be empty.
    """

    label: str
    tone: str
    count: str
    anchor: str = ""
    quotes: tuple[QuoteView, ...] = ()
    more: str = ""
    """How many are left out; empty: none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkedText:
    """A sentence of which one part leads to the statements behind it."""

    before: str
    linked: str
    after: str
    anchor: str


@dataclass(frozen=True, kw_only=True, slots=True)
class VoteView:
    """One vote and the listed statements that make it, surest first."""

    actor: str
    org: str
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class VotesView:
    """All votes for one stance; ``more`` says how many of their statements are not listed (or is empty)."""

    anchor: str
    label: str
    tone: str
    count: str
    votes: tuple[VoteView, ...]
    more: str


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """A whole digest in one language. A ``*_more`` text is empty where everything is shown."""

    texts: Catalogue
    subject: str
    preheader: str
    title: str
    question: str
    week: str
    lead: str
    verdict: str
    sides: tuple[SideView, SideView]
    beside: tuple[TallyView, ...]
    """The mixed and neutral votes, where there are any."""
    change: str
    change_basis: LinkedText
    trend: tuple[ColumnView, ...]
    trend_title: str
    trend_caption: str
    """Under the columns."""
    text_trend_caption: str
    """Under the lines of the text part."""
    turns: tuple[TurnView, ...]
    turns_more: str
    voices: tuple[QuoteView, ...]
    voices_more: str
    strongest: tuple[CardsView, ...]
    stories: tuple[StoryView, ...]
    stories_more: str
    outlets: tuple[TallyView, ...]
    evidence: tuple[VotesView, ...]
    coverage: tuple[str, ...]
    unsubscribe: str | None
    """A ``mailto:`` address; None: no such line."""
