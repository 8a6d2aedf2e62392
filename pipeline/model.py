"""The vocabulary: the nouns that the rooms hand to each other, as frozen values.

No I/O, no clock, no third-party package. One word for one idea, as in ``docs/architecture.md``.
Instants (``_at``) are aware UTC; days (``_on``) are dates; offsets are characters of the article's
text. ``None`` is written only where a text or a page may truly not say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from pipeline.weeks import Week

AUTHOR_NAMES: Final = {"zh": "作者", "en": "author"}
"""The speaker of an article's own voice, by the article's language."""


class Stance(str):
    """What a text or an actor makes of the question: a side's id, or one of the three below.

    The sides come from the config, so this set is closed only within a debate.
    """

    __slots__ = ()

    @property
    def takes_side(self) -> bool:
        """Whether this is one of the two sides."""
        return self not in _SIDELESS


MIXED: Final = Stance("mixed")
"""Both sides, or that they coexist."""
NEUTRAL: Final = Stance("neutral")
"""Neither; something else, or just a fact."""
OFF_TOPIC: Final = Stance("off_topic")
"""Only of articles: not about this debate."""
_SIDELESS: Final = frozenset({MIXED, NEUTRAL, OFF_TOPIC})


class Attribution(StrEnum):
    """How a statement reaches the reader."""

    DIRECT = "direct"
    """In quote marks."""
    INDIRECT = "indirect"
    """Reported."""
    AUTHOR = "author"
    """The article's own voice."""


# --- what the engine says of a text ---------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """One position by one speaker in one text; ``quote == text[start:end]``."""

    speaker: str
    """Fullest name the text gives, pronouns resolved; AUTHOR_NAMES for the article's own voice."""
    org: str | None
    """The speaker's organisation where the text or the config names it."""
    start: int
    end: int
    quote: str
    attribution: Attribution
    stance: Stance
    confidence: float
    """0..1, that the stance is right."""
    because: tuple[str, ...]
    """The cues that decided, in order of weight, for a person to check."""
    via: str | None = None
    """The medium that reported the words, where the text names one (据…报道)."""

    def __post_init__(self) -> None:
        """Refuse a span or a confidence that cannot be (ValueError)."""
        if not 0 <= self.start < self.end or len(self.quote) != self.end - self.start:
            message = f"no such span: {self.start}..{self.end} for {len(self.quote)} characters"
            raise ValueError(message)
        if not 0 <= self.confidence <= 1:
            message = f"confidence {self.confidence} is outside 0..1"
            raise ValueError(message)


class AliasKind(StrEnum):
    """Whose two names an alias is of."""

    CHINESE = "chinese"
    """A person whose Chinese surname stands in the Latin name too: 李彦宏（Robin Li）."""
    FOREIGN = "foreign"
    """A person whose name is written by its sound in Chinese; there may be several such spellings."""
    ORG = "org"
    """An organisation."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Alias:
    """Two names, as a text writes them, of which it says itself that they are one: one in brackets right after the other."""

    chinese: str
    latin: str
    kind: AliasKind
    times: int = 1
    """How often the text says so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What the engine makes of one article; statements in order of their start."""

    stance: Stance
    confidence: float
    statements: tuple[Statement, ...]
    aliases: tuple[Alias, ...] = ()
    """What the text says of names: which two are one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaning:
    """What the engine makes of one bare sentence or passage."""

    stance: Stance
    score: float
    """-1..1; above 0 leans to the debate's first side."""
    confidence: float
    because: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RefereeAnswer:
    """What a referee made of one statement when it was asked once; its evidence is not checked yet."""

    stance: Stance
    confidence: float
    """0..1, as the referee gave it."""
    evidence: str
    """What it says are words of the text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """A name across articles: ``key`` is the same however it is spelled. Which names are one actor, the store learns."""

    key: str
    name: str
    org: str | None
    """Of a name that is told: the organisation that the config gives, if any."""
    last: str | None = None
    """The key of the last part, by which somebody may be called alone (Altman, 奥尔特曼); None: the name has one part.

    The key itself of what is the last part of an actor's name in the config, and is not told to be that actor.
    """
    is_told: bool = False
    """Whether the config says who that is: ``name`` is then its name for the actor."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AliasEvidence:
    """An alias as an article gives it, with the names as they are known across articles."""

    chinese: Identity
    latin: Identity
    kind: AliasKind
    times: int


# --- what a person says of what the engine said ---------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """What somebody says that a statement is; None: as it stands there. It vouches for the whole statement."""

    by: str
    stance: Stance | None = None
    speaker: str | None = None
    org: str | None = None
    """Of the speaker as corrected; with another speaker, None: nobody knows."""
    attribution: Attribution | None = None
    actor: Identity | None = None
    """Who the corrected speaker is."""
    apart_from: Identity | None = None
    """The name under which the speaker was shown: where it stood for the corrected one too, the two are not one."""
    is_dismissal: bool = False
    """It is no statement at all."""
    note: str | None = None

    def __post_init__(self) -> None:
        """Refuse a correction that says nothing, or an unnamed one (ValueError)."""
        if not (self.is_dismissal or self.stance or self.speaker or self.org):
            message = "a correction says a stance, a speaker, an organisation, or that it is no statement"
            raise ValueError(message)
        if not self.by.strip():
            message = "a correction is somebody's"
            raise ValueError(message)


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelledStatement:
    """One position that a person marked in a text; ``start`` and ``end`` are offsets of the quote."""

    speaker: str
    org: str | None
    start: int
    end: int
    attribution: Attribution
    stance: Stance


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelledArticle:
    """A text with the positions that a person marked in it."""

    id: str | int
    title: str
    text: str
    language: str
    """``zh``, ``en`` or another code; empty where nobody says."""
    published_at: str | None
    """As written in the file, ISO 8601."""
    stance: Stance | None
    """None: nobody labelled the article as a whole."""
    statements: tuple[LabelledStatement, ...]
    is_whole: bool = True
    """False: only some of its statements are labelled, such as those that were corrected."""


# --- what a page says -----------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkHints:
    """What a feed, sitemap or list says of an article beside its address; None where it is silent."""

    title: str | None = None
    author: str | None = None
    published: str | None = None
    """The date as written there, unparsed: its zone may be missing."""
    summary: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchedPage:
    """An answer that should hold an article: what a spider hands on, nothing read yet."""

    source: str
    """The source's name."""
    url: str
    """Where the answer came from, after redirects."""
    asked_url: str
    """The address that the source gave."""
    body: bytes
    """After content decoding (gzip, br)."""
    content_type: str
    """The Content-Type header, or empty."""
    hints: LinkHints = LinkHints()


@dataclass(frozen=True, kw_only=True, slots=True)
class PageText:
    """What could be read from a page; None where the page does not say."""

    title: str | None
    text: str | None
    """Paragraphs separated by one newline; None: no article body found."""
    published_at: datetime | None
    """Aware, in the zone that the page or source gives (made UTC when stored)."""
    author: str | None
    language: str | None
    """``zh``, ``en`` or another ISO 639-1 code."""
    found_in: dict[str, str] = field(default_factory=dict)
    """Field -> where it was found ("selector h1", "json-ld", "meta og:title", "generic")."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """One published text as it was when fetched."""

    id: int
    source: str
    url: str
    title: str
    text: str
    author: str | None
    language: str
    published_at: datetime | None
    """None: the page bears no date; it then counts in the week of its first sight."""
    seen_at: datetime
    """First fetched."""
    revision: int
    """1 is the first text stored; a later change of the page's text makes 2, 3, ..."""

    @property
    def counts_at(self) -> datetime:
        """The instant whose week the article counts in."""
        return self.published_at or self.seen_at


# --- visits to sources ----------------------------------------------------------------------


class Health(StrEnum):
    """How a source has been lately."""

    NEW = "new"
    OK = "ok"
    FAILING = "failing"
    BROKEN = "broken"


class Outcome(StrEnum):
    """How a visit to a source ended."""

    OK = "ok"
    """The source answered as its kind should (also "nothing new")."""
    FAILED = "failed"
    """It did not; ``Visit.problem`` says why."""
    REFUSED = "refused"
    """robots.txt forbids it."""


class Stored(StrEnum):
    """What became of a page that was handed to the store."""

    NEW = "new"
    REVISED = "revised"
    """Known, and its text has changed: stored as the next revision."""
    SAME = "same"
    """Known, unchanged."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageProblem:
    """An article's page that could not be stored this time."""

    url: str
    problem: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """What one visit to one source brought."""

    source: str
    started_at: datetime
    ended_at: datetime
    outcome: Outcome
    articles_new: int
    articles_known: int
    """Links that were stored before."""
    problem: str | None
    """Why the source itself could not be read; None when it could."""
    page_problems: tuple[PageProblem, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundLink:
    """A link to an article that a source offers."""

    url: str
    """Cleaned of tracking parameters."""
    key: str
    """What makes two addresses the same article (``pages.addresses.url_key``)."""
    hints: LinkHints = LinkHints()


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceProblem:
    """Why an answer is not what its source's kind should give: what a spider yields in place of links."""

    problem: str
    lasting: bool
    """Whether asking again soon is of no use (a web page where a feed should be)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingPage:
    """A link that was found and whose page is not stored yet: nothing found is forgotten."""

    id: int
    url: str
    key: str
    hints: LinkHints
    attempts: int
    """Fetches that failed so far."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Validators:
    """What a source gave to ask next time whether it has changed; None: it gave none."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceState:
    """What is remembered of a source between visits; None: not yet, or it never said."""

    name: str
    health: Health
    failures: float
    """Weighted count of failures since the last success (hard 1, soft .5, temporary .25)."""
    validators: Validators
    last_visit_at: datetime | None
    last_success_at: datetime | None
    next_due_at: datetime | None
    """None: never visited, so due now."""
    newest_article_at: datetime | None
    """The newest date among its articles: a feed that answers may have been frozen for a year."""
    problem: str | None
    """Why the last visit failed; None when it did not."""
    articles: int
    """Stored from it, in all."""
    articles_recent: int
    """Stored from it in the last 7 days."""
    pages_waiting: int
    """Found and not stored yet."""
    pages_given_up: int
    """Found, tried to the limit, and not stored."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CrawlRun:
    """The record of one visit to the sources."""

    id: int
    started_at: datetime
    ended_at: datetime
    visits: tuple[Visit, ...]
    was_cut_short: bool = False
    """Whether it was told to end before every visit had; only its own process knows."""


# --- what a week says -----------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """A statement with everything a reader needs to check it."""

    statement_id: int
    actor: str
    """The actor's one name, however this article writes it."""
    org: str | None
    stance: Stance
    confidence: float
    quote: str
    context: str
    """The paragraph around the quote."""
    attribution: Attribution
    because: tuple[str, ...]
    via: str | None
    article_id: int
    title: str
    url: str
    source: str
    published_at: datetime
    """The instant the article counts at."""
    dated: bool
    """False: the page bore no date and ``published_at`` is when it was first seen."""
    story: int
    """Copies of one story share this number."""
    corrected: bool = False
    """Whether a person corrected it, or said that it is right: then ``because`` names who, and it is sure."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Vote:
    """One actor's side in one week, with the statements that make it (strongest first)."""

    actor: str
    org: str | None
    week: Week
    stance: Stance
    confidence: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """A side's share of the votes for either side, with its 90 % interval (all 0..1)."""

    share: float
    low: float
    high: float


class Verdict(StrEnum):
    """What may be said of a change."""

    TOO_FEW = "too_few"
    NO_CLEAR_CHANGE = "no_clear_change"
    CLEAR = "clear"


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """The first side's share this week against the four weeks before."""

    side: str
    """The side that rose (the first side where neither did)."""
    points: float
    """By how many percentage points it rose; 0 where there is nothing to compare."""
    probability: float
    """0..1 that the rise is real."""
    verdict: Verdict
    votes_now: int
    """Votes for either side this week."""
    votes_before: int
    """The same in the four weeks before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """An actor whose side changed, with the statement before and the statement now."""

    actor: str
    org: str | None
    from_side: Stance
    to_side: Stance
    before: Evidence
    after: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class NewVoice:
    """An actor who takes a side this week and was never heard on the debate before."""

    actor: str
    org: str | None
    stance: Stance
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryCopy:
    """One article of a story."""

    article_id: int
    source: str
    title: str
    url: str
    published_at: datetime
    stance: Stance


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """Articles that are copies of each other; ``copies`` oldest first, the first is where it began."""

    id: int
    title: str
    stance: Stance
    copies: tuple[StoryCopy, ...]
    statements: int
    """Statements that take a side, each counted once however often it was copied."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QuietSource:
    """A source that did not answer at its last visit."""

    name: str
    problem: str
    since: datetime | None
    """Its last success; None: it never answered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """What the week's numbers rest on."""

    sources_watched: int
    sources_answered: int
    quiet: tuple[QuietSource, ...]
    articles: int
    """Articles that count in the week."""
    articles_on_topic: int
    articles_undated: int
    """Counted in the week of their first sight."""
    statements: int
    articles_late: int
    """Articles that arrived after the digest of their own week was built, since the last digest."""
    articles_unread: int
    """Articles of the week that the engine has not read yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WeekPoint:
    """One week of the trend."""

    week: Week
    votes: dict[str, int]
    """By stance: the two sides, ``mixed``, ``neutral``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """What one week's mail says, before it is worded."""

    week: Week
    votes: dict[str, int]
    """By stance: the two sides (in the config's order), ``mixed``, ``neutral``."""
    shares: dict[str, Share]
    """By side; empty when nobody took a side."""
    change: Change
    turns: tuple[Turn, ...]
    new_voices: tuple[NewVoice, ...]
    strongest: dict[str, tuple[Evidence, ...]]
    """By side: its most telling statements, one an actor, surest first."""
    voters: tuple[Vote, ...]
    """Every vote of the week: the statements behind ``votes``."""
    outlets: dict[str, tuple[Evidence, ...]]
    """Where the outlets' own voices lean, tallied apart from the votes: by stance, an article's strongest statement each."""
    stories: tuple[Story, ...]
    """By number of outlets, most first."""
    trend: tuple[WeekPoint, ...]
    """Twelve weeks, oldest first, this one last."""
    coverage: Coverage
    min_votes: int
    """Under so many votes for either side a week's shares are too few to tell, here and in the trend."""

    @property
    def is_empty(self) -> bool:
        """Whether the week brought no statement at all."""
        return self.coverage.statements == 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """A digest as it is mailed, in one language."""

    subject: str
    preheader: str
    html: str
    text: str


class DigestOutcome(StrEnum):
    """What was decided for a built digest."""

    TO_MAIL = "to_mail"
    """It goes to the recipients."""
    ARCHIVED = "archived"
    """Built after a newer one was due: kept, not mailed."""
    EMPTY = "empty"
    """Nothing was said that week, and the config skips such mails."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BuiltDigest:
    """A digest on record."""

    id: int
    week: Week
    built_at: datetime
    outcome: DigestOutcome
    document: Mapping[str, Any]
    """The JSON of ``digest preview --json`` as it was."""
    wordings: Mapping[str, Wording]
    """By language."""


# --- deliveries -----------------------------------------------------------------------------


class DeliveryState(StrEnum):
    """Where one digest is on its way to one recipient."""

    READY = "ready"
    """To be sent, or to be tried again at ``next_try_at``."""
    SENDING = "sending"
    """Claimed by a sender; committed before the connection opens."""
    SENT = "sent"
    FAILED = "failed"
    """Refused for good."""
    UNKNOWN = "unknown"
    """The connection broke after the mail was handed over: a person decides."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """The record that one digest goes to one recipient."""

    id: int
    week: Week
    recipient: str
    state: DeliveryState
    attempts: int
    next_try_at: datetime | None
    """None: at once (ready), or never (settled)."""
    changed_at: datetime
    message_id: str
    """Stable for this digest and recipient."""
    problem: str | None
    """The last refusal or break, as the server said it."""
