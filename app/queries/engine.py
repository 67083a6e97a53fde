"""One published version opened for reading: the only place where SQL meets the file, and always under a
policy.

The file is attached under a name that nobody can know; a page's SQL finds `marts.<table>` only as a view that
holds the person's rows and columns. `guard` refuses SQL that names anything else.
"""

from __future__ import annotations

import secrets
import tempfile
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from app import published
from app.access import guard
from app.access.policy import Policy, literal, quoted, select

if TYPE_CHECKING:
    import duckdb
    import polars as pl

Parameter = str | int | date | datetime | Sequence[str] | None
MEMORY = "512MB"
"""What DuckDB may hold of one version. Queries of a page touch some columns of a few marts; the rest
spills."""
OPEN_VERSIONS = 4
"""Versions held open: as many as are kept for rollback, and the newest."""
_SALT = secrets.token_hex(16)
"""Makes the masks of keys: they cannot be recomputed, and change when the server starts anew."""


class Engine:
    """A published file and, for each policy, the views over it."""

    def __init__(self, version: published.Version) -> None:
        """Raises `UnavailableError` (missing, damaged)."""
        import duckdb

        if not version.path.is_file():
            raise published.UnavailableError("missing", version.path.name)
        self._raw = f"raw_{secrets.token_hex(8)}"
        self._name = version.path.name
        self._views: dict[Policy, tuple[str, set[str]]] = {}
        self._lock = Lock()
        self._con = duckdb.connect(
            ":memory:", config={"memory_limit": MEMORY, "temp_directory": tempfile.gettempdir()}
        )
        try:
            self._con.execute(f"attach {literal(str(version.path))} as {self._raw} (read_only)")
            self._con.execute("set enable_external_access = false")
            self.tables = self._columns()
        except duckdb.Error:
            self._con.close()
            raise published.UnavailableError("damaged", version.path.name) from None

    def rows(self, sql: str, parameters: Mapping[str, Parameter], policy: Policy) -> pl.DataFrame:
        """What `sql` gives under this policy.

        Raises `UnavailableError` (damaged; outdated where the file lacks a mart or column),
        `ForbiddenSqlError`.
        """
        import duckdb
        import polars as pl

        needed = guard.tables_of(sql)
        lacking = sorted(needed - self.tables.keys())
        if lacking:
            raise published.UnavailableError("outdated", ", ".join(lacking))
        bound = {name: list(v) if isinstance(v, tuple) else v for name, v in parameters.items()}
        with self._cursor(policy, needed) as cursor:
            try:
                return pl.DataFrame(cursor.sql(sql, params=bound).to_arrow_table())
            except (duckdb.BinderException, duckdb.CatalogException) as error:
                lacks = str(error).splitlines()[0]
                raise published.UnavailableError("outdated", lacks) from None
            except duckdb.Error:
                raise published.UnavailableError("damaged", self._name) from None

    def _cursor(self, policy: Policy, needed: frozenset[str]) -> duckdb.DuckDBPyConnection:
        """A connection of its own, in which the marts are this policy's."""
        cursor = self._con.cursor()
        with self._lock:
            if policy not in self._views:
                database = f"policy_{len(self._views)}"
                cursor.execute(f"attach ':memory:' as {database}")
                cursor.execute(f"create schema {database}.{guard.SCHEMA}")
                self._views[policy] = (database, set())
            database, made = self._views[policy]
            for table in sorted(needed - made):
                body = select(policy, f"{self._raw}.{guard.SCHEMA}", table, self.tables, _SALT)
                cursor.execute(f"create view {database}.{guard.SCHEMA}.{quoted(table)} as {body}")
                made.add(table)
        cursor.execute(f"use {database}")
        return cursor

    def _columns(self) -> dict[str, dict[str, str]]:
        rows = self._con.execute(
            "select table_name, column_name, data_type from duckdb_columns() "
            "where database_name = $raw and schema_name = $schema order by table_name, column_index",
            {"raw": self._raw, "schema": guard.SCHEMA},
        ).fetchall()
        tables: dict[str, dict[str, str]] = {}
        for table, column, kind in rows:
            tables.setdefault(table, {})[column] = kind
        return tables


_open: OrderedDict[str, Engine] = OrderedDict()
_alive: WeakValueDictionary[str, Engine] = WeakValueDictionary()
"""Engines that are open or still answer: DuckDB attaches a file once a process."""
_opening = Lock()


def of(version: published.Version) -> Engine:
    """The version's engine, shared by all sessions; the one asked for least recently is let go.

    A query that still runs on that one ends as it began, and the file is closed after it.
    """
    with _opening:
        engine = _alive.get(version.key) or Engine(version)
        _alive[version.key] = _open[version.key] = engine
        _open.move_to_end(version.key)
        while len(_open) > OPEN_VERSIONS:
            _open.popitem(last=False)
        return engine
