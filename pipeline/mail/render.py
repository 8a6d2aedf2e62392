"""Lay a digest out as HTML and as text, and keep the HTML under the size that mail programs show whole.

Jinja and css_inline stay in here, as does the search for how many statements fit. Gmail cuts a
message off at 102 KB; 95 KB leaves room for what a server adds.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.mail.listing import Room
from pipeline.mail.wording import word
from pipeline.model import Wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment

    from pipeline.mail.view import View
    from pipeline.model import Digest
    from pipeline.settings import Debate
    from pipeline.written import Language

LARGEST_HTML: Final = 95_000
"""Bytes of UTF-8."""
_ROOMS: Final = ((20, 280), (10, 200), (5, 140), (2, 90), (1, 60))
"""Entries a list and characters a quote, from the roomiest to what always fits."""
_PACKAGE: Final = Path(__file__).parents[1]
_FOLDERS: Final = (_PACKAGE.parent / "templates", _PACKAGE / "templates")
"""Beside the package (a checkout, an editable install), then inside it (a wheel)."""


def render(
    digest: Digest, debate: Debate, *, language: Language, unsubscribe: str | None, subject_template: str = ""
) -> Wording:
    """Return the digest laid out, its HTML at most :data:`LARGEST_HTML` bytes.

    ``unsubscribe`` is the ``mailto:`` address of List-Unsubscribe, None leaves the line out.
    ``subject_template`` may hold ``{week}`` and ``{title}``; empty: the week's news is the subject.
    """
    debate = debate.told_in(language)

    def at(room: Room) -> View:
        return word(
            digest, debate, language=language, room=room, unsubscribe=unsubscribe, subject_template=subject_template
        )

    statements = sum(len(vote.evidence) for vote in digest.voters)
    view, html = _largest(at, statements)
    text = _environment().get_template("digest.txt.j2").render(view=view, t=view.texts)
    return Wording(subject=view.subject, preheader=view.preheader, html=html, text=text)


def _largest(at: Callable[[Room], View], statements: int) -> tuple[View, str]:
    """Return the view and HTML with the most statements that keep within the size.

    Lists and quotes are shortened only where not even a third of what fits is left for statements.
    """
    for items, words in _ROOMS:

        def tried(count: int, items: int = items, words: int = words) -> tuple[View, str]:
            view = at(Room(items=items, statements=count, words=words))
            return view, _html(view)

        found = tried(statements)
        if _fits(found[1]):
            return found
        bare = tried(0)
        last = (items, words) == _ROOMS[-1]
        if len(bare[1].encode()) > LARGEST_HTML * 2 // 3 and not last:
            continue
        return _bisected(tried, bare, statements)
    raise AssertionError  # pragma: no cover - the last room always returns


def _bisected(tried: Callable[[int], tuple[View, str]], fitting: tuple[View, str], too_many: int) -> tuple[View, str]:
    """Return the fullest attempt that fits, between ``fitting`` (no statements) and ``too_many``."""
    fewest = 0
    while too_many - fewest > 1:
        middle = (fewest + too_many) // 2
        attempt = tried(middle)
        if _fits(attempt[1]):
            fewest, fitting = middle, attempt
        else:
            too_many = middle
    return fitting


def _fits(html: str) -> bool:
    return len(html.encode()) <= LARGEST_HTML


def _html(view: View) -> str:
    import css_inline

    inliner = css_inline.CSSInliner(load_remote_stylesheets=False)
    inlined: str = inliner.inline(_environment().get_template("digest.html.j2").render(view=view, t=view.texts))
    return inlined + "\n"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=FileSystemLoader(_FOLDERS),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
