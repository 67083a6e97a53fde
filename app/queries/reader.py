"""Runs one query on one published version under the reader's policy, cached by all three.

No SQL of a page belongs here. A page calls `read`; whose rows and columns it gets is not the page's to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app import published
from app.access import policy
from app.queries import engine
from app.queries.cache import FrameCache
from app.queries.engine import Parameter

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Parameter", "check", "forget", "read", "read_once", "read_order"]

CACHE_BYTES = 256 * 2**20
"""Memory for results of all sessions and versions; a page's results take some 100 kB."""
_cache = FrameCache(CACHE_BYTES)


def read(version: published.Version, sql: str, **parameters: Parameter) -> pl.DataFrame:
    """The rows of `sql` (its `$name`s filled from `parameters`) in this version, as the reader may see them.

    Raises `published.UnavailableError` (missing, damaged, outdated), `NoPermissionError` where nobody is
    signed in, `ForbiddenSqlError` for SQL that reads anything but `marts.<table>`.
    """
    mine = policy.current()
    frozen = {name: tuple(v) if isinstance(v, list) else v for name, v in parameters.items()}
    key = (version.key, mine, sql, tuple(sorted(frozen.items(), key=lambda pair: pair[0])))
    return _cache.get(key, lambda: _opened(version).rows(sql, frozen, mine))


def read_order(version: published.Version, sql: str, channel: str, order: str) -> pl.DataFrame:
    """The rows of `sql`, whose parameters are $channel (empty for any) and $order, of one order.

    Its number may be masked: the marts are then not searched for it (see engine).
    """
    mine = policy.current()
    asked: dict[str, Parameter] = {"channel": channel, "order": order}
    key = (version.key, mine, sql, channel, order)
    return _cache.get(key, lambda: _opened(version).rows(sql, asked, mine, (channel, order)))


def read_once(version: published.Version, sql: str, **parameters: Parameter) -> pl.DataFrame:
    """The same, not kept: for exports and what is large."""
    return engine.of(version).rows(sql, parameters, policy.current())


def _opened(version: published.Version) -> engine.Engine:
    """The version's engine. Results of versions that are open no more go with them."""
    opened = engine.of(version)
    _cache.keep(engine.open_versions())
    return opened


def forget() -> None:
    """Lets go of all results that are kept: for who measures what a question costs."""
    _cache.clear()


def check(version: published.Version) -> None:
    """Raise `UnavailableError` unless this version holds what every page reads."""
    tables = engine.of(version).tables
    lacking = published.missing_columns([(table, column) for table in tables for column in tables[table]])
    if lacking:
        raise published.UnavailableError("outdated", ", ".join(lacking))
