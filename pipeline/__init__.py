"""kaibi's pipeline: things (nouns), steps (verbs) and doors (how people and clocks get in).

Imports run one way: doors -> steps -> things. ``docs/architecture.md`` draws the rooms.
"""
