"""`luyue channel new`: the two files of a drafted contract, written and loaded back before they stay."""

from __future__ import annotations

import re
from pathlib import Path

from dagster_project.lib.channel.draft import Draft
from dagster_project.lib.channel.drafting import draft
from dagster_project.lib.channel.rendering import column_map_text, contract_text
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.ingest.contracts.folders import COLUMN_MAP_FILE, CONTRACT_FILE

_NAME = re.compile(r"^[a-z][a-z0-9_]*$")


def new_channel(
    name: str,
    file: Path,
    directory: Path,
    channels: tuple[Path, ...],
    *,
    feed: str | None = None,
    channel: str | None = None,
    force: bool = False,
) -> tuple[Path, Draft]:
    """Writes DIRECTORY/NAME/contract.yml and column_map.csv; their folder and the draft.

    Raises LuyueError for a name that no source can have, a file that is no table, and a folder that has a
    contract already (unless `force`).
    """
    if not _NAME.match(name):
        raise LuyueError(
            f"{name}: a source is named with lower-case letters, digits and _, as in my_shop_orders"
        )
    if not file.is_file():
        raise LuyueError(f"{file}: no such file; --from takes one export of the new channel")
    folder = directory / name
    there = [path for path in (folder / CONTRACT_FILE, folder / COLUMN_MAP_FILE) if path.exists()]
    if there and not force:
        raise LuyueError(f"{there[0]}: is there already; --force writes over it")
    made = draft(name, file, channels, feed, channel)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONTRACT_FILE).write_text(contract_text(made), encoding="utf-8")
    (folder / COLUMN_MAP_FILE).write_text(column_map_text(made), encoding="utf-8")
    return folder, made
