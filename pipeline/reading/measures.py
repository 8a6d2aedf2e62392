"""What is less or more of one side than of the other by measure: A's cost is below B's, A's price is three times B's.

Whether less is better depends on what is measured: of a burden (cost, risk, errors) less is good, of a merit (ability, accuracy) more. The clause rules
see only that one is below the other. Keeps to itself the burdens, the merits, and the forms of such a comparison.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.reading.clauses import FILL, Hit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.reading.masking import Mention

_BURDEN: Final = r"(?:成本|价格|价钱|单价|报价|售价|定价|费用|费率|代价|开销|开支|支出|投入|账单|电价|电费|风险|隐患|门槛|难度|能耗|耗电|延迟|时延|错误率|出错率|误差|误报率|误判率|故障率|幻觉率|失误率|投诉率|漏洞|差错|排放|污染|负担|耗时)"
_MERIT: Final = r"(?:能力|性能|水平|准确率|正确率|得分|速度|效率|质量|安全性|稳定性|可靠性|收入|利润|份额|规模)"
_LESS: Final = r"[^,。;的]{0,3}(?:低于|少于|小于|低过)"
_MORE: Final = r"[^,。;的]{0,3}(?:高于|多于|大于|高过|超过)"
_IS: Final = r"[^,。;]{0,3}(?:只有|只是|仅为|仅是|仅有|不到|不足|是|为|相当于|只及|只相当于)(?:了|大约|约)?"
_SHARE: Final = r"的?[^,。;]{0,3}(?:[一二三四五六七八九十几百两\d]+分之[一二三四五]|一半|半数|零头|[\d.]+%|百分之|[一二三四五六七八九两]成)"
_TIMES: Final = r"的?[^,。;]{0,2}[\d.一二三四五六七八九十几两数百]+倍"
_BURDEN_EN: Final = r"(?:costs?|prices?|risks?|fees?|bills?|error rates?|failure rates?|latency|spending)"
_GAP: Final = rf"[^.,;{FILL}]"
_A: Final = f"({FILL}+)"
_FORMS: Final = (
    (_BURDEN, _LESS, "", 1.4),
    (_BURDEN, _MORE, "", -1.4),
    (_BURDEN, _IS, _SHARE, 1.4),
    (_MERIT, _IS, _SHARE, -1.4),
    (_BURDEN, _IS, _TIMES, -1.4),
    (_MERIT, _IS, _TIMES, 1.4),
)
_FORMS_EN: Final = (
    (rf"\b{_BURDEN_EN} (?:of|for|with|from) (?:an? |the |our |using |running )*{_A}{_GAP}{{0,30}}?\b(?:lower|less|smaller|fewer) than{_GAP}{{0,24}}{_A}", 1.3),
    (rf"\b{_BURDEN_EN} (?:of|for|with|from) (?:an? |the |our |using |running )*{_A}{_GAP}{{0,30}}?\b(?:higher|greater|larger|more) than{_GAP}{{0,24}}{_A}", -1.3),
    (rf"{_A}{_GAP}{{0,24}}\b(?:lower|less|smaller|fewer) (?:{_BURDEN_EN}|errors|mistakes|faults|failures) than{_GAP}{{0,16}}{_A}", 1.3),
    (rf"{_A}{_GAP}{{0,24}}\b(?:higher|greater|larger|more) (?:{_BURDEN_EN}|errors|mistakes|faults|failures) than{_GAP}{{0,16}}{_A}", -1.3),
    (rf"{_A} (?:costs?|charges?|needs?|uses?){_GAP}{{0,20}}\b(?:a fraction|a tenth|half|a third|a quarter|a fifth|\d+ ?(?:per ?cent|%)) of{_GAP}{{0,20}}{_A}", 1.3),
    (rf"{_A} (?:is|are|was|were|costs?){_GAP}{{0,16}}\b(?:times|twice) (?:as (?:expensive|costly|slow|much)|more expensive|dearer){_GAP}{{0,16}}{_A}", -1.3),
)  # fmt: skip
_PATTERNS: Final = tuple(
    (re.compile(pattern), value)
    for pattern, value in (
        *(
            (rf"{_A}[^,。;{FILL}]{{0,6}}{noun}{link}[^,。;{FILL}]{{0,6}}{_A}{rest}", value)
            for noun, link, rest, value in _FORMS
        ),
        *_FORMS_EN,
    )
)
"""The first group is A, the last B; the value is what the form says of A. Of B it says the opposite."""
_SIGN: Final = re.compile(
    r"\bthan\b|\b(?:fraction|tenth|half|third|quarter|fifth|per ?cent|times|twice)\b|[低少小高多大]于|[低高]过|超过|分之|一半|半数|零头|%|[成倍]"
)
"""One of these stands in every form: most passages hold none."""
_OF_OTHER: Final = -0.8


def measured(masked: str, offset: int, inside: Sequence[Mention]) -> list[Hit]:
    """Return hits for the two sides that a passage (``masked``, from ``offset``) compares by a measure."""
    if len(inside) < 2 or not _SIGN.search(masked):  # noqa: PLR2004 - two sides
        return []
    sides = {mention.start: mention.side for mention in inside}
    found: list[Hit] = []
    for pattern, value in _PATTERNS:
        for match in pattern.finditer(masked):
            first, other = (sides.get(offset + match.start(group)) for group in (1, 2))
            if first is not None and other is not None and {first, other} == {0, 1}:
                span = offset + match.start(), offset + match.end()
                found += [Hit(first, value, *span), Hit(other, _OF_OTHER * value, *span)]
    return found
