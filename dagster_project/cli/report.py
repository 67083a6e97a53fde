"""`luyue report`: the static quality report."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.cli.base import AsJson, Channels, Data, app, existing, print_result


@app.command()
def report(
    *,
    out: Annotated[Path, typer.Option(help="Folder to write the report into.")],
    data: Data = None,
    channels: Channels = None,
    owner: Annotated[str | None, typer.Option(help="Only what this owner answers for.")] = None,
    as_json: AsJson = False,
) -> None:
    """A static report that opens without a server: HTML (zh, en), CSV and XLSX; values masked."""
    from dagster_project.lib.report import writing

    files = writing.write(existing(data, channels), out, now=datetime.now(), owner=owner)
    if as_json:
        print_result({"open": str(files[0]), "files": [str(path) for path in files]}, as_json)
    else:
        print_result({"written": f"{len(files)} files", "open": files[0]}, as_json)
