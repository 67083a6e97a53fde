"""`luyue address …`: standardising the addresses of any file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.cli.base import AsJson, group, out, print_result, say

address = group("address", "Chinese addresses: standardise those of any file.")


@address.command()
def normalise(
    *,
    input_file: Annotated[Path, typer.Option("--input", help="CSV (UTF-8, GB18030, …), XLSX or Parquet.")],
    column: Annotated[str, typer.Option(help="The column that holds the addresses.")],
    output: Annotated[Path, typer.Option(help="File to write: .csv, .tsv, .xlsx or .parquet.")],
    infer_town: Annotated[
        bool, typer.Option("--infer-town/--no-infer-town", help="A town alone may name its district.")
    ] = True,
    province: Annotated[str | None, typer.Option(help="Column of the province, as evidence.")] = None,
    city: Annotated[str | None, typer.Option(help="Column of the city, as evidence.")] = None,
    district: Annotated[str | None, typer.Option(help="Column of the district, as evidence.")] = None,
    town: Annotated[str | None, typer.Option(help="Column of the town or street, as evidence.")] = None,
    as_json: AsJson = False,
) -> None:
    """Standardise a column of addresses: every row and column kept, what was found beside it."""
    from dagster_project.lib.address_files import normalise_file

    evidence = {"province": province, "city": city, "district": district, "town": town}
    done = normalise_file(input_file, column, output, evidence, infer_town, progress=_progress)
    for notice in done.notices:
        say(f"{'address':<10} {notice}")
    if as_json:
        print_result(asdict(done), as_json)
    else:
        methods = ", ".join(f"{name} {count}" for name, count in done.methods.items())
        speed = f"{done.seconds} s, {done.rows_per_second} rows a second"
        out(f"{done.output}: {done.rows} rows, {done.placed} placed ({methods}) in {speed}")


def _progress(rows: int, total: int | None, seconds: float) -> None:
    of = f" of {total}" if total else ""
    say(f"{'address':<10} {rows}{of} rows, {round(rows / seconds)} a second")


@address.command()
def evaluate(
    *,
    gold: Annotated[Path, typer.Option(help="CSV, XLSX or Parquet: addresses with their truth.")],
    column: Annotated[str, typer.Option(help="The column that holds the addresses.")] = "address",
    peers: Annotated[bool, typer.Option("--peers/--no-peers", help="Score other packages, too.")] = True,
    as_json: AsJson = False,
) -> None:
    """Score against known truth, beside cpca, jionlp and addressparser: by level, error class and field.

    The truth is any of the columns adcode, province, city, district, town, road, road_no, building, unit,
    floor, room; kind names the error class.
    """
    from dagster_project.lib.address_files.scoring import score_file
    from identity.addresses.evaluate import lines

    result = score_file(gold, column, peers)
    if as_json:
        print_result(result, as_json)
    else:
        out(*lines(result))


@address.command()
def noise(
    *,
    output: Annotated[Path, typer.Option(help="File to write: .csv, .tsv, .xlsx or .parquet.")],
    each: Annotated[int, typer.Option(min=1, help="Rows of every kind of noise.")] = 100,
    seed: Annotated[int, typer.Option(help="The same seed gives the same rows.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Write simulated addresses of some eighty kinds of noise with their truth, for `evaluate --gold`."""
    from dagster_project.lib.address_files.scoring import write_noise

    rows = write_noise(output, each, seed)
    print_result({"output": str(output), "rows": rows}, as_json)
