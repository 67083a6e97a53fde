"""The truth as files: orders, anomalies, merge groups, records, addresses, stock, KPIs, lags, cycle times."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from dagster_project.demo import counts
from dagster_project.demo.exports import masters
from dagster_project.demo.exports.luyue_orders import SOURCE as OMS
from dagster_project.demo.spellings import PARTS
from dagster_project.demo.truth import (
    clauses,
    contracts,
    further,
    kpis,
    observations,
    resources,
    slices,
    splits,
    stock,
)
from dagster_project.demo.words import PLATFORM_EXPORTS
from dagster_project.demo.world import World


def write(folder: Path, world: World, tables: dict[str, pl.DataFrame], moves: pl.DataFrame) -> None:
    """Writes every Parquet of the truth. `tables`: orders (judged), anomalies, changes, offers,
    members, groups, touchpoints, events, aftersales, surveys, methods, services."""
    folder.mkdir(parents=True, exist_ok=True)
    whose = records(tables["orders"], tables["touchpoints"])
    frames = {
        "kpi": kpis.table(world.calendar, tables),
        "orders": orders(tables["orders"]),
        "anomalies": anomalies(tables["anomalies"]),
        "merge_groups": merge_groups(tables),
        "records": whose,
        "further_kpis": further.table(world, tables, whose),
        "lags": observations.lags(world, tables["events"]),
        "slices": slices.table(world.calendar, tables),
        "promises": observations.promises(tables["orders"]),
        "negotiations": observations.negotiations(world, tables["offers"], tables["orders"]),
        "answers": observations.answers(tables["surveys"], tables["orders"]),
        "stages": observations.stages(world, tables["orders"], tables["aftersales"]),
        "addresses": addresses(tables["orders"], tables["touchpoints"], world),
        **contract_tables(world, tables),
        "stock_positions": positions(world, moves),
        "stock_variances": variances(world, moves),
        "master_errors": masters.errors(world),
    }
    for name, frame in frames.items():
        frame.write_parquet(folder / f"{name}.parquet")


def moments(frame: pl.DataFrame) -> pl.DataFrame:
    """Epoch seconds in `…_at` columns as timestamps without a zone."""
    return frame.with_columns(
        pl.from_epoch(c, time_unit="s").cast(pl.Datetime("us")) for c in frame.columns if c.endswith("_at")
    )


def yuan(column: str) -> pl.Expr:
    return (pl.col(column).cast(pl.Decimal(18, 2)) / 100).cast(pl.Decimal(18, 2))


def orders(judged: pl.DataFrame) -> pl.DataFrame:
    """One row per channel order; `person_id` is the owner's, null where the export shows nobody."""
    paid = pl.col("paid_at").is_not_null()
    state = (
        pl.when(pl.col("closed_at").is_not_null())
        .then(pl.lit("closed"))
        .when(pl.col("channel") == "pos")
        .then(pl.lit("completed"))
        .when(pl.col("completed_at").is_not_null())
        .then(pl.lit("completed"))
        .when(pl.col("ship_at").is_not_null())
        .then(pl.lit("shipped"))
        .when(pl.col("first_ship_at").is_not_null())
        .then(pl.lit("partially_shipped"))
        .when(paid)
        .then(pl.lit("paid_pending_ship"))
        .otherwise(pl.lit("pending_payment"))
    )
    return moments(
        judged.select(
            "channel",
            "channel_order_id",
            pl.col("owner").alias("person_id"),
            pl.when(pl.col("channel") != "pos").then("receiver").alias("recipient_person_id"),
            "ordered_at",
            "paid_at",
            "promise_kind",
            "promise_due_at",
            "promise_met_at",
            "is_on_time",
            "ended_at",
            "first_ship_at",
            "ship_at",
            paid_amount_cny=pl.when(paid).then(yuan("paid_amount")).otherwise(0),
            status=state,
        )
    )


def anomalies(found: pl.DataFrame) -> pl.DataFrame:
    """Every row of part 2: cases, and what shows by itself where there is no case."""
    return moments(
        found.select("channel", "channel_order_id", "event_code", "detected_at", "resolved_at", "is_derived")
    )


def merge_groups(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """One row per order in a group of two channels or more."""
    names = tables["orders"].select("o", "channel_order_id", person_id="owner")
    frame = (
        tables["members"]
        .select("o", "channel", "group")
        .join(tables["groups"], on="group")
        .join(names, on="o")
    )
    return moments(
        frame.sort("group", "o").select(
            pl.col("group").alias("group_id"),
            "channel",
            "channel_order_id",
            "person_id",
            "first_paid_at",
            "size",
            "has_one_waybill",
            "has_events",
            "is_merged",
        )
    )


def contract_tables(world: World, tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Contracts by their orders, clauses, conflicts, splits, resources, changes of state that cannot be."""
    tables = {**tables, "orders": contracts.with_early_parcels(world, tables["orders"])}
    names = tables["orders"].select("o", "channel", "channel_order_id")
    first = names.select(contract="o", contract_id=pl.concat_str("channel", pl.lit("/"), "channel_order_id"))
    promised, found = clauses.clauses(world, tables)
    members = contracts.members(tables["orders"])
    frames = {
        "contract_orders": members.join(first, on="contract").drop("contract"),
        "contract_clauses": promised,
        "clause_conflicts": found,
    }
    named = {name: names.join(frame, on="o").drop("o") for name, frame in frames.items()}
    chances = contracts.merge_opportunities(world, tables)
    named["merge_opportunities"] = chances.join(
        first.select(pl.col("contract").cast(pl.Int64).alias("group"), merge_group_id="contract_id"),
        on="group",
    ).drop("group")
    named["split_needs"] = splits.needs(world, tables).drop("o")
    named["resource_coverage"] = resources.coverage(world, tables)
    named["resource_loads"] = resources.loads(world, tables)
    named["odd_transitions"] = contracts.odd_transitions(world, tables["methods"])
    return {name: moments(frame) for name, frame in named.items()}


def records(judged: pl.DataFrame, touchpoints: pl.DataFrame) -> pl.DataFrame:
    """One row per record and role: whose it is. Order sources by channel_order_id; records of nobody
    are left out."""
    source = pl.col("channel").replace_strict(PLATFORM_EXPORTS, default=OMS)
    shared = {
        "source": source,
        "channel": pl.col("channel"),
        "source_record_id": pl.col("channel_order_id"),
        "record_kind": pl.lit("order"),
        "touchpoint": pl.lit(None, pl.String),
        "occurred_at": pl.col("ordered_at"),
    }
    owner = judged.select(**shared, role=pl.lit("owner"), person_id="owner")
    recipient = judged.filter(pl.col("channel") != "pos").select(
        **shared, role=pl.lit("recipient"), person_id="receiver"
    )
    met = touchpoints.select(
        "source_record_id",
        "touchpoint",
        "occurred_at",
        "channel",
        source=pl.lit("luyue_customer_records"),
        record_kind=pl.lit("touchpoint"),
        role=pl.lit("owner"),
        person_id="p",
    )
    every = pl.concat([owner, recipient, met], how="diagonal_relaxed").filter(
        pl.col("person_id").is_not_null()
    )
    return moments(every)


def addresses(judged: pl.DataFrame, touchpoints: pl.DataFrame, world: World) -> pl.DataFrame:
    """One row per written address, its five parts as in the cell: the true place, its key and how far
    it shows."""
    names = list(PARTS)
    written = judged.filter(pl.col("channel") != "pos").select(
        *names,
        "adcode",
        "province",
        "city",
        "district",
        "address_key",
        "visible_to",
        "province_written",
    )
    spoken = touchpoints.filter(pl.col("province").is_not_null()).select(
        w_province="province",
        w_city="city",
        w_district="district",
        w_town=pl.lit(None, pl.String),
        w_address=pl.lit(None, pl.String),
        province="province",
        city="city",
        district="district",
        visible_to=pl.lit("district"),
        province_written="province",
    )
    codes = world.dwellings.select("adcode", "province", "city", "district").unique()
    spoken = spoken.join(codes, on=["province", "city", "district"], how="left")
    every = pl.concat([written, spoken], how="diagonal_relaxed").unique(maintain_order=True)
    known = pl.col("adcode").is_not_null()
    return every.unique(names, keep="first", maintain_order=True).with_columns(
        pl.when(known).then(c).alias(c) for c in ("province", "city", "district")
    )


def positions(world: World, moves: pl.DataFrame) -> pl.DataFrame:
    """The book of every warehouse and SKU at as_of."""
    codes = world.skus.select("sku", "sku_code")
    frame = counts.book(moves, world.calendar.as_of).join(codes, on="sku")
    return moments(
        frame.sort("warehouse", "sku").select(
            pl.col("warehouse").alias("warehouse_code"),
            "sku_code",
            pl.col("book").alias("book_on_hand_qty"),
            "last_movement_at",
        )
    )


def variances(world: World, moves: pl.DataFrame) -> pl.DataFrame:
    """The newest count of every key and type against the book, with the injected cause where there is a
    variance."""
    frame = stock.variances(world, moves).join(world.skus.select("sku", "sku_code", "cost"), on="sku")
    return moments(
        frame.sort("count_type", "warehouse", "sku").select(
            pl.col("warehouse").alias("warehouse_code"),
            "sku_code",
            "count_type",
            "counted_at",
            pl.col("on_hand").alias("counted_qty"),
            pl.col("book").alias("book_qty"),
            pl.col("variance").alias("variance_qty"),
            variance_value_cny=yuan("cost") * pl.col("variance"),
            cause="cause",
        )
    )
