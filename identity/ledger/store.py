"""The ledger's file: a DuckDB database that holds tokens and ids, read and written in one transaction.

Only one process may have it open; another is told so. What is asked of the tables and why stands in the
modules beside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import polars as pl

from identity.ledger import schema, sealing
from identity.records import RECORD_SCHEMA
from identity.vault_key import VaultKey

FILE = "ledger.duckdb"
MEMORY_LIMIT = "1GB"
_VALUE = "_given"


class LedgerBusy(Exception):
    """Another process has the ledger open."""


class Ledger:
    """The ledger of one folder, open in one transaction that ends with `commit` or is undone."""

    def __init__(self, folder: Path, key: VaultKey) -> None:
        """Opens the ledger in `folder`, an empty one where there is none. LedgerBusy if it is in use."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.key = folder, key
        path = folder / FILE
        is_new = not path.exists()
        config = {"memory_limit": MEMORY_LIMIT, "threads": 2, "temp_directory": str(folder / ".spill")}
        try:
            self._db = duckdb.connect(str(path), config=config)
        except duckdb.IOException as error:
            raise LedgerBusy(f"{path}: another linking has it open; wait until it has ended") from error
        path.chmod(0o600)
        self._db.execute("begin")
        if is_new or not self._has_tables():
            for statement in schema.ddl():
                self._db.execute(statement)

    def _has_tables(self) -> bool:
        return not self.ask("select 1 from duckdb_tables() where table_name = 'record'").is_empty()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def commit(self) -> None:
        """Puts in force what was done since the ledger was opened."""
        self._db.execute("commit")
        self._db.execute("begin")

    def ask(self, query: str, values: Sequence[Any] = (), **given: pl.DataFrame) -> pl.DataFrame:
        """The answer to a query, in which the frames of `given` are tables by their names."""
        with self._given(given):
            table = self._db.sql(query, params=list(values)).to_arrow_table()
        frame = pl.from_arrow(table)
        assert isinstance(frame, pl.DataFrame)
        return frame

    def do(self, statement: str, values: Sequence[Any] = (), **given: pl.DataFrame) -> None:
        """Runs a statement that changes the ledger."""
        with self._given(given):
            self._db.execute(statement, list(values))

    def put(self, table: str, rows: pl.DataFrame) -> None:
        """Adds rows, whose columns are found by name."""
        if rows.height:
            self.do(f"insert into {table} by name select * from rows_", rows_=rows)

    @contextmanager
    def _given(self, given: dict[str, pl.DataFrame]) -> Iterator[None]:
        for name, frame in given.items():
            self._db.register(name, frame.to_arrow())
        try:
            yield
        finally:
            for name in given:
                self._db.unregister(name)

    def fact(self, name: str) -> str | None:
        """What the ledger notes of itself by this name: the model it was linked with, its number."""
        told = self.ask("select value from fact where name = ?", [name])
        return None if told.is_empty() else str(told.item())

    def note(self, name: str, value: str) -> None:
        """Notes it in place of what was noted before."""
        self._db.execute("delete from fact where name = ?", [name])
        self._db.execute("insert into fact values (?, ?)", [name, value])

    def is_empty(self) -> bool:
        return self.ask("select 1 from record limit 1").is_empty()

    def next_rid(self) -> int:
        """A number that no record has."""
        return int(self.ask("select coalesce(max(rid), -1) + 1 from member").item())

    def records(self, rids: pl.Series) -> pl.DataFrame:
        """The record table of these records: its columns, `rid`, and `node`, their place in the order of the
        record table."""
        asked = rids.unique().rename("rid").to_frame()
        found = self.ask("select record.* from record semi join asked using (rid)", asked=asked)
        return in_order(self.with_names(found))

    def with_names(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with the names that their tokens stand for."""
        return rows.join(sealing.names(self.folder, self.key), on="name_token", how="left")


def in_order(records: pl.DataFrame) -> pl.DataFrame:
    """Records in the order of the record table, numbered in `node`."""
    rows = records.drop("node", strict=False).sort(*schema.RECORD_KEY, nulls_last=True)
    extra = [column for column in ("rid", *schema.NAME_TOKENS) if column in rows.columns]
    return rows.select(*RECORD_SCHEMA, *extra).with_row_index("node")
