"""Dagster's run history in SQLite, with one engine a database instead of one an event.

Dagster opens a SQLAlchemy engine for each event, and so compiles every statement again: 14 ms of a core an
event, 5 ms this way, and a run has about 800. DATA/dagster/dagster.yaml names the class; Dagster imports it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import create_db_conn_string
from sqlalchemy import Connection, Engine, create_engine, event

if TYPE_CHECKING:
    import sqlite3

    from dagster._serdes import ConfigurableClassData

BUSY_SECONDS = 60
"""How long a connection waits while another process writes."""


class SharedEngineEventLog(SqliteEventLogStorage):
    """Dagster's own storage, files and tables; only engines and connections are kept."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, Engine] = {}
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(
        cls,
        inst_data: ConfigurableClassData | None,
        config_value: Any,  # noqa: ANN401 — Dagster's signature
    ) -> SharedEngineEventLog:
        """An instance from the block of dagster.yaml."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            if shard not in self._engines:
                self._engines[shard] = _engine(create_db_conn_string(self._base_dir, shard))
            engine = self._engines[shard]
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection


def _engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _spare_the_disk)
    return engine


def _spare_the_disk(connection: sqlite3.Connection, _record: object) -> None:
    """Hands the history to the system without waiting for the disk at each event.

    A killed process loses nothing by it; a power cut may cost the history of the last run, no figure of ours.
    """
    connection.execute("PRAGMA synchronous = OFF")
