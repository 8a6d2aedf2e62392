"""The referee: a language model that is asked about the statements of which the engine is unsure.

Keeps to itself how it is asked, what its server may answer, and when its word counts. Knows no database; who is
asked about what, and how often, is the step's business (``pipeline.steps.refereeing``).
"""
