"""The steps: each a function from what it needs - the clock too - to a record of what it did.

Every step reads what the one before has committed and commits its own result, so it can be killed and run again.
"""
