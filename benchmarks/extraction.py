"""How well pages are read: kaibi beside trafilatura alone and readability alone, in one run.

    python -m benchmarks.extraction [--pages FOLDER]

The folder (default: ../shared/real/pages beside the project) holds saved pages and ``gold.jsonl``
with body, title, date and author. Body: F1 of the bags of characters (zh) or words (en), averaged
over pages; title: equal but for punctuation and case; date: the same day; author: one of those named.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import re
import sys
import time
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import trafilatura
from lxml.html import document_fromstring
from readability import Document as ReadabilityDocument

from pipeline.model import LinkHints
from pipeline.pages.decoding import decode
from pipeline.pages.document import paragraphs
from pipeline.pages.page import read_html

if TYPE_CHECKING:
    from collections.abc import Callable

PAGES = Path(__file__).parents[2] / "shared" / "real" / "pages"
ZONES = {"zh": ZoneInfo("Asia/Shanghai"), "en": ZoneInfo("America/New_York")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Gold:
    """A saved page with what a person read on it; None or empty where the page does not say."""

    name: str
    language: str
    url: str | None
    html: str
    body: str
    title: str | None
    day: str | None
    authors: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What a reader made of it."""

    body: str
    title: str | None = None
    day: str | None = None
    author: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """A reader's averages over one language's pages; each 0..1, seconds a page."""

    body: float
    failed: int
    """Pages with a body F1 under .5."""
    title: float
    date: float
    author: float
    seconds: float


def load(folder: Path) -> list[Gold]:
    """Return the labelled pages of a folder, in its order; FileNotFoundError where there are none."""
    rows = [json.loads(line) for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    return [
        Gold(
            name=row["file"],
            language=row["lang"],
            url=row["url"] or None,
            html=decode(gzip.decompress((folder / row["file"]).read_bytes()), ""),
            body=row["body"],
            title=row["title"],
            day=row["date"][:10].replace("/", "-") if row["date"] else None,
            authors=tuple(row["author"]),
        )
        for row in rows
    ]


def by_kaibi(page: Gold, now: datetime) -> Found:
    """Read with this project, no selectors and no hints."""
    read = read_html(page.html, page.url, None, LinkHints(), zone=ZONES[page.language], now=now)
    day = read.published_at.date().isoformat() if read.published_at else None
    return Found(body=read.text or "", title=read.title, day=day, author=read.author)


def by_trafilatura(page: Gold, _now: datetime) -> Found:
    """Read with trafilatura's defaults."""
    read = trafilatura.bare_extraction(page.html, url=page.url, with_metadata=True, include_comments=False)
    if read is None or isinstance(read, dict):
        return Found(body="")
    return Found(body=read.text or "", title=read.title, day=read.date, author=read.author)


def by_readability(page: Gold, _now: datetime) -> Found:
    """Read with readability-lxml, which has no dates."""
    document = ReadabilityDocument(page.html)
    try:
        body = "\n".join(paragraphs(document_fromstring(document.summary(html_partial=True))))
    except ValueError:
        body = ""
    return Found(body=body, title=document.short_title())


READERS: dict[str, Callable[[Gold, datetime], Found]] = {
    "kaibi": by_kaibi,
    "trafilatura": by_trafilatura,
    "readability": by_readability,
}


def body_f1(found: str, gold: str, language: str) -> float:
    """Return the F1 of two texts' bags of characters (zh, spaces left out) or folded words, 0..1."""
    one, other = _bag(found, language), _bag(gold, language)
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def measure(pages: list[Gold], reader: Callable[[Gold, datetime], Found], now: datetime) -> Figures:
    """Return a reader's figures over pages of one language; a field counts where the gold names it."""
    started = time.perf_counter()
    read = [(page, reader(page, now)) for page in pages]
    seconds = (time.perf_counter() - started) / max(1, len(pages))
    bodies = [body_f1(found.body, page.body, page.language) for page, found in read]
    return Figures(
        body=_mean(bodies),
        failed=sum(body < 0.5 for body in bodies),  # noqa: PLR2004 - the field's docstring
        title=_mean([_bare(found.title) == _bare(page.title) for page, found in read if page.title]),
        date=_mean([found.day == page.day for page, found in read if page.day]),
        author=_mean([_is_one_of(found.author, page.authors) for page, found in read if page.authors]),
        seconds=seconds,
    )


def main() -> int:
    """Print the table; 2 where the pages are not there."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--pages", type=Path, default=PAGES)
    folder = arguments.parse_args().pages
    if not (folder / "gold.jsonl").exists():
        sys.stderr.write(f"{folder}: no gold.jsonl there - give the folder of labelled pages with --pages\n")
        return 2
    logging.disable(logging.CRITICAL)
    pages = load(folder)
    print(f"{'':14}{'pages':>6}{'body F1':>9}{'<.5':>5}{'title':>7}{'date':>7}{'author':>8}{'ms/page':>9}")
    for language in ("zh", "en"):
        chosen = [page for page in pages if page.language == language]
        for name, reader in READERS.items():
            figures = measure(chosen, reader, datetime.now(UTC))
            print(
                f"{language} {name:11}{len(chosen):>6}{figures.body:>9.3f}{figures.failed:>5}{figures.title:>7.3f}"
                f"{figures.date:>7.3f}{figures.author:>8.3f}{figures.seconds * 1000:>9.0f}"
            )
    return 0


def _bag(text: str, language: str) -> Counter[str]:
    plain = unicodedata.normalize("NFKC", text)
    return Counter(re.sub(r"\s", "", plain) if language == "zh" else re.findall(r"\w+", plain.lower()))


def _bare(text: str | None) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", text or "").casefold() if letter.isalnum())


def _is_one_of(name: str | None, authors: tuple[str, ...]) -> bool:
    own = _bare(name)
    return bool(own) and any(_bare(author) in own or own in _bare(author) for author in authors)


def _mean(values: list[float] | list[bool]) -> float:
    return sum(values) / max(1, len(values))


if __name__ == "__main__":
    sys.exit(main())
