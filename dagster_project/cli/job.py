"""`luyue demo` and `luyue run`: the exports of a simulated merchant, and one complete run over a folder."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from dagster_project import settings as settings_module
from dagster_project.cli.base import AsJson, Channels, Data, app, fail, must_exist, out, print_result, say


class Target(StrEnum):
    """Engines that the dbt models run on."""

    duckdb = "duckdb"


@app.command()
def demo(
    *,
    out: Annotated[Path, typer.Option(help="Folder to write landing/, truth/ and oms/ into.")],
    orders: Annotated[int | None, typer.Option(min=1, help="Channel orders.")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Days that the merchant is simulated.")] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same files.")] = None,
    start: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write a simulated merchant's exports to OUT/landing, the truth to OUT/truth, the keys of its order
    system to OUT/oms."""
    from dagster_project import demo as merchant
    from dagster_project.demo import order_system

    options = {"orders": orders, "days": days, "seed": seed, "start": start.date() if start else None}
    given: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    try:
        result = merchant.generate(out, progress=lambda step: say(f"{'demo':<10} {step}"), **given)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    order_system.write(out)
    print_result(result, as_json)


@app.command()
def run(
    *,
    landing: Annotated[Path | None, typer.Option(help="Exports (LUYUE_LANDING, else DATA/landing).")] = None,
    data: Data = None,
    channels: Channels = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d %H:%M:%S"], help="Cut-off; by default the newest export time."),
    ] = None,
    target: Annotated[Target, typer.Option(help="Engine.")] = Target.duckdb,
    full_refresh: Annotated[bool, typer.Option("--full-refresh", help="Rebuild all from the lake.")] = False,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait while another process writes.")] = True,
    wait_seconds: Annotated[float | None, typer.Option(min=0, help="Wait no longer than this.")] = None,
    as_json: AsJson = False,
) -> None:
    """One complete run: read, standardise, link, build, check, publish. Nothing new: says so and ends."""
    from dagster_project.lib import index, publish, summary
    from dagster_project.lib.run import run as run_once

    must_exist("--channels", channels)
    must_exist("--landing", [landing] if landing else None)
    settings = settings_module.load(
        data=data,
        landing=landing,
        channels=channels or (),
        as_of=as_of,
        target=target,
        full_refresh=full_refresh,
    )
    report = run_once(settings, say=say, wait_seconds=wait_seconds if wait else 0)
    if not report.ran:
        say(f"{'run':<10} nothing is new since run {report.facts['run_id']}: nothing done")
    if as_json:
        print_result(report.facts, as_json)
    elif report.ran:
        path = publish.current(report.settings) if report.succeeded else None
        out(*summary.run_lines(report.settings, report.facts, index.parts(path) if path else []))
    if not report.succeeded:
        reason = next(iter(report.facts["blocked"]), "a step failed")
        raise typer.Exit(fail(f"run {report.facts['run_id']} published nothing: {reason}"))
