"""The log on standard error: lines for people, or one JSON object a line for programs.

Keeps to itself which loggers are ours: what other packages log shows only from ``warning`` on, and Python's own
warnings not at all, unless all is wanted (``debug``).
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import TextIO

_OURS: Final = ("pipeline", "spiders", "kaibi")


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry)


class _Lines(logging.Formatter):
    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        del datefmt
        return datetime.fromtimestamp(record.created).astimezone().isoformat(sep=" ", timespec="seconds")


def start_log(level: str, *, as_json: bool, stream: TextIO) -> None:
    """Log to ``stream`` from ``level`` on ("debug", "info", "warning", "error"), in the place of any log before."""
    wanted = logging.getLevelNamesMapping()[level.upper()]
    handler = logging.StreamHandler(stream)
    handler.addFilter(lambda record: _is_wanted(record, wanted))
    handler.setFormatter(_Json() if as_json else _Lines("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(wanted if wanted == logging.DEBUG else logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(wanted)
    logging.captureWarnings(capture=True)


def _is_wanted(record: logging.LogRecord, wanted: int) -> bool:
    """Tell whether a record shows; other packages set their own loggers' levels as they like."""
    if wanted == logging.DEBUG:
        return True
    is_ours = record.name.partition(".")[0] in _OURS
    return record.name != "py.warnings" and record.levelno >= (wanted if is_ours else max(wanted, logging.WARNING))
