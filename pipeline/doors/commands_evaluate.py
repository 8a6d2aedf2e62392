"""``kaibi evaluate``: how well the engine reads labelled articles, as figures, a confusion table, and the cases."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Final

import click

from pipeline.doors.invocation import Command, Invocation, pass_invocation, printable
from pipeline.doors.terminal import counted, print_table, progress_bar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from pipeline.model import LabelledArticle, Reading
    from pipeline.reading.scoring import Judged, Score
    from pipeline.settings import Debate

_QUOTE: Final = 80
"""Characters of a quote in the list of cases."""


@click.command(
    cls=Command,
    examples=(
        "kaibi evaluate labels.jsonl              figures, confusion table, and what was put on the wrong side",
        "kaibi evaluate labels.jsonl --errors     every statement that is not as labelled",
        "kaibi label export | kaibi evaluate -",
    ),
)
@click.argument("file", type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="The figures for programs.")
@click.option("--errors", is_flag=True, help="Every difference, not only the wrong sides.")
@pass_invocation
def evaluate(invocation: Invocation, *, file: BinaryIO, as_json: bool, errors: bool) -> int:
    """Read the labelled articles of FILE and compare: who was found, and on which side."""
    debate = invocation.debate()
    articles, bad = _labelled(invocation, file, debate)
    if not articles and not bad:
        invocation.say(f"{file.name}: no labelled article in it - kaibi label export writes some")
        return 0
    result = _score(articles, debate)
    if as_json:
        told = {**figures(result), "articles": len(articles), "bad_lines": bad}
        told["wrong_sides"] = [_case(one) for one in result.wrong_sides]
        if errors:
            told["differences"] = [_case(one) for one in result.differences]
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        _print(result, len(articles), debate, every=errors)
    return 1 if bad else 0


def figures(result: Score) -> dict[str, Any]:
    """Return the figures by name; shares are 0..1."""
    from pipeline.reading.scoring import flips, macro_f1

    article_f1, article_by = macro_f1(result.articles)
    stance_f1, stance_by = macro_f1(result.statements)
    return {
        "articles_labelled": len(result.articles),
        "statements": len(result.judged),
        "article_f1": article_f1,
        "article_acc": sum(wanted == found for wanted, found in result.articles) / max(1, len(result.articles)),
        "article_flips": flips(result.articles, result.sides),
        "article_by": article_by,
        "stance_f1": stance_f1,
        "stance_flips": flips(result.statements, result.sides),
        "stance_by": stance_by,
        "speaker_recall": result.speaker_recall,
        "position_p": result.positions.precision,
        "position_r": result.positions.recall,
        "position_f1": result.positions.f1,
        "sure_n": len(result.sure),
        "sure_right": sum(result.sure) / max(1, len(result.sure)),
        "confusion": {f"{wanted}>{found}": count for (wanted, found), count in sorted(result.confusion.items())},
    }


def _labelled(invocation: Invocation, file: BinaryIO, debate: Debate) -> tuple[list[LabelledArticle], int]:
    """Return the articles of a file, and how many of its lines were bad: each of these is told at once."""
    from pipeline.doors.labelled import labelled_articles
    from pipeline.model import LabelledArticle

    articles, bad = [], 0
    for number, one in labelled_articles(file, _sides(debate)):
        if isinstance(one, LabelledArticle):
            articles.append(one)
        else:
            bad += 1
            invocation.say(f"{file.name}:{number}: {one}")
    if bad:
        invocation.say(f"{counted(bad, 'bad line')} left out, {counted(len(articles), 'article')} scored")
    return articles, bad


def _score(articles: list[LabelledArticle], debate: Debate) -> Score:
    from pipeline.reading.scoring import score

    with progress_bar("reading") as progress:
        return score(_read(articles, debate, progress), _sides(debate))


def _read(
    articles: list[LabelledArticle], debate: Debate, progress: Callable[[int, int], None]
) -> Iterator[tuple[LabelledArticle, Reading]]:
    from pipeline.reading.engine import Engine

    engine = Engine(debate)
    for number, article in enumerate(articles, start=1):
        # A title that is the text's first line as well is not to be read twice.
        title = "" if article.text.lstrip().startswith(article.title.strip()) else article.title
        yield article, engine.read(title, article.text)
        progress(number, len(articles))


def _sides(debate: Debate) -> tuple[str, str]:
    first, second = debate.sides
    return first.id, second.id


def _print(result: Score, articles: int, debate: Debate, *, every: bool) -> None:
    told = figures(result)
    click.echo(f"{counted(articles, 'article')}, {counted(len(result.judged), 'labelled statement')}")
    click.echo(f"{debate.title}\n" if debate.title else "")
    rows = [
        (name, f"{told[name]:.3f}", meaning)
        for name, meaning in _FIGURES.items()
        if result.articles or not name.startswith("article")
    ]
    rows.append(("sure_right", f"{told['sure_right']:.3f}", f"{_SURE}: of {told['sure_n']} such"))
    print_table(("figure", "", "meaning"), rows)
    if not result.articles:
        click.echo("(no article is labelled as a whole)")
    _print_confusion(result)
    _print_cases(result.differences if every else result.wrong_sides, every=every)


_FIGURES: Final = {
    "article_f1": "macro F1 of the articles' stance",
    "article_flips": "of the articles labelled as one side, the share given to the other",
    "stance_f1": "macro F1 of the statements' stance; what is not found counts as neutral",
    "stance_flips": "of the statements labelled as one side, the share given to the other",
    "speaker_recall": "of the named speakers' statements, the share found under that speaker",
    "position_p": "who takes which side: of those found, the share that is right",
    "position_r": "who takes which side: of those labelled, the share that is found",
    "position_f1": "both in one",
}
_SURE: Final = "of the sides found with confidence 0.8 or more, the share that is right"


def _print_confusion(result: Score) -> None:
    classes = (*result.sides, "mixed", "neutral")
    rows = [
        (wanted, *(str(result.confusion.get((wanted, found), 0)) for found in classes), str(total))
        for wanted in classes
        if (total := sum(count for (one, _), count in result.confusion.items() if one == wanted))
    ]
    click.echo("\nstatements: labelled (down), found (across)")
    print_table(("", *classes, "all"), rows)


def _print_cases(cases: tuple[Judged, ...], *, every: bool) -> None:
    title = "not as labelled" if every else "on the wrong side"
    click.echo(f"\n{title}: {len(cases) or 'none'}")
    for one in cases:
        case = _case(one)
        found = case["found"] + ("" if case["speaker_found"] in {True, None} else ", speaker not found")
        because = "; ".join(case["because"]) or "-"
        line = f"{case['id']}  {case['speaker']}  “{_cut(case['quote'])}”  labelled {case['labelled']}, found {found}, because {because}"
        click.echo(printable(line))
    sys.stdout.flush()


def _case(one: Judged) -> dict[str, Any]:
    return {
        "id": one.article.id,
        "speaker": one.labelled.speaker,
        "quote": one.quote,
        "labelled": str(one.labelled.stance),
        "found": str(one.stance) if one.found is not None else "nothing",
        "speaker_found": one.is_speaker_found if one.is_named else None,
        "because": [] if one.found is None else list(one.found.because),
    }


def _cut(quote: str) -> str:
    words = " ".join(quote.split())
    return words if len(words) <= _QUOTE else f"{words[: _QUOTE - 1]}…"
