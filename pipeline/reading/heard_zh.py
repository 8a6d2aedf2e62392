"""Who has been named so far in a Chinese text, and whom a phrase or a pronoun therefore means.

Keeps to itself which adverbials may stand between a name and its verb, and whom 他, 该公司 or 后者 stand for.
"""

# ruff: noqa: PLR2004 - the numbers are lengths in characters, plain where they stand
from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from pipeline.reading.folding import fold_word
from pipeline.reading.mentions_zh import Mentions, Subject
from pipeline.reading.placing_zh import Places
from pipeline.reading.sentences import Span, trimmed
from pipeline.reading.speakers import Roster, Speaker, subject
from pipeline.reading.wording_zh import ADVERBIAL_CLAUSE, AFTER_NAME, BEFORE_NAME, GROUP, PRONOUN_HEAD, SEVERAL

_CLAUSE_MARK: Final = re.compile(r"[,;:]")
_DIVIDES: Final = re.compile(r"[的,:把被让使将]|[是为](?!此)")
"""What does not stand between a name and its verb."""
_WHEN_OR_WHERE: Final = re.compile(r"(?:在|接受|近日|日前|对此|昨|今|针对|谈及|谈到|当被问).{0,30}")

_ONE_PERSON: Final = re.compile(
    r"(?:^(?:某|该|另|这[位名])|的?(?<![每第])一[位名])(?!公司|机构|企业|集团|平台|团队)|[一-鿿]的?(?:母亲|父亲|妈妈|爸爸|爷爷|奶奶|外公|外婆|女儿|儿子|妻子|丈夫|前妻|哥哥|姐姐|弟弟|妹妹|孙女|孙子)$"
)
"""Somebody who is not named (某高管, 小满奶奶), but whom 他 or 她 can mean."""
_WOMAN: Final = re.compile(r"(?:母亲|妈妈|奶奶|外婆|女儿|妻子|前妻|姐姐|妹妹|孙女|女士|女子|小姐)$")

_SENTENCE: Final = 120
"""Characters before a pronoun in which its sentence has begun."""


class Heard:
    """The speakers of one text, as far as it has been read."""

    def __init__(self, text: str, folded: str, roster: Roster) -> None:
        """Find the names of the whole text; the roster learns them at once."""
        self.text = text
        self.folded = folded
        self.roster = roster
        self.names = Mentions(text, folded)
        self.places = Places(text, folded, self.names)
        self.last: Speaker | None = None
        self.last_person: Speaker | None = None
        self.last_org: Speaker | None = None
        self.last_medium: Speaker | None = None
        self.recent: dict[str, Speaker] = {}
        """Everybody met, by name, the latest last."""
        for named in self.names.all:
            roster.add(named.speaker)

    def meet(self, speaker: Speaker) -> None:
        """Remember who spoke last."""
        self.roster.add(speaker)
        self.last = speaker
        self.recent.pop(speaker.name, None)
        self.recent[speaker.name] = speaker
        if speaker.name.startswith("《"):
            self.last_medium = speaker
        if speaker.is_person:
            self.last_person = speaker
            if speaker.org:
                self.last_org = Speaker(speaker.org, speaker.org, is_person=False)
        elif _ONE_PERSON.search(speaker.name):
            self.last_person = speaker
        else:
            self.last_org = speaker

    def speakers(self, start: int, end: int, earlier: tuple[Speaker, ...] = ()) -> tuple[Speaker, ...]:
        """Return whom the words before a verb name as its subject; ``earlier``: whom a pronoun stands for first."""
        begin = self.places.after_openers(start, end)
        head = self.names.head(begin, end)
        if head and self._links(self.folded[head.end : end]):
            return head.speakers if len(head.speakers) == 1 else tuple(dict.fromkeys(head.speakers))
        core, at = self._core(self.folded[start:end], start)
        if not core or len(core) > 60:
            return ()
        several = SEVERAL.fullmatch(core)
        if several:
            return self.places.last_named(at, {"三": 3, "四": 4, "五": 5}.get(core[0], 2))
        named = subject(self.text[at : at + len(core)])
        if earlier and not (earlier[0].is_person or earlier[0].org or _ONE_PERSON.search(earlier[0].name)):
            earlier = ()
        resolved = [
            earlier[0] if one.refers in {"person", "any"} and earlier else self._resolve(one, start) for one in named
        ]
        return tuple(one for one in resolved if one is not None)

    def head(self, span: Span) -> Subject | None:
        """Return whom the stretch begins with, a pronoun resolved; None: nobody that is named."""
        found = self.places.head(*span) or self.pronoun(span)
        if found:
            return found
        opener = ADVERBIAL_CLAUSE.match(self.folded, *span)
        if opener is None:
            return None
        found = self.places.head(opener.end(), span[1]) or self.pronoun((opener.end(), span[1]))
        return Subject(span[0], found.end, found.speakers) if found else None

    def inside(self, span: Span) -> Speaker | None:
        """Return the person whom a later clause of the sentence begins with, or None."""
        if not self.names.has_any(*span):
            return None
        for match in _CLAUSE_MARK.finditer(self.folded, *span):
            found = self.names.head(match.end(), span[1])
            if found:
                return found.speakers[0]
        return None

    def pronoun(self, span: Span) -> Subject | None:
        """Return whom the pronoun that the stretch begins with stands for; None: it begins with none."""
        pronoun = PRONOUN_HEAD.match(self.folded, *span)
        if pronoun is None:
            return None
        named = subject(self.text[pronoun.start("who") : pronoun.end("who")])
        if pronoun["who"] in {"前者", "后者"}:
            pair = self._pair(pronoun.start("who"))
            return Subject(span[0], pronoun.end("who"), (pair[pronoun["who"] == "后者"],)) if pair else None
        speakers = tuple(one for one in (self._resolve(each, pronoun.start("who")) for each in named) if one)
        return Subject(span[0], pronoun.end("who"), speakers) if speakers else None

    def _pair(self, at: int) -> tuple[Speaker, Speaker] | None:
        """Return the former and the latter: named together before the offset, else the last two met."""
        if pair := self.places.pair_before(at):
            return pair
        if len(self.recent) < 2:
            return None
        *_, former, latter = self.recent.values()
        return former, latter

    def _resolve(self, speaker: Speaker, at: int) -> Speaker | None:
        if speaker.name in {"前者", "后者", "後者"}:
            pair = self._pair(at)
            return pair[speaker.name != "前者"] if pair else self.last
        match speaker.refers:
            case "":
                return speaker
            case "person":
                return self._named_before(at) or self._last_person(speaker.name)
            case "org":
                # Without any firm, its spokesman still is somebody (该公司发言人).
                return self.last_org or (replace(speaker, refers="") if len(speaker.name) > 4 else self.last)
            case "medium":
                return self.last_medium
            case _:
                return self.last

    def _last_person(self, pronoun: str) -> Speaker | None:
        """Return whom 他 or 她 means: the last person, but for a 他 no mother."""
        last = self.last_person
        if pronoun != "他" or last is None or not _WOMAN.search(last.name):
            return last
        men = [one for one in self.recent.values() if one.is_person and not _WOMAN.search(one.name)]
        return men[-1] if men else last

    def _named_before(self, at: int) -> Speaker | None:
        """Return the person whom the words right before a pronoun name (…的周某,他…), or with whom its sentence begins."""
        before = self.folded[max(0, at - 40) : at].rstrip(", ")
        people = [
            known for known in self.roster.full.values() if known.is_person and before.endswith(fold_word(known.name))
        ]
        if people:
            return max(people, key=lambda known: (len(known.name), known.name))
        begin = max(self.folded.rfind(mark, max(0, at - _SENTENCE), at) for mark in "。!?\n") + 1
        head = self.names.head(self.places.after_openers(begin, at), at) if begin and begin < at else None
        return head.speakers[0] if head and head.speakers[0].is_person and len(head.speakers) == 1 else None

    def _links(self, words: str) -> bool:
        """Tell whether the words between a name and its verb leave the name the subject."""
        words = words.strip()
        return not words or bool(GROUP.fullmatch(words)) or (len(words) <= 12 and not _DIVIDES.search(words))

    def is_adverbial(self, words: str) -> bool:
        """Tell whether the words only say when, where or how."""
        return self._core(words, 0)[0] == "" or bool(_WHEN_OR_WHERE.fullmatch(words.strip()))

    def _core(self, words: str, offset: int) -> tuple[str, int]:
        """Return the words without adverbials at both ends, and where they begin."""
        start, end = 0, len(words)
        while True:
            match = BEFORE_NAME.match(words, start, end)
            if match is None:
                break
            start = match.end()
        while True:
            match = AFTER_NAME.search(words[start:end].rstrip())
            if match is None:
                break
            end = start + match.start()
        span = trimmed(words, (start, end))
        return words[span[0] : span[1]], offset + span[0]
