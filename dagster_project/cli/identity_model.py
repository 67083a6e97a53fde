"""`luyue identity train|promote`: versions of the model that judges pairs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dagster_project.cli.base import AsJson, Data, out, print_result, say
from dagster_project.cli.identity import State, identity, kept_in


@identity.command()
def train(
    *,
    output: Annotated[
        Path, typer.Option(help="Folder that gets the version, a folder of its own with its card.")
    ],
    input_file: Annotated[
        Path | None, typer.Option("--input", help="Records whose persons are known; else generated ones.")
    ] = None,
    truth: Annotated[
        Path | None, typer.Option(help="source_record_id and person_id of these records.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Train a new version of the model and write its card; nothing is linked by it before `promote`."""
    from dagster_project.lib.identity_files import models

    say(f"{'identity':<10} training, measuring thresholds, measuring how often each rule is right …")
    told = models.train(output, input_file, truth)
    if as_json:
        print_result(told, as_json)
        return
    figures = f"precision {told['pairwise_precision']:.4f}, recall {told['pairwise_recall']:.4f}"
    out(f"{told['folder']}: learnt from {told['pairs']} pairs, threshold {told['threshold']}, {figures}")
    out(f"its card: {told['folder']}/card.md")
    out(f"what it changes: luyue identity promote {told['folder']} --input RECORDS")


@identity.command()
def promote(
    model: Annotated[Path, typer.Argument(help="Folder of a version that `train` wrote.")],
    *,
    input_file: Annotated[
        Path,
        typer.Option("--input", help="Records to compare on, by the model in force and by this one."),
    ],
    yes: Annotated[
        bool, typer.Option("--yes", help="Put it in force; without it only the comparison.")
    ] = False,
    state: State = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Compare a version with the one in force, customer by customer, and with --yes switch to it."""
    from dagster_project.lib.identity_files import models

    folder = kept_in(state, data)[0].data
    told = models.compared(folder, input_file, model)
    promoted = models.promote(folder, model) if yes else None
    if as_json:
        print_result({**told, "promoted": promoted}, as_json)
        return
    out(f"{told['before']} customers become {told['after']}: {told['same']} stay as they are")
    out(f"merge with others: {told['merged']}, split: {told['split']}")
    out(f"records that leave the most of their customer: {told['moved_records']}")
    for row in told["examples"]:
        out(f"  {row['what']:<6} {row['record']}: {row['records']} records")
    if promoted:
        out(f"version {promoted} is in force; the next linking is done anew with it, ids are carried over")
    else:
        out("nothing was switched; --yes puts it in force")
