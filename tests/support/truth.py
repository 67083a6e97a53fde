"""Puts the demo merchant's truth in the place of what the pipeline found, and compares KPIs with it.

For tests only: no option of the program does either. How the truth came about is told in docs/demo.md.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import polars as pl

from dagster_project.settings import Settings
from identity import vault

ADDRESS_PARTS = ("w_province", "w_city", "w_district", "w_town", "w_address")
TRUE_METHOD = "explicit"
TRUE_VERSION = 1
"""Number of the members file that holds the truth."""
REFERENCE_DAY = date(2025, 12, 31)
KPI_COLUMNS = ["period", "period_start", "channel", "kpi"]


def write_truth(settings: Settings, truth_dir: Path) -> None:
    """Replaces DATA/addresses/*.parquet and DATA/identity by the truth, in the schemas of
    docs/architecture.md.

    Needs the data folder's vault key. Raises FileNotFoundError where `truth_dir` holds no truth.
    """
    key = vault.load_or_create_key(settings.vault_key_file, settings.vault_key)
    addresses = true_addresses(pl.read_parquet(truth_dir / "addresses.parquet"), key)
    members = true_members(pl.read_parquet(truth_dir / "records.parquet"), as_of(truth_dir))
    for folder, patterns in ((settings.addresses, ["*.parquet"]), (settings.identity, ["*"])):
        folder.mkdir(parents=True, exist_ok=True)
        for pattern in patterns:
            for path in folder.glob(pattern):
                path.unlink()
    addresses.write_parquet(settings.addresses / "truth.parquet")
    name = f"members-{TRUE_VERSION}.parquet"
    members.write_parquet(settings.identity / name)
    (settings.identity / "CURRENT").write_text(f"{name}\n", encoding="utf-8")


def as_of(truth_dir: Path) -> datetime:
    """The newest export time of the demo, as truth/meta.json says it."""
    return datetime.fromisoformat(json.loads((truth_dir / "meta.json").read_text(encoding="utf-8"))["as_of"])


def true_addresses(addresses: pl.DataFrame, key: vault.VaultKey) -> pl.DataFrame:
    """One row per written address with its true place; a key token only where it shows down to the room."""
    values = vault.address_values(addresses, ADDRESS_PARTS)
    return addresses.select(
        vault.tokens(values, "address", key).alias("address_token"),
        "adcode",
        "province",
        "city",
        "district",
        pl.lit(None, pl.String).alias("town_code"),
        pl.lit(None, pl.String).alias("town"),
        vault.tokens(addresses["address_key"], "address_key", key).alias("address_key_token"),
        "visible_to",
        pl.when(pl.col("adcode").is_null())
        .then(pl.lit("ambiguous"))
        .otherwise(pl.lit(TRUE_METHOD))
        .alias("match_method"),
        pl.lit(1.0).alias("confidence"),
        pl.lit([], pl.List(pl.String)).alias("candidates"),
        "province_written",
        pl.lit(REFERENCE_DAY).alias("reference_as_of"),
    )


def true_members(records: pl.DataFrame, exported_at: datetime) -> pl.DataFrame:
    """One row per record and role; a person's customer id is `C` and the person's number."""
    return records.select(
        "source",
        "channel",
        "source_record_id",
        "role",
        "record_kind",
        "touchpoint",
        pl.concat_str(pl.lit("C"), pl.col("person_id").cast(pl.String).str.zfill(8)).alias("customer_id"),
        "occurred_at",
        pl.lit(exported_at).cast(pl.Datetime("us")).alias("exported_at"),
    )


def compare_kpis(serving_file: Path, truth_dir: Path) -> list[str]:
    """One line for each period, channel and part whose numerator or denominator differs from the truth.

    A row that stands on one side only counts as 0 of 0 on the other. The total's first day is not compared.
    """
    import duckdb

    wanted = ", ".join(KPI_COLUMNS)
    query = f"select {wanted}, numerator, denominator from marts.rpt_experience_index"
    with duckdb.connect(str(serving_file), read_only=True) as connection:
        found = connection.sql(query).pl().filter(pl.col("kpi") != "experience_index")
    sides = [_comparable(found), _comparable(pl.read_parquet(truth_dir / "kpi.parquet"))]
    both = sides[0].join(sides[1], on=KPI_COLUMNS, how="full", coalesce=True, suffix="_true").fill_null(0)
    differing = both.filter(
        (pl.col("numerator") != pl.col("numerator_true"))
        | (pl.col("denominator") != pl.col("denominator_true"))
    )
    lines = differing.sort(KPI_COLUMNS).select(
        pl.format(
            "{} {} {} {}: {} of {} found, {} of {} true",
            *KPI_COLUMNS,
            "numerator",
            "denominator",
            "numerator_true",
            "denominator_true",
        )
    )
    return lines.to_series().to_list()


def _comparable(kpis: pl.DataFrame) -> pl.DataFrame:
    start = (
        pl.when(pl.col("period") == "total")
        .then(pl.lit("-"))
        .otherwise(pl.col("period_start").cast(pl.String).str.head(10))
    )
    return kpis.select(
        "period",
        start.alias("period_start"),
        "channel",
        "kpi",
        pl.col("numerator").cast(pl.Int64),
        pl.col("denominator").cast(pl.Int64),
    ).filter(pl.col("denominator").fill_null(0) > 0)
