"""`luyue dashboard`, `status`, `rollback`, `warm-up`: looking at a data folder and keeping all in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer

from dagster_project.cli.base import AsJson, Data, app, existing, out, print_result, say


@app.command()
def dashboard(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 8501,
    data: Data = None,
    reveals: Annotated[
        bool, typer.Option("--reveals", help="Give it the vault's key: customer service may reveal values.")
    ] = False,
) -> None:
    """The dashboard on 127.0.0.1, over the published file; it never opens the warehouse."""
    from dagster_project.lib import dashboard as page

    settings = existing(data)
    settings = replace(settings, may_reveal=settings.may_reveal or reveals)
    raise typer.Exit(page.serve(settings, port, say=say))


@app.command()
def status(data: Data = None, as_json: AsJson = False) -> None:
    """What is published and how old, what the last run did, who is writing, whether a run is due."""
    from dagster_project.lib import status as state

    facts = state.facts(existing(data), now=datetime.now())
    if as_json:
        print_result(facts, as_json)
    else:
        out(*state.lines(facts))


@app.command()
def rollback(
    data: Data = None,
    to: Annotated[str | None, typer.Option(help="Version to go back to: a run id or file name.")] = None,
    as_json: AsJson = False,
) -> None:
    """Publish the version before the current one again; the next run that publishes goes forward."""
    from dagster_project.lib import lock, publish

    settings = existing(data)
    with lock.hold(settings.lock_file, wait_seconds=0):
        path = publish.rollback(settings, to)
    print_result({"published": path.name}, as_json)


@app.command()
def warm_up() -> None:
    """Compile what the first run on this machine would compile (20 s, once); make setup does it."""
    from dagster_project.lib import warm_up as compiling

    say(f"{'warm-up':<10} the address kernel and the dbt project")
    compiling.warm_up()
