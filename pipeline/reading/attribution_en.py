"""Who says what in English text: speech verbs, quotes, turns of an interview, and what carries over.

Keeps to itself the verbs, what a name with its titles looks like, and the orders they come in.
"""

# ruff: noqa: PLR2004 - the numbers are lengths in characters and shares, plain where they stand
from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.model import Attribution
from pipeline.reading.attribution import Utterance
from pipeline.reading.quotes import Quote, find_quotes
from pipeline.reading.sentences import Span, paragraphs, sentences, trimmed
from pipeline.reading.speakers import Roster, Speaker
from pipeline.reading.turns import Turn, find_turns

if TYPE_CHECKING:
    from collections.abc import Callable

_SAY: Final = (
    r"said|says|say|saying|told|tells|wrote|writes|write|added|adds|argued|argues|argue|claimed|claims|claim|noted|notes|explained|explains|stated|states|stressed|stresses|emphasi[sz]ed|emphasi[sz]es|insisted|insists|warned|warns|warning"
    r"|cautioned|cautions|believes|believed|thinks|thought|suggested|suggests|acknowledged|acknowledges|admitted|admits|conceded|concedes|hinted|hints|announced|announces|predicted|predicts|expects|responded|replied|replies|countered|counters"
    r"|maintained|maintains|contended|contends|asserted|asserts|declared|declares|tweeted|posted|posts|remarked|observed|observes|commented|recalled|concluded|concludes|called for|calls for|urged|urges|pledged|vowed|promised|proposed|proposes"
    r"|criticized|criticised|criticizes|praised|praises|defended|defends|rejected|rejects|dismissed|dismisses|opposes|opposed|supports|supported|favors|favours|endorsed|endorses|denied|denies|complained|complains|lamented|joked|revealed|reveals|points out|pointed out|reads|agreed|agrees|disagreed|disagrees|asked|asks|advocates|advocated|continued|continues|reiterated|mused|points to|kept|committed|disclosed|reminded|reminds|repeated|quipped|sighed|grumbled|gushed|raved|snapped|fumed|shrugged|boasted|testified|confirmed|clarified|estimated|reported|learned|found|summed up|put it|hailed|blasted|slammed|lauded|touted|backed|backs|touts|questioned|doubts|doubted|fears|feared|hopes|hoped|wants|wanted|champions|championed|embraced|embraces|adopted|adopts|abandoned|abandons|ditched|dumped|switched to|moved to|shifted to|pivoted to|chose|chooses|opted for|sided with|banned|bans|bet on|bets on|went|described|describes|called|calls|sees|considers|views"
)
_STANCE: Final = re.compile(
    r"warn|caution|call|urge|critici|prais|defend|reject|dismiss|oppos|support|favo|endors|den|acknowledg|admit|conced|announc|pledg|vow|promis|propos|advocat|hint|disagree|kept|commit|hail|blast|slam|laud|tout|back|question|doubt|fear|hope|want|champion|embrac|adopt|abandon|ditch|dump|switch|mov|shift|pivot|chose|choos|opt|side|ban|bet|went|describ|see|consider|view"
)
_CAP: Final = r"(?:[A-Z][\w.'’&\-]*[\w&]|[A-Z]\.|[A-Z])"
_NAME: Final = rf"{_CAP}(?:\s+(?:of|de|van|von|der|and|&|the|for)\s+(?={_CAP})|\s+{_CAP}){{0,5}}|{_CAP}"
_PERSON_TITLE: Final = (
    r"CEO|CTO|CFO|COO|Chief|President|Director|Professor|Prof|Founder|founder|Co-founder|co-founder|cofounder|chief|director|president|professor|chairman|chairwoman|chair|head|vice|executive|scientist|researcher|engineer|spokesperson|spokesman|spokeswoman"
    r"|analyst|author|senator|Senator|Minister|minister|secretary|Secretary|Dr|Mr|Mrs|Ms|Sir|VP|lead|manager|officer|partner|investor|economist|commissioner|lawyer|attorney|economist|expert|consultant|lecturer|fellow"
)
_PRONOUN: Final = r"[Hh]e|[Ss]he|[Tt]hey|[Ii]t|[Tt]he company|[Tt]he firm|[Tt]he startup|[Tt]he lab|[Tt]he group|[Tt]he post|[Tt]he report|[Tt]he notice"
_CROWD: Final = r"(?:[Aa]|[Aa]n|[Tt]he|[Tt]he company[’']s|[Tt]he firm[’']s|[Ii]ts|[Ss]ome|[Mm]any|[Oo]ther|[Ss]everal|[Mm]ost|[Ii]ndustry)?\s*(?:(?:[A-Z][\w]+|[a-z\-]+)\s+){0,2}(?:spokesperson|spokesman|spokeswoman|experts|critics|researchers|analysts|advocates|proponents|opponents|supporters|officials|developers|users|executives|people|observers|companies|economists|workers|employees|managers|residents)"
_ADVERB: Final = r"(?:also|then|later|further|recently|once|has|have|had|was|is|proudly|repeatedly|publicly|previously|himself|herself|often|even|still|now|just|doesn[’']t|does not|did not|didn[’']t|never|flatly|openly|already)"
_WHO: Final = rf"(?:{_PRONOUN})\b|{_CROWD}|(?:[\w’']+\s+)?(?:(?:{_PERSON_TITLE})\s+)*(?:{_NAME})"
_SUBJECT_VERB: Final = re.compile(
    rf"(?<![\w'’])(?P<who>{_PRONOUN}\b|{_NAME}|{_CROWD})(?P<post>,\s[^,.;:\n]{{3,90}},|\s+\([^()]{{2,40}}\)|,)?(?:\s+(?:{_ADVERB})){{0,3}}\s+(?P<verb>{_SAY})\b(?P<to>\s+(?:{_CAP}|reporters|me|us|them|the [A-Z]\w+|that|in [^,.]{{3,40}}? that|on [A-Z]\w+ that))?"
)
_VERB_SUBJECT: Final = re.compile(
    rf"\b(?P<verb>{_SAY})\s+(?P<who>{_PRONOUN}\b|(?:(?:[A-Z]\w+\s+)?(?:{_PERSON_TITLE})\s+)*(?:{_NAME})|{_CROWD})(?P<post>,\s[^.;:\n“”\"]{{3,120}})?"
)
_PLACED: Final = re.compile(
    rf"[,\ue001”\"’?!]\s+(?:\w+ed|{_SAY})\s+(?:[\w\-’']+\s+){{0,4}}?(?P<who>{_CAP}\s+{_CAP}(?:\s+{_CAP})?)(?P<post>(?:,[^.]{{0,60}})?)[.]?$"
)
_PLACED_AFTER: Final = re.compile(
    rf"[,\ue001”\"’?!]\s+(?:was\s+)?(?:[\w\-’']+\s+){{0,4}}?(?P<who>{_CAP}\s+{_CAP}(?:\s+{_CAP})?)(?P<post>)(?:[’']s\s+\w+|\s+\w+(?:ed|s)\b)(?:\s+\w+){{0,4}}[.]?$"
)
_OPENER: Final = re.compile(
    rf"(?:[A-Z][a-z]+ (?:about|for|on) [^,]{{2,40}}, )?(?P<who>{_CAP}\s+{_CAP})(?P<post>)\s+[a-z]"
)
_OPENS: Final = re.compile(
    rf"(?:[A-Z][a-z]+ (?:about|for|on) [^,]{{2,40}}, )?(?P<who>{_CAP}\s+{_CAP})(?P<post>,\s[^:\ue001]{{3,90}},)?[^:\ue001]{{0,80}}:\s*[“\"]?\ue001"
)
_ACCORDING: Final = re.compile(
    rf"\b(?:[Aa]ccording to|[Ii]n the (?:view|words|opinion|eyes|mind) of|[Tt]o hear|[Ff]or)\s+(?P<who>{_CROWD}|{_NAME})(?P<post>,\s[^,.;:\n]{{3,80}},)?,?\s*"
)
_TELLING: Final = re.compile(
    rf"\b[Ii]n\s+(?P<who>{_NAME})[’']s?\s+(?:telling|view|opinion|words|eyes|mind|account),?\s*"
)
_POST_NAME: Final = re.compile(
    rf"(?P<name>{_CAP}(?:\s+{_CAP}){{1,3}})(?:,\s(?:the\s+|a\s+)?(?P<role>[^,.;:\n]{{0,50}}?\b(?:{_PERSON_TITLE})\b[^,.;:\n]{{0,60}}))?"
)
_FULL_NAME: Final = re.compile(r"\b[A-Z][a-z]+(?: [A-Z]\.?)? [A-Z][a-z]+(?:-[A-Z][a-z]+)?\b")
_LEADING_TITLE: Final = re.compile(
    rf"^(?P<org>(?:{_CAP}\s+){{0,4}}?)(?:[\w-]+\s+)?(?:{_PERSON_TITLE})\.?\s+(?P<name>{_CAP}(?:\s+{_CAP}){{0,3}})$"
)
_ORG_IN_ROLE: Final = re.compile(
    rf"\b(?:of|at|for|from|with)\s+(?:the\s+)?(?:[a-z\-]+\s+(?:AI\s+)?(?:firm|startup|company|lab)\s+)?(?P<org>{_CAP}(?:\s+{_CAP}){{0,3}})|(?P<owner>{_CAP}(?:\s+{_CAP})?)[’']s?\s"
)
_NOT_NAMES: Final = frozenset(
    [
        "The",
        "Because",
        "Unless",
        "Whether",
        "Until",
        "Another",
        "Other",
        "Such",
        "Never",
        "Questioning",
        "Officials",
        "Authorities",
        "According",
        "About",
        "Once",
        "Again",
        "Perhaps",
        "Maybe",
        "Sure",
        "Well",
        "Please",
        "Just",
        "Just",
        "Even",
        "Part",
        "Read",
        "See",
        "Image",
        "Photo",
        "Credit",
        "Credits",
        "Dear",
        "Nov",
        "Dec",
        "Oct",
        "Sept",
        "Sep",
        "Aug",
        "Jul",
        "Jun",
        "Apr",
        "Mar",
        "Feb",
        "Jan",
        "U",
        "Inc",
        "Beginners",
        "Nurses",
        "Books",
        "Companies",
        "Users",
        "Developers",
        "Researchers",
        "Experts",
        "Critics",
        "Today's",
        "Last",
        "Next",
        "First",
        "Second",
        "New",
        "Big",
        "Best",
        "Several",
        "Few",
        "Any",
        "All",
        "This",
        "That",
        "These",
        "Those",
        "It",
        "He",
        "She",
        "They",
        "We",
        "I",
        "You",
        "But",
        "And",
        "If",
        "In",
        "On",
        "At",
        "For",
        "As",
        "When",
        "While",
        "What",
        "Who",
        "How",
        "Why",
        "There",
        "Here",
        "Its",
        "His",
        "Her",
        "Their",
        "Our",
        "My",
        "Your",
        "So",
        "Or",
        "Not",
        "No",
        "Yes",
        "All",
        "Some",
        "Many",
        "Most",
        "Today",
        "Now",
        "Then",
        "Also",
        "Earlier",
        "Later",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Chinese",
        "American",
        "European",
        "Open",
        "Like",
        "With",
        "From",
        "By",
        "After",
        "Before",
        "During",
        "Since",
        "Of",
        "To",
        "Do",
        "Does",
        "Is",
        "Are",
        "Was",
        "Were",
        "Has",
        "Have",
        "Had",
        "Can",
        "Will",
        "Would",
        "Could",
        "Should",
        "Each",
        "Every",
        "Both",
        "One",
        "Two",
        "Although",
        "Though",
        "However",
        "Meanwhile",
        "Instead",
        "Only",
        "Even",
        "More",
        "Still",
        "Yet",
        "Research",
        "Data",
        "Studies",
        "Reports",
        "Everyone",
        "Nobody",
        "Nothing",
        "Something",
        "People",
        "Anyone",
        "LLM",
        "AI",
        "API",
    ]
)
_ROLE: Final = re.compile(rf"\b(?:{_PERSON_TITLE})\b")
_CONTINUES: Final = re.compile(r"(?:And|But|So|It|This|That|They|These|If|Because|Instead|Also|Therefore|Thus|I|We)\b")
_INTRODUCES: Final = re.compile(
    r"(?i)\bhere(?:[’']s| is) (?:what|how)\b[^.]*\.$|\b(?:said|wrote|writes|says|statement|follows|memo|post)\b[^.:]{0,60}:$"
)
_SHORT: Final = 15
_MOST_CARRIED: Final = 1


class EnglishReader:
    """Reads one text; make a new one for the next."""

    def __init__(self, text: str, folded: str, roster: Roster, mentions_in: Callable[[int, int], bool]) -> None:
        """Take the raw and the folded text, the roster to fill, and what tells whether a span names a side."""
        self.text = text
        self.folded = folded
        self.roster = roster
        self.mentions_in = mentions_in
        self.last: Speaker | None = None
        self.last_person: Speaker | None = None
        self.last_org: Speaker | None = None
        self.unit = 0
        self.found: list[Utterance] = []

    def read(self) -> list[Utterance]:
        """Return the utterances in order; sentences that nobody is named for are the author's."""
        for match in _POST_NAME.finditer(self.text):
            if match["role"] and match["name"].split()[0] not in _NOT_NAMES:
                self.roster.add(Speaker(match["name"], _org_of(match["role"])))
        for name in _recurring(self.text):
            self.roster.add(Speaker(name))
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
                and self.last_person
                and re.search(r"\b(?:I|we|our|my)\b", self.text[slice(*line)], re.IGNORECASE)
            ):
                self._turn(self.last_person, line)
            else:
                self._paragraph(line)
                speech_block = bool(_INTRODUCES.search(self.text[slice(*line)]))
        return self.found

    def _turn_speaker(self, turn: Turn) -> Speaker | None:
        if turn.name == "":
            return self.last_person or next((one for one in self.roster.full.values() if one.is_person), None)
        return Speaker(turn.name, turn.org) if turn.name else None

    def _turn(self, speaker: Speaker | None, span: Span) -> None:
        span = trimmed(self.folded, span)
        if speaker is not None and span[0] < span[1]:
            self._meet(speaker)
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
            framed = self._frame(span, own)
            if framed is not None:
                speaker, frame, verb = framed
                self.unit += previous is None or speaker.name != previous.name
                self._meet(speaker)
                self._framed(span, speaker, frame, own, verb)
                previous, carried = speaker, 0
            elif (
                own
                and sum(quote.end - quote.start for quote in own) * 10 >= (span[1] - span[0]) * 6
                and self.last is not None
            ):
                for quote in own:
                    self._quoted(self.last, quote)
                previous, carried = self.last, 0
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

    def _joined(self, spans: list[Span], speech: list[Quote]) -> list[Span]:
        """Join a quote that ends in a stop with the lower-case frame after it ("...?" she asked)."""
        joined: list[Span] = []
        for span in spans:
            ends_in_quote = joined and any(quote.end <= joined[-1][1] <= quote.after for quote in speech)
            head = self.text[span[0] : span[0] + 60]
            if (
                ends_in_quote
                and re.match(rf"(?:{_SAY})\s|(?:{_NAME})\s+(?:{_SAY})\b|(?:{_PRONOUN})\s+(?:{_SAY})\b", head)
                and span[1] - span[0] < 90
            ):
                joined[-1] = (joined[-1][0], span[1])
            else:
                joined.append(span)
        return joined

    def _frame(self, span: Span, own: list[Quote]) -> tuple[Speaker, Span, str] | None:
        text = self._blanked(span, own)
        for pattern, verb in ((_TELLING, ""), (_ACCORDING, "")):
            match = pattern.search(text)
            if match and (speaker := self._speaker(match)):
                return speaker, (span[0] + match.start(), span[0] + match.end()), verb
        best: tuple[int, Speaker, Span, str] | None = None
        for pattern in (_SUBJECT_VERB, _VERB_SUBJECT):
            for match in pattern.finditer(text):
                if pattern is _VERB_SUBJECT and not re.search(r"[,\ue001”\"’.?!]\s*$", text[: match.start()]):
                    continue
                speaker = self._speaker(match)
                if speaker is None:
                    continue
                if best is None or match.start() < best[0]:
                    best = (match.start(), speaker, (span[0] + match.start(), span[0] + match.end()), match["verb"])
                break
        if best is not None:
            return best[1:]
        placed = _PLACED.search(text) or _PLACED_AFTER.search(text) or (_OPENS.match(text) if own else None)
        speaker = self._speaker(placed) if placed else None
        return (speaker, (span[0] + placed.start("who"), span[0] + placed.end()), "") if placed and speaker else None

    def _blanked(self, span: Span, own: list[Quote]) -> str:
        letters = list(self.text[span[0] : span[1]])
        for quote in own:
            letters[quote.start - span[0] : quote.end - span[0]] = "\ue001" * (quote.end - quote.start)
        return "".join(letters)

    def _speaker(self, match: re.Match[str]) -> Speaker | None:  # noqa: PLR0911 - one way of naming after the other
        who = re.sub(r"[’']s?$", "", match["who"].strip())
        post = match.groupdict().get("post") or ""
        low = who.lower()
        if low in {"he", "she"}:
            named = _OPENER.match(match.string[: match.start("who")])
            if named and not _NOT_NAMES & set(named["who"].split()):
                return Speaker(named["who"])
            return self.last_person
        if low == "they":
            return self.last
        if low in {"it", "the company", "the firm"} and (opener := self._owner(match)):
            return opener
        if low == "it" or low.startswith(
            ("the company", "the firm", "the startup", "the lab", "the group", "the post", "the report", "the notice")
        ):
            return self.last_org or self.last
        titled = _LEADING_TITLE.match(who)
        if titled and titled["name"].split()[0] not in _NOT_NAMES:
            return Speaker(titled["name"], titled["org"].strip() or _org_of(post) or None)
        if re.fullmatch(_CROWD, who) and not re.fullmatch(_NAME, who):
            named = _FULL_NAME.search(post)
            if named:
                return Speaker(named[0], _org_of(who))
            if re.search(r"spokes", who):
                owner = re.search(rf"({_CAP}(?:\s+{_CAP})?)\s+spokes", who)
                return (
                    Speaker(owner[1], owner[1], is_person=False)
                    if owner and owner[1] not in _NOT_NAMES
                    else self.last_org
                )
            return Speaker(who, None, is_person=False)
        words = who.split()
        while words and words[0] in _NOT_NAMES:
            words = words[1:]
        if not words or not words[0][0].isupper():
            return None
        if re.match(r"I[’']", words[0]):
            return None
        name = " ".join(words)
        role = _ROLE.search(post)
        is_person = (
            bool(role)
            or len(words) in {2, 3}
            or any(known.is_person and known.name.endswith(" " + name) for known in self.roster.full.values())
        )
        return Speaker(name, (_org_of(post) if role else None) if is_person else name, is_person=is_person)

    def _owner(self, match: re.Match[str]) -> Speaker | None:
        """Return the organisation that opens the pronoun's own sentence."""
        opener = re.match(
            rf"(?:But|And|So|Yet|However,|Meanwhile,)?\s*({_CAP}(?:\s+{_CAP})?)\s+[a-z]",
            match.string[: match.start("who")],
        )
        if (
            opener is None
            or opener[1].split()[0] in _NOT_NAMES
            or opener[1] in {one.name for one in self.roster.full.values() if one.is_person}
        ):
            return None
        return Speaker(opener[1], opener[1], is_person=False)

    def _meet(self, speaker: Speaker) -> None:
        self.roster.add(speaker)
        self.last = speaker
        if speaker.is_person:
            self.last_person = speaker
            if speaker.org:
                self.last_org = Speaker(speaker.org, speaker.org, is_person=False)
        else:
            self.last_org = speaker

    def _framed(self, span: Span, speaker: Speaker, frame: Span, own: list[Quote], verb: str) -> None:
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
        for start, end in sentences(self.text, trimmed(self.text, (quote.start, quote.end))):
            if end - start >= _SHORT:
                self._say(speaker, start, end, Attribution.DIRECT)

    def _narrate(self, span: Span) -> None:
        head = self.text[span[0] : span[0] + 60]
        opener = _OPENER.match(head)
        if opener and not _NOT_NAMES & set(opener["who"].split()) and (speaker := self._speaker(opener)):
            self._meet(speaker)
        for known in list(self.roster.full.values()):
            if known.is_person and known.name.split()[-1] in head:
                self.last_person = known
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


def _recurring(text: str) -> list[str]:
    """Return the names of two or three words whose last word the text also uses alone, in order."""
    found = []
    for match in _FULL_NAME.finditer(text):
        words = match[0].split()
        if (
            not _NOT_NAMES & set(words)
            and len(re.findall(rf"(?<!{re.escape(words[-2])} )\b{re.escape(words[-1])}\b(?! [A-Z])", text)) > 0
        ):
            found.append(match[0])
    return list(dict.fromkeys(found))


def _org_of(role: str) -> str | None:
    match = _ORG_IN_ROLE.search(role)
    if match is None:
        return None
    return match["org"] or match["owner"]
