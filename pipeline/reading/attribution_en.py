"""Who says what in English text: speech verbs, quotes, turns of an interview, and what carries over.

Keeps to itself the verbs, what a name with its titles looks like, and the orders they come in.
"""

# ruff: noqa: PLR2004 - the numbers are lengths in characters and shares, plain where they stand
from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

import ahocorasick_rs

from pipeline.model import Attribution
from pipeline.reading.attribution import Utterance
from pipeline.reading.placing_en import Places
from pipeline.reading.quotes import Quote, find_quotes
from pipeline.reading.sentences import Span, paragraphs, sentences, trimmed
from pipeline.reading.speakers import Roster, Speaker
from pipeline.reading.speakers_en import (
    CAP,
    CROWD,
    NAME,
    OWNED,
    PERSON_TITLE,
    PRONOUN,
    Heard,
    introduced,
    opening_person,
    recurring,
)
from pipeline.reading.turns import Turn, find_turns

if TYPE_CHECKING:
    from collections.abc import Callable

_SAY: Final = (
    r"said|says|say|saying|told|tells|wrote|writes|write|added|adds|argued|argues|argue|claimed|claims|claim|noted|notes|explained|explains|stated|states|stressed|stresses|emphasi[sz]ed|emphasi[sz]es|insisted|insists|warned|warns|warning"
    r"|cautioned|cautions|believes|believed|thinks|thought|suggested|suggests|acknowledged|acknowledges|admitted|admits|conceded|concedes|hinted|hints|announced|announces|predicted|predicts|expects|responded|replied|replies|countered|counters"
    r"|maintained|maintains|contended|contends|asserted|asserts|declared|declares|tweeted|posted|posts|remarked|observed|observes|commented|recalled|concluded|concludes|called for|calls for|urged|urges|pledged|vowed|promised|proposed|proposes"
    r"|criticized|criticised|criticizes|praised|praises|defended|defends|echoed|echoes|wondered|wonders|demanded|demands|advised|advises|thundered|opined|elaborated|protested|objected|retorted|confessed|reasoned|speculated|proclaimed|pleaded|scoffed|underlined|underscored|highlighted|signaled|signalled|likened|likens|contrasted|rejected|rejects|dismissed|dismisses|opposes|opposed|supports|supported|favors|favours|endorsed|endorses|denied|denies|complained|complains|lamented|joked|revealed|reveals|points out|pointed out|reads|agreed|agrees|disagreed|disagrees|asked|asks|advocates|advocated|continued|continues|reiterated|mused|points to|kept|committed|disclosed|reminded|reminds|repeated|quipped|sighed|grumbled|gushed|raved|snapped|fumed|shrugged|boasted|testified|confirmed|clarified|estimated|reported|learned|found|summed up|put it|hailed|blasted|slammed|lauded|touted|backed|backs|touts|questioned|doubts|doubted|fears|feared|hopes|hoped|wants|wanted|champions|championed|embraced|embraces|adopted|adopts|abandoned|abandons|ditched|dumped|switched to|moved to|shifted to|pivoted to|chose|chooses|opted for|sided with|banned|bans|bet on|bets on|went|described|describes|called|calls|sees|considers|views"
)
_VERB: Final = re.compile(rf"(?:{_SAY})\b")
_FRAME_HEAD: Final = re.compile(rf"[a-z]|(?:{_SAY})\s|(?:{NAME})\s+(?:{_SAY})\b|(?:{PRONOUN})\s+(?:{_SAY})\b")
"""Begins the sentence that only says who said the quote before it."""
_VERB_FINDER: Final = ahocorasick_rs.AhoCorasick(sorted({verb.split("[")[0] for verb in _SAY.split("|")}))
"""Finds all verbs of a text in one pass, each up to where its spelling varies."""
_STANCE: Final = re.compile(
    r"warn|caution|call|urge|critici|prais|defend|reject|dismiss|oppos|support|favo|endors|den|acknowledg|admit|conced|announc|pledg|vow|promis|propos|advocat|hint|disagree|kept|commit|hail|blast|slam|laud|tout|back|question|doubt|fear|hope|want|champion|embrac|adopt|abandon|ditch|dump|switch|mov|shift|pivot|chose|choos|opt|side|ban|bet|went|describ|see|consider|view"
)
_ADVERB: Final = r"(?:also|then|later|further|recently|once|has|have|had|was|is|proudly|repeatedly|publicly|previously|himself|herself|often|even|still|now|just|doesn[’']t|does not|did not|didn[’']t|never|flatly|openly|already)"
_SUBJECT_VERB: Final = re.compile(
    rf"(?<![\w'’])(?P<who>{PRONOUN}\b|{OWNED}|{NAME}|{CROWD})(?P<post>,\s[^,.;:\n]{{3,90}},|\s+\([^()]{{2,40}}\)|,)?(?:\s+(?:{_ADVERB})){{0,3}}\s+(?P<verb>{_SAY})\b(?P<to>\s+(?:{CAP}|reporters|me|us|them|the [A-Z]\w+|that|in [^,.]{{3,40}}? that|on [A-Z]\w+ that))?"
)
_VERB_SUBJECT: Final = re.compile(
    rf"\b(?P<verb>{_SAY})\s+(?P<who>{PRONOUN}\b|(?:(?:[A-Z]\w+\s+)?(?:{PERSON_TITLE})\s+)*(?:{NAME})|{CROWD})(?P<post>,\s[^.;:\n“”\"]{{3,120}})?"
)
_PLACED: Final = re.compile(
    rf"[,\ue001”\"’?!]\s+(?:\w{{1,20}}ed|{_SAY})\s+(?:[\w\-’']{{1,24}}\s+){{0,4}}?(?P<who>{CAP}\s+{CAP}(?:\s+{CAP})?)(?P<post>(?:,[^.]{{0,60}})?)[.]?$"
)
_PLACED_AFTER: Final = re.compile(
    rf"[,\ue001”\"’?!]\s+(?:was\s+)?(?:[\w\-’']{{1,24}}\s+){{0,4}}?(?P<who>{CAP}\s+{CAP}(?:\s+{CAP})?)(?P<post>)(?:[’']s\s+\w+|\s+\w+(?:ed|s)\b)(?:\s+\w+){{0,4}}[.]?$"
)
_OPENS: Final = re.compile(
    rf"(?:[A-Z][a-z]+ (?:about|for|on) [^,]{{2,40}}, )?(?P<who>{CAP}\s+{CAP})(?P<post>,\s[^:\ue001]{{3,90}},)?[^:\ue001]{{0,80}}:\s*[“\"]?\ue001"
)
_ACCORDING: Final = re.compile(
    rf"(?:\b|^)(?:[Aa]ccording to|[Ii]n the (?:view|words|opinion|eyes|mind) of|[Tt]o hear|(?:^|(?<=[,;—] )|(?<=But )|(?<=And )|(?<=Yet )|(?<=But, ))[Ff]or)\s+(?P<who>{CROWD}|{NAME})(?P<post>,\s[^,.;:\n]{{3,80}},)?,?\s*"
)
_FOR: Final = re.compile(rf"\bfor\s+(?P<who>{CROWD}|{NAME})(?P<post>),\s")
_TELLING: Final = re.compile(
    rf"\b[Ii]n\s+(?:(?P<who>{NAME})[’']s?|(?P<whose>his|her|their|its))\s+(?:telling|view|opinion|words|eyes|mind|account),?\s*"
)
_VIEWED: Final = re.compile(r"[AaIiTtFf](?:ccording to|n the (?:view|words|opinion|eyes|mind) of|o hear|or\s|n\s)")
"""What ``_ACCORDING`` or ``_TELLING`` need."""
_BEFORE_VERB: Final = frozenset(',\ue001”"’.?!')
_CONTINUES: Final = re.compile(r"(?:And|But|So|It|This|That|They|These|If|Because|Instead|Also|Therefore|Thus|I|We)\b")
_INTRODUCES: Final = re.compile(
    r"(?i)\bhere(?:[’']s| is) (?:what|how)\b[^.]*\.$|\b(?:said|wrote|writes|says|statement|follows|memo|post)\b[^.:]{0,60}:$"
)
_SHORT: Final = 15
_EARLY: Final = 5
"""Up to here *in her view* opens the sentence (But in her view)."""
_MOST_CARRIED: Final = 1


class EnglishReader:
    """Reads one text; make a new one for the next."""

    def __init__(self, text: str, folded: str, roster: Roster, mentions_in: Callable[[int, int], bool]) -> None:
        """Take the raw and the folded text, the roster to fill, and what tells whether a span names a side."""
        self.text = text
        self.folded = folded
        self.roster = roster
        self.mentions_in = mentions_in
        self.heard = Heard(roster=roster)
        self.unit = 0
        self.found: list[Utterance] = []
        self.places = Places(text, mentions_in)
        self._verbs = sorted(start for _, start, _ in _VERB_FINDER.find_matches_as_indexes(text, overlapping=True))

    def read(self) -> list[Utterance]:
        """Return the utterances in order; sentences that nobody is named for are the author's."""
        for known in (*introduced(self.text), *recurring(self.text)):
            self.roster.add(known)
        lines = list(paragraphs(self.folded))
        turns, is_talk = find_turns(self.text, lines, trusts_latin=False)
        turn: Speaker | None = None
        in_turn = speech_block = False
        for at, line in enumerate(lines):
            self.unit += 1
            if is_talk and at in turns:
                turn, in_turn = self._turn_speaker(turns[at]), True
                self._turn(turn, (turns[at].content, line[1]))
            elif in_turn:
                self._turn(turn, line)
            elif (
                speech_block
                and self.heard.person
                and re.search(r"\b(?:I|we|our|my)\b", self.text[slice(*line)], re.IGNORECASE)
            ):
                self._turn(self.heard.person, line)
            else:
                self._paragraph(line)
                speech_block = bool(_INTRODUCES.search(self.text[slice(*line)]))
        return self.found

    def _turn_speaker(self, turn: Turn) -> Speaker | None:
        if turn.name == "":
            return self.heard.person or next((one for one in self.roster.full.values() if one.is_person), None)
        return Speaker(turn.name, turn.org) if turn.name else None

    def _turn(self, speaker: Speaker | None, span: Span) -> None:
        span = trimmed(self.folded, span)
        if speaker is not None and span[0] < span[1]:
            self.heard.meet(speaker)
            for start, end in sentences(self.text, span):
                self._say(speaker, start, end, Attribution.DIRECT)

    def _paragraph(self, line: Span) -> None:
        speech = [quote for quote in find_quotes(self.text, *line) if quote.is_speech]
        spans = sentences(self.text, line, [(quote.start, quote.end) for quote in speech])
        spans = self._joined(spans, speech)
        previous: Speaker | None = None
        carried = 0
        for span in spans:
            own = [quote for quote in speech if span[0] <= quote.start and quote.end <= span[1]]
            if self._placed(span, own):
                previous, carried = self.heard.last, 0
                continue
            framed = self._frame(span, own)
            if framed is not None:
                speaker, frame, verb = framed
                self.unit += previous is None or speaker.name != previous.name
                self.heard.meet(speaker)
                self._framed(span, speaker, frame, own, verb)
                previous, carried = speaker, 0
            elif (
                own
                and sum(quote.end - quote.start for quote in own) * 10 >= (span[1] - span[0]) * 6
                and self.heard.last is not None
            ):
                for quote in own:
                    self._quoted(self.heard.last, quote)
                previous, carried = self.heard.last, 0
            elif (
                previous is not None
                and carried < _MOST_CARRIED
                and _CONTINUES.match(self.text[span[0] : span[1]])
                and self.mentions_in(*span)
            ):
                self._say(previous, *span, Attribution.INDIRECT, carried=True)
                carried += 1
            else:
                carried += 1
                self._narrate(span)

    def _placed(self, span: Span, own: list[Quote]) -> bool:  # noqa: C901, PLR0911 - one place of the speaker after the other
        """Say the sentence for whom its place gives it to: several speakers, a view, the former and the latter, an act."""
        blanked = self._blanked(span, own)
        former = self.places.former(span)
        if former and not own:
            for speaker, clause in former:
                self._say(speaker, *trimmed(self.text, clause, " ,"), Attribution.INDIRECT)
            return True
        head = self.places.head(span, blanked)
        if head and len(head.speakers) > 1:
            self._said_by(head.speakers, span, own)
            return True
        view = self.places.view(span, blanked)
        if view:
            self._said_by((view[0],), (view[1], span[1]), own)
            return True
        if head and head.speakers[0].is_person and self._frame_begins(blanked, head.end - span[0]):
            return False
        if own and not head and self.heard.person is None and (named := self.places.before_colon(span, blanked)):
            self._said_by((named,), (own[0].start, own[-1].end), own)
            return True
        tail = None if head and not own else self.places.tail(span, blanked)
        if head and tail and (own[0].end + 3 < tail[1] or tail[0].name == head.speakers[0].name):
            tail = None
        if tail and (not own or own[0].end <= tail[1]):
            speaker, begin, end = tail
            lead = trimmed(self.text, (span[0], begin), ' ,"“”')
            said = [quote for quote in own if quote.end <= begin]
            self._said_by((speaker,), lead, said)
            rest = trimmed(self.text, (end, span[1]), " ,.;:")
            if rest[1] - rest[0] >= _SHORT:
                self._said_by((speaker,), rest, [quote for quote in own if quote.start >= end])
            return True
        if own and head and not tail and self._frame(span, own) is None:
            self._said_by(head.speakers, span, own)
            return True
        return False

    def _frame_begins(self, blanked: str, at: int) -> bool:
        return _VERB.match(blanked, at) is not None

    def _said_by(self, speakers: tuple[Speaker, ...], span: Span, own: list[Quote]) -> None:
        self.unit += 1
        covered = sum(quote.end - quote.start for quote in own)
        for speaker in speakers:
            self.heard.meet(speaker)
            if covered * 2 >= span[1] - span[0]:
                for quote in own:
                    self._quoted(speaker, quote)
            else:
                self._say(speaker, *span, Attribution.INDIRECT)

    def _joined(self, spans: list[Span], speech: list[Quote]) -> list[Span]:
        """Join a quote that ends in a stop with the lower-case frame after it ("...?" she asked)."""
        joined: list[Span] = []
        for span in spans:
            ends_in_quote = joined and any(quote.end <= joined[-1][1] <= quote.after for quote in speech)
            head = self.text[span[0] : span[0] + 60]
            if ends_in_quote and _FRAME_HEAD.match(head) and span[1] - span[0] < 90:
                joined[-1] = (joined[-1][0], span[1])
            else:
                joined.append(span)
        return joined

    def _frame(  # noqa: C901 - one kind of frame after the other
        self, span: Span, own: list[Quote]
    ) -> tuple[Speaker, Span, str] | None:
        text = self._blanked(span, own)
        for pattern, verb in ((_TELLING, ""), (_ACCORDING, "")) if _VIEWED.search(text) else ():
            match = pattern.search(text)
            if match and match.start() > _EARLY and match.groupdict().get("whose"):
                continue
            if match and (speaker := self.heard.speaker(match)):
                return speaker, (span[0] + match.start(), span[0] + match.end()), verb
        best: tuple[int, Speaker, Span, str] | None = None
        for pattern in (_SUBJECT_VERB, _VERB_SUBJECT) if self._holds_verb(span) else ():
            for match in pattern.finditer(text):
                if pattern is _VERB_SUBJECT and text[: match.start()].rstrip()[-1:] not in _BEFORE_VERB:
                    continue
                speaker = self.heard.speaker(match)
                if speaker is None:
                    continue
                if best is None or match.start() < best[0]:
                    best = (match.start(), speaker, (span[0] + match.start(), span[0] + match.end()), match["verb"])
                break
        if best is not None:
            return best[1:]
        loose = _FOR.search(text)
        if loose and (speaker := self.heard.speaker(loose)):
            return speaker, (span[0] + loose.start(), span[0] + loose.end()), ""
        placed = _PLACED.search(text) or _PLACED_AFTER.search(text) or (_OPENS.match(text) if own else None)
        speaker = self.heard.speaker(placed) if placed else None
        return (speaker, (span[0] + placed.start("who"), span[0] + placed.end()), "") if placed and speaker else None

    def _holds_verb(self, span: Span) -> bool:
        """Tell whether the letters of a verb of speech stand in the sentence; its frames are slow to look for."""
        at = bisect_left(self._verbs, span[0])
        return at < len(self._verbs) and self._verbs[at] < span[1]

    def _blanked(self, span: Span, own: list[Quote]) -> str:
        letters = list(self.text[span[0] : span[1]])
        for quote in own:
            letters[quote.start - span[0] : quote.end - span[0]] = "\ue001" * (quote.end - quote.start)
        return "".join(letters)

    def _framed(self, span: Span, speaker: Speaker, frame: Span, own: list[Quote], verb: str) -> None:
        if len(own) > 1 and frame[1] < own[0].start - 8 and self.text[own[0].start - 3] != ":":
            self._say(speaker, *span, Attribution.INDIRECT, weigh_from=frame[1])
            return
        if own:
            for quote in own:
                self._quoted(speaker, quote)
            covered = sum(quote.end - quote.start for quote in own)
            if covered * 2 >= span[1] - span[0]:
                return
        self._say(
            speaker,
            *span,
            Attribution.INDIRECT,
            weigh_from=span[0] if not verb or _STANCE.match(verb) or frame[0] > span[0] + 25 else frame[1],
        )

    def _quoted(self, speaker: Speaker, quote: Quote) -> None:
        whole = trimmed(self.text, (quote.start, quote.end))
        pieces = sentences(self.text, whole)
        if any(end - start < _SHORT for start, end in pieces):
            pieces = [whole]
        for start, end in pieces:
            if end - start >= _SHORT:
                self._say(speaker, start, end, Attribution.DIRECT)

    def _narrate(self, span: Span) -> None:
        head = self.text[span[0] : span[0] + 60]
        subject = self.places.head(span, self._blanked(span, []))
        if subject:
            for speaker in subject.speakers:
                self.heard.meet(speaker)
            if self.mentions_in(*span) and not re.match(r"(?:is|are|was|were)\b", self.text[subject.end : span[1]]):
                self._said_by(subject.speakers, span, [])
                return
        elif opener := opening_person(head):
            self.heard.meet(opener)
        for known in list(self.roster.full.values()):
            if known.is_person and known.name.split()[-1] in head:
                self.heard.person = known
        self.found.append(
            Utterance(
                speaker=None,
                start=span[0],
                end=span[1],
                weigh_from=span[0],
                attribution=Attribution.AUTHOR,
                unit=self.unit,
            )
        )

    def _say(
        self,
        speaker: Speaker,
        start: int,
        end: int,
        attribution: Attribution,
        *,
        weigh_from: int | None = None,
        carried: bool = False,
    ) -> None:
        self.found.append(
            Utterance(
                speaker=speaker,
                start=start,
                end=end,
                weigh_from=start if weigh_from is None else weigh_from,
                attribution=attribution,
                unit=self.unit,
                is_carried=carried,
            )
        )
