"""The reading engine: who says what in a text, and which side they take. Pure: no I/O but its own data files."""
