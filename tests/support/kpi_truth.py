"""Compares KPIs beside the index, lags and cycle times of a built warehouse with the demo merchant's truth.

Percentiles are taken here from the truth's single observations, by NumPy's linear interpolation.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import polars as pl
from polars.dataframe.group_by import GroupBy

NEAR = 1e-6
OF_PEOPLE_AND_PLACES = (
    "unification_rate",
    "waiting_anxiety_minutes",
    "high_value_churn_risk_rate",
    "high_value_lost_rate",
    "wrongly_cross_province_rate",
    "wrongly_cross_province_cny",
)
"""KPIs that depend on who is one customer and what is one address: equal only where the true ones stand."""


def compare_further(warehouse: Path, truth_dir: Path) -> list[str]:
    """One line for each KPI, day and channel whose numerator or denominator differs from the truth."""
    query = """
        select kpi, period_start as day, member as channel, denominator::bigint as denominator,
            (numerator * case when unit = 'cny' then 100 else 1 end)::bigint as numerator
        from marts.rpt_kpis
        where period = 'day' and dimension in ('all', 'channel')
    """
    truth = pl.read_parquet(truth_dir / "further_kpis.parquet").filter(pl.col("denominator") > 0)
    found = _read(warehouse, query).filter(
        pl.col("kpi").is_in(truth["kpi"].unique().implode()) & (pl.col("denominator") > 0)
    )
    return _differing(found, truth, ["kpi", "day", "channel"], ["numerator", "denominator"])


def compare_slices(warehouse: Path, truth_dir: Path) -> list[str]:
    """One line for each part of the index and member of a slice whose counts over the whole time differ."""
    truth = pl.read_parquet(truth_dir / "slices.parquet")
    found = _read(
        warehouse,
        "select kpi, dimension, member, numerator::bigint as numerator, denominator from marts.rpt_kpis"
        " where period = 'total' and denominator > 0",
    ).filter(
        pl.col("kpi").is_in(truth["kpi"].unique().implode())
        & pl.col("dimension").is_in(truth["dimension"].unique().implode())
    )
    return _differing(found, truth, ["kpi", "dimension", "member"], ["numerator", "denominator"])


def compare_lags(warehouse: Path, truth_dir: Path) -> list[str]:
    """One line for each day, channel and event whose count or percentile differs; the totals, too."""
    every = pl.read_parquet(truth_dir / "lags.parquet")
    lines = []
    for kind, table, keys in (
        ("order_event", "rpt_sync_lag", ["channel", "event_code"]),
        ("stock_listing", "rpt_stock_sync_lag", ["channel"]),
        ("rider_position", "rpt_position_lag", []),
    ):
        observed = every.filter(pl.col("kind") == kind)
        truth = _ranked(observed, keys, "seconds", [50, 95, 99])
        columns = ", ".join(["case period when 'day' then period_start end as day", *keys])
        found = _read(
            warehouse,
            f"select {columns}, denominator, p50_seconds as p50, p95_seconds as p95, p99_seconds as p99"
            f" from marts.{table} where period in ('day', 'total')",
        )
        differing = _differing(found, truth, ["day", *keys], ["denominator", "p50", "p95", "p99"])
        lines += [f"{table}: {line}" for line in differing]
    return lines


def compare_stages(warehouse: Path, truth_dir: Path) -> list[str]:
    """One line for each stage of the truth, day and channel whose count or percentile differs."""
    observed = pl.read_parquet(truth_dir / "stages.parquet")
    parts = [
        _ranked(observed.filter(pl.col("stage") == stage), ["channel"], "hours", [50, 90]).with_columns(
            stage=pl.lit(stage)
        )
        for stage in observed["stage"].unique()
    ]
    found = _read(
        warehouse,
        "select case period when 'day' then period_start end as day, member as channel, stage, denominator,"
        " p50_hours as p50, p90_hours as p90 from marts.rpt_cycle_times"
        " where period in ('day', 'total') and dimension in ('all', 'channel') and denominator > 0",
    )
    found = found.filter(pl.col("stage").is_in(observed["stage"].unique().implode()))
    return _differing(found, pl.concat(parts), ["day", "channel", "stage"], ["denominator", "p50", "p90"])


def compare_promises(warehouse: Path, truth_dir: Path) -> list[str]:
    """One line for each day, channel and kind whose counts, or minutes early or late, differ."""
    due = pl.read_parquet(truth_dir / "promises.parquet")
    late = pl.col("minutes").filter(~pl.col("is_on_time"))
    early = -pl.col("minutes").filter("is_on_time")
    truth = _over_all(due, ["channel", "kind"]).agg(
        denominator=pl.len(),
        numerator=pl.col("is_on_time").sum(),
        early50=early.quantile(0.5, "linear"),
        early90=early.quantile(0.9, "linear"),
        late50=late.quantile(0.5, "linear"),
        late90=late.quantile(0.9, "linear"),
    )
    found = _read(
        warehouse,
        "select case period when 'day' then period_start end as day, member as channel, promise_kind as kind,"
        " denominator, numerator, p50_early_minutes as early50, p90_early_minutes as early90,"
        " p50_late_minutes as late50, p90_late_minutes as late90 from marts.rpt_sla"
        " where period in ('day', 'total') and dimension in ('all', 'channel')",
    )
    values = ["denominator", "numerator", "early50", "early90", "late50", "late90"]
    return _differing(found, truth, ["day", "channel", "kind"], values)


def compare_negotiations(warehouse: Path, truth_dir: Path) -> list[str]:
    """One line for each day and option, or channel, whose counts, cost, load or promises kept differ."""
    offers = pl.read_parquet(truth_dir / "negotiations.parquet")
    values = {
        "offers": pl.len(),
        "denominator": pl.col("is_counted").sum(),
        "numerator": (pl.col("is_counted") & pl.col("is_accepted")).sum(),
        "fen": pl.col("cost").sum(),
        "load": pl.col("load").quantile(0.5, "linear"),
        "due": pl.col("is_kept").count(),
        "kept": pl.col("is_kept").sum(),
    }
    parts = [
        _over_all(offers, [key]).agg(**values).rename({key: "member"}) for key in ("option_code", "channel")
    ]
    found = _read(
        warehouse,
        "select case period when 'day' then period_start end as day, member, offers, denominator, numerator,"
        " (100 * extra_cost_cny)::bigint as fen, p50_resource_load as load, promise_due_count as due,"
        " promise_kept_count as kept from marts.rpt_sla_negotiation"
        " where period in ('day', 'total') and dimension in ('all', 'option_code', 'channel')",
    )
    truth = pl.concat(parts).unique(["day", "member"])
    return _differing(found, truth, ["day", "member"], values)


def compare_answers(warehouse: Path, truth_dir: Path) -> list[str]:
    """One line for each day and verdict on the promise, or channel, whose votes, score or band differ.

    The band is worked out from the single votes: three are put to them, and mean and deviation taken.
    """
    votes = pl.read_parquet(truth_dir / "answers.parquet")
    vote = pl.col("vote")
    added, spread = 3, 1.5
    n = vote.count() + added
    mean = vote.sum() / n
    half = 1.959964 * (((vote**2).sum() + spread) / n - mean**2).sqrt() / n.sqrt()
    truth = _over_all(votes, ["channel", "promise"]).agg(
        promoters=(vote > 0).sum(),
        detractors=(vote < 0).sum(),
        answers=pl.len(),
        nps=100 * vote.mean(),
        nps_low=(100 * (mean - half)).clip(-100),
        nps_high=(100 * (mean + half)).clip(upper_bound=100),
    )
    found = _read(
        warehouse,
        "select case period when 'day' then period_start end as day, member as channel, promise, promoters,"
        " detractors, answers, nps, nps_low, nps_high from marts.rpt_nps"
        " where period in ('day', 'total') and dimension in ('all', 'channel')",
    )
    values = ["promoters", "detractors", "answers", "nps", "nps_low", "nps_high"]
    return _differing(found, truth, ["day", "channel", "promise"], values)


def compare_paid(warehouse: Path, truth_dir: Path) -> list[str]:
    """One line for each channel whose orders, paid orders or fen paid differ; and one for the lines."""
    paid = pl.col("paid_at").is_not_null()
    truth = pl.read_parquet(truth_dir / "orders.parquet").group_by("channel")
    truth = truth.agg(
        orders=pl.len(),
        paid=paid.sum(),
        fen=(pl.col("paid_amount_cny").filter(paid).sum() * 100).cast(pl.Int64),
    )
    found = _read(
        warehouse,
        "select channel, count(*) as orders, count(paid_at) as paid,"
        " (100 * sum(paid_amount_cny) filter (where paid_at is not null))::bigint as fen"
        " from marts.fct_orders group by channel",
    )
    lines = _read(warehouse, "select 'all' as channel, count(*) as lines from marts.fct_order_lines")
    meta = json.loads((truth_dir / "meta.json").read_text(encoding="utf-8"))
    every = pl.DataFrame({"channel": ["all"], "lines": [meta["lines"]]})
    found_lines = _differing(lines, every, ["channel"], ["lines"])
    return _differing(found, truth, ["channel"], ["orders", "paid", "fen"]) + found_lines


def _over_all(observed: pl.DataFrame, keys: Sequence[str]) -> GroupBy:
    """The observations by day and keys; once more under `all` of each key, and under the day null."""
    frames = [observed]
    for key in keys:
        frames += [frame.with_columns(pl.lit("all").alias(key)) for frame in frames]
    frames += [frame.with_columns(day=pl.lit(None, pl.Date)) for frame in frames]
    return pl.concat(frames).group_by("day", *keys)


def _ranked(observed: pl.DataFrame, keys: Sequence[str], value: str, percents: Sequence[int]) -> pl.DataFrame:
    """Count and percentiles of each day and of all days (day null), of each key and of `all`."""
    groups = _over_all(observed.select("day", *keys, value), keys).agg(pl.col(value))
    points = [np.percentile(values, percents) for values in groups[value].to_list()]
    columns = {f"p{p}": [float(point[i]) for point in points] for i, p in enumerate(percents)}
    counted = groups.with_columns(denominator=pl.col(value).list.len().cast(pl.Int64)).drop(value)
    return counted.with_columns(pl.Series(name, values) for name, values in columns.items())


def _read(warehouse: Path, query: str) -> pl.DataFrame:
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.sql(query).pl()


def _differing(
    found: pl.DataFrame, truth: pl.DataFrame, keys: Sequence[str], values: Iterable[str]
) -> list[str]:
    values = list(values)
    found, truth = (f.select(*keys, *(pl.col(v).cast(pl.Float64) for v in values)) for f in (found, truth))
    both = found.join(truth, on=keys, how="full", coalesce=True, suffix="_true", nulls_equal=True)
    near = [
        ((pl.col(v) - pl.col(f"{v}_true")).abs() <= NEAR)
        | (pl.col(v).is_null() & pl.col(f"{v}_true").is_null())
        for v in values
    ]
    wrong = both.filter(~pl.all_horizontal(near).fill_null(value=False)).sort(keys, nulls_last=True)
    texts = [
        " ".join(str(row[key]) for key in keys)
        + ": "
        + ", ".join(f"{v} {row[v]} found, {row[f'{v}_true']} true" for v in values)
        for row in wrong.iter_rows(named=True)
    ]
    return texts
