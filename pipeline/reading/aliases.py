"""Other names that a text itself gives a person: the other script's form in brackets right after the name.

奥托·林德（Otto Lind）, Otto Lind (奥托·林德): from then on Lind and Otto Lind are the same man. Keeps to itself what in brackets is a name
and what is not (a title, an age, an organisation): only two or more capitalised words beside a person's name in Han characters, or the reverse.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.reading.folding import fold_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipeline.reading.speakers import Speaker

_LATIN: Final = r"[A-ZÀ-Þ][\w.'’\-]*(?: (?:[a-z]{2,3} )?[A-ZÀ-Þ][\w.'’\-]*){1,3}"
_HAN: Final = r"[\u4e00-\u9fff]{1,8}(?:[·•‧・][\u4e00-\u9fff]{1,8}){0,3}"
_IN_BRACKETS: Final = re.compile(rf"\s?[(（]\s?(?:(?P<latin>{_LATIN})|(?P<han>{_HAN}))\s?[)）]")
_PARTS: Final = re.compile(r"[ ·•‧・]")
_LEAST_HAN: Final = 2


def other_names(text: str, people: Iterable[Speaker]) -> Mapping[str, Speaker]:
    """Return whom each other name stands for, by the name as ``fold_name`` leaves it; ``people`` are those named in the text.

    The last part of a name (Lind, 林德) stands for its bearer too, unless two people share it: then for neither.
    """
    if "(" not in text and "（" not in text:
        return {}
    found: dict[str, set[Speaker]] = {}
    known = {person.name: person for person in people if person.is_person}
    for bracket in _IN_BRACKETS.finditer(text):
        before = text[max(0, bracket.start() - 40) : bracket.start()]
        named = max((name for name in known if before.endswith(name)), key=len, default=None)
        other = bracket["latin"] or bracket["han"]
        if named is None or _is_latin(other) == _is_latin(named) or min(len(other), len(named)) < _LEAST_HAN:
            continue
        for part in {other, _PARTS.split(other)[-1]}:
            found.setdefault(fold_name(part), set()).add(known[named])
    return {key: min(whom, key=lambda one: one.name) for key, whom in found.items() if len(whom) == 1}


def _is_latin(name: str) -> bool:
    return not "\u4e00" <= name[0] <= "\u9fff"
