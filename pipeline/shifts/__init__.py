"""What the week's statements add up to: votes, shares, changes, turns, stories.

Pure functions over the vocabulary's values: no I/O, no clock, no chance. What each count means, with
formulas, sources and measured error rates, is in ``docs/counting.md``.
"""
