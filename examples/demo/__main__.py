"""The demo: kaibi's real commands on a sample site, mailed to a real SMTP server, all on this machine.

``python -m examples.demo`` serves ten weeks of made-up news, crawls and reads them, prints a line a
week, writes the last week's digest to files, mails it, and shows that sending again mails nothing.
Exit status 0, or 1 with the command that failed and what it said.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller

from examples.demo.sample_site import RECIPIENTS, WRITTEN_BY, SampleSite, config_text
from examples.demo.sample_texts import ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.weeks import Week

_MADE = ("kaibi.db*", "config.toml", "digest.html", "digest.txt", "digest.eml")
"""What a run leaves in the demo's folder, and the next one removes."""
_FILES = {"html": "digest.html", "text": "digest.txt", "eml": "digest.eml"}
"""What ``kaibi digest preview`` writes: its option, and the file in the demo's folder."""
_VERDICTS = {
    "clear": ("变化明确", "a clear change"),
    "no_clear_change": ("变化不明确", "no clear change"),
    "too_few": ("表态太少，不作判断", "too few votes to tell"),
}
_LABELS = {
    "zh": {"open": "开源", "closed": "闭源", "mixed": "两可", "neutral": "中立"},
    "en": {"open": "open", "closed": "closed", "mixed": "mixed", "neutral": "neutral"},
}


class DemoFailed(Exception):  # noqa: N818 - it is told to the user, not raised at a caller
    """The demo stopped; ``str()`` says which command failed and what it said."""


class Mailbox:
    """An SMTP handler that keeps what it was given: (recipient, bytes), in order of arrival."""

    def __init__(self) -> None:
        """Start empty."""
        self.mails: list[tuple[str, bytes]] = []

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: ARG002, N802 - aiosmtpd's call
        """Keep the mail once for each recipient of its envelope."""
        self.mails += [(recipient, envelope.content) for recipient in envelope.rcpt_tos]
        return "250 kept"


@dataclass(frozen=True, kw_only=True, slots=True)
class Kaibi:
    """The real command, with the demo's config."""

    program: Path
    config: Path

    def run(self, *arguments: str) -> str:
        """Return the command's standard output; DemoFailed if its exit status is not 0."""
        command = [str(self.program), "--config", str(self.config), *arguments]
        environment = os.environ | {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "PYTHONUTF8": "1"}
        try:
            ended = subprocess.run(  # noqa: S603 - our own command
                command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False
            )
        except OSError as error:
            raise DemoFailed(f"{self.program}: {error.strerror} - run `make .venv` first") from error
        if ended.returncode:
            said = ended.stderr.strip() or ended.stdout.strip() or "(it said nothing)"
            raise DemoFailed(f"kaibi {' '.join(arguments)}: exit status {ended.returncode}\n{said}")
        return ended.stdout


@dataclass(frozen=True, kw_only=True, slots=True)
class Teller:
    """Says a line in Chinese, in English, or in both."""

    language: str
    """``zh``, ``en`` or ``both``."""

    def say(self, chinese: str, english: str) -> None:
        """Print the line at once."""
        lines = {"zh": [chinese], "en": [english], "both": [chinese, english]}[self.language]
        print("\n".join(lines), flush=True)


def main() -> int:
    """Run the demo as the command line asks; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m examples.demo", description="kaibi on a sample site")
    parser.add_argument("--folder", type=Path, default=Path("demo"), help="where the files go (default: demo)")
    parser.add_argument("--lang", choices=("zh", "en", "both"), default="both", help="language of what is said")
    options = parser.parse_args()
    teller = Teller(language=options.lang)
    try:
        with SampleSite(today=datetime.now(ZONE).date()) as site, _smtp_server() as (mailbox, port):
            kaibi = _fresh(options.folder, site, port)
            _show(kaibi, site, mailbox, teller)
    except DemoFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


@contextmanager
def _smtp_server() -> Iterator[tuple[Mailbox, int]]:
    """Give a mailbox and the port of 127.0.0.1 whose SMTP server fills it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox, port
    finally:
        controller.stop()


def _fresh(folder: Path, site: SampleSite, port: int) -> Kaibi:
    """Clear what an earlier run left in ``folder`` and write the config."""
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "config.toml"
    left = [path for pattern in _MADE for path in folder.glob(pattern)]
    if left and not (config.exists() and config.read_text(encoding="utf-8").startswith(WRITTEN_BY)):
        raise DemoFailed(f"{left[0]} was not made by the demo - name another folder with --folder")
    for path in left:
        path.unlink()
    config.write_text(config_text(site, folder=folder, smtp_port=port), encoding="utf-8")
    return Kaibi(program=Path(sys.executable).parent / "kaibi", config=config)


def _show(kaibi: Kaibi, site: SampleSite, mailbox: Mailbox, teller: Teller) -> None:
    count = len(site.articles)
    teller.say(f"示例站点：六家媒体，{count} 篇文章。", f"Sample site: six outlets, {count} articles.")
    teller.say("采集中(kaibi crawl)……", "Crawling (kaibi crawl) ...")
    kaibi.run("crawl")
    teller.say("阅读中(kaibi analyse)……", "Reading (kaibi analyse) ...")
    kaibi.run("analyse")
    teller.say("各周周报(kaibi digest preview):", "The weeks' digests (kaibi digest preview):")
    digests = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for digest in pool.map(partial(_digest, kaibi), site.weeks):
            digests.append(digest)
            print(_week_line(digest, "zh" if teller.language == "zh" else "en"), flush=True)
    last = site.weeks[-1]
    _write_digest(kaibi, last)
    _send_twice(kaibi, last, mailbox, teller)
    _sum_up(digests, kaibi.config.parent, mailbox, teller)


def _digest(kaibi: Kaibi, week: Week) -> dict[str, Any]:
    digest: dict[str, Any] = json.loads(kaibi.run("digest", "preview", "--week", str(week), "--json"))
    return digest


def _week_line(digest: dict[str, Any], language: str) -> str:
    coverage, chinese = digest["coverage"], language == "zh"
    count = (
        f"{coverage['articles']:3d} 篇文章 {coverage['statements']:3d} 条表态"
        if chinese
        else f"{coverage['articles']:3d} articles {coverage['statements']:3d} statements"
    )
    votes = "  ".join(
        f"{_LABELS[language][stance]} {digest['votes'].get(stance, 0):2d}" for stance in _LABELS[language]
    )
    shares = "  " + _shares(digest, language) if digest["shares"] else ""
    turned = f"  ↻ {_turned(digest, language)}" if digest["turns"] else ""
    return f"  {digest['week']} {count}  {votes}{shares}{turned}"


def _shares(digest: dict[str, Any], language: str) -> str:
    labels = _LABELS[language]
    return " ".join(f"{labels[side]} {100 * share['share']:.0f}%" for side, share in digest["shares"].items())


def _turned(digest: dict[str, Any], language: str) -> str:
    labels = _LABELS[language]
    comma = "、" if language == "zh" else ", "
    return comma.join(f"{turn['actor']} ({labels[turn['from']]} → {labels[turn['to']]})" for turn in digest["turns"])


def _write_digest(kaibi: Kaibi, week: Week) -> None:
    folder = kaibi.config.parent
    files = [part for kind, name in _FILES.items() for part in (f"--{kind}", str(folder / name))]
    kaibi.run("digest", "preview", "--week", str(week), *files)
    missing = [name for name in _FILES.values() if not (folder / name).is_file()]
    if missing:
        raise DemoFailed(f"kaibi digest preview: it ended well but wrote no {', '.join(missing)} into {folder}")


def _send_twice(kaibi: Kaibi, week: Week, mailbox: Mailbox, teller: Teller) -> None:
    kaibi.run("digest", "send", "--week", str(week))
    received = Counter(recipient for recipient, _ in mailbox.mails)
    if received != Counter(RECIPIENTS):
        raise DemoFailed(
            f"kaibi digest send: every recipient should have one mail, but the server got {dict(received)}"
        )
    kaibi.run("digest", "send", "--week", str(week))
    if len(mailbox.mails) != len(RECIPIENTS):
        raise DemoFailed("kaibi digest send: sent again, it mailed again")
    teller.say(
        f"{week} 的周报已寄出：每位收件人恰好一封；再寄一次，没有重复。",
        f"The digest of {week} was mailed: one to each recipient; sending again mailed nothing.",
    )


def _sum_up(digests: list[dict[str, Any]], folder: Path, mailbox: Mailbox, teller: Teller) -> None:
    articles = sum(digest["coverage"]["articles"] for digest in digests)
    statements = sum(digest["coverage"]["statements"] for digest in digests)
    last = digests[-1]
    change = last["change"]
    chinese, english = _VERDICTS[change["verdict"]]
    teller.say(f"共读 {articles} 篇文章，{statements} 条表态。", f"Read: {articles} articles, {statements} statements.")
    teller.say(
        f"上周：{_shares(last, 'zh')}；与前四周相比，{_LABELS['zh'][change['side']]} {change['points']:+.0f} 个百分点（{chinese}）。",
        f"Last week: {_shares(last, 'en')}; against the four weeks before, {change['side']} {change['points']:+.0f} points ({english}).",
    )
    teller.say(f"转向：{_turned(last, 'zh') or '无'}", f"Turned: {_turned(last, 'en') or 'nobody'}")
    for recipient, mail in mailbox.mails:
        print(f"  ✉ {recipient}: {message_from_bytes(mail, policy=policy.default)['subject']}")
    teller.say(
        f"周报在 {folder / 'digest.html'} 和 {folder / 'digest.eml'}",
        f"See {folder / 'digest.html'} and {folder / 'digest.eml'}",
    )


if __name__ == "__main__":
    sys.exit(main())
