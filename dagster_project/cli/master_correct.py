"""`luyue master correct|approve|revoke|list|export`: corrections of single values of master data."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.cli.base import AsJson, Data, existing, out, print_result
from dagster_project.cli.master import Limit, master, show, told_of

Why = Annotated[str, typer.Option("--why", help="The reason, which is kept with it.")]
Ids = Annotated[list[str], typer.Argument(help="Corrections, as `list` names them.")]
_TIME = ["%Y-%m-%d", "%Y-%m-%d %H:%M:%S"]


@master.command()
def correct(
    entity: Annotated[
        str, typer.Argument(help="sku, sku_alias, warehouse, store, resource, carrier or address.")
    ],
    record_key: Annotated[
        str, typer.Argument(help="The record: key parts joined by /, then @ and its valid_from.")
    ],
    field: Annotated[str, typer.Argument(help="The column.")],
    *,
    old: Annotated[str, typer.Option("--from", help="What stands there now; empty for nothing.")],
    new: Annotated[str, typer.Option("--to", help="What should stand there; empty for nothing.")],
    why: Why,
    valid_from: Annotated[
        datetime | None,
        typer.Option(formats=_TIME, help="From which cut-off on; by default the present one."),
    ] = None,
    propose_only: Annotated[bool, typer.Option("--propose", help="Leave the approval to somebody.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Correct one value of a master record: checked now, applied by the next run; no source is changed."""
    from dagster_project.lib.stewardship import deciding

    proposal = {
        "entity": entity,
        "record_key": record_key,
        "field": field,
        "old_value": old,
        "new_value": new,
    }
    frame = deciding.as_frame([proposal])
    done = deciding.propose(
        existing(data), frame, reason=why, valid_from=valid_from, approve=not propose_only
    )
    told_of(done, as_json)


@master.command()
def approve(ids: Ids, *, data: Data = None, as_json: AsJson = False) -> None:
    """Approve proposed corrections, if they still pass; under LUYUE_FOUR_EYES=yes not one's own."""
    from dagster_project.lib.stewardship import deciding

    told_of(deciding.approve(existing(data), ids), as_json)


@master.command()
def revoke(ids: Ids, *, why: Why, data: Data = None, as_json: AsJson = False) -> None:
    """Take corrections back: the next run shows what the source says."""
    from dagster_project.lib.stewardship import deciding

    taken = deciding.revoke(existing(data), ids, reason=why)
    if as_json:
        print_result(taken.to_dicts(), as_json)
    else:
        out(f"{taken.height} revoked; the next run shows what the source says")


@master.command("list")
def list_corrections(
    *,
    data: Data = None,
    state: Annotated[list[str] | None, typer.Option(help="Only this state; repeatable.")] = None,
    entity: Annotated[str | None, typer.Option(help="Only this kind of master data.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """Corrections and their state: proposed, awaiting_run, pending, applied, retired, overtaken, missing,
    revoked."""
    from dagster_project.lib.stewardship import exporting

    told = exporting.listed(existing(data), states=state or (), entity=entity)
    columns = (
        "correction_id",
        "state",
        "entity",
        "record_key",
        "field",
        "old_value",
        "new_value",
        "approver",
    )
    show(told, columns, limit, as_json)


@master.command()
def export(
    *,
    to: Annotated[Path, typer.Option("--out", help="The CSV to write.")],
    everything: Annotated[bool, typer.Option("--all", help="Retired and revoked ones too.")] = False,
    data: Data = None,
) -> None:
    """Write the corrections that the system of record should take over, as CSV in which no formula runs."""
    from dagster_project import safe_tables
    from dagster_project.lib.stewardship import exporting

    safe_tables.write(to, exporting.csv(existing(data), everything=everything))
    out(f"written       {to}")
