"""Addresses in Arrow tables and in SQL: the same answers as from a frame."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

from identity.addresses import COLUMNS, arrow

TEXTS = ["浙江省杭州市西湖区文三路478号3幢2单元501室", None, "", "上海市浦东新区世纪大道8号"]
ADCODES = ["330106", None, None, "310115"]


def test_a_table_gives_a_table_in_its_order() -> None:
    table = pa.table({"地址": TEXTS, "省": ["浙江", "四川", None, None]})
    found = arrow.normalise(table, "地址", province="省")
    assert tuple(found.column_names) == COLUMNS
    assert found.column("adcode").to_pylist() == ["330106", "510000", None, "310115"]


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match="town"):
        arrow.normalise(pa.table({"address": TEXTS}), "address", town="town")


def test_sql_reads_addresses_by_vectors() -> None:
    connection = duckdb.connect()
    arrow.register(connection)
    connection.register("orders", pa.table({"n": [*range(4)], "address": TEXTS}))
    found = connection.sql(
        "select address_adcode(address), (standardised_address(address)).room from orders order by n"
    ).fetchall()
    assert found == list(zip(ADCODES, ["501", None, None, None], strict=True))


def test_dbt_registers_the_functions_by_plugin() -> None:
    from dagster_project.lib.dbt_addresses import Plugin

    connection = duckdb.connect()
    Plugin("addresses", {}).configure_connection(connection)
    assert connection.sql("select address_adcode('北京市朝阳区')").fetchall() == [("110105",)]
