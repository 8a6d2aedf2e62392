"""What went wrong with a request, in words and weighed: exceptions and statuses made into values.

Keeps to itself which of Scrapy's and Twisted's exceptions means what.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.error import ConnectError, ConnectionClosed

from pipeline.crawling.backoff import Weight
from pipeline.crawling.politeness import SiteAskedToWait

if TYPE_CHECKING:
    from datetime import datetime

    from scrapy.http import Response

DOWNLOAD_ERRORS: Final = (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
    TunnelError,
    ConnectError,
    ConnectionClosed,
    OSError,
)
"""All that asking a site may raise."""
LONGEST_WAIT: Final = timedelta(days=7)
"""A ``Retry-After`` beyond this is kept for this long."""
UNSAID_WAIT: Final = timedelta(minutes=5)
"""What a 429 without ``Retry-After`` is taken to ask for."""
_TOO_LARGE: Final = "larger than [crawl] max_size"
_GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_BUSY: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """Why a request brought nothing."""

    problem: str
    weight: Weight
    unreachable: bool = False
    """No connection came about, or none that lasted: it may be our own outage."""
    gone: bool = False
    """The site says that it is not there, or not for us."""
    refused: bool = False
    """robots.txt forbids it."""
    wait: timedelta | None = None
    """The site asked for so long a pause; None: it did not."""


class PrivateAddress(IgnoreRequest):
    """A link or redirect leads into this machine or its network, where the source is not."""


class RefusedByRobots(IgnoreRequest):
    """robots.txt forbids the address."""


class LeftForNextVisit(IgnoreRequest):
    """Not asked for at all: this visit is over, or has given the site up."""


class RobotsUnreadable(IgnoreRequest):
    """robots.txt cannot be read, which RFC 9309 takes as a refusal for the time being."""

    def __init__(self, trouble: Trouble) -> None:
        """Keep what went wrong."""
        super().__init__(trouble.problem)
        self.trouble = trouble


_TABLE: Final[tuple[tuple[type[Exception] | tuple[type[Exception], ...], str, Trouble], ...]] = (
    (RefusedByRobots, "", Trouble(problem="robots.txt forbids it", weight=Weight.HARD, refused=True, gone=True)),
    (CannotResolveHostError, "", Trouble(problem="no such host", weight=Weight.HARD, unreachable=True)),
    (DownloadTimeoutError, "", Trouble(problem="no answer in time", weight=Weight.TEMPORARY, unreachable=True)),
    (
        DownloadConnectionRefusedError,
        "",
        Trouble(problem="the connection was refused", weight=Weight.TEMPORARY, unreachable=True),
    ),
    (DownloadFailedError, "certificate", Trouble(problem="its certificate is not valid", weight=Weight.SOFT)),
    (DownloadCancelledError, "", Trouble(problem=_TOO_LARGE, weight=Weight.SOFT)),
    (IgnoreRequest, "DOWNLOAD_MAXSIZE", Trouble(problem=_TOO_LARGE, weight=Weight.SOFT)),
    (IgnoreRequest, "max redirections", Trouble(problem="redirects without end", weight=Weight.SOFT)),
    (ResponseDataLossError, "", Trouble(problem="the answer broke off", weight=Weight.TEMPORARY)),
    (TunnelError, "", Trouble(problem="the proxy refused", weight=Weight.TEMPORARY, unreachable=True)),
    (
        (DownloadFailedError, ConnectError, ConnectionClosed),
        "",
        Trouble(problem="the connection broke", weight=Weight.TEMPORARY, unreachable=True),
    ),
    (OSError, "", Trouble(problem="the answer is compressed and broken", weight=Weight.SOFT)),
)
"""The first whose exception, and whose word in what it says, fit."""


def trouble_of(error: BaseException) -> Trouble:
    """Return what an exception out of a request means."""
    said = str(error)
    match error:
        case HttpError():
            return trouble_of_status(error.response)
        case RobotsUnreadable():
            return error.trouble
        case SiteAskedToWait():
            return Trouble(problem=said, weight=Weight.TEMPORARY, wait=timedelta(seconds=error.seconds))
        case PrivateAddress():
            return Trouble(problem=said, weight=Weight.HARD, gone=True)
    for kinds, word, trouble in _TABLE:
        if isinstance(error, kinds) and word in said:
            return trouble
    first_line = said.splitlines()[0] if said else ""
    return Trouble(problem=f"{type(error).__name__}: {first_line}"[:300].rstrip(": "), weight=Weight.SOFT)


def trouble_of_status(response: Response) -> Trouble:
    """Return what a status that is no success means."""
    status = response.status
    wait = response.request.meta.get("wait") if response.request else None
    reason = f" {HTTPStatus(status).phrase}" if status in set(HTTPStatus) else ""
    problem = f"HTTP {status}{reason}"
    if status in _GONE:
        return Trouble(problem=problem, weight=Weight.HARD, gone=True)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Trouble(problem=problem, weight=Weight.TEMPORARY, wait=wait)
    return Trouble(problem=problem, weight=Weight.SOFT if wait is None else Weight.TEMPORARY, wait=wait)


def wait_asked(response: Response, now: datetime) -> timedelta | None:
    """Return for how long a 429 or 503 asks to be left alone; None where it does not."""
    if response.status not in _BUSY:
        return None
    written = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if written.isascii() and written.isdigit():
        return min(timedelta(seconds=min(int(written), 10**9)), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(written)
    except ValueError:
        return UNSAID_WAIT if response.status == HTTPStatus.TOO_MANY_REQUESTS else None
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(aware - now, timedelta(0)), LONGEST_WAIT)
