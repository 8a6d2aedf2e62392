"""``kaibi run``: having everything done at its time."""

from __future__ import annotations

from datetime import timedelta

import click

from pipeline.doors.invocation import Command, Invocation, clock, pass_invocation


@click.command(
    cls=Command, log_level="info", examples=("kaibi run", "kaibi run --log-json --config /etc/kaibi/config.toml")
)
@click.option(
    "--tick",
    type=click.FloatRange(min=0.1, max=3600),
    default=20,
    hidden=True,
    metavar="SECONDS",
    help="From one look at what is due to the next.",
)
@pass_invocation
def run(invocation: Invocation, *, tick: float) -> None:
    """Crawl, read and mail at their times, until told to end (SIGTERM or Ctrl-C)."""
    from pipeline.config.load import read_config
    from pipeline.doors.schedule import Daemon, configured_from

    config = read_config(invocation.config_path)
    configured = configured_from(config, invocation.config_path)
    options = ["--config", str(invocation.config_path), "--log-level", invocation.log_level or "info"]
    if invocation.log_json:
        options.append("--log-json")
    with invocation.database(configured) as db:
        Daemon(db, config, configured.path, every=timedelta(seconds=tick), options=options, clock=clock).run()
