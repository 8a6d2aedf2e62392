"""Wordings: in which other forms a text may write a config's term, so that a term need be listed once only.

Keeps to itself what may change while the words stay the same: hyphens, closed compounds, numerals, British and American spelling, a space
between Han and Latin, the inflection of the word that carries it (the first of a verb phrase, the last of a noun phrase), articles, 的 and
了 within a Chinese compound. Forms that no text has cost nothing; a form that means something else is a defect. Works on folded text.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def word_set(text: str, between: str = " ") -> frozenset[str]:
    """Return the words of a list that is written as a line."""
    return frozenset(text.split(between))


_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_SCRIPTS_MEET: Final = re.compile(r"(?<=[\u4e00-\u9fff]) ?(?=[0-9a-z])|(?<=[0-9a-z]) ?(?=[\u4e00-\u9fff])")
_HAN_NUMBER: Final = re.compile(r"[二两三四五六七八九]|十[一二]?")
_DIGITS: Final = re.compile(r"(?<!\d)(?:[2-9]|1[0-2])(?!\d)")
_HAN_DIGITS: Final = dict(zip("二三四五六七八九", map(str, range(2, 10)), strict=True)) | {
    "两": "2",
    "十": "10",
    "十一": "11",
    "十二": "12",
}
_OF_DIGITS: Final = {digits: word for word, digits in _HAN_DIGITS.items() if word != "两"}
_NUMBERS: Final = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_AS_DIGITS: Final = {word: str(number) for number, word in enumerate(_NUMBERS, 2)}
_AS_WORDS: Final = {digits: word for word, digits in _AS_DIGITS.items()}
_SPELT_TWO_WAYS: Final = [
    (re.compile(rf"(?<=[a-z]{{3}}){one}$"), other)
    for pair in (
        ("isation", "ization"), ("isations", "izations"), ("ise", "ize"), ("ised", "ized"), ("ising", "izing"),
        ("our", "or"), ("ours", "ors"), ("tre", "ter"), ("tres", "ters"), ("gramme", "gram"), ("grammes", "grams"),
    )
    for one, other in (pair, pair[::-1])
]  # fmt: skip
_DETERMINERS: Final = ("the", "a", "an", "our", "their", "its", "your", "my", "his", "her")
_MOST_COMMON: Final = ("the", "our", "their", "its")
_PREPOSITIONS: Final = word_set(
    "at by for from in into of off on onto out over through to under up down with without back away"
)
FUNCTION_WORDS: Final = (
    word_set(
        "and or but nor so yet if as than then that which who whom whose what when where why how while because though it he she they we you i "
        "this these those is are was were be been being am has have had do does did will would can could may might must shall should not no all "
        "any some most many more less few both either neither each every such other another only also just even still too very there here one"
    )
    | _PREPOSITIONS
    | frozenset(_DETERMINERS)
)
_IRREGULAR: Final = {
    base: tuple(pasts.split())
    for base, _, pasts in (
        line.partition(" ")
        for line in word_set(
            "go went gone; come came; take took taken; make made; keep kept; give gave given; get got gotten; leave left; build built; buy bought; "
            "sell sold; pay paid; drive drove driven; fly flew flown; ride rode ridden; run ran; stay stayed; become became; bring brought; "
            "choose chose chosen; put; let; cut; set; send sent; spend spent; hold held; lose lost; eat ate eaten; grow grew grown; teach taught; "
            "meet met; sit sat; read; write wrote written; speak spoke spoken; shut; quit; bet; lead led; lend lent; turn turned; use used; wear wore worn; freeze froze frozen",
            "; ",
        )
    )
}
"""Verbs that are nearly always verbs where they begin a term, with their past forms where these are irregular."""
_REGULATING: Final = word_set(
    "abolish adopt allow ban block cap charge end forbid limit lower outlaw permit publish raise regulate release restrict scrap stop subsidise subsidize tax withhold"
)
"""Verbs of what is done to a side that are nouns as well: a term that begins with one may be either."""
_MEASURES: Final = {word: word for word in ("ban", "cap", "charge", "control", "freeze", "limit", "tax")} | {
    "regulation": "regulate",
    "restriction": "restrict",
    "stabilisation": "stabilise",
    "stabilization": "stabilize",
}
"""Nouns of what is done to a thing, with their verbs: a rent cap caps rents."""
_BASE_OF: Final = {past: base for base, pasts in _IRREGULAR.items() for past in pasts}
_NO_VERB: Final = frozenset("不没无未非只仅全")
"""What a Chinese term may begin with that takes no 了 or 过: 不过 is a word of its own."""
_NO_PLURAL: Final = word_set(
    "news goods arms customs means savings earnings works woods glasses series species headquarters odds thanks"
)


def inflected(word: str) -> tuple[str, ...]:
    """Return an English word with its -s, -ed and -ing forms."""
    if word.endswith("e"):
        return (word, word + "s", word + "d", word[:-1] + "ing")
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return (word, word[:-1] + "ies", word[:-1] + "ied", word + "ing")
    if re.search(r"(?:s|x|ch|sh)$", word):
        return (word, word + "es", word + "ed", word + "ing")
    return (word, word + "s", word + "ed", word + "ing")


def spellings(term: str) -> set[str]:
    """Return the ways in which the same words may be written."""
    if _HAN.search(term):
        spelled = {term, _HAN_NUMBER.sub(lambda one: _HAN_DIGITS[one[0]], term)}
        spelled.add(_DIGITS.sub(lambda one: _OF_DIGITS[one[0]], term))
        return {_SCRIPTS_MEET.sub(gap, one) for one in spelled for gap in ("", " ")}
    return {
        _written(words, links)
        for words in _spelt(re.split(r"[ -]", term))
        for links in _links(re.findall(r"[ -]", term), words)
    }


def _spelt(words: list[str]) -> Iterator[list[str]]:
    """Yield the words with their numbers as words and as digits, and in British and American spelling."""
    yield words
    for other in ([_AS_DIGITS.get(one, one) for one in words], [_AS_WORDS.get(one, one) for one in words]):
        if other != words:
            yield other
    for at, word in enumerate(words):
        for ending, other_ending in _SPELT_TWO_WAYS:
            if ending.search(word):
                yield [*words[:at], ending.sub(other_ending, word), *words[at + 1 :]]


def _links(links: list[str], words: list[str]) -> Iterable[tuple[str, ...]]:
    """Yield what may stand between the words: a space, a hyphen, and nothing where they are often written as one."""
    yield tuple(links)
    if len(links) <= 2:  # noqa: PLR2004 - more words are seldom linked in more than one way
        yield from product(" -", repeat=len(links))
    else:
        yield from ((one,) * len(links) for one in " -")
    yield from ((*links[:at], "", *links[at + 1 :]) for at, link in enumerate(links) if link == "-")
    if len(links) > 1 and FUNCTION_WORDS.isdisjoint(words[-2:]):
        for before in {tuple(links[:-1]), (" ",) * (len(links) - 1)}:
            yield (*before, "")


def _written(words: list[str], links: Iterable[str]) -> str:
    return "".join(part for pair in zip(words, [*links, ""], strict=True) for part in pair)


def wordings(term: str) -> set[str]:
    """Return all forms in which a text may write the term."""
    forms = spellings(term)
    if _HAN.search(term):
        return forms | {form for one in forms for form in _opened(one)}
    if not is_verb_phrase(term):
        forms |= {form for one in forms for form in _last_inflected(one)}
    return forms.union(_first_inflected(term), _turned(term))


def _opened(term: str) -> Iterator[str]:
    """Yield a Chinese compound with 的 or 化 between its parts, or 到, 了 or 过 after its verb (回到办公室, 回到了办公室)."""
    length = len(term)
    if length == 2:  # noqa: PLR2004 - neither parts, nor a verb and what it is done to
        return
    particles = [(at, one) for at in sorted({2, length - 2}) for one in ("的", "化", "化的")]
    if term[0] not in _NO_VERB:
        particles += [(1, "到"), (1, "到了"), *((at, one) for at in (1, 2) for one in "了过")]
    for at, particle in particles:
        if _HAN.match(term, at - 1) and _HAN.match(term, at):
            yield f"{term[:at]}{particle}{term[at:]}"


def _last_inflected(term: str) -> set[str]:
    head = re.split(r"[ -]", term)[-1]
    before = term[: len(term) - len(head)]
    return {before + one for one in head_forms(head, is_alone=not before)}


def head_forms(word: str, *, is_alone: bool = False) -> set[str]:
    """Return a noun's or verb's forms: plural, -ed, -ing, and the singular of a plural."""
    if is_plural(word):
        return {word} if is_alone and word in _NO_PLURAL else {word, _singular(word)}
    forms = {word, *inflected(word)}
    if re.search(r"[^aeiouwxy][aeiou][bdglmnprt]$", word):
        forms |= {f"{word}{word[-1]}ed", f"{word}{word[-1]}ing"}
    return forms


def _singular(plural: str) -> str:
    return re.sub(r"(?:(s|x|ch|sh)es|(i)es|s)$", lambda end: end[1] or ("y" if end[2] else ""), plural)


def _verb_forms(base: str) -> set[str]:
    """Return a verb's forms."""
    forms = head_forms(base) | ({base + "es"} if base.endswith("o") else set())
    return {form for form in forms if not form.endswith("ed")} | {*_IRREGULAR[base]} if base in _IRREGULAR else forms


def is_plural(word: str) -> bool:
    """Tell whether an English word looks like a plural."""
    return len(word) > 2 and re.search(r"(?<![sui])s$|ies$", word) is not None and not word.endswith("ics")  # noqa: PLR2004 - is, as


def is_verb_phrase(term: str) -> bool:
    """Tell whether an English term begins with a verb: *work from home*, *go electric*, *working remotely*."""
    first, *rest = re.split(r"[ -]", term)
    if not rest or first in FUNCTION_WORDS:
        return False
    is_closed = rest[0] in _PREPOSITIONS or rest[0] in _DETERMINERS or rest[0] == "it" or rest[0].endswith("ly")
    return is_closed or any(base in _IRREGULAR for base in _bases(first))


def _bases(word: str) -> set[str]:
    """Return what a verb's form may be a form of."""
    bases = {word, _BASE_OF.get(word, word)}
    for ending in ("ing", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) > 1:
            stem = word.removesuffix(ending)
            bases |= {stem, stem + "e"} | ({stem[:-1]} if stem[-1] == stem[-2] else set())
    return bases


def _first_inflected(term: str) -> Iterator[str]:
    """Yield a verb phrase with its verb in all forms, and with other articles; the same of a bare verb and a plural (*cap rents*)."""
    first, _, rest = term.replace("-", " ").partition(" ")
    is_phrase = is_verb_phrase(term)
    if is_phrase:
        bases = _bases(first)
    elif not rest or " " in rest or rest == "ones" or first in FUNCTION_WORDS:
        return
    elif first in _REGULATING or (is_plural(rest) and not re.search(r"(?:ed|ing|s)$", first)):
        bases = {first}
    else:
        return
    for verb in {form for base in bases for form in _verb_forms(base)}:
        yield f"{verb}-{rest.replace(' ', '-')}"
        for after in _with_articles(rest, bare=not is_phrase):
            yield f"{verb} {after}"


def _turned(term: str) -> Iterator[str]:
    """Yield a measure said the other way round: capped rents of *rent cap*, phone ban of *ban phones*."""
    first, _, last = term.replace("-", " ").partition(" ")
    if last in _MEASURES and first not in FUNCTION_WORDS:
        for verb, noun in product(_verb_forms(_MEASURES[last]), {first, *inflected(first)[:2]}):
            yield from (f"{verb} {after}" for after in _with_articles(noun, bare=True))
    for measure, verb in _MEASURES.items():
        if first == verb and is_plural(last):
            yield from (f"{_singular(last)} {one}" for one in inflected(measure)[:2])


def _with_articles(rest: str, *, bare: bool) -> set[str]:
    """Return what follows a verb with each article or possessive that may stand there in place of none, or of another, and the plural without."""
    found = {rest} | ({f"{one} {rest}" for one in _MOST_COMMON} if bare else set())
    words = rest.split(" ")
    for at, word in enumerate(words):
        if word in _DETERMINERS:
            found |= {" ".join([*words[:at], one, *words[at + 1 :]]) for one in _DETERMINERS}
            if at + 1 < len(words) and not is_plural(words[-1]):
                found.add(" ".join([*words[:at], *words[at + 1 : -1], inflected(words[-1])[1]]))
        elif at and words[at - 1] in _PREPOSITIONS and word not in FUNCTION_WORDS:
            found |= {" ".join([*words[:at], one, *words[at:]]) for one in _MOST_COMMON}
    return found
