"""`luyue erase`: a person is taken out of lake, vault and customers, and stays out."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dagster_project.cli.base import AsJson, Data, app, existing, out, print_result, say

if TYPE_CHECKING:
    from dagster_project.lib.erasing.doing import Erased
    from dagster_project.settings import Settings

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
    preview: Annotated[bool, typer.Option("--preview", help="Only tell what would be erased.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first. Only a terminal is asked.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase a customer: personal values leave vault and lake, and no later run or file brings them back."""
    from dagster_project.lib import lock
    from dagster_project.lib.erasing import doing, of_files

    settings = existing(state or data)
    ask = not yes and sys.stdin.isatty()
    if preview or ask:
        seen = (of_files if state else doing).preview(settings, customer)
        _tell(seen, as_json=as_json and preview)
        if preview or seen.was_done or not typer.confirm("erase them?", err=True):
            return
    if state:
        _of_files(settings, customer, as_json=as_json)
        return
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


def _tell(seen: Erased, *, as_json: bool) -> None:
    """What would be erased."""
    if as_json:
        print_result(asdict(seen), as_json)
        return
    what = "erased already" if seen.was_done else f"{seen.records} records would be erased for good"
    out(f"{seen.customer_id}: {what}")
    _also(seen.also)


def _of_files(settings: Settings, customer: str, *, as_json: bool) -> None:
    from dagster_project.lib.erasing import of_files

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
