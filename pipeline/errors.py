"""The one error tree, and the exit status that each branch ends the command with.

    KaibiError                 the user can put it right: printed as one line, no traceback
    ├── ConfigError       2    config.toml, or the command line, is wrong
    ├── StoreError        3    the database is locked, unwritable, full, or of another version
    ├── SourcesError      4    no source could be read at all
    ├── DeliveryError     5    a mail could not be delivered (it is kept)
    └── BusyError         6    another kaibi is at work on this database

Exit status 0 is a job done and 1 means that some lines given to a ``--jsonl`` command, or to ``kaibi evaluate``, were bad.
Any exception outside this tree is a bug and keeps its traceback. One source that fails among
many is no exception: it is a value in the visit's record.
"""

from typing import ClassVar


class KaibiError(Exception):
    """Something that the user can put right; ``str()`` says what, where, and what to do."""

    exit_status: ClassVar[int] = 2


class ConfigError(KaibiError):
    """One or more mistakes in the config or in the use of a command.

    ``problems`` holds one line each, every one complete in itself (``config.toml:4: ...``).
    """

    exit_status = 2

    def __init__(self, *problems: str) -> None:
        """Keep each problem as a line of its own."""
        super().__init__("\n".join(problems))
        self.problems = problems


class StoreError(KaibiError):
    """The database cannot be opened, read or written."""

    exit_status = 3


class SourcesError(KaibiError):
    """Not one of the sources that were visited could be read."""

    exit_status = 4


class DeliveryError(KaibiError):
    """At least one mail could not be delivered; its delivery says why and is kept."""

    exit_status = 5


class BusyError(KaibiError):
    """Another kaibi holds the lock that this job needs."""

    exit_status = 6
