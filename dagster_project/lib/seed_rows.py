"""Rows that a merchant adds to dbt's seeds, from the folder `seeds` beside contracts of its own.

Only whether the files can be appended is told here: the macro added_rows appends them, and dbt's tests judge
them with the rest.
"""

from __future__ import annotations

import csv
from pathlib import Path

from dagster_project.lib.errors import LuyueError
from dagster_project.settings import PROJECT_ROOT, Settings

FOLDER = "seeds"
SEEDS = PROJECT_ROOT / "dbt" / FOLDER


def folders(settings: Settings) -> list[Path]:
    """The folders that hold such rows, in the order of the contracts' directories.

    Raises LuyueError where a file has not the name of a seed, or a column that the seed has not.
    """
    found = [path for path in (directory / FOLDER for directory in settings.channels) if path.is_dir()]
    for path in (file for folder in found for file in sorted(folder.glob("*.csv"))):
        _check(path)
    return found


def _check(path: Path) -> None:
    seed = SEEDS / path.name
    if not seed.is_file():
        names = ", ".join(sorted(known.stem for known in SEEDS.glob("*.csv")))
        raise LuyueError(f"{path}: there is no seed of that name; give the file one of: {names}")
    wanted, found = _header(seed), _header(path)
    if unknown := [column for column in found if column not in wanted]:
        raise LuyueError(f"{path}: {unknown} are no columns of the seed; its columns are {wanted}")
    if len(set(found)) < len(found):
        raise LuyueError(f"{path}: a column occurs twice in {found}")


def _header(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return next(csv.reader(lines), [])
    except UnicodeDecodeError as error:
        raise LuyueError(f"{path}: not UTF-8; save the file as UTF-8") from error
