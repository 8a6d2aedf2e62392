"""Set phrases about a side that no single cue says: what one cannot do without, leaves, would rather have, gives each its place.

Keeps to itself the patterns, written over masked text, where each term is a run of one sign.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.reading.clauses import FILL, Hit
from pipeline.reading.cues import Cue, Kind
from pipeline.reading.masking import JOINT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.reading.masking import Mention

_NO_X_NO_Y: Final = re.compile(
    rf"(?:没有|没了|离开|离开了|失去|缺了)({FILL}+)[^。!?]{{0,14}}?(?:就没有|就不会有|就不可能|就无法|也就没有|便没有|哪来|何来)"
    rf"|(?<![\u4e00-\u9fff])(?:如果|要是|若是?|一旦|倘若|假如|今天)?(?:没有了?|没了|离开了?|失去了?|缺了|少了)({FILL}+)[^,。!?{FILL}]{{0,12}},"
    r"(?![^,。]{0,8}(?:照样|也能|一样能|仍|依然|反而))(?=[^。!?;]{0,24}(?:就|只能|便|也|都|不|没|难|无|谁|哪|何|空话|根本|一半|要))"
    rf"|(?:without|lose|losing) (?:an? |the |more )?({FILL}+)[^.!?{FILL}]{{0,40}}?\b(?:no|not|never|nothing|nobody|impossible|would|wouldn't|couldn't|cannot|only|dark|die|dies)\b"
)
_ALSO_WITHOUT: Final = re.compile(
    rf"(?:离开了?|没有了?|没了|不用|不靠)({FILL}+)[^,。]{{0,8}},[^,。]{{0,8}}?(?:照样|也能|一样能|仍能|仍然|依然|反而)"
)
_HEADS_FOR: Final = re.compile(
    rf"(?:往|朝|向)({FILL}+)(?:这边|那边|一边|方向|这一边|一方)?(?:走|靠|转|靠拢|倾斜|迁|跑|去)"
)
_IT_IS: Final = re.compile(rf"\bit (?:is|was) ({FILL}+) that\b")
_EVEN_SO: Final = re.compile(rf"({FILL}+)再[^,。{FILL}]{{1,6}},[^,。]{{0,4}}(?:也|还是)")
_RATHER: Final = re.compile(
    rf"(?:与其|宁可不|宁肯不)[^,。{FILL}]{{0,12}}({FILL}+)"
    rf"|\brather\b(?! than)[^.,]{{1,60}}?\bthan\b[^.,{FILL}]{{0,30}}({FILL}+)"
    rf"|\brather than\b[^.,{FILL}]{{0,20}}({FILL}+)"
)
_RATHER_THIS: Final = re.compile(
    rf"(?:与其)[^。]{{1,40}}?不如[^,。{FILL}]{{0,14}}({FILL}+)|\brather\b(?! than)[^.,{FILL}]{{1,24}}({FILL}+)[^.,]{{0,30}}?\bthan\b"
)
_FROM_TO: Final = re.compile(
    rf"(?:从|由|把|将)({FILL}+)[^{FILL},。]{{0,14}}?(?:换成|换为|换到|改成|改为|改到|改用|转向|转到|转为|转投|变成|迁到|迁移到|迁往|切到|切换到|切换成|切换至|搬到|升级到|升级为|替换成|替换为|走向)"
    rf"|\b(?:from|swap\w*|trad(?:e|es|ed|ing)|replac(?:e|es|ed|ing)|exchang\w+)\s+(?:(?:its|the|their|our|his|her|all|a|an|old)\s+)*({FILL}+)[^{FILL},.]{{0,30}}?\b(?:to|for|with|into)\b"
)
_SET_PHRASES: Final = (
    (_ALSO_WITHOUT, -1.2),
    (_EVEN_SO, -0.9),
    (_NO_X_NO_Y, 1.5),
    (_FROM_TO, -0.8),
    (_HEADS_FOR, 0.9),
    (_IT_IS, 0.6),
    (_RATHER, -1.0),
    (_RATHER_THIS, 1.0),
)
"""What is said of the side that is named in the group, of what one cannot do without, leaves, or would rather have."""
_BEGINS: Final = re.compile(
    "|".join(f"{sign}{FILL}" for sign in "有了开去缺用靠往朝向从由把将")
    + f"|{FILL}再|与其|宁可不|宁肯不|rather|without |los(?:e|ing) |it is {FILL}|it was {FILL}"
    r"|from\s|swap|trade|trading|replac|exchang"
)
"""One of these stands in every set phrase: most passages hold none, and are not searched for them. Written so that each
begins with a sign of its own, by which ``re`` skips the rest of the text."""
_BOTH_OF: Final = (
    ("也", rf"({FILL}+)([^,。{FILL}]{{1,6}})[,;]({FILL}+)也\2"),
    ("both ", rf"\bboth (?:the )?({FILL}+)"),
    ("neither for", rf"\bneither for nor against ({FILL}+)"),
    ("", rf"(?:同时|兼顾|兼用|兼有)[^,。{FILL}]{{0,6}}({FILL}+)"),
    (" so ", rf"({FILL}+)[^.]{{0,30}},? (?:but|and) so (?:do|does|is|are|has|have) ({FILL}+)"),
    (f"{FILL} for ", rf"({FILL}+) for [^.,{FILL}]{{2,40}} and ({FILL}+) for\b"),
    (f"{FILL}有{FILL}", rf"({FILL}+)有{FILL}+的[^。]{{1,8}}[,;]({FILL}+)有{FILL}+的"),
    (
        "",
        rf"(?:既|一边|一手|一方面|有的|有人|有时)[^,。{FILL}]{{0,8}}({FILL}+)[^。{FILL}]{{0,14}}(?:也|又|还|一边|一手|另一方面|有的|有人|有时)[^,。{FILL}]{{0,8}}({FILL}+)",
    ),
    ("大", rf"小[^,。{FILL}]{{1,4}}({FILL}+)[^。{FILL}]{{0,16}}大[^,。{FILL}]{{1,4}}({FILL}+)"),
    ("小", rf"大[^,。{FILL}]{{1,4}}({FILL}+)[^。{FILL}]{{0,16}}小[^,。{FILL}]{{1,4}}({FILL}+)"),
    (
        " for ",
        rf"\b(?:place|room|role|need|market|demand|case) for [^.{FILL}]{{0,14}}({FILL}+)[^.{FILL}]{{0,24}} and [^.{FILL}]{{0,24}}({FILL}+)",
    ),
    (
        "s",
        rf"\b(?:some|sometimes|small|small[a-z ]+)\b[^.,;{FILL}]{{0,24}}({FILL}+)[^.{FILL}]{{0,20}}[,;][^.{FILL}]{{0,6}}\b(?:others|some|sometimes|large|big)\b[^.,;{FILL}]{{0,20}}({FILL}+)",
    ),
)
"""Ways to name the two sides that give each its place, where the first and last groups are of different sides or of both;
before each what every match of it holds, as looking for that costs far less than the pattern."""
_BOTH_PATTERNS: Final = tuple((sign, re.compile(pattern)) for sign, pattern in _BOTH_OF)
_EQUALS: Final = ({0, 1}, {JOINT})


def places_of(masked: str) -> list[int]:
    """Return where what every set phrase holds begins, in order: a passage without one needs no ``without_it``."""
    return [match.start() for match in _BEGINS.finditer(masked)]


def without_it(masked: str, offset: int, inside: Sequence[Mention]) -> list[Hit]:
    """Return hits for 没有X就没有Y, which is praise of X, and for what is left behind (从X转向Y)."""
    found: list[Hit] = []
    for pattern, value in _SET_PHRASES:
        for match in pattern.finditer(masked):
            at = offset + match.start(match.lastindex or 0)
            found += [
                Hit(side=mention.side, value=value, start=offset + match.start(), end=offset + match.end())
                for mention in inside
                if mention.start == at and mention.side != JOINT
            ]
    return found


def both_of(masked: str, offset: int, inside: Sequence[Mention]) -> list[Cue]:
    """Return a cue for each place where the two sides are named as equals (A要做,B也要做)."""
    sides = {mention.start: mention.side for mention in inside}
    return [
        Cue(Kind.BOTH, 1.9, offset + match.start(), offset + match.end())
        for sign, pattern in _BOTH_PATTERNS
        if sign in masked
        for match in pattern.finditer(masked)
        if {sides.get(offset + match.start(1)), sides.get(offset + match.start(match.lastindex or 0))} in _EQUALS
    ]
