"""The figures of ``kaibi evaluate``: counted by hand on small cases, and the same as the scorer that decides."""

from __future__ import annotations

import importlib.util
import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.doors.commands_evaluate import figures
from pipeline.doors.labelled import labelled_articles
from pipeline.model import Attribution, LabelledArticle, LabelledStatement, Reading, Stance, Statement
from pipeline.reading.engine import Engine
from pipeline.reading.scoring import flips, is_same_speaker, judge, macro_f1, score
from tests.reading.reading_debates import MODELS, SHARED

if TYPE_CHECKING:
    from collections.abc import Sequence

SIDES = ("open", "closed")
STANCES = (*SIDES, "mixed", "neutral")
SCORER = SHARED / "score" / "score.py"
TEXT = "字" * 400


def marked(speaker: str, start: int, end: int, stance: str, reported: str = "direct") -> LabelledStatement:
    return LabelledStatement(
        speaker=speaker, org=None, start=start, end=end, attribution=Attribution(reported), stance=Stance(stance)
    )


def article(*statements: LabelledStatement, stance: str | None = "open", is_whole: bool = True) -> LabelledArticle:
    return LabelledArticle(
        id="a", title="", text=TEXT, language="zh", published_at=None, stance=None if stance is None else Stance(stance),
        statements=statements, is_whole=is_whole,
    )  # fmt: skip


def found(
    speaker: str, start: int, end: int, stance: str, confidence: float = 0.7, attribution: str = "direct"
) -> Statement:
    return Statement(
        speaker=speaker, org=None, start=start, end=end, quote=TEXT[start:end], attribution=Attribution(attribution),
        stance=Stance(stance), confidence=confidence, because=("更好",),
    )  # fmt: skip


def reading(*statements: Statement, stance: str = "open") -> Reading:
    return Reading(stance=Stance(stance), confidence=0.7, statements=statements)


def test_macro_f1_is_the_mean_over_what_is_labelled() -> None:
    pairs = [("open", "open"), ("open", "neutral"), ("neutral", "neutral"), ("neutral", "mixed")]
    assert macro_f1(pairs) == ((2 / 3 + 1 / 2) / 2, {"neutral": 1 / 2, "open": 2 / 3})
    assert macro_f1([]) == (0.0, {})


def test_a_flip_is_one_side_given_to_the_other() -> None:
    pairs = [("open", "closed"), ("open", "mixed"), ("closed", "closed"), ("mixed", "open")]
    assert flips(pairs, SIDES) == pytest.approx(1 / 3)
    assert flips([], SIDES) == 0


def test_a_speaker_is_known_by_part_of_the_name_and_any_spelling() -> None:
    assert is_same_speaker("山姆·阿尔特曼", "阿尔特曼")
    assert is_same_speaker("ANN LEE", "ann lee")
    assert is_same_speaker("笔者", "author")
    assert not is_same_speaker("李", "李闻")
    assert not is_same_speaker("", "李闻")


def test_of_several_found_statements_the_same_speakers_is_taken_then_the_best_fit() -> None:
    one = article(marked("沈望川", 10, 50, "open"))
    near = (found("韩越", 10, 50, "closed"), found("沈望川", 20, 60, "open"), found("沈望川", 12, 52, "mixed"))
    assert judge(one, near)[0].found == near[2]
    assert judge(one, near[:1])[0].is_wrong_side
    assert not judge(one, near[:1])[0].is_speaker_found
    missed = judge(one, (found("沈望川", 10, 29, "closed"), found("沈望川", 0, 390, "closed")))[0]
    assert (missed.found, missed.stance) == (None, "neutral")


def test_who_takes_which_side_is_counted_by_speaker_and_side() -> None:
    one = article(marked("沈望川", 10, 50, "open"), marked("韩越", 60, 90, "closed"))
    result = score([(one, reading(found("望川", 200, 220, "open"), found("李闻", 300, 320, "open")))], SIDES)
    assert (result.positions.right, result.positions.wrong, result.positions.missed) == (1, 1, 1)
    assert result.positions.f1 == pytest.approx(0.5)


def test_where_not_all_is_labelled_only_known_speakers_can_be_wrong() -> None:
    one = article(marked("沈望川", 10, 50, "open"), is_whole=False, stance=None)
    read = reading(found("李闻", 300, 320, "open"), found("沈望川", 10, 50, "closed"))
    result = score([(one, read)], SIDES)
    assert (result.positions.right, result.positions.wrong, result.positions.missed) == (0, 1, 1)
    assert result.articles == ()


def test_sure_right_looks_at_sure_sides_where_a_side_is_labelled() -> None:
    one = article(marked("甲", 0, 40, "open"), marked("乙", 50, 90, "closed"), marked("丙", 100, 140, "neutral"))
    read = reading(
        found("甲", 0, 40, "open", 0.8), found("乙", 50, 90, "open", 0.9), found("丙", 100, 140, "open", 0.9)
    )
    result = score([(one, read)], SIDES)
    assert sorted(result.sure) == [False, True]
    assert [case.quote for case in result.wrong_sides] == [TEXT[50:90]]
    assert len(result.differences) == 2
    assert result.confusion == {("open", "open"): 1, ("closed", "open"): 1, ("neutral", "open"): 1}


def scorer() -> Any:
    spec = importlib.util.spec_from_file_location("score", SCORER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def as_theirs(read: Sequence[tuple[LabelledArticle, Reading]]) -> dict[str, Any]:
    """Return what the scorer that decides says of the same articles and readings."""
    gold = [
        {
            "id": number,
            "article_stance": str(one.stance),
            "statements": [
                {
                    "speaker": each.speaker,
                    "q_start": each.start,
                    "q_end": each.end,
                    "reported": str(each.attribution),
                    "stance": str(each.stance),
                }
                for each in one.statements
            ],
        }
        for number, (one, _) in enumerate(read)
    ]
    told = [
        {
            "id": number,
            "stance": str(each.stance),
            "statements": [
                {
                    "speaker": one.speaker,
                    "start": one.start,
                    "end": one.end,
                    "stance": str(one.stance),
                    "confidence": one.confidence,
                    "attribution": str(one.attribution),
                }
                for one in each.statements
            ],
        }
        for number, (_, each) in enumerate(read)
    ]
    result: dict[str, Any] = scorer().score(gold, told, SIDES)
    del result["articles"], result["missing"]
    return result


def ours(read: Sequence[tuple[LabelledArticle, Reading]]) -> dict[str, Any]:
    told = figures(score(read, SIDES))
    del told["articles_labelled"]
    return told


def _drawn(rng: random.Random) -> tuple[LabelledArticle, Reading]:
    names = ("沈望川", "望川", "韩越", "李·闻", "李闻", "作者", "author")
    kinds = ("direct", "indirect", "author")

    def span() -> tuple[int, int]:
        start = rng.randrange(0, 300)
        return start, start + rng.randrange(5, 90)

    labelled = [
        marked(rng.choice(names), *span(), rng.choice(STANCES), rng.choice(kinds)) for _ in range(rng.randrange(9))
    ]
    told = [
        found(rng.choice(names), *span(), rng.choice(STANCES), rng.choice((0.5, 0.8, 0.95)), rng.choice(kinds))
        for _ in range(rng.randrange(9))
    ]
    told += [
        found(one.speaker, one.start, one.end + rng.randrange(9), rng.choice(STANCES), 0.9, rng.choice(kinds))
        for one in labelled
        if rng.random() < 0.5
    ]
    wanted, read = (rng.choice((*STANCES, "off_topic")) for _ in range(2))
    return article(*labelled, stance=wanted), reading(*told, stance=read)


@pytest.mark.skipif(not SCORER.is_file(), reason="the scorer that decides is not part of the project")
@pytest.mark.parametrize("seed", range(20))
def test_the_figures_are_the_deciding_scorers_whatever_was_found(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - any articles will do
    read = [_drawn(rng) for _ in range(12)]
    assert ours(read) == as_theirs(read)


@pytest.mark.skipif(not SCORER.is_file(), reason="the scorer that decides is not part of the project")
@pytest.mark.skipif(not (SHARED / "real").is_dir(), reason="the real articles are not part of the project")
def test_the_figures_are_the_deciding_scorers_on_the_real_articles() -> None:
    engine = Engine(MODELS)
    for file in sorted((SHARED / "real" / "gold").glob("*.jsonl")):
        with file.open("rb") as source:
            articles = [one for _, one in labelled_articles(source, SIDES)]
        assert all(isinstance(one, LabelledArticle) for one in articles)
        read = [(one, engine.read("", one.text)) for one in articles if isinstance(one, LabelledArticle)]
        assert len(read) == len(file.read_text(encoding="utf-8").splitlines())
        assert json.dumps(ours(read), sort_keys=True) == json.dumps(as_theirs(read), sort_keys=True)
