"""The `luyue` command: options, and which library function each command calls. No work is done here.

Nothing heavy is imported at the start; `luyue --help` answers in a fraction of a second.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from dagster_project import settings as settings_module
from dagster_project.lib.errors import LuyueError, is_for_people

app = typer.Typer(
    name="luyue",
    help="Luyue (履约): one customer, one order, one promise, one stock figure, and the trust in each.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
quarantine = typer.Typer(name="quarantine", help="What was refused, and why.", no_args_is_help=True)
app.add_typer(quarantine)

Data = Annotated[Path | None, typer.Option("--data", help="Data folder (LUYUE_DATA, else data/).")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON, last, on standard output.")]


class Target(StrEnum):
    """Engines that the dbt models run on."""

    duckdb = "duckdb"


@app.command()
def demo(
    *,
    out: Annotated[Path, typer.Option(help="Folder to write landing/ and truth/ into.")],
    orders: Annotated[int | None, typer.Option(min=1, help="Channel orders.")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Days that the merchant is simulated.")] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same files.")] = None,
    start: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write a simulated merchant's exports to OUT/landing, and the truth to OUT/truth."""
    from dagster_project import demo as merchant

    options = {"orders": orders, "days": days, "seed": seed, "start": start.date() if start else None}
    given: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    try:
        result = merchant.generate(out, progress=lambda step: _say(f"{'demo':<10} {step}"), **given)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    _print_result(result, as_json)


@app.command()
def run(
    *,
    landing: Annotated[Path | None, typer.Option(help="Exports (LUYUE_LANDING, else DATA/landing).")] = None,
    data: Data = None,
    channels: Annotated[list[Path] | None, typer.Option(help="Further contracts; repeatable.")] = None,
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

    settings = settings_module.load(
        data=data,
        landing=landing,
        channels=channels or (),
        as_of=as_of,
        target=target,
        full_refresh=full_refresh,
    )
    report = run_once(settings, say=_say, wait_seconds=wait_seconds if wait else 0)
    if not report.ran:
        _say(f"{'run':<10} nothing is new since run {report.facts['run_id']}: nothing done")
    if as_json:
        _print_result(report.facts, as_json)
    elif report.ran:
        path = publish.current(report.settings) if report.succeeded else None
        _out(*summary.run_lines(report.settings, report.facts, index.parts(path) if path else []))
    if not report.succeeded:
        reason = next(iter(report.facts["blocked"]), "a step failed")
        raise typer.Exit(_fail(f"run {report.facts['run_id']} published nothing: {reason}"))


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

    rows = refusals.listed(_existing(data), source)
    if as_json:
        _print_result(rows, as_json)
    else:
        _out(*refusals.lines(rows, limit))


@app.command()
def dashboard(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 8501,
    data: Data = None,
) -> None:
    """The dashboard on 127.0.0.1, over the published file; it never opens the warehouse."""
    from dagster_project.lib import dashboard as page

    raise typer.Exit(page.serve(_existing(data), port, say=_say))


@app.command()
def status(data: Data = None, as_json: AsJson = False) -> None:
    """What is published and how old, what the last run did, who is writing, whether a run is due."""
    from dagster_project.lib import status as state

    facts = state.facts(_existing(data), now=datetime.now())
    if as_json:
        _print_result(facts, as_json)
    else:
        _out(*state.lines(facts))


@app.command()
def rollback(
    data: Data = None,
    to: Annotated[str | None, typer.Option(help="Version to go back to: a run id or file name.")] = None,
    as_json: AsJson = False,
) -> None:
    """Publish the version before the current one again; the next run that publishes goes forward."""
    from dagster_project.lib import lock, publish

    settings = _existing(data)
    with lock.hold(settings.lock_file, wait_seconds=0):
        path = publish.rollback(settings, to)
    _print_result({"published": path.name}, as_json)


def main() -> None:
    """Entry point: errors meant for people become one line and exit code 1, others keep their traceback."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(_fail("interrupted; the next run does what was left"))
    except Exception as error:
        if not is_for_people(error):
            raise
        sys.exit(_fail(" ".join(str(error).split())))


def _existing(data: Path | None) -> settings_module.Settings:
    """Settings of a data folder that must be there: a mistyped one is not made."""
    settings = settings_module.load(data=data)
    if not settings.data.is_dir():
        raise LuyueError(f"{settings.data}: no such data folder; name it with --data")
    return settings


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _out(*lines: str) -> None:
    print("\n".join(lines), flush=True)


def _print_result(result: Any, as_json: bool) -> None:  # noqa: ANN401 (whatever JSON can hold)
    if as_json:
        _out(json.dumps(result, ensure_ascii=False, indent=2, default=str))
    else:
        _out(*(f"{name:<13} {value}" for name, value in result.items()))


def _fail(text: str) -> int:
    _say(f"luyue: {text}")
    return 1
