"""`luyue channel …`: files dry-run against their contract, and contracts drafted from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dagster_project import settings as settings_module
from dagster_project.cli.base import AsJson, Channels, fail, group, must_exist, out, print_result, say

channel = group("channel", "Contracts of channels: check files against them, draft new ones.")


@channel.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE…", help="Exports; none: check the contracts alone.")
    ] = None,
    *,
    channels: Channels = None,
    source: Annotated[str | None, typer.Option(help="Their source; by default folder, then headers.")] = None,
    as_json: AsJson = False,
) -> None:
    """What `luyue run` would make of files: rows taken and refused, why, and what to add. Nothing is written.

    Exit code 1 where a file would be refused whole, or a contract cannot be used.
    """
    from dagster_project.lib.channel import checking, telling
    from dagster_project.lib.channel.results import as_json as results_as_json

    must_exist("--channels", channels)
    settings = settings_module.load(channels=channels or ())
    if not files:
        told = checking.check_contracts(settings.channels)
        if as_json:
            print_result([{"source": name, "error": error or None} for name, error in told.items()], as_json)
        else:
            out(*(f"{'error' if error else 'ok':<6} {name} {error}".rstrip() for name, error in told.items()))
        bad = sum(1 for error in told.values() if error)
        if bad:
            raise typer.Exit(fail(f"{bad} of {len(told)} contracts cannot be used"))
        return
    results = checking.check(files, settings.channels, source)
    if as_json:
        print_result([results_as_json(result) for result in results], as_json)
    else:
        out("\n\n".join("\n".join(telling.lines(result)) for result in results))
    if refused := [result for result in results if result.is_bad]:
        raise typer.Exit(fail(_why(refused[0], len(refused), len(results))))


@channel.command()
def new(
    name: Annotated[str, typer.Argument(help="The source's name: lower-case letters, digits and _.")],
    *,
    file: Annotated[Path, typer.Option("--from", help="One export of the new channel.")],
    channels: Channels = None,
    feed: Annotated[
        str | None, typer.Option(help="What its rows are; by default told by its headers.")
    ] = None,
    word: Annotated[
        str | None, typer.Option("--channel", help="The channel's name in the marts; by default NAME's.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a contract that is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Draft a contract from one export, into DIR/NAME/ (DIR: the first --channels, else ./channels)."""
    from dagster_project.lib.channel import checking, telling, writing
    from dagster_project.lib.channel.results import as_json as results_as_json

    directory = channels[0] if channels else Path("channels")
    settings = settings_module.load(channels=channels or ())
    folder, made = writing.new_channel(
        name, file, directory, settings.channels, feed=feed, channel=word, force=force
    )
    result = checking.check([file], (*settings.channels, directory.resolve()), name)[0]
    if as_json:
        print_result({"folder": str(folder), "look": made.look, "check": results_as_json(result)}, as_json)
    else:
        out(*telling.lines(result), *(f"look          {sentence}" for sentence in made.look))
        out(f"written       {folder}")
    if result.is_bad:
        say(f"edit {folder}, then: luyue channel check --source {name} --channels {directory} {file}")
        raise typer.Exit(fail(_why(result, 1, 1)))
    say(f"next: put exports into landing/{name}/, then: luyue run --channels {directory}")


def _why(result: object, bad: int, files: int) -> str:
    """The line to end with."""
    from dagster_project.lib.channel.checking import FileCheck

    assert isinstance(result, FileCheck)
    refusal = result.preview.refusal if result.preview else None
    reason = result.error or f"{result.file}: would be refused: {refusal}"
    return reason if files == 1 else f"{bad} of {files} files would be refused; first {reason}"
