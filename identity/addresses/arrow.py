"""Addresses in Arrow tables, and as a function of DuckDB.

    normalise(table, "address", province="省")                        a table with the columns of the address
    register(connection)                                              then in SQL:
    select (standardised_address(address)).adcode from orders

How an address is read belongs in `standardise.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa

from identity.addresses.standardise import COLUMNS, adcodes, standardise_distinct

if TYPE_CHECKING:
    import duckdb

FUNCTION = "standardised_address"
ADCODE = "address_adcode"
IN_SQL = tuple(name for name in COLUMNS if name not in ("candidates", "reference_as_of", "has_conflict"))
"""The fields of the function's struct: text, but for `confidence`."""


def normalise(
    table: pa.Table,
    column: str,
    *,
    province: str | None = None,
    city: str | None = None,
    district: str | None = None,
    town: str | None = None,
    infer_town: bool = True,
) -> pa.Table:
    """The columns of the standardised address (`COLUMNS`), one row per row of the table, in its order.

    `column` holds the addresses, the others name columns that are evidence. KeyError names a column that the
    table does not have.
    """
    named = {"province": province, "city": city, "district": district, "town": town, "address": column}
    parts = {part: table.column(name).cast(pa.large_string()) for part, name in named.items() if name}
    frame = pl.from_arrow(pa.table(parts))
    assert isinstance(frame, pl.DataFrame)
    return standardise_distinct(frame, infer_town).to_arrow()


def register(connection: duckdb.DuckDBPyConnection, infer_town: bool = True) -> None:
    """Makes two functions known to a DuckDB connection: `standardised_address(text)`, a struct of `IN_SQL`,
    and `address_adcode(text)`, the deepest division's code alone.

    They run over whole vectors. A null is an address of which nothing is known, not a null.
    """
    from duckdb import sqltypes

    make: Any = connection.create_function  # whose types know no Arrow
    fields = {name: sqltypes.DOUBLE if name == "confidence" else sqltypes.VARCHAR for name in IN_SQL}

    def standardised(texts: pa.ChunkedArray) -> pa.StructArray:
        found = normalise(pa.table({"address": texts}), "address", infer_town=infer_town)
        columns = [found.column(name).combine_chunks() for name in IN_SQL]
        return pa.StructArray.from_arrays(columns, names=list(IN_SQL))

    def adcode(texts: pa.ChunkedArray) -> pa.Array:
        frame = pl.from_arrow(pa.table({"address": texts.cast(pa.large_string())}))
        assert isinstance(frame, pl.DataFrame)
        return adcodes(frame, infer_town).to_arrow()

    make(ADCODE, adcode, [sqltypes.VARCHAR], sqltypes.VARCHAR, type="arrow", null_handling="special")
    make(
        FUNCTION, standardised, [sqltypes.VARCHAR], connection.struct_type(fields), type="arrow",
        null_handling="special",
    )  # fmt: skip
