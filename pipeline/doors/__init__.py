"""How people and clocks get in: the command line and the daemon.

Keeps to itself options, exit statuses, tables and progress bars. The doors decide nothing about the
debate: they ask the steps, and say what came of it.
"""
