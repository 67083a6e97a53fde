"""All marts in a hand-made published file: what a test did not write itself is there, empty, as its contract
says.

So a page that reads another mart is served by the same file.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

MARTS = Path(__file__).resolve().parents[2] / "dbt" / "models" / "marts"


@cache
def contracts() -> dict[str, dict[str, str]]:
    """Mart → column → type, from the models' contracts."""
    import yaml

    found: dict[str, dict[str, str]] = {}
    for path in sorted(MARTS.rglob("_*__models.yml")):
        for model in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader).get("models", []):
            found[model["name"]] = {c["name"]: c["data_type"] for c in model["columns"]}
    return found


def complete(con: duckdb.DuckDBPyConnection) -> None:
    """Adds to the schema `marts` every mart, and every column of one, that is not there yet."""
    there = con.execute(
        "select table_name, list(column_name) from duckdb_columns() where schema_name = 'marts' group by 1"
    ).fetchall()
    known = {table: set(columns) for table, columns in there}
    for table, columns in contracts().items():
        if table not in known:
            told = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            con.execute(f"create table marts.{table} ({told})")
        for name, kind in columns.items():
            if table in known and name not in known[table]:
                con.execute(f'alter table marts.{table} add column "{name}" {kind}')
