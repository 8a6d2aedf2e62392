"""``kaibi label``: a person corrects what the engine said of a statement, and takes the corrections away as labelled data."""

from __future__ import annotations

import getpass
import json
import sys
from typing import TYPE_CHECKING, Any, Final

import click

from pipeline.doors.invocation import WEEK, Group, Invocation, clock, pass_invocation
from pipeline.doors.terminal import counted, moment, print_table

if TYPE_CHECKING:
    from pipeline.settings import Debate
    from pipeline.store.statements import ListedStatement
    from pipeline.weeks import Week

_QUOTE: Final = 60
"""Characters of a quote in a list."""

_WEEK_OPTION = click.option("--week", type=WEEK, help="Of articles that count in this week, such as 2026-W47.")
_BY_OPTION = click.option("--by", metavar="NAME", help="Who says so (the system's user).")


@click.group(
    cls=Group,
    invoke_without_command=True,
    examples=(
        "kaibi label                                    the least sure statements, one by one",
        "kaibi label list --unsure --limit 20",
        "kaibi label set 611 --stance closed",
        "kaibi label export > labels.jsonl && kaibi evaluate labels.jsonl",
    ),
)
@click.pass_context
def label(ctx: click.Context) -> object:
    """Correct what was read: a statement's stance or speaker. Without a command: one by one, as walk does."""
    if ctx.invoked_subcommand is not None:
        return None
    with walk.make_context("walk", [], parent=ctx) as inner:
        return walk.invoke(inner)


@label.command(
    examples=("kaibi label walk --week 2026-W47", "kaibi label < keys.txt    the answers from a file, a line each")
)
@_WEEK_OPTION
@click.option(
    "--limit", type=click.IntRange(min=1), default=100, show_default=True, metavar="N", help="Show at most so many."
)
@_BY_OPTION
@pass_invocation
def walk(invocation: Invocation, *, week: Week | None, limit: int, by: str | None) -> None:
    """Go through the statements that take a side, the least sure first, and say of each what it is."""
    from pipeline.doors.walking import Walk

    configured = invocation.configured()
    with invocation.database(configured) as db:
        Walk(invocation, db, configured.settings.debate, by=by or _user()).go(week, limit)


@label.command(
    name="list",
    examples=(
        "kaibi label list --week 2026-W47 --stance open",
        'kaibi label list --actor "李彦宏"',
        "kaibi label list --unsure --limit 20    what takes a side and is least sure",
        "kaibi label list --corrected            what people said, the dismissed too",
    ),
)
@_WEEK_OPTION
@click.option("--actor", metavar="NAME", help="By this speaker, however the name is written.")
@click.option("--stance", metavar="S", help="A side's id, mixed or neutral.")
@click.option("--unsure", is_flag=True, help="Those that take a side and nobody corrected, the least sure first.")
@click.option("--corrected", is_flag=True, help="Those that somebody corrected.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=50, show_default=True, metavar="N", help="Show at most so many."
)
@click.option("--json", "as_json", is_flag=True, help="The same for programs, with paragraph and address.")
@pass_invocation
def list_statements(
    invocation: Invocation,
    *,
    week: Week | None,
    actor: str | None,
    stance: str | None,
    unsure: bool,
    corrected: bool,
    limit: int,
    as_json: bool,
) -> None:
    """Show statements with their numbers, the newest first."""
    from pipeline.reading.identity import WhoIsWho
    from pipeline.steps.label import stance_of
    from pipeline.store import statements

    if unsure and corrected:
        raise click.UsageError("--unsure is what nobody corrected and --corrected what somebody did - give one of them")
    configured = invocation.configured()
    debate = configured.settings.debate
    with invocation.database(configured) as db:
        found = statements.listed(
            db,
            span=None if week is None else (week.starts_at(debate.zone), week.ends_at(debate.zone)),
            actor_key=None if actor is None else WhoIsWho(debate).identify(actor).key,
            stance=None if stance is None else stance_of(stance, debate),
            is_unsure=unsure,
            is_corrected=corrected,
            limit=limit,
        )
    if as_json:
        click.echo(json.dumps([_as_json(one) for one in found], ensure_ascii=False, indent=2))
        return
    print_table(("id", "date", "source", "actor", "stance", "sure", "quote"), [_cells(one, debate) for one in found])
    if not found:
        invocation.say("no such statement - kaibi analyse reads articles, kaibi label list without options shows all")
    elif len(found) == limit:
        invocation.say(f"the first {limit} - --limit N shows more")


@label.command(
    name="set",
    examples=(
        "kaibi label set 611 --stance closed",
        'kaibi label set 611 --speaker "王小川" --org "百川智能" --note "the pronoun is his"',
        "kaibi label set 611 --dismiss                  it is no statement",
    ),
)
@click.argument("statement_id", metavar="ID", type=click.IntRange(min=1))
@click.option("--stance", metavar="S", help="A side's id, mixed or neutral; the same again says that it is right.")
@click.option("--speaker", metavar="NAME", help='Who says it ("author" or "作者": the article itself).')
@click.option("--org", metavar="O", help="The speaker's organisation.")
@click.option("--dismiss", is_flag=True, help="It is no statement at all.")
@click.option("--note", metavar="T", help="Why, for whoever looks at it later.")
@_BY_OPTION
@pass_invocation
def set_label(
    invocation: Invocation,
    *,
    statement_id: int,
    stance: str | None,
    speaker: str | None,
    org: str | None,
    dismiss: bool,
    note: str | None,
    by: str | None,
) -> None:
    """Correct statement ID; what you do not name stays, and counts as seen and right."""
    from pipeline.steps.label import correct, stance_of
    from pipeline.store import statements

    says_what = any(one is not None for one in (stance, speaker, org))
    if dismiss == says_what:
        raise click.UsageError(
            "--dismiss says that it is no statement - leave the others out"
            if dismiss
            else "nothing to correct - give --stance, --speaker, --org or --dismiss"
        )
    configured = invocation.configured()
    debate = configured.settings.debate
    with invocation.database(configured) as db:
        before, after = correct(
            db,
            debate,
            statement_id,
            by=by or _user(),
            now=clock(),
            stance=None if stance is None else stance_of(stance, debate),
            speaker=speaker,
            org=org,
            dismiss=dismiss,
            note=note,
        )
        copies = statements.copies_of(db, statement_id)
    click.echo(f"{statement_id}: {in_short(before)} -> {in_short(after)}: {_cut(after.evidence.quote)}")
    if copies:
        invocation.say(
            "a correction is of one article alone; the same words stand in copies of the story: "
            f"{', '.join(map(str, copies))}"
        )


@label.command(examples=("kaibi label undo 611",))
@click.argument("statement_id", metavar="ID", type=click.IntRange(min=1))
@pass_invocation
def undo(invocation: Invocation, *, statement_id: int) -> None:
    """Take back the newest correction of statement ID; the one before it, if any, is in force again."""
    from pipeline.steps import label as step
    from pipeline.store import statements

    configured = invocation.configured()
    with invocation.database(configured) as db:
        is_still_corrected = step.undo(db, configured.settings.debate, statement_id, now=clock())
        after = statements.one_listed(db, statement_id)
    if after is None:
        click.echo(f"{statement_id}: taken back; the engine finds no such statement, so it is gone")
    else:
        whose = "the correction before is in force" if is_still_corrected else "as the engine found it"
        click.echo(f"{statement_id}: {in_short(after)}, {whose}: {_cut(after.evidence.quote)}")


@label.command(name="export", examples=("kaibi label export > labels.jsonl",))
@click.option("--format", "form", type=click.Choice(("jsonl",)), default="jsonl", show_default=True, help="JSON lines.")
@pass_invocation
def export_labels(invocation: Invocation, *, form: str) -> None:
    """Print the corrections as labelled articles, which kaibi evaluate reads."""
    from pipeline.doors.jsonl import as_line
    from pipeline.doors.labelled import as_fields
    from pipeline.steps.label import labelled

    del form
    configured = invocation.configured()
    articles = statements = 0
    with invocation.database(configured) as db:
        for article in labelled(db):
            sys.stdout.write(as_line(as_fields(article)).decode())
            articles, statements = articles + 1, statements + len(article.statements)
    sys.stdout.flush()
    hint = "" if articles else " - kaibi label makes some"
    invocation.say(f"{counted(statements, 'corrected statement')} in {counted(articles, 'article')}{hint}")


def in_short(one: ListedStatement) -> str:
    """Return a statement's speaker, stance and how sure that is."""
    evidence = one.evidence
    return f"{one.speaker}: {shown_stance(one)}, {'corrected' if evidence.corrected else f'{evidence.confidence:.2f}'}"


def shown_stance(one: ListedStatement) -> str:
    """Return the stance as lists show it."""
    return "dismissed" if one.dismissed else str(one.evidence.stance)


def _cells(one: ListedStatement, debate: Debate) -> tuple[str, ...]:
    evidence = one.evidence
    return (
        str(evidence.statement_id),
        moment(evidence.published_at, debate.zone)[:10],
        evidence.source,
        evidence.actor,
        shown_stance(one),
        "person" if evidence.corrected else f"{evidence.confidence:.2f}",
        _cut(evidence.quote),
    )


def _as_json(one: ListedStatement) -> dict[str, Any]:
    evidence = one.evidence
    return {
        "id": evidence.statement_id,
        "published_at": evidence.published_at.isoformat(),
        "source": evidence.source,
        "actor": evidence.actor,
        "speaker": one.speaker,
        "org": evidence.org,
        "stance": str(evidence.stance),
        "confidence": evidence.confidence,
        "attribution": str(evidence.attribution),
        "because": list(evidence.because),
        "corrected": evidence.corrected,
        "dismissed": one.dismissed,
        "quote": evidence.quote,
        "context": evidence.context,
        "article_title": evidence.title,
        "article_url": evidence.url,
    }


def _cut(quote: str) -> str:
    words = " ".join(quote.split())
    return words if len(words) <= _QUOTE else f"{words[: _QUOTE - 1]}…"


def _user() -> str:
    """Return the system's user; a process may have none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # ImportError: Windows without USERNAME
        return "somebody"
