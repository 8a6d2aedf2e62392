"""Learn the stance model anew from our own labelled rows, and write it where the engine reads it.

    python -m training            how it does on rows it has not seen, then a fit on all rows, written to pipeline/reading/learned.npz
    python -m training --check    only the first

Rows that it has not seen: blocks of forty lines of a file (four parts), and whole debates left out. Nothing outside this folder is read but the engine's own
tables, and the same rows give the same weights.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from pipeline.reading import learned
from training.learning import examples, fit, predict
from training.rows import article_rows, rows, with_contexts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.learning import Examples, Floats, Ints
    from training.rows import Row

_ARTICLES_COUNT: Final = 3
"""How many times a statement of a whole article counts: it stands as it does when the engine reads."""
_OBLIQUE: Final = "oblique."
"""Files of articles that seldom name a side: less like real ones than the plain, they count once."""
_PARTS: Final = 4
_BLOCK: Final = 40


def main() -> None:
    """Print the table, and write the weights."""
    asked = argparse.ArgumentParser(prog="python -m training")
    asked.add_argument("--check", action="store_true", help="write nothing")
    check = asked.parse_args().check
    read = with_contexts(rows())
    for row in article_rows():
        read += [row] * (1 if row.file.startswith(_OBLIQUE) else _ARTICLES_COUNT)
    given = examples(read)
    print(f"{len(read)} rows of {len({row.debate for row in read})} debates")
    _report("blocks held out", read, given, _unseen(given, _blocks(read)))
    names = sorted({row.debate for row in read})
    _report("debates held out", read, given, _unseen(given, np.array([names.index(row.debate) for row in read])))
    if not check:
        path = Path(learned.__file__).with_name(learned.FILE)
        learned.save(fit(given), path)
        print(f"written: {path} ({path.stat().st_size // 1024} KB)")


def _blocks(read: Sequence[Row]) -> Ints:
    """Return which part each row is held out with: neighbours stay together, for they were written in one breath."""
    blocks = [(row.file, row.number // _BLOCK) for row in read]
    order = {block: at for at, block in enumerate(sorted(set(blocks)))}
    return np.array([(order[block] * 7919) % 104729 % _PARTS for block in blocks])


def _unseen(given: Examples, parts: Ints) -> Floats:
    """Return each row's odds from a model that was fitted without the row's part."""
    found = np.zeros((len(parts), 4))
    for part in np.unique(parts):
        held = np.flatnonzero(parts == part)
        found[held] = predict(fit(given.of(np.flatnonzero(parts != part))), given.of(held))
    return found


def _report(name: str, read: Sequence[Row], given: Examples, found: Floats) -> None:
    print(f"\n{name:28}{'rows':>7}{'right':>8}{'macro F1':>10}{'direction':>11}{'log loss':>10}")
    groups = {f"{lang} {which}": (lang, which) for lang in ("zh", "en") for which in ("models", "other debates")}
    for group, (lang, which) in groups.items():
        chosen = np.array([row.lang == lang and (row.debate == "models") == (which == "models") for row in read])
        wanted, odds = given.labels[chosen], found[chosen]
        best = odds.argmax(axis=1)
        sided = (wanted < 2) & (odds[:, 0] != odds[:, 1])  # noqa: PLR2004 - the sides are 0 and 1
        direction = (odds[:, 1] > odds[:, 0]).astype(int)[sided] == wanted[sided]
        loss = -np.log(odds[np.arange(len(odds)), wanted] + 1e-9).mean()
        print(
            f"  {group:26}{len(wanted):7}{(best == wanted).mean():8.3f}{_macro_f1(wanted, best):10.3f}{direction.mean():11.3f}{loss:10.3f}"
        )


def _macro_f1(wanted: Ints, found: Ints) -> float:
    scores = []
    for label in np.unique(wanted):
        right = ((wanted == label) & (found == label)).sum()
        scores.append(2 * right / ((wanted == label).sum() + (found == label).sum()))
    return float(np.mean(scores))


if __name__ == "__main__":
    main()
