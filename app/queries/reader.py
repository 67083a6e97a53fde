"""Runs one query on one published version, cached by that version.

No SQL of a page belongs here.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import streamlit as st

from app import published

if TYPE_CHECKING:
    import polars as pl

Parameter = str | int | date | datetime | None
CACHED_RESULTS = 512
"""Results kept in memory; a page asks for about ten, each under a few hundred rows."""


def read(version: published.Version, sql: str, **parameters: Parameter) -> pl.DataFrame:
    """The rows of `sql` (its `$name`s filled from `parameters`) in this version.

    Raises `published.UnavailableError` (missing, damaged).
    """
    return _read(version.key, sql, tuple(sorted(parameters.items())), version)


def check(version: published.Version) -> None:
    """Raise `UnavailableError` unless this version holds what the pages read; a pass is remembered."""
    _check(version.key, version)


@st.cache_data(max_entries=CACHED_RESULTS, show_spinner=False)
def _read(
    key: str, sql: str, parameters: tuple[tuple[str, Parameter], ...], _version: published.Version
) -> pl.DataFrame:
    import duckdb
    import polars as pl

    try:
        with published.connect(_version.path) as con:
            table = con.sql(sql, params=dict(parameters)).to_arrow_table()
    except duckdb.ProgrammingError:
        raise
    except duckdb.Error:
        raise published.UnavailableError("damaged", _version.path.name) from None
    return pl.DataFrame(table)


@st.cache_data(max_entries=8, show_spinner=False)
def _check(key: str, _version: published.Version) -> None:
    published.check(_version.path)
