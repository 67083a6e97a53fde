"""A scratch warehouse that looks like the present one: each relation there is a view on it, opened read-only.

dbt then builds the models that hang on a changed rule in it, and finds all others as they stand
(docs/decisions/0015). Which models those are is in selecting.py.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

PRESENT = "present"
"""What the present warehouse is called inside the scratch one; a hook of dbt_project.yml attaches it, too."""
SCHEMAS = ("reference", "lake", "staging", "touched", "intermediate", "marts")


def opened(scratch: Path, warehouse: Path) -> duckdb.DuckDBPyConnection:
    """A connection to the scratch file with the present warehouse attached. The caller closes it."""
    import duckdb

    connection = duckdb.connect(str(scratch))
    connection.execute("set preserve_insertion_order = false")
    connection.execute(f"attach {_literal(str(warehouse))} as {PRESENT} (read_only)")
    return connection


def basis(warehouse: Path) -> str:
    """What the last build of a warehouse rested on besides exports (macro increment_basis)."""
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.execute("select basis from increments.settled").fetchall()
    return str(found[0][0]) if found else ""


def mirror(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes a view for each table of the present warehouse, and each of its views again over these.

    A view holds the text that dbt gave it, with the names of relations in it: both files are called alike, so
    the text means the scratch one's relations here.
    """
    for schema in SCHEMAS:
        connection.execute(f"create schema if not exists {schema}")
    tables = connection.execute(
        f"select schema_name, table_name from duckdb_tables() where database_name = '{PRESENT}' "
        "and schema_name in (select unnest(?)) and not internal",
        [list(SCHEMAS)],
    ).fetchall()
    for schema, name in tables:
        relation = f"{schema}.{_quoted(name)}"
        connection.execute(f"create view {relation} as from {PRESENT}.{relation}")
    views = connection.execute(
        f"select sql from duckdb_views() where database_name = '{PRESENT}' "
        "and schema_name in (select unnest(?)) and not internal order by view_oid",
        [list(SCHEMAS)],
    ).fetchall()
    _create_all(connection, [sql for (sql,) in views])


def release(connection: duckdb.DuckDBPyConnection, names: Collection[str]) -> None:
    """Takes away the views of models and seeds that dbt is to build."""
    found = connection.execute(
        "select schema_name, view_name from duckdb_views() "
        "where database_name = current_database() and not internal and view_name in (select unnest(?))",
        [list(names)],
    ).fetchall()
    for schema, name in found:
        connection.execute(f"drop view {schema}.{_quoted(name)}")


def _create_all(connection: duckdb.DuckDBPyConnection, statements: list[str]) -> None:
    """Views that read each other, in whatever order they come. One that reads rows of an increment cannot be
    made; it is a slice, and built where it is read."""
    import duckdb

    waiting, is_more = statements, True
    while waiting and is_more:
        left = []
        for statement in waiting:
            try:
                connection.execute(statement)
            except duckdb.CatalogException:
                left.append(statement)
        is_more = len(left) < len(waiting)
        waiting = left


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
