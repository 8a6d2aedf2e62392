"""How a week's votes divide, and whether that differs from the weeks before.

Keeps to itself the statistics: a share's uncertainty is a Beta posterior under Jeffreys' prior, and a
change is as probable as one such posterior lies above another. Chance is integrated, never drawn.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from pipeline.model import Change, Share, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

CLEAR_PROBABILITY: Final = 0.98
"""A rise at least this probable is clear: at most one quiet week in twenty is called so (``docs/counting.md``)."""
INTERVAL: Final = 0.90
"""The part of the posterior that a share's interval holds."""
_JEFFREYS: Final = 0.5
_NODES: Final = 128


def shares(votes: Mapping[str, int], sides: tuple[str, str]) -> dict[str, Share]:
    """Return each side's share of the votes for either side, with its 90 % interval; empty for no votes.

    The interval is Jeffreys' (Brown, Cai & DasGupta, Interval Estimation for a Binomial Proportion,
    Statistical Science 16(2), 2001): the 5 % and 95 % points of Beta(k + 1/2, n - k + 1/2), reaching
    to 0 or 1 where no vote or every vote is the side's.
    """
    total = sum(votes[side] for side in sides)
    return {side: _share(votes[side], total) for side in sides} if total else {}


def change(
    now: Mapping[str, int], before: Sequence[Mapping[str, int]], sides: tuple[str, str], *, min_votes: int
) -> Change:
    """Return how this week's shares differ from those of the weeks ``before``, pooled.

    ``now`` and each of ``before`` are votes by stance. Too few: under ``min_votes`` for either side in
    this week, or in the weeks before together. ``probability`` is that the side which rose in the votes
    also rose underneath: P(p_now > p_before), each p a Beta posterior under Jeffreys' prior, as in
    Gelman et al., Bayesian Data Analysis (3rd ed., 2013), 2.4 and 3.7; .5 where there is nothing to compare.
    """
    votes_now = sum(now[side] for side in sides)
    votes_before = sum(week[side] for week in before for side in sides)
    earlier = {side: sum(week[side] for week in before) for side in sides}
    first, second = sides
    rose = second if now[second] * votes_before > earlier[second] * votes_now else first
    comparable = votes_now > 0 and votes_before > 0
    points = 100 * (now[rose] / votes_now - earlier[rose] / votes_before) if comparable else 0.0
    probability = probability_higher(now[rose], votes_now, earlier[rose], votes_before) if comparable else 0.5
    if not comparable or min(votes_now, votes_before) < min_votes:
        verdict = Verdict.TOO_FEW
    else:
        verdict = Verdict.CLEAR if probability >= CLEAR_PROBABILITY else Verdict.NO_CLEAR_CHANGE
    return Change(
        side=rose,
        points=points,
        probability=probability,
        verdict=verdict,
        votes_now=votes_now,
        votes_before=votes_before,
    )


def probability_higher(votes: int, of: int, other_votes: int, other_of: int) -> float:
    """Return P(p > q), 0..1, where ``votes`` of ``of`` were seen of p and ``other_votes`` of ``other_of`` of q.

    With F the posterior of p and G that of q this is the integral of G(F^-1(u)) over u in 0..1, by
    Gauss-Legendre quadrature (within 1e-6 of the truth from 0 up to some thousand votes).
    """
    from scipy.special import betainc, betaincinv  # a second to import: only where a share is worked out

    points, weights = _quadrature()
    ps = betaincinv(votes + _JEFFREYS, of - votes + _JEFFREYS, points)
    below = betainc(other_votes + _JEFFREYS, other_of - other_votes + _JEFFREYS, ps)
    return min(max(float(weights @ below), 0.0), 1.0)


def _share(votes: int, total: int) -> Share:
    from scipy.special import betaincinv

    others = total - votes
    tail = (1 - INTERVAL) / 2
    posterior = (votes + _JEFFREYS, others + _JEFFREYS)
    return Share(
        share=votes / total,
        low=float(betaincinv(*posterior, tail)) if votes else 0.0,
        high=float(betaincinv(*posterior, 1 - tail)) if others else 1.0,
    )


@cache
def _quadrature() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the nodes and weights of Gauss-Legendre quadrature on 0..1."""
    import numpy as np

    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return (nodes + 1) / 2, weights / 2
