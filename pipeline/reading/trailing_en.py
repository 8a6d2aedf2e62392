"""English sentences that say at their end who says them: …, said its lawyer, Ann Lee; …, the Berlin engineer Ann Lee wrote on X.

Such an end goes before whatever else in the sentence looks like somebody speaking, for that is part of what is said. Keeps to itself
how a person stands there with titles, post and organisation; who is meant by a pronoun or *the agency* is ``speakers_en``'s business.
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.reading.nouns_en import CROWD, DEFINITE
from pipeline.reading.shapes_en import CAP, NAME, PERSON_TITLE
from pipeline.reading.verbs_en import ADVERB, CLOSING

_PARTICLE: Final = r"(?:van der|van den|de la|van|von|de|der|al|bin|ibn|la|di|da|le|ter)"
_TITLED: Final = r"(?:(?:Dr|Prof|Mr|Mrs|Ms|Sen|Rep|Gov|Sir)\.?\s+)?"
_PERSON: Final = rf"{_TITLED}{CAP}(?:\s+(?:{_PARTICLE}\s+)?{CAP}){{1,3}}"
_LEAD: Final = (
    rf"(?:(?:the|an?|its|his|her|their|our|{CAP}(?:\s+{CAP}){{0,2}}[’']s)\s+)?(?:(?!(?:that|which|and|but|as|if)\b)[\w\-’'.]+\s+){{0,6}}?"
    rf"(?:{PERSON_TITLE})(?:\s+(?:of|for|at|in)\s+(?:the\s+)?[\w\-’']+(?:\s+[\w\-’']+){{0,3}}?)?,?\s+"
)
"""A post before a name, with whose it is (its director, the group's head of policy, Berlin programmer)."""
_REST: Final = (
    r"(?:\s+(?:(?:in|on|at|to|during|after|before|when|with|last|this|later|by|over|from|about|as|of)\b[^;:\ue001“”\"]{0,110}|(?:reporters|journalists|me|us|him|her|them|lawmakers|senators|investors|analysts|clients|customers|employees)\b[^;:\ue001“”\"]{0,80}"
    rf"|(?<=told )(?:the\s+)?{CAP}[^;:\ue001“”\"]{{0,80}}|(?<=told )the\s+[^;:\ue001“”\"]{{3,60}}|yesterday|today))?[.!?]?[)\s]*$"
)
_MARK: Final = r"[,\ue001”\"’?!]\s+"
_VERB_FIRST: Final = re.compile(
    rf"{_MARK}(?P<verb>(?!told\b){CLOSING})\s+(?P<lead>{_LEAD})?(?P<who>{_PERSON})(?P<post>(?:,\s(?!who\s(?:had|has|was)\s)[^;:\ue001“”\"]{{3,160}}|\s+(?:of|at|from|in|on|to|during)\s[^;:\ue001“”\"]{{2,120}}|\s+\([^()]{{2,60}}\))?)[.!?]?\s*$"
)
_NAME_FIRST: Final = re.compile(
    rf"{_MARK}(?P<lead>{_LEAD})?(?P<who>{_PERSON})(?P<post>(?:\s+(?:of|at|from)\s+(?:the\s+)?[^,;:\ue001“”\"]{{2,60}}?|,\s[^;:\ue001“”\"]{{3,120}},)?),?\s+(?:{ADVERB}\s+){{0,2}}(?P<verb>{CLOSING}){_REST}"
)
PERSONS: Final = (_VERB_FIRST, _NAME_FIRST)
"""Ends that name a person in full."""
OTHERS: Final = re.compile(
    rf"{_MARK}(?P<who>he|she|it|they|{DEFINITE}|{CROWD}|{NAME}|the\s+(?:[a-z\-]+\s+){{0,2}}[a-z\-]+)(?P<post>)\s+(?:{ADVERB}\s+){{0,2}}(?P<verb>{CLOSING}){_REST}"
)
"""Ends that name somebody known by a surname, a pronoun or what he is, and organisations."""
SIGN: Final = re.compile(rf"\b(?:{CLOSING})\b")
LEAST: Final = 24
"""Characters of what is said before its end says who said it; a shorter one opens something else."""
