"""`luyue rules …`: rule files checked, tried on history, approved, revoked and listed."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from dagster_project import settings as settings_module
from dagster_project.cli.base import (
    AsJson,
    Channels,
    Data,
    existing,
    fail,
    group,
    must_exist,
    out,
    print_result,
    say,
)  # fmt: skip

rules = group(
    "rules", "Rules as data: check a rule file, try it on history, approve it, list what is in force."
)

Kind = Annotated[str | None, typer.Option(help="Kind of rule; by default the file's name.")]


@rules.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Rule files: CSV named as its kind.")],
    *,
    kind: Kind = None,
    channels: Channels = None,
    as_json: AsJson = False,
) -> None:
    """What is wrong with rule files: a line a fault, with file, line, column and how to mend it.

    Nothing is written. Exit code 1 where there is a fault.
    """
    from dagster_project.lib.rules import checking, references

    must_exist("--channels", channels)
    settings = settings_module.load(channels=channels or ())
    known = references.all_references(settings)
    results = [checking.check_file(path, known, kind) for path in files]
    if as_json:
        print_result([result.as_json() for result in results], as_json)
    else:
        out(*(line for result in results for line in result.lines()))
    faults = sum(len(result.faults) for result in results)
    if faults:
        raise typer.Exit(fail(f"{faults} fault{'s' * (faults != 1)} in {len(results)} file(s)"))


@rules.command("try")
def try_rules(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Rule file: all rules of a kind.")],
    *,
    days: Annotated[int, typer.Option(min=1, max=3660, help="Days up to the cut-off.")] = 30,
    valid_from: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="As if it held from then; else all these days."),
    ] = None,
    kind: Kind = None,
    data: Data = None,
    channels: Channels = None,
    save: Annotated[Path | None, typer.Option("--out", help="Write the result there as JSON, too.")] = None,
    wait_seconds: Annotated[
        float | None, typer.Option(min=0, help="Wait this long for a run that is going on.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What a changed rule would have done on the last days: KPIs, orders that change side, penalties.

    What is published, and everything else in DATA, stays as it is.
    """
    from dagster_project.lib.rules.trial import telling, trying
    from dagster_project.lib.runs import write_text

    result = trying.attempt(
        existing(data, channels),
        file,
        kind=kind,
        days=days,
        valid_from=valid_from.date() if valid_from else None,
        say=say,
        wait_seconds=wait_seconds,
    )
    if save is not None:
        write_text(save, json.dumps(result, ensure_ascii=False, indent=2, default=str) + "\n")
    if as_json:
        print_result(result, as_json)
    else:
        out(*telling.lines(result))


@rules.command()
def approve(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Rule file: all rules of a kind.")
    ] = None,
    *,
    valid_from: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day on which it holds.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; it is kept, and shown beside the mark on charts.")],
    by: Annotated[str | None, typer.Option(help="Who approves; by default the account.")] = None,
    role: Annotated[str | None, typer.Option(help="Their role, which is published.")] = None,
    revoke: Annotated[str | None, typer.Option(metavar="ID", help="Take a change back instead.")] = None,
    kind: Kind = None,
    data: Data = None,
    channels: Channels = None,
    as_json: AsJson = False,
) -> None:
    """Approve the rules of a file from a day on, or take an approval back; the next `luyue run` follows.

    Days before keep their rules. A day that is past already is restated by the next run.
    """
    from dagster_project.lib.rules import approving

    settings = existing(data, channels)
    if revoke is not None:
        if file is not None or valid_from is not None:
            raise typer.BadParameter("--revoke takes back a whole change: give no FILE and no --from")
        print_result(approving.revoke(settings, revoke, reason=reason, by=by), as_json)
        return
    if file is None or valid_from is None:
        raise typer.BadParameter("give FILE and --from YYYY-MM-DD, or --revoke ID")
    told = approving.approve(
        settings,
        file,
        valid_from=valid_from.date(),
        reason=reason,
        kind=kind,
        by=by,
        role=role or approving.ROLE,
    )
    print_result(told, as_json)


@rules.command("list")
def list_rules(
    *,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Rules of this day; by default today.")
    ] = None,
    data: Data = None,
    channels: Channels = None,
    as_json: AsJson = False,
) -> None:
    """The rules in force on a day, by kind, and every change with its state, who approved it and why."""
    from dagster_project.lib.rules import approving

    told = approving.listed(existing(data, channels), (on or datetime.now()).date())
    if as_json:
        print_result(told, as_json)
    else:
        out(*approving.lines(told))


@rules.command()
def show(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="Kind of rule, e.g. default_promises.")],
    *,
    data: Data = None,
    channels: Channels = None,
) -> None:
    """All rules of a kind as a rule file, approved changes among them: a file to begin a change with."""
    from dagster_project.lib.rules import approving

    print(approving.shown(existing(data, channels), kind), end="")
