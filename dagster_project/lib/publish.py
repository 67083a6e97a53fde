"""Publishing: the marts copied into a new file of their own, then the CURRENT pointer swapped; and rollback.

Whether a run may publish is decided by the run (lib/session.py): here is only how. A file that readers may
have open is never written again; a crash at any point leaves the former CURRENT in force.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib.errors import LuyueError
from dagster_project.lib.runs import sync_folder, write_text
from dagster_project.settings import KEPT_VERSIONS, Settings
from identity.vault_key import read_record

if TYPE_CHECKING:
    import duckdb

SCHEMA = "marts"
FILE_MODE = 0o640
FIRST_KEY = 1
COPIES = 2
"""Tables copied at once. DuckDB copies one table on all cores, but compresses the tail of each, and a table
below 122,880 rows, on one: with two at once neither core waits."""
SORTED_BY = dict.fromkeys(("fct_order_events", "fct_order_lines", "fct_orders"), "channel_order_id")
"""Marts that are asked for one order: written in the order of its number, its rows stand together among many
millions, and all other parts of the column are passed over by their least and greatest value."""
_PREFIX = "serve_"


def publish(settings: Settings, run_id: str) -> Path:
    """Copies the warehouse's marts to serving/serve_<run_id>.duckdb, makes it CURRENT, prunes old ones.

    Column comments are kept. Raises LuyueError if there is no mart, or a copy has not the rows of its mart.
    """
    settings.serving.mkdir(parents=True, exist_ok=True)
    target = settings.serving / f"{_PREFIX}{run_id}.duckdb"
    temporary = settings.serving / f".{target.name}.tmp"
    for leftover in settings.serving.glob(f".{_PREFIX}*.tmp*"):
        leftover.unlink()
    _copy(settings.warehouse, temporary)
    temporary.chmod(FILE_MODE)
    _sync_file(temporary)
    temporary.replace(target)
    _point_to(settings, target.name)
    _prune(settings)
    return target


def rows_in(path: Path) -> int:
    """Rows of all tables of a published file, by its catalogue."""
    import duckdb

    with duckdb.connect(str(path), read_only=True) as connection:
        counted = connection.execute("select coalesce(sum(estimated_size), 0)::bigint from duckdb_tables()")
        return int(counted.fetchall()[0][0])


def versions(settings: Settings) -> list[str]:
    """Names of the published files that are kept, oldest first."""
    return sorted(path.name for path in settings.serving.glob(f"{_PREFIX}*.duckdb"))


def current(settings: Settings) -> Path | None:
    """The published file in force, or None."""
    try:
        name = (settings.serving / "CURRENT").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    path = settings.serving / Path(name).name
    return path if name and path.exists() else None


def run_id_of(path: Path) -> str:
    """The run that published a file."""
    return path.stem.removeprefix(_PREFIX)


def rollback(settings: Settings, to: str | None = None) -> Path:
    """Makes an earlier version CURRENT: the one before, or `to` (a file name or run id). Returns its path."""
    kept = versions(settings)
    in_force = current(settings)
    if to is not None:
        wanted = [name for name in kept if to in (name, run_id_of(Path(name)))]
        if not wanted:
            raise LuyueError(f"{settings.serving}: no version {to}; kept are {', '.join(kept) or 'none'}")
        name = wanted[0]
    else:
        older = [name for name in kept if in_force is None or name < in_force.name]
        if not older:
            raise LuyueError(
                f"{settings.serving}: no version before {in_force.name if in_force else 'CURRENT'}; "
                f"kept are {', '.join(kept) or 'none'}"
            )
        name = older[-1]
    _point_to(settings, name)
    return settings.serving / name


def forget_older(settings: Settings) -> int:
    """Removes every version but the one in force; how many."""
    return _keep_only(settings, ())


def _copy(warehouse: Path, target: Path) -> None:
    import duckdb

    if not warehouse.exists():
        raise LuyueError(f"{warehouse}: there is no warehouse to publish; run `luyue run`")
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"attach {_literal(str(warehouse))} as warehouse (read_only)")
        connection.execute(f"attach {_literal(str(target))} as serving")
        connection.execute(f"create schema serving.{SCHEMA}")
        marts = _largest_first(connection)
        if not marts:
            raise LuyueError(f"{warehouse}: schema {SCHEMA} is empty; run with --full-refresh")
        with ThreadPoolExecutor(COPIES) as copies:
            list(copies.map(lambda name: _copy_table(connection.cursor(), name), marts))
        _copy_comments(connection)
        unequal = [name for name in marts if not _same_rows(connection, name)]
        if unequal:
            raise LuyueError(f"{target}: copy differs in {', '.join(unequal)}; check the disk")
        connection.execute("checkpoint serving")
        connection.execute("detach serving")


def _largest_first(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Names of the marts, views among them, so that no long copy begins when the others have ended."""
    found = connection.execute(
        "select marts.table_name from information_schema.tables as marts left join duckdb_tables() as sized "
        "on sized.database_name = marts.table_catalog and sized.schema_name = marts.table_schema "
        "and sized.table_name = marts.table_name "
        "where marts.table_catalog = 'warehouse' and marts.table_schema = ? "
        "order by sized.estimated_size desc nulls first, marts.table_name",
        [SCHEMA],
    )
    return [name for (name,) in found.fetchall()]


def _copy_table(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
    table = f"{SCHEMA}.{_quoted(name)}"
    by = f" order by {SORTED_BY[name]}" if name in SORTED_BY else ""
    cursor.execute(f"create table serving.{table} as from warehouse.{table}{by}").fetchall()


def _copy_comments(connection: duckdb.DuckDBPyConnection) -> None:
    commented = connection.execute(
        "select table_name, column_name, comment from duckdb_columns() "
        "where database_name = 'warehouse' and schema_name = ? and comment is not null",
        [SCHEMA],
    ).fetchall()
    for table, column, comment in commented:
        connection.execute(
            f"comment on column serving.{SCHEMA}.{_quoted(table)}.{_quoted(column)} is {_literal(comment)}"
        )


def _same_rows(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    table = f"{SCHEMA}.{_quoted(name)}"
    counts = connection.execute(
        f"select (select count(*) from warehouse.{table}), (select count(*) from serving.{table})"
    ).fetchall()[0]
    return bool(counts[0] == counts[1])


def _point_to(settings: Settings, name: str) -> None:
    write_text(settings.serving / "CURRENT", f"{name}\n")


def _prune(settings: Settings) -> None:
    """Removes versions beyond the last ones, and those with tokens of a key that is no longer in force.

    The first key is made within the first run, so after the moment that names its version: none is older.
    """
    record = read_record(settings.vault)
    since = record.since if record and record.version > FIRST_KEY else ""
    young = [name for name in versions(settings) if run_id_of(Path(name)) >= since]
    _keep_only(settings, young[-KEPT_VERSIONS:])


def _keep_only(settings: Settings, kept: Collection[str]) -> int:
    in_force = current(settings)
    stays = {*kept, *([in_force.name] if in_force else [])}
    gone = [name for name in versions(settings) if name not in stays]
    for name in gone:
        (settings.serving / name).unlink()
    return len(gone)


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    sync_folder(path.parent)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
