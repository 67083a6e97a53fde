"""`luyue bench NAME`: a benchmark beside its peers in one run. What is measured stands in benchmarks/."""

from __future__ import annotations

from typing import Annotated

import typer

from dagster_project.cli.base import AsJson, app, out, print_result, say
from dagster_project.lib import benches


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(benches.names())}.")],
    scale: Annotated[
        float, typer.Option(min=0.0001, max=1, help="Share of the rows, for a quick look.")
    ] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Measure beside other tools, in one run: seconds, memory, and whether each bar is met."""
    module = benches.load(name)
    figures = module.run(scale, lambda text: say(f"{'bench':<10} {text}"))
    if as_json:
        print_result(figures, as_json)
    else:
        out(*module.lines(figures))
    if scale == 1 and not figures["all_met"]:
        raise typer.Exit(1)
