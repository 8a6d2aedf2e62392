"""One request to an OpenAI-compatible server, and what came of it: an answer's bytes, or a failure as a value.

The only place that speaks HTTP to it. Plain ``urllib``: all that is wanted is one POST, and each one must be counted
before it leaves, follow no redirect with the key in hand, and end in a bounded time with a bounded answer
(``docs/dependencies.md`` says why this is no SDK). What a server says is untrusted text.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import TYPE_CHECKING, Final
from urllib.error import URLError
from urllib.request import HTTPErrorProcessor, ProxyHandler, Request, build_opener

from pipeline.referee.troubles import Failure, Trouble
from pipeline.settings import is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import Message
    from http.client import HTTPResponse

    from pipeline.settings import RefereeSettings

LARGEST_ANSWER: Final = 1_000_000
"""Bytes: a hundred times the longest answer that is asked for."""
LONGEST_PAUSE: Final = 20.0
"""Seconds that a server may ask to be left alone for before a request is sent again; who asks for more is asked no more."""
_LONGEST_WAIT: Final = 3600.0
"""Seconds: a socket cannot count as far as the config's durations go."""
_FIRST_PAUSE: Final = 0.5
_WORDS: Final = 200
"""Characters of a server's own words that are told."""
_OK: Final = 200
_REDIRECTS: Final = range(300, 400)
_KEY_REFUSED: Final = frozenset({401, 402, 403})
"""402: the key's account has no credit left."""
_NOTHING_THERE: Final = frozenset({404, 405, 410})
_BUSY: Final = 429
_TRY_AGAIN: Final = frozenset({408, 409, 425, _BUSY, *range(500, 600)})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Setback:
    """What ended one attempt; ``pause`` is how many seconds to wait before the next one (None: the usual), if there may be one."""

    failure: Failure
    may_repeat: bool = False
    pause: float | None = None


class _AsItComes(HTTPErrorProcessor):
    """Takes every answer as one: no status is an exception, and no redirect is followed with the key in hand."""

    def http_response(self, request: Request, response: HTTPResponse) -> HTTPResponse:
        """Return the answer."""
        del request
        return response

    https_response = http_response


class Endpoint:
    """A server that speaks the protocol, asked with one key for one model."""

    def __init__(self, settings: RefereeSettings, key: str | None) -> None:
        """Connect to nothing yet; ``key`` None: none is sent."""
        self._settings = settings
        self._key = key
        self._seconds = min(settings.timeout.total_seconds(), _LONGEST_WAIT)
        self._base = settings.base_url.rstrip("/")
        # A proxy of the environment has no way to this machine's own addresses.
        proxies = (ProxyHandler({}),) if is_loopback(self._base) else ()
        self._opener = build_opener(_AsItComes(), *proxies)

    def ask(self, body: bytes, *, may_send: Callable[[], bool]) -> bytes | Failure:
        """Return the answer to a chat completion's request, sent again up to ``max_retries`` times where that may help.

        ``may_send`` is called before each time; False ends it.
        """
        for attempt in range(self._settings.max_retries + 1):
            if not may_send():
                return Failure(trouble=Trouble.OVER_BUDGET)
            answer = self._exchange("/chat/completions", body)
            if isinstance(answer, bytes):
                return answer
            if not answer.may_repeat or attempt == self._settings.max_retries:
                return answer.failure
            time.sleep(_FIRST_PAUSE * 2**attempt if answer.pause is None else answer.pause)
        raise AssertionError  # the last attempt returns

    def models(self) -> tuple[str, ...] | Failure:
        """Return the names of the models that the server lists (none where it keeps no list): a request that costs nothing."""
        answer = self._exchange("/models", None)
        if isinstance(answer, _Setback):
            is_without_list = answer.failure.trouble is Trouble.ADDRESS
            return () if is_without_list else answer.failure
        try:
            listed = json.loads(answer)["data"]
            return tuple(str(one["id"]) for one in listed)
        except (ValueError, TypeError, LookupError, RecursionError):
            return Failure(trouble=Trouble.GARBLED, detail="its list of models is none")

    def _exchange(self, path: str, body: bytes | None) -> bytes | _Setback:
        headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "kaibi"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        # S310: the config takes http and https only.
        request = Request(self._base + path, data=body, headers=headers)  # noqa: S310
        ends = time.monotonic() + self._seconds
        try:
            with self._opener.open(request, timeout=self._seconds) as response:
                answer = _whole(response, ends)
                if isinstance(answer, _Setback) or response.status == _OK:
                    return answer
                return self._refused(response.status, response.headers, answer)
        except URLError as error:
            return self._broken_off(error.reason if isinstance(error.reason, OSError) else error)
        except (OSError, HTTPException, ValueError) as error:
            return self._broken_off(error)

    def _broken_off(self, error: Exception) -> _Setback:
        if isinstance(error, TimeoutError):
            # Not sent again: the first may still be worked at, and paid for.
            return _Setback(failure=Failure(trouble=Trouble.SLOW, detail=f"{self._seconds:g} s"))
        words = error.strerror if isinstance(error, OSError) and error.strerror else str(error) or type(error).__name__
        return _Setback(failure=Failure(trouble=Trouble.UNREACHABLE, detail=self._plain(words)), may_repeat=True)

    def _refused(self, status: int, headers: Message, body: bytes) -> _Setback:
        if status in _REDIRECTS:
            detail = f"HTTP {status} to {self._plain(headers.get('Location') or 'nowhere')}"
            return _Setback(failure=Failure(trouble=Trouble.ADDRESS, detail=detail, is_lasting=True))
        detail = f"HTTP {status}{self._words_of(body)}"
        if status in _KEY_REFUSED:
            return _Setback(failure=Failure(trouble=Trouble.KEY, detail=detail, is_lasting=True))
        if status in _NOTHING_THERE:
            return _Setback(failure=Failure(trouble=Trouble.ADDRESS, detail=detail, is_lasting=True))
        if status not in _TRY_AGAIN:
            return _Setback(failure=Failure(trouble=Trouble.TURNED_DOWN, detail=detail))
        trouble = Trouble.BUSY if status == _BUSY else Trouble.BROKEN
        pause = _asked_pause(headers)
        if pause is not None and pause > LONGEST_PAUSE:
            told = f"{detail}; to be asked again in {pause:.0f} s"
            return _Setback(failure=Failure(trouble=trouble, detail=told, is_lasting=True))
        return _Setback(failure=Failure(trouble=trouble, detail=detail), may_repeat=True, pause=pause)

    def _words_of(self, body: bytes) -> str:
        """Return what the server says is wrong, behind a colon; nothing where it does not say it in the protocol's form."""
        try:
            said = json.loads(body)["error"]
            words = said["message"] if isinstance(said, dict) else said
        except (ValueError, TypeError, LookupError, RecursionError):
            return ""
        return f": {self._plain(words)}" if isinstance(words, str) and words.strip() else ""

    def _plain(self, words: str) -> str:
        """Return somebody's words as one short line without the key, which some servers repeat."""
        plain = words.replace(self._key, "***") if self._key else words
        plain = re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", plain).strip()
        return plain if len(plain) <= _WORDS else f"{plain[: _WORDS - 3]}..."


def _whole(response: HTTPResponse, ends: float) -> bytes | _Setback:
    """Return the answer's body; a setback where it is too large, and TimeoutError where it dribbles on."""
    parts: list[bytes] = []
    size = 0
    while part := response.read1(65536):
        parts.append(part)
        size += len(part)
        if size > LARGEST_ANSWER:
            return _Setback(failure=Failure(trouble=Trouble.GARBLED, detail=f"more than {LARGEST_ANSWER} bytes"))
        if time.monotonic() > ends:
            raise TimeoutError
    if response.length:  # less came than was announced
        return _Setback(failure=Failure(trouble=Trouble.UNREACHABLE, detail="it broke off"), may_repeat=True)
    return b"".join(parts)


def _asked_pause(headers: Message) -> float | None:
    """Return the seconds of Retry-After; a date counts from the answer's own, so that no clock of ours is asked."""
    written = (headers.get("Retry-After") or "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", written):
        return float(written)
    try:
        wait = parsedate_to_datetime(written) - parsedate_to_datetime(headers.get("Date") or "")
    except (TypeError, ValueError):
        return None
    return max(0.0, wait.total_seconds())
