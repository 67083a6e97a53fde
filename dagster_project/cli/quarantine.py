"""`luyue quarantine …`: what was refused and why, one row of it, and taking files again after mending."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.cli.base import AsJson, Channels, Data, existing, group, out, print_result, say

quarantine = group("quarantine", "What was refused, and why; replaying it once the cause is mended.")

Source = Annotated[str | None, typer.Option(help="Only this source.")]
File = Annotated[str | None, typer.Option(help="Only this file: its path in landing/, its name or batch id.")]


class By(StrEnum):
    """What refusals are counted by."""

    source = "source"
    file = "file"
    reason = "reason"


@quarantine.command("list")
def list_refused(
    *,
    data: Data = None,
    channels: Channels = None,
    source: Source = None,
    file: File = None,
    reason: Annotated[str | None, typer.Option(help="Only this reason code.")] = None,
    by: Annotated[By | None, typer.Option(help="Count instead of listing.")] = None,
    only_open: Annotated[bool, typer.Option("--open", help="Leave out what a later file replaced.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Rows to print; --json prints all.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Rows and files that were refused: source, file, line, column, reason; values masked."""
    from dagster_project.lib.quarantine import entries

    settings = existing(data, channels)
    told = entries.entries(settings, source=source, file=file, reason=reason, only_open=only_open)
    if by is not None:
        counts = entries.counted(told, by)
        if as_json:
            print_result(counts.to_dicts(), as_json)
        else:
            out(*entries.counted_lines(counts, entries.BY[by]))
    elif as_json:
        print_result(told.to_dicts(), as_json)
    else:
        out(*entries.lines(told, limit))


@quarantine.command()
def show(
    wanted: Annotated[str, typer.Argument(metavar="ID|FILE[:LINE]", help="As `quarantine list` names it.")],
    *,
    data: Data = None,
    channels: Channels = None,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Show the cells unmasked; needs --reason.")
    ] = False,
    reason: Annotated[str | None, typer.Option(help="Why they are revealed; it is written down.")] = None,
    as_json: AsJson = False,
) -> None:
    """One refused row or file: its cells (masked), why it was refused, and how to mend it."""
    from dagster_project.lib.quarantine import showing

    if reveal and not (reason and reason.strip()):
        raise typer.BadParameter("--reveal needs --reason TEXT, which is kept with the record of it")
    shown = showing.show(existing(data, channels), wanted, reason if reveal else None)
    if as_json:
        print_result(shown, as_json)
    else:
        out(*showing.lines(shown))


@quarantine.command()
def replay(
    *,
    data: Data = None,
    landing: Annotated[Path | None, typer.Option(help="Exports (LUYUE_LANDING, else DATA/landing).")] = None,
    channels: Channels = None,
    source: Source = None,
    file: File = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Files without refusals too, where their contract has changed.")
    ] = False,
    accept_fewer: Annotated[
        bool,
        typer.Option("--accept-fewer", help="Replace a file even if fewer of its rows are accepted now."),
    ] = False,
    rehearse: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen; write nothing.")
    ] = False,
    wait_seconds: Annotated[float, typer.Option(min=0, help="Wait this long for another writer.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Take refused files again whose contract was mended. Nothing doubles; the next `luyue run` is then due.

    A mended file needs no replay: put into landing/, it is new content, and `luyue run` takes it.
    """
    from dagster_project.lib import lock
    from dagster_project.lib.ingest.retake import retake
    from dagster_project.lib.quarantine import replaying
    from dagster_project.lib.vault_store import key_of

    settings = existing(data, channels, landing)
    with lock.hold(settings.lock_file, wait_seconds=wait_seconds, say=say):
        ids = replaying.chosen(settings, source=source, file=file, everything=everything)
        if not ids:
            results = []
        elif rehearse:
            results = replaying.rehearse(settings, ids, key_of(settings), allow_fewer=accept_fewer)
        else:
            results = retake(settings, ids, key_of(settings), allow_fewer=accept_fewer, progress=_progress)
    if as_json:
        print_result([asdict(result) for result in results], as_json)
    else:
        out(*replaying.lines(results, rehearsed=rehearse))
    if any(result.outcome == "retaken" for result in results) and not rehearse:
        say("the marts follow with the next `luyue run`")


def _progress(done: int, files: int, name: str) -> None:
    if done == files or done % max(files // 10, 1) == 0:
        say(f"{'replay':<10} {done} of {files} files, {name}")
