"""One published version opened for reading: the only place where SQL meets the file, and always under a
policy.

The file is attached under a name that nobody can know; a page's SQL finds `marts.<table>` only as a view that
holds the person's rows and columns. `guard` refuses SQL that names anything else.
"""

from __future__ import annotations

import secrets
import tempfile
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from app import published
from app.access import guard
from app.access.policy import Policy, literal, numbers, quoted, select
from app.access.roles import MASK

if TYPE_CHECKING:
    import duckdb
    import polars as pl

Parameter = str | int | float | Decimal | date | datetime | Sequence[str] | None
MEMORY = "512MB"
"""What DuckDB may hold of one version. Queries of a page touch some columns of a few marts; the rest
spills."""
KNOWN = 1000
"""Masked numbers that are kept, once looked up."""
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
        self._known: dict[tuple[Policy, str, str], list[str]] = {}
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

    def rows(
        self,
        sql: str,
        parameters: Mapping[str, Parameter],
        policy: Policy,
        order: tuple[str, str] | None = None,
    ) -> pl.DataFrame:
        """What `sql` gives under this policy. With `order`, a channel (empty for any) and a number as this
        person knows it, the marts hold nothing but that order.

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
        with self._marts(policy, needed, order) as cursor:
            try:
                return pl.DataFrame(cursor.sql(sql, params=bound).to_arrow_table())
            except (duckdb.BinderException, duckdb.CatalogException) as error:
                lacks = str(error).splitlines()[0]
                raise published.UnavailableError("outdated", lacks) from None
            except duckdb.Error:
                raise published.UnavailableError("damaged", self._name) from None

    @contextmanager
    def _marts(
        self, policy: Policy, needed: frozenset[str], order: tuple[str, str] | None
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection of its own, in which the marts are this policy's, or what they hold of one order.

        A masked number is looked up once among the orders. Without that, each mart would have to mask all of
        its numbers, to find the few that match.
        """
        with self._con.cursor() as cursor:
            if order is None or policy.of_role.treatment("channel_order_id") != MASK:
                cursor.execute(f"use {self._whole(cursor, policy, needed)}")
                yield cursor
                return
            only = {"channel_order_id": self._numbers(cursor, policy, order)}
            database = f"order_{secrets.token_hex(8)}"
            self._begin(cursor, database)
            try:
                self._show(cursor, database, policy, needed, only)
                cursor.execute(f"use {database}")
                yield cursor
            finally:
                cursor.execute("use memory")
                cursor.execute(f"detach {database}")

    def _whole(self, cursor: duckdb.DuckDBPyConnection, policy: Policy, needed: frozenset[str]) -> str:
        """The database with the views of this policy."""
        with self._lock:
            if policy not in self._views:
                database = f"policy_{len(self._views)}"
                self._begin(cursor, database)
                self._views[policy] = (database, set())
            database, made = self._views[policy]
            self._show(cursor, database, policy, needed - made)
            made |= needed
        return database

    def _begin(self, cursor: duckdb.DuckDBPyConnection, database: str) -> None:
        cursor.execute(f"attach ':memory:' as {database}")
        cursor.execute(f"create schema {database}.{guard.SCHEMA}")

    def _show(
        self,
        cursor: duckdb.DuckDBPyConnection,
        database: str,
        policy: Policy,
        tables: Collection[str],
        only: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        for table in sorted(tables):
            body = select(policy, f"{self._raw}.{guard.SCHEMA}", table, self.tables, _SALT, only)
            cursor.execute(f"create view {database}.{guard.SCHEMA}.{quoted(table)} as {body}")

    def _numbers(
        self, cursor: duckdb.DuckDBPyConnection, policy: Policy, order: tuple[str, str]
    ) -> list[str]:
        """The numbers that this policy masks so; kept, for a page asks for one order several times."""
        key = (policy, *order)
        if key not in self._known:
            sql = numbers(policy, f"{self._raw}.{guard.SCHEMA}", self.tables, _SALT)
            asked = {"channel": order[0], "masked": order[1]}
            found = [number for (number,) in cursor.execute(sql, asked).fetchall()]
            if len(self._known) >= KNOWN:
                self._known.clear()
            self._known[key] = found
        return self._known[key]

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


def open_versions() -> frozenset[str]:
    """The keys of the versions that are held open."""
    with _opening:
        return frozenset(_open)
