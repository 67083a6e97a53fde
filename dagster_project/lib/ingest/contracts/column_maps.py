"""column_map.csv: which header fills which column, and the table of all headers that any contract knows.

Comparing headers is headers.py's work; a contract's other columns are told in contract.yml.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable
from pathlib import Path

from dagster_project.lib.ingest.contracts.folders import COLUMN_MAP_FILE, source_folders
from dagster_project.lib.ingest.contracts.schema import did_you_mean
from dagster_project.lib.ingest.errors import ContractError
from dagster_project.lib.ingest.readers.headers import canonical_header

FIELDS = ["column", "header", "priority"]


def read_column_map(folder: Path, columns: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Canonical headers by column, best first; empty where the folder has no map.

    UTF-8, or the GB18030 that spreadsheet programs save. Raises ContractError that names the line.
    """
    path = folder / COLUMN_MAP_FILE
    if not path.is_file():
        return {}
    lines = csv.DictReader(io.StringIO(_text(path), newline=""))
    if not set(FIELDS[:2]) <= set(lines.fieldnames or ()):
        raise ContractError(f"{path}: line 1: the first line must be {','.join(FIELDS)}")
    found: dict[str, list[tuple[float, int, str]]] = {}
    for row in lines:
        where = f"{path}: line {lines.line_num}"
        column, header = (row["column"] or "").strip(), canonical_header(row["header"] or "")
        try:
            priority = float(row.get("priority") or 1)
        except ValueError as error:
            told = f"priority {row['priority']} is no number"
            raise ContractError(f"{where}: {told}; write {','.join(FIELDS)}, lowest number first") from error
        if not column or not header:
            raise ContractError(f"{where}: not {','.join(FIELDS)}: the column or the header is empty")
        if column not in columns:
            near = did_you_mean(column, columns) or "; declare it under helpers in contract.yml, or remove it"
            raise ContractError(f"{where}: {column} is no column of the feed, nor a helper{near}")
        found.setdefault(column, []).append((priority, len(found.get(column, ())), header))
    return {column: tuple(header for _, _, header in sorted(entries)) for column, entries in found.items()}


def known_headers(channels: Iterable[Path], feed: str) -> dict[str, str]:
    """Canonical header → canonical column, from the maps of all contracts of one feed.

    Where contracts differ, the column counts that most of them say, the first by name of equals. Helpers are
    left out: they mean something in their own contract alone.
    """
    from dagster_project.lib.ingest.contracts.contract import load_contract

    votes: dict[str, dict[str, int]] = {}
    for folder in source_folders(channels).values():
        contract = load_contract(folder)
        if contract.feed.name == feed:
            for column in contract.feed.columns:
                for header in contract.headers.get(column, ()):
                    said = votes.setdefault(header, {})
                    said[column] = said.get(column, 0) + 1
    return {
        header: min(said, key=lambda column: (-said[column], column))
        for header, said in sorted(votes.items())
    }


def _text(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError as error:
            raise ContractError(f"{path}: neither UTF-8 nor GB18030; save it as UTF-8") from error
