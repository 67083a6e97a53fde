"""What the published file says of the records that corrections speak of, as the reader of a page saw it.

Nothing is judged here. All functions take the published file; nothing in it is personal.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib.stewardship.entities import ENTITIES, Entity, key_sql

if TYPE_CHECKING:
    import duckdb
    import polars as pl

SQL_TYPES = {
    "text": "varchar", "float": "double", "money": "decimal(18, 2)", "qty": "decimal(18, 3)", "int": "bigint",
    "ts": "timestamp", "date": "date", "bool": "boolean", "json": "varchar",
}  # fmt: skip
"""The types of feeds.yml, as DuckDB has them."""


def query(published: Path, sql: str, **frames: pl.DataFrame) -> pl.DataFrame:
    """The rows of a query over the published file; `frames` are tables in it by name."""
    import duckdb

    with duckdb.connect(str(published), read_only=True) as connection:
        for name, frame in frames.items():
            connection.register(name, frame.to_arrow())
        return connection.sql(sql).pl()


def has(published: Path, mart: str) -> bool:
    """Whether the file has that mart: one of a version before may not."""
    found = query(published, "select table_name from information_schema.tables where table_schema = 'marts'")
    return mart in found["table_name"]


def compared(published: Path, proposals: pl.DataFrame) -> pl.DataFrame:
    """The proposals (row_no, entity, record_key, field, old_value, new_value) with what stands there:
    `exists`, `present_value`, `is_present` (the old value is that), `is_typed` (the new one fits the
    field).

    Values are compared as the field's type, so that 31.20 is 31.2. Rows come back in order; those of an
    unknown entity or field do not.
    """
    import duckdb
    import polars as pl

    pieces = []
    with duckdb.connect(str(published), read_only=True) as connection:
        marts = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
        for name, entity in ENTITIES.items():
            wanted = proposals.filter(entity=name)
            if wanted.is_empty():
                continue
            sql = _SPELT if entity.feed is None else _fields(entity)
            if entity.mart not in marts:
                sql = _NOTHING
            connection.register("proposals", wanted.to_arrow())
            pieces.append(_pl(connection, sql))
            connection.unregister("proposals")
    nothing = proposals.head(0).with_columns(
        exists=pl.lit(True),
        present_value=pl.lit(None, pl.String),
        is_present=pl.lit(True),
        is_already=pl.lit(False),
        is_typed=pl.lit(True),
    )
    return pl.concat([nothing, *pieces], how="vertical_relaxed").sort("row_no")


def records(published: Path, entity: Entity) -> pl.DataFrame:
    """All records of an entity as they stand, with `record_key` first."""
    return query(published, f"select {key_sql(entity)} as record_key, * from marts.{entity.mart}")


def _pl(connection: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
    return connection.sql(sql).pl()


def _fields(entity: Entity) -> str:
    """The comparison of an entity whose fields are columns of its mart. Names come from `ENTITIES` alone."""
    types = {field: SQL_TYPES[entity.type_of(field)] for field in entity.fields}
    shown = " ".join(f"when '{f}' then cast(records.{f} as varchar)" for f in types)
    same = " ".join(
        f"when '{f}' then records.{f} is not distinct from try_cast(old_value as {t}) "
        f"and (old_value is null or try_cast(old_value as {t}) is not null)"
        for f, t in types.items()
    )
    already = " ".join(
        f"when '{f}' then records.{f} is not distinct from try_cast(new_value as {t}) "
        f"and (new_value is null or try_cast(new_value as {t}) is not null)"
        for f, t in types.items()
    )
    typed = " ".join(
        f"when '{f}' then new_value is null or try_cast(new_value as {t}) is not null"
        for f, t in types.items()
    )
    return f"""
        select
            proposals.*,
            records.record_key is not null as exists,
            case field {shown} end as present_value,
            coalesce(case field {same} end, false) as is_present,
            coalesce(case field {already} end, false) as is_already,
            coalesce(case field {typed} end, false) as is_typed
        from proposals
        left join (select {key_sql(entity)} as record_key, * from marts.{entity.mart}) as records
            on proposals.record_key = records.record_key
    """


SPELLINGS = """
    select
        unnest([adcode[:2] || '0000', adcode[:4] || '00', adcode]) as adcode,
        unnest(['province', 'city', 'district']) as level,
        unnest([province_written, city_written, district_written]) as spelling,
        unnest([province, city, district]) as name,
        confidence
    from marts.dim_addresses
    where adcode is not null
"""
"""How addresses write each level of their division: under the code of the province, the city, the district.
"""
_SPELT = f"""
    with told as (
        select adcode, level || '_written' as field, spelling
        from ({SPELLINGS})
        where name is not null
        group by all
    )

    select
        proposals.*,
        (proposals.record_key, proposals.field) in (select (adcode, field) from told) as exists,
        told.spelling as present_value,
        told.adcode is not null as is_present,
        proposals.old_value is not distinct from proposals.new_value as is_already,
        true as is_typed
    from proposals
    left join told
        on proposals.record_key = told.adcode and proposals.field = told.field
        and proposals.old_value is not distinct from told.spelling
"""
_NOTHING = """
    select
        proposals.*, false as exists, cast(null as varchar) as present_value, false as is_present,
        false as is_already, true as is_typed
    from proposals
"""
