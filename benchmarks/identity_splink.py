"""What a user of Splink does today with customer records: `python -m benchmarks.identity_splink IN OUT`.

Splink's own flow from scratch: clean, block, estimate u by random pairs and m by expectation maximisation,
predict, cluster at a threshold. The settings are written with care for these columns: each identifier is
compared exactly and blocked on, numbers have a level for their mask, names one for the surname, obvious
dummies are taken out. Writes source, source_record_id, customer_id. No rule of ours is used.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

IDENTIFIERS = (
    "unionid", "openid", "external_userid", "user_id", "member_no", "buyer_account", "pay_id", "addressee_id",
    "device_id", "visitor_id", "email", "channel_order_id",
)  # fmt: skip
DUMMIES = ("13800138000", "13800000000", "11111111111", "12345678901", "99999999999", "00000000")
THRESHOLD = 0.95
"""Splink's demos cluster at 0.95."""
MEMORY_LIMIT, THREADS = "6GB", 2
RECALL = 0.6
"""What the deterministic rules for the prior are told to find."""


def cleaned(path: Path) -> pl.DataFrame:
    """Comparable columns: identifiers, phone, mask, name, surname, city, door, birthday."""
    records = pl.read_parquet(path).with_row_index("unique_id")
    digits = pl.col("phone").str.replace_all(r"[\s-]", "").str.replace(r"^\+?86(1)", "${1}")
    masked = pl.when(digits.str.contains(r"^1\d{2}[\d*]{4}\d{4}")).then(digits)
    full = pl.when(digits.str.contains(r"^1\d{10}") & ~digits.str.slice(0, 11).is_in(DUMMIES))
    name = pl.when(~pl.col("name").str.contains(r"[*$]")).then("name")
    return records.select(
        "unique_id",
        "source",
        "source_record_id",
        *IDENTIFIERS,
        "city",
        "birthday",
        phone=full.then(digits.str.slice(0, 11)),
        mask=pl.concat_str(masked.str.slice(0, 3), masked.str.slice(7, 4)),
        name=name,
        surname=pl.when(~pl.col("name").str.contains(r"\$")).then(pl.col("name").str.slice(0, 1)),
        door=pl.when(pl.col("address").str.contains(r"\d")).then(
            pl.col("address").str.replace_all(r"\W", "")
        ),
    )


def settings() -> SettingsCreator:
    """Comparisons and blocking rules."""
    phone = cl.CustomComparison(
        output_column_name="phone",
        comparison_levels=[
            cll.NullLevel("mask"),
            cll.ExactMatchLevel("phone"),
            cll.ExactMatchLevel("mask"),
            cll.ElseLevel(),
        ],
    )
    name = cl.CustomComparison(
        output_column_name="name",
        comparison_levels=[
            cll.NullLevel("surname"),
            cll.ExactMatchLevel("name").configure(tf_adjustment_column="name"),
            cll.ExactMatchLevel("surname"),
            cll.ElseLevel(),
        ],
    )
    exact = [cl.ExactMatch(column) for column in (*IDENTIFIERS, "city", "birthday", "door")]
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[phone, name, *exact],
        blocking_rules_to_generate_predictions=[
            *(block_on(column) for column in IDENTIFIERS),
            block_on("phone"),
            block_on("mask", "surname"),
            block_on("door"),
            block_on("name", "city"),
        ],
    )


def link(records: pl.DataFrame, scratch: Path) -> pl.DataFrame:
    """unique_id and customer_id of every record; what does not fit into memory goes to `scratch`."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    connection = duckdb.connect(config=_limits(scratch))
    linker = Linker(DuckDBAPI(connection=connection).register(records.to_arrow()), settings())
    sure = [block_on("unionid"), block_on("openid"), block_on("user_id"), block_on("phone", "name")]
    linker.training.estimate_probability_two_random_records_match(sure, recall=RECALL)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6)
    for column in ("phone", "openid", "name"):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(column))
    pairs = linker.inference.predict(threshold_match_probability=THRESHOLD)
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, THRESHOLD)
    columns = "unique_id, cast(cluster_id as varchar) as customer_id"
    return connection.sql(f"select {columns} from {found.physical_name}").pl()


def _limits(scratch: Path) -> dict[str, Any]:
    return {"memory_limit": MEMORY_LIMIT, "threads": THREADS, "temp_directory": str(scratch)}


def main(arguments: list[Any]) -> None:
    """Reads, links, writes."""
    records = cleaned(Path(arguments[0]))
    linked = link(records, Path(arguments[1]).parent)
    found = records.select("unique_id", "source", "source_record_id").join(linked, on="unique_id")
    found.drop("unique_id").write_parquet(arguments[1])


if __name__ == "__main__":
    main(sys.argv[1:])
