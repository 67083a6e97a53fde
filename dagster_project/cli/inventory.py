"""`luyue inventory …`: proving the stock ledger, the book of any moment, what is behind a count."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from dagster_project.cli.base import AsJson, Data, existing, group, out, print_result

inventory = group("inventory", "The stock ledger: prove it, ask it for a past book, explain a count.")

Sku = Annotated[str, typer.Option(help="SKU code.")]
Warehouse = Annotated[str, typer.Option(help="Warehouse code.")]


@inventory.command()
def prove(
    *,
    full: Annotated[bool, typer.Option("--full", help="All keys and the total of every run.")] = False,
    repair: Annotated[bool, typer.Option("--repair", help="Put damaged keys right from the ledger.")] = False,
    seed: Annotated[int | None, typer.Option(help="Take the same keys again.")] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Make balances and books of counts anew from the ledger, of keys at random or of all, and compare."""
    from dagster_project.lib import inventory as stock

    proof = stock.prove(existing(data), full=full, seed=seed, repair=repair)
    if as_json:
        print_result(asdict(proof) | {"holds": proof.holds}, as_json)
    else:
        out(f"proved        {proof.keys:,} keys and {proof.counts:,} counts against the ledger")
        _each(*(f"damaged       {code} {sku}" for code, sku in proof.damaged_keys[:50]))
        _each(*(f"damaged       run {number}: not what it noted" for number in proof.damaged_runs[:50]))
        out("holds         yes" if proof.holds else "holds         no")
        if proof.is_repaired:
            out("repaired      from the ledger; the next run publishes it")
        if proof.damaged_runs:
            out("to mend       luyue run --full-refresh")
    if not proof.holds:
        raise typer.Exit(1)


@inventory.command()
def book(
    *,
    sku: Sku,
    warehouse: Warehouse,
    at: Annotated[datetime, typer.Option(help="Moment: YYYY-MM-DD HH:MM:SS.")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """The book of a SKU in a warehouse at any past moment, what occurred at that second included."""
    from dagster_project.lib import inventory as stock

    print_result(asdict(stock.book(existing(data), warehouse, sku, at)), as_json)


@inventory.command()
def explain(
    *,
    sku: Sku,
    warehouse: Warehouse,
    counted_at: Annotated[datetime | None, typer.Option(help="A count; else the newest.")] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """A count with its variance, the evidence of its cause, and the movements since the last agreement."""
    from dagster_project.lib import inventory as stock

    found = stock.explained(existing(data), warehouse, sku, counted_at)
    if as_json:
        print_result([asdict(each) for each in found], as_json)
        return
    for each in found:
        count = each.count
        out(
            f"{count['count_type']:<13} {count['counted_at']}: counted {count['counted_qty']}, "
            f"book {count['book_qty']}, variance {count['variance_qty']} "
            f"({count['status']}, {count['cause'] or 'no cause'}, {count['owner'] or 'nobody'})"
        )
        _each(
            *(
                f"  because of  {e['evidence_type']} {e['evidence_id']} {e['evidence_part'] or ''}: "
                f"{e['effect_qty']:+}"
                for e in each.evidence
            )
        )
        _each(
            *(
                f"  moved       {m['occurred_at']} {m['quantity']:+} {m['movement_type']} {m['movement_id']}"
                for m in each.movements
            )
        )


def _each(*lines: str) -> None:
    """Lines that there may be none of."""
    if lines:
        out(*lines)
