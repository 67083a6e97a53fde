"""One refused row or file: where it stands, why it was refused, how to mend it, and its cells, masked.

Revealing the cells takes the vault's key and a reason, and is written down before anything is shown.
"""

from __future__ import annotations

import re
from typing import Any

from dagster_project.lib import inbox
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.ingest.contracts.contract import Contract, load_contract
from dagster_project.lib.ingest.contracts.folders import source_folders
from dagster_project.lib.ingest.retake_rows import cells_of, raw_rows
from dagster_project.lib.quarantine.advice import advice
from dagster_project.lib.quarantine.entries import entries
from dagster_project.lib.quarantine.masking import masked_cells, masked_line
from dagster_project.settings import Settings

_PLACE = re.compile(r"^(?P<file>.+?)(?::(?P<line>\d+))?$")
LARGEST_LIST = 20


def show(settings: Settings, wanted: str, why: str | None = None) -> dict[str, Any]:
    """The refusal `wanted`: an id of the list, or FILE[:LINE]. `why`: reveal the cells for this reason.

    A file with several refused rows comes back with their ids. Raises LuyueError where nothing matches, or
    where cells should be revealed and there is no key.
    """
    match = _PLACE.match(wanted.strip())
    file, line = (match["file"], match["line"]) if match else (wanted, None)
    found = entries(settings, file=file)
    if line is not None:
        found = found.filter(found["source_line"] == int(line))
    if not found.height:
        raise LuyueError(f"{wanted}: nothing refused under this name; `luyue quarantine list` names what is")
    if found.height > 1:
        rows = found.select(
            "id", "source_file", "source_line", "column_name", "reason_code", "reason", "status"
        )
        return {"refused": found.height, "rows": rows.head(LARGEST_LIST).to_dicts()}
    row = found.to_dicts()[0]
    told = advice(row["reason_code"])
    return {**row, "means": told.means, "mend": told.mend, **_cells(settings, row, why)}


def lines(shown: dict[str, Any]) -> list[str]:
    """The same to read: one fact a line."""
    if "rows" in shown:
        rows = [f"{row['id']}  {row['reason_code']}: {row['reason']}" for row in shown["rows"]]
        return [*rows, f"{shown['refused']} refused; show one of them by its id"]
    cells = shown.get("cells")
    hidden = ("cells", "batch_id")
    told = [
        f"{name:<13} {value}" for name, value in shown.items() if name not in hidden and value is not None
    ]
    if isinstance(cells, dict):
        told += ["cells", *(f"  {header}: {cell}" for header, cell in cells.items())]
    elif cells is not None:
        told += ["line", f"  {cells}"]
    return told


def _cells(settings: Settings, row: dict[str, Any], why: str | None) -> dict[str, Any]:
    """`cells` of the row, masked or revealed; nothing for a whole file, or without the vault's key."""
    from identity.vault import load_or_create_key

    if row["source_line"] is None:
        return {}
    if settings.vault_key is None and not settings.vault_key_file.is_file():
        if why is not None:
            raise LuyueError(f"{settings.vault_key_file}: no vault key here; nothing can be revealed")
        return {}
    key = load_or_create_key(settings.vault_key_file, settings.vault_key, settings.vault)
    raw = raw_rows(settings, row["batch_id"], key).get(row["source_line"])
    if raw is None:
        return {}
    cells = cells_of(raw)
    if why is not None:
        inbox.append(settings, "reveals", {"what": f"quarantine {row['id']}", "reason": why})
        return {"cells": raw if cells is None else cells}
    contract = _contract(settings, row["source"])
    shown = {"cells": masked_line(raw) if cells is None else masked_cells(contract, cells)}
    if contract is None:
        return {"look": f"no contract for {row['source']} here; --channels as `luyue run` has it", **shown}
    return shown


def _contract(settings: Settings, source: str) -> Contract | None:
    folder = source_folders(settings.channels).get(source)
    return load_contract(folder) if folder else None
