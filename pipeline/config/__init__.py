"""Reading, checking, editing, showing and starting ``config.toml``.

Keeps to itself how TOML is read and where in the file each mistake stands; everybody else gets
``Settings`` as values, or a ``ConfigError`` whose problems are lines to print.
"""
