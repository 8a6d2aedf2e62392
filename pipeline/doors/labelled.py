"""Labelled articles as JSON lines, in and out: what people marked, for ``kaibi evaluate`` and for others.

Keeps to itself the file's fields (docs/commands.md has them), and every way in which a line can be wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.doors.jsonl import BadLineError, objects, text_field, whole
from pipeline.model import MIXED, NEUTRAL, OFF_TOPIC, Attribution, LabelledArticle, LabelledStatement, Stance

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import BinaryIO


def labelled_articles(source: BinaryIO, sides: tuple[str, str]) -> Iterator[tuple[int, LabelledArticle | BadLineError]]:
    """Yield each line's number from 1 with its article, or what is wrong with it; stances are of ``sides``' debate."""
    for number, fields in objects(source):
        if isinstance(fields, BadLineError):
            yield number, fields
            continue
        try:
            yield number, _article(fields, sides)
        except BadLineError as error:
            yield number, error


def as_fields(article: LabelledArticle) -> dict[str, Any]:
    """Return an article as the object of its line."""
    return {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "lang": article.language,
        "published_at": article.published_at,
        "article_stance": article.stance,
        "exhaustive": article.is_whole,
        "statements": [
            {
                "speaker": one.speaker,
                "org": one.org,
                "q_start": one.start,
                "q_end": one.end,
                "reported": one.attribution,
                "stance": one.stance,
            }
            for one in article.statements
        ],
    }


def _article(fields: Mapping[str, Any], sides: tuple[str, str]) -> LabelledArticle:
    text = whole(text_field(fields, "text") or "")
    statements = fields.get("statements")
    if not isinstance(statements, list):
        raise BadLineError('"statements" is missing' if statements is None else '"statements" must be a list')
    stance = text_field(fields, "article_stance", optional=True)
    is_whole = fields.get("exhaustive", True)
    if not isinstance(is_whole, bool):
        raise BadLineError('"exhaustive" must be true or false')
    return LabelledArticle(
        id=fields["id"],
        title=whole(text_field(fields, "title", optional=True) or ""),
        text=text,
        language=text_field(fields, "lang", optional=True) or "",
        published_at=text_field(fields, "published_at", optional=True),
        stance=None if stance is None else _stance(stance, "article_stance", (*sides, MIXED, NEUTRAL, OFF_TOPIC)),
        statements=tuple(_statement(one, number, text, sides) for number, one in enumerate(statements, start=1)),
        is_whole=is_whole,
    )


def _statement(fields: Any, number: int, text: str, sides: tuple[str, str]) -> LabelledStatement:
    try:
        if not isinstance(fields, dict):
            raise BadLineError("is not a JSON object")  # noqa: TRY301 - said with its number, as the others
        start, end = _span(fields, text)
        reported = text_field(fields, "reported") or ""
        if reported not in {*Attribution}:
            raise BadLineError(f'"reported" must be {_one_of(tuple(Attribution))}, not "{reported}"')  # noqa: TRY301
        return LabelledStatement(
            speaker=whole(text_field(fields, "speaker") or ""),
            org=text_field(fields, "org", optional=True),
            start=start,
            end=end,
            attribution=Attribution(reported),
            stance=_stance(text_field(fields, "stance") or "", "stance", (*sides, MIXED, NEUTRAL)),
        )
    except BadLineError as error:
        raise BadLineError(f"statement {number}: {error}") from error


def _span(fields: Mapping[str, Any], text: str) -> tuple[int, int]:
    """Return where the quote is: from its offsets, or where these are missing from its words, which must be there once."""
    if "q_start" not in fields and "q_end" not in fields and "quote" in fields:
        quote = whole(text_field(fields, "quote") or "")
        times = text.count(quote) if quote else 0
        if times != 1:
            raise BadLineError(
                f'"quote" is in the text {times} times, not once - give "q_start" and "q_end"'
                if times
                else '"quote" is not in the text'
            )
        return text.index(quote), text.index(quote) + len(quote)
    ends = []
    for name in ("q_start", "q_end"):
        at = fields.get(name)
        if not isinstance(at, int) or isinstance(at, bool):
            raise BadLineError(f'"{name}" is missing' if name not in fields else f'"{name}" must be a whole number')
        ends.append(at)
    start, end = ends
    if not 0 <= start < end <= len(text):
        raise BadLineError(f'"q_start" {start} and "q_end" {end} are no span of a text of {len(text)} characters')
    return start, end


def _stance(written: str, name: str, allowed: tuple[str, ...]) -> Stance:
    if written not in allowed:
        raise BadLineError(f'"{name}" must be {_one_of(allowed)}, not "{written}"')
    return Stance(written)


def _one_of(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
