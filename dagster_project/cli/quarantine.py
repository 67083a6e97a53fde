"""`luyue quarantine …`: what was refused, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from dagster_project.cli.base import AsJson, Data, existing, group, out, print_result

quarantine = group("quarantine", "What was refused, and why.")


@quarantine.command("list")
def quarantine_list(
    *,
    data: Data = None,
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Rows to print, the newest; --json prints all.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Rows and files that were refused: source, file, line, column, reason; values masked."""
    from dagster_project.lib import refusals

    rows = refusals.listed(existing(data), source)
    if as_json:
        print_result(rows, as_json)
    else:
        out(*refusals.lines(rows, limit))
