"""Where contracts stand: one folder a source. Asked at every start, so nothing is read or imported here."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

CONTRACT_FILE, COLUMN_MAP_FILE = "contract.yml", "column_map.csv"


def source_folders(channels: Iterable[Path]) -> dict[str, Path]:
    """Folders with a contract, by source; a later directory replaces a source of an earlier one."""
    return {
        folder.name: folder
        for directory in channels
        if directory.is_dir()
        for folder in sorted(directory.iterdir())
        if (folder / CONTRACT_FILE).is_file()
    }
