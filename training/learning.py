"""Fitting the model: multinomial logistic regression over both tellings of each row, with an L2 penalty.

The side's weights are shared by the two tellings (Z_side(x) = w · features of x with that side as "this side"), so the model is
mirror-symmetric by construction and needs no mirrored copies. Minimised with L-BFGS (Liu and Nocedal 1989), as scipy has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from pipeline.reading.features import BUCKETS, features, sides_named, told_by_rules
from pipeline.reading.ruling import rule
from pipeline.reading.weighing import Weigher
from pipeline.reading.words import words_of_text
from training.rows import CLASSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from training.rows import Row

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

L2: Final = 40.0
"""Strength of the penalty. On rows of the same hands 8 to 14 lose least, on real articles 40 to 100 (of 4, 8, 15, 40, 100): the stronger carries over."""
LEAST_ROWS: Final = 2
"""A feature seen in fewer rows is not learned."""
ROUNDS: Final = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Examples:
    """Rows as matrices: one row each, a column a bucket; ``first`` with side 0 as "this side", ``second`` with side 1."""

    first: csr_matrix
    second: csr_matrix
    labels: Ints

    def of(self, chosen: Ints) -> Examples:
        """Return some of the examples."""
        return Examples(first=self.first[chosen], second=self.second[chosen], labels=self.labels[chosen])


def examples(rows: Sequence[Row]) -> Examples:
    """Return the rows' features, as the engine sees them."""
    tellings: tuple[list[Ints], list[Ints]] = ([], [])
    for row in rows:
        weigher = Weigher(row.folded, row.mentions)
        before = weigher.weigh(row.span.context, row.span.start) if row.span.start else None
        weighing = weigher.weigh(row.span.start, row.span.end, carried=before.last if before else None)
        words = words_of_text(row.folded, row.mentions)
        named = sides_named(row.mentions, [row.span.start], [row.span.end])
        by_rules = told_by_rules(named, [rule(weighing)], han=row.lang == "zh")
        seen = features(words, [row.span])
        for telling, buckets in zip(tellings, np.concatenate([seen.bucket, by_rules.bucket], axis=1), strict=True):
            telling.append(buckets)
    first, second = (_matrix(telling) for telling in tellings)
    return Examples(first=first, second=second, labels=np.array([row.label for row in rows]))


def _matrix(telling: Sequence[Ints]) -> csr_matrix:
    ends = np.concatenate([[0], np.cumsum([len(one) for one in telling])])
    found = csr_matrix((np.ones(ends[-1]), np.concatenate(telling), ends), shape=(len(telling), BUCKETS))
    found.sum_duplicates()
    return found


def fit(given: Examples, *, l2: float = L2) -> Floats:
    """Return the weights: a row each for a side, for both, for neither; a column a bucket."""
    seen = np.flatnonzero((given.first + given.second).getnnz(axis=0) >= LEAST_ROWS)
    first, second = given.first[:, seen].tocsr(), given.second[:, seen].tocsr()
    both = (first + second).tocsr()
    turned = [one.T.tocsr() for one in (first, second, both)]
    wanted = np.eye(CLASSES)[given.labels]

    def loss(flat: Floats) -> tuple[float, Floats]:
        side, mixed, none = flat.reshape(3, len(seen))
        found = softmax(np.stack([first @ side, second @ side, both @ mixed, both @ none], axis=1))
        likelihood = np.log(found[np.arange(len(found)), given.labels] + 1e-12).sum()
        error = found - wanted
        slope = np.stack(
            [turned[0] @ error[:, 0] + turned[1] @ error[:, 1], turned[2] @ error[:, 2], turned[2] @ error[:, 3]]
        )
        return l2 / 2 * float(flat @ flat) - likelihood, slope.ravel() + l2 * flat

    result = minimize(loss, np.zeros(3 * len(seen)), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS})
    weights = np.zeros((3, BUCKETS))
    weights[:, seen] = result.x.reshape(3, len(seen))
    return weights


def predict(weights: Floats, given: Examples) -> Floats:
    """Return the odds of each example: columns side 0, side 1, mixed, neutral."""
    side, mixed, none = weights
    both = given.first + given.second
    return softmax(np.stack([given.first @ side, given.second @ side, both @ mixed, both @ none], axis=1))


def softmax(scores: Floats) -> Floats:
    """Return each row's exponentials as shares of their sum."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
