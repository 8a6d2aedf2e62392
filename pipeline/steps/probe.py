"""Trying a source without storing anything: what a visit would bring, and which selector or rule found it.

The same machinery as a crawl's, robots.txt and pauses included; only what is found stays in memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.crawling.errand import Errand
from pipeline.crawling.kinds import feeds_announced, kind_of
from pipeline.crawling.readers import ReadingFailed
from pipeline.crawling.rounds import Round
from pipeline.crawling.sinks import ProbeSink
from pipeline.model import PageProblem, PageText, Validators
from pipeline.settings import Source, SourceKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from pipeline.model import FetchedPage
    from pipeline.settings import CrawlSettings

ARTICLES: Final = 5
"""Articles that a probe fetches, at most: the newest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbedArticle:
    """What would be stored of one page; ``text.found_in`` says where each field was found."""

    url: str
    text: PageText


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbeResult:
    """What a visit would bring."""

    source: Source
    """As it was tried; its kind is the one found where only an address was given."""
    problem: str | None
    """Why the source itself cannot be read; None when it can."""
    links: int
    """Links to articles that it offers (on the lists that were read)."""
    articles: tuple[ProbedArticle, ...]
    page_problems: tuple[PageProblem, ...]
    feeds: tuple[str, ...]
    """Feeds that the address announces, where a bare address was given and is no feed itself."""


def probe(
    source: Source | str, settings: CrawlSettings, *, zone: ZoneInfo, clock: Callable[[], datetime]
) -> ProbeResult:
    """Try a source, or an address whose kind is to be found out; blocks, one call a process.

    ``zone`` is that of dates that name none. A failing source is a result with its problem, no exception.
    """
    return _Probe(source, settings, zone, clock).result()


class _Probe:
    """One probe: its round, and what it comes to."""

    def __init__(
        self, asked: Source | str, settings: CrawlSettings, zone: ZoneInfo, clock: Callable[[], datetime]
    ) -> None:
        self._asked = asked
        self._source = Source(name=asked, kind=SourceKind.PAGE, url=asked) if isinstance(asked, str) else asked
        self._zone = zone
        self._clock = clock
        self._round = Round([self._source], settings, zone, clock)
        self._feeds: tuple[str, ...] = ()
        self._sink = ProbeSink(zone, clock)
        self._errand = self._new_errand(only_looks=False)

    def result(self) -> ProbeResult:
        """Run the probe and return what it came to."""
        self._round.run(self._run)
        visit = self._errand.end().visit
        return ProbeResult(
            source=self._source,
            problem=visit.problem,
            links=len(self._sink.links),
            articles=tuple(ProbedArticle(url=url, text=text) for url, text in self._sink.kept),
            page_problems=visit.page_problems,
            feeds=self._feeds,
        )

    async def _run(self) -> None:
        if isinstance(self._asked, str):
            look = self._new_errand(only_looks=True)
            await self._round.visit(look)
            if look.seen is None:
                self._errand = look
                return
            self._source = self._source.model_copy(update={"kind": await self._kind(look.seen)})
        self._errand = self._new_errand(only_looks=False)
        await self._round.visit(self._errand)

    async def _kind(self, page: FetchedPage) -> SourceKind:
        """Find out the kind of what the address answered, and the feeds that it announces."""
        try:
            text = (await self._round.shared.readers.read(page, self._source, self._clock())).text or ""
        except ReadingFailed:
            text = ""
        kind = kind_of(page, links=self._round.links_on(page), text_length=len(text))
        if kind in {SourceKind.LISTING, SourceKind.PAGE}:
            self._feeds = feeds_announced(page)
        return kind

    def _new_errand(self, *, only_looks: bool) -> Errand:
        return Errand(
            source=self._source.model_copy(update={"max_articles": ARTICLES}),
            validators=Validators(),
            sink=self._sink,
            shared=self._round.shared,
            started_at=self._clock(),
            only_looks=only_looks,
        )
