"""Everything that is kept, behind one door: the only room that knows SQL.

One module per noun. Each public function takes the ``Database`` and is one transaction, so a step that
is killed between two of them loses nothing and does nothing twice.
"""
