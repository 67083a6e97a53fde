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
from identity.records import RECORD_KEY, RECORD_SCHEMA, arranged
from identity.vault import tokens
from identity.vault_key import VaultError, VaultKey

FILE = "ledger.duckdb"
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "1GB",
    "threads": 2,
    # Answers in the form that Polars holds text in: a wide one in three quarters of the time.
    "arrow_output_version": "1.4",
    "produce_arrow_string_view": True,
}
_VALUE = "_given"


class LedgerBusyError(Exception):
    """Another process has the ledger open."""


class LedgerDamagedError(Exception):
    """The file is no ledger."""


class Ledger:
    """The ledger of one folder, open in one transaction that ends with `commit` or is undone."""

    def __init__(self, folder: Path, key: VaultKey) -> None:
        """Opens the ledger in `folder`, an empty one where there is none. LedgerBusyError if it is in use,
        LedgerDamagedError if it is none."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.key = folder, key
        self.has_lost_names = False
        self._names: pl.DataFrame | None = None
        path = folder / FILE
        is_new = not path.exists()
        try:
            self._db = duckdb.connect(str(path), config=CONFIG)
        except duckdb.Error as error:
            raise _unopened(path, error) from error
        path.chmod(0o600)
        self._db.execute("begin")
        for statement in self._lacking(is_new):
            self._db.execute(statement)
        self._prove_key()

    def _lacking(self, is_new: bool) -> list[str]:
        """What makes the tables that are not there."""
        tables = [] if is_new else self.ask("select table_name from duckdb_tables()")["table_name"].to_list()
        if "record" not in tables:
            return schema.ddl()
        faced = "select column_name from duckdb_columns() where table_name = 'face'"
        faces = set(self.ask(faced)["column_name"]) == {"exact", *schema.FACE_KEPT}
        return [
            *([] if "customer" in tables else schema.renewal()),
            *([] if faces else ["drop table face", schema.FACES]),
        ]

    def _prove_key(self) -> None:
        """VaultError where the ledger's tokens were made with another key."""
        proof = str(tokens(pl.Series([FILE]), "text", self.key).item())
        noted = self.fact("key")
        if noted is None:
            self.note("key", proof)
        elif noted != proof:
            self._db.close()
            raise VaultError(
                f"{self.folder / FILE}: was written with another key; use the key file "
                "that belongs to this folder"
            )

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends without what was done since the last commit."""
        self._db.close()

    def commit(self) -> None:
        """Puts in force what was done since the ledger was opened; names that no record has any more go."""
        self._db.execute("commit")
        if self.has_lost_names:
            sealing.keep_only(self.folder, self.key, self.ask("select distinct name_token from record"))
            self.has_lost_names = False
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
            self._db.register(name, frame.to_arrow(compat_level=pl.CompatLevel.newest()))
        try:
            yield
        finally:
            for name in given:
                self._db.unregister(name)

    def fact(self, name: str) -> str | None:
        """What the ledger notes of itself by this name: the model it was linked with, its number."""
        told = self.ask("select value from noted where name = ?", [name])
        return None if told.is_empty() else str(told.item())

    def note(self, name: str, value: str) -> None:
        """Notes it in place of what was noted before."""
        self._db.execute("delete from noted where name = ?", [name])
        self._db.execute("insert into noted values (?, ?)", [name, value])

    def is_empty(self) -> bool:
        return self.ask("select 1 from record limit 1").is_empty()

    def next_rid(self) -> int:
        """A number that no record has."""
        return int(self.ask("select coalesce(max(rid), -1) + 1 from member").item())

    def records(
        self, rids: pl.Series, view: str = schema.AS_OWNED, columns: Sequence[str] = ()
    ) -> pl.DataFrame:
        """The record table of these records: its columns, `rid`, and `node`, their place in the order of the
        record table. With `columns` only these and the keys; of the forms of a name the name itself is read,
        tokens stand for the others."""
        if columns:
            kept = (schema.TOKEN_OF.get(column, column) for column in columns)
            asked = dict.fromkeys((*RECORD_KEY, *kept))
            is_named = asked.pop(schema.NAME, 0) is None
            names = {token: form for form, token in schema.TOKEN_OF.items() if token in asked}
            rows = self.facts(rids, (*asked, *schema.NAME_TOKENS[:1]) if is_named else tuple(asked), view)
            return in_order((self._with_name(rows) if is_named else rows).rename(names))
        rows = in_order(self.with_names(self.facts(rids, schema.RECORD_COLUMNS, view)))
        return rows.select("node", *RECORD_SCHEMA, "rid", *schema.NAME_TOKENS)

    def facts(self, rids: pl.Series, columns: Sequence[str], view: str = schema.AS_OWNED) -> pl.DataFrame:
        """`rid` and these columns of these records: what is not asked for is not read."""
        asked = rids.unique().rename("rid").to_frame()
        told = ", ".join(f'"{column}"' for column in columns)
        return self.ask(f"select rid, {told} from {view} semi join asked using (rid)", asked=asked)

    def with_accounts(self, rids: pl.Series, label: str) -> pl.Series:
        """These records and all others of their accounts (by `label`)."""
        asked = rids.unique().rename("rid").to_frame()
        return self.ask(
            f"select rid from member where {label} in "
            f"(select {label} from member semi join asked using (rid))",
            asked=asked,
        )["rid"]

    def with_names(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with the names that their tokens stand for."""
        return rows.join(self.names, on="name_token", how="left")

    def _with_name(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with the name in the place of its token."""
        token = schema.NAME_TOKENS[0]
        return rows.join(self.names.select(token, schema.NAME), on=token, how="left").drop(token)

    @property
    def names(self) -> pl.DataFrame:
        """name_token and what it stands for, of all names kept; read once."""
        if self._names is None:
            self._names = sealing.names(self.folder, self.key)
        return self._names

    def keep_names(self, records: pl.DataFrame) -> None:
        """Keeps the names of sealed records that are not kept yet."""
        fresh = sealing.fresh_names(records, self.names)
        if fresh.height:
            sealing.keep(fresh, self.names, self.folder, self.key)
            self._names = pl.concat([self.names, fresh])


def _unopened(path: Path, error: duckdb.Error) -> Exception:
    """Why the ledger cannot be opened."""
    if "lock" in str(error):
        return LedgerBusyError(f"{path}: another linking has it open; wait until it has ended")
    return LedgerDamagedError(
        f"{path}: cannot be opened ({error}); put it back from a backup, or take it away"
    )


def forget(folder: Path) -> None:
    """Removes the ledger of a folder; what it was made from makes it anew."""
    for path in (folder / FILE, folder / f"{FILE}.wal", *folder.glob("names-*.sealed")):
        path.unlink(missing_ok=True)


def compact(folder: Path) -> None:
    """Writes the ledger's file anew: a database keeps for a while what was deleted in it. LedgerBusyError if
    it is in use."""
    path, fresh = folder / FILE, folder / f".{FILE}.new"
    fresh.unlink(missing_ok=True)
    try:
        with duckdb.connect() as database:
            database.execute(f"attach {_quoted(path)} as old (read_only)")
            database.execute(f"attach {_quoted(fresh)} as new")
            database.execute("copy from database old to new")
    except duckdb.Error as error:
        fresh.unlink(missing_ok=True)
        raise _unopened(path, error) from error
    fresh.chmod(0o600)
    fresh.replace(path)


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def looked_into(folder: Path, query: str, values: Sequence[Any] = ()) -> pl.DataFrame:
    """The answer to a query on the ledger in `folder`, which must be there. LedgerBusyError if it is being
    written."""
    try:
        with duckdb.connect(str(folder / FILE), read_only=True) as database:
            frame = pl.from_arrow(database.sql(query, params=list(values)).to_arrow_table())
    except duckdb.Error as error:
        raise _unopened(folder / FILE, error) from error
    assert isinstance(frame, pl.DataFrame)
    return frame


def in_order(records: pl.DataFrame) -> pl.DataFrame:
    """Records in the order of the record table, numbered in `node`."""
    return arranged(records.drop("node", strict=False)).with_row_index("node")
