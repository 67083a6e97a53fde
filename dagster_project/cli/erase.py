"""`luyue erase`: a person is taken out of lake, vault and customers, and stays out."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.cli.base import AsJson, Data, app, existing, out, print_result, say
from dagster_project.lib.errors import LuyueError

SHOWN = 20
"""Files that are named; the receipt names all."""


@app.command()
def erase(
    *,
    customer: Annotated[str, typer.Option(help="The customer id, as `dim_customers` has it.")],
    data: Data = None,
    state: Annotated[
        Path | None, typer.Option(help="Folder of linked files (`identity link --state`) instead.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, only tell what would be done.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase a customer: personal values leave vault and lake, and no later run or file brings them back."""
    from dagster_project.lib import lock
    from dagster_project.lib.erasing import doing

    if state is not None:
        _of_files(state, customer, yes=yes, as_json=as_json)
        return
    settings = existing(data)
    if not yes:
        seen = doing.preview(settings, customer)
        if seen.was_done:
            out(f"{seen.customer_id}: erased already")
            return
        _also(seen.also)
        raise LuyueError(
            f"{seen.customer_id}: {seen.records} records would be erased for good; add --yes to do it"
        )
    with lock.hold(settings.lock_file, wait_seconds=0):
        done = doing.erase(settings, customer, say=lambda text: say(f"{'erase':<10} {text}"))
    if as_json:
        print_result(asdict(done), as_json)
        return
    if done.was_done:
        out(f"{done.customer_id}: erased already, nothing was left to do")
    out(
        f"{done.customer_id}: {done.records} records erased, {done.rows} rows cleared, {done.values} values "
        f"removed; {done.shared} values stay, other people have them too"
    )
    _also(done.also)
    if done.files:
        say(f"{len(done.files)} exports still hold the person, as they came; delete them or have them mended")
        for path in done.files[:SHOWN]:
            say(f"  {path}")
        if len(done.files) > SHOWN:
            say("  … all of them are named in the receipt, in inbox/erasures/")
    say("`luyue run` now: it publishes without this customer; until then the published file shows masks")
    say(
        "not looked through: backups, reports, files handed on, and refused rows that show no number of the "
        "person (`luyue quarantine list`)"
    )


def _of_files(state: Path, customer: str, *, yes: bool, as_json: bool) -> None:
    from dagster_project.lib.erasing import of_files

    settings = existing(state)
    if not yes:
        seen = of_files.preview(settings, customer)
        if seen.was_done:
            out(f"{seen.customer_id}: erased already")
            return
        raise LuyueError(
            f"{seen.customer_id}: {seen.records} records would be erased for good; add --yes to do it"
        )
    done = of_files.erase(settings, customer)
    if as_json:
        print_result(asdict(done), as_json)
        return
    already = ": erased already, nothing was left to do" if done.was_done else ""
    out(f"{done.customer_id}{already or f': {done.records} records erased, {done.rows} rows of files'}")
    say("not looked through: the files themselves, as they came, and what was written from them")


def _also(customers: tuple[str, ...]) -> None:
    for other in customers:
        say(f"{other}: has a part in orders of this customer; erase it, too, if it is the same person")
