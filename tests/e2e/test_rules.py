"""A rule goes from idea to effect: tried, approved, published; what was published before is restated.

One walk over a copy of the demo, because whole runs are the dear part.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from support import marts
from support.as_published import as_published
from support.command import luyue, run
from support.demo_run import DemoRun

from dagster_project import settings as settings_module
from dagster_project.lib.rules import approving, kinds, references
from dagster_project.lib.rules.trial import building
from dagster_project.lib.seed_rows import SEEDS

RULES = "channel,promised_ship_hours,valid_from,valid_to\n*,6,2000-01-01,9999-12-31\n"
COMPARED = ("rpt_kpis", "rpt_experience_index")
PARTS = (
    "experience_index",
    "on_time_fulfilment_rate",
    "anomaly_resolved_2h_rate",
    "change_success_rate",
    "cross_channel_merge_rate",
    "sla_acceptance_rate",
)
FIGURE = ["kpi", "period_start", "channel"]
BACK_DAYS = 10


def _hashes(data: Path) -> dict[str, str]:
    """Of every file's content."""
    files = [path for path in sorted(data.rglob("*")) if path.is_file() and not path.is_symlink()]
    return {str(path.relative_to(data)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _values(data: Path, run_id: str) -> pl.DataFrame:
    """What a run has published by day, of every KPI, for all channels and each; in points."""
    kept = as_published(data / "history", run_id).filter(period="day")
    units = dict(pl.read_csv(SEEDS / "kpis.csv").select("kpi", "unit").rows())
    in_percent = pl.col("kpi").replace_strict(units, default="points") == "rate"
    return kept.select(
        *FIGURE, points=pl.when(in_percent).then(100).otherwise(1) * pl.col("value")
    ).drop_nulls()


def _assert_explained(data: Path, before: str, after: str) -> pl.DataFrame:
    """The reasons of each figure sum to its difference between two runs; one without a reason has none."""
    steps = marts.read(marts.published_file(data))["rpt_restatements"].filter(published_run_id=before)
    told = steps.group_by("kpi", "channel", period_start="observed_on").agg(
        pl.col("points").sum().cast(pl.Float64).alias("told")
    )
    both = _values(data, before).join(_values(data, after), on=FIGURE, suffix="_after")
    held = both.join(told, on=FIGURE, how="full", coalesce=True).with_columns(pl.col("told").fill_null(0.0))
    off = held.filter(
        (pl.col("points_after") - pl.col("points") - pl.col("told")).abs().fill_null(1.0) > 1e-8
    )
    assert off.is_empty(), off
    assert held["kpi"].n_unique() > 15
    assert held["channel"].n_unique() > 3
    assert "other" not in steps["reason_code"]
    return steps


def _orders(data: Path, name: str, due: datetime, exported: datetime) -> None:
    """A file of orders that nobody has shipped, of a promise and an export time."""
    order = {
        "channel": "app",
        "shop_id": "S1",
        "status": "paid_pending_ship",
        "quantity": "1",
        "unit_price_cny": "10.00",
        "line_amount_cny": "10.00",
        "paid_amount_cny": "10.00",
        "ordered_at": f"{due - timedelta(days=2)}",
        "paid_at": f"{due - timedelta(days=2)}",
        "promised_ship_at": f"{due}",
    }
    lines = [",".join(["channel_order_id", "channel_line_id", *order])]
    lines += [",".join([f"{name}{n}", f"{name}{n}-1", *order.values()]) for n in range(40)]
    path = data / "landing" / "luyue_orders" / f"luyue_orders_{exported:%Y%m%d%H%M%S}.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _assert_recomputed(data: Path, as_of: str, then: str, steps: pl.DataFrame) -> None:
    """A past cut-off, made again now, is what was published then, but for days of which a reason says that a
    file came late. Of the parts and the index."""
    again = run(data, "--as-of", as_of)
    apart = next((data / "asof").iterdir())
    kept = _values(data, then).join(
        _values(apart, again["run_id"]), on=FIGURE, how="full", coalesce=True, suffix="_again"
    )
    kept = kept.filter(pl.col("kpi").is_in(PARTS), channel="all")
    off = kept.filter(pl.col("points").ne_missing(pl.col("points_again")))
    late = steps.filter(reason_code="late_exports").select("kpi", "channel", period_start="observed_on")
    assert off.height
    assert off.join(late.unique(), on=FIGURE, how="anti").is_empty(), off


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_rule_is_tried_approved_published_and_told_apart(demo_run: DemoRun, tmp_path: Path) -> None:
    """Try + approve equals the next run, row for row; try changes nothing; reasons sum to the difference."""
    data = demo_run.copy(tmp_path)
    file = tmp_path / "default_promises.csv"
    file.write_text(RULES, "utf-8")
    as_of = str(demo_run.facts["as_of"])
    begins = date.fromisoformat(as_of[:10]) - timedelta(days=BACK_DAYS)

    before = _hashes(data)
    tried = luyue(
        "rules", "try", file, "--from", str(begins), "--days", "30", "--data", data, "--json", cwd=tmp_path
    )
    assert tried.code == 0, tried.text
    assert _hashes(data) == before
    result: dict[str, Any] = tried.json
    assert {kpi["kpi"] for kpi in result["kpis"]} >= {"on_time_fulfilment_rate", "on_time_ship_rate"}
    assert all(day["day"] >= str(begins) for kpi in result["kpis"] for day in kpi["days"])
    assert result["orders"]["listed"]
    assert all("****" in row["order_mask"] for row in result["orders"]["listed"])

    frames = _tried_frames(data, file, begins)
    approved = luyue(
        "rules", "approve", file, "--from", str(begins), "--reason", "六小时", "--data", data, cwd=tmp_path
    )
    assert approved.code == 0, approved.text
    facts = run(data)
    assert facts["as_of"] == as_of
    published = marts.read(marts.published_file(data))
    for name in COMPARED:
        assert (
            frames[name].sort(frames[name].columns).equals(published[name].sort(published[name].columns))
        ), name
    (mark,) = published["rpt_rule_changes"].to_dicts()
    assert (mark["state"], mark["valid_from"], mark["reason"]) == ("in_force", begins, "六小时")
    for kpi in result["kpis"]:
        for day in kpi["days"]:
            assert day["after"] == _published_value(published["rpt_kpis"], kpi["kpi"], day["day"])

    steps = _assert_explained(data, demo_run.facts["run_id"], facts["run_id"])
    assert set(steps["reason_code"]) == {"rule_change"}
    assert set(steps["kpi"]) > {"experience_index", "on_time_ship_rate"}
    earlier = steps.filter(pl.col("observed_on") < begins)
    assert set(earlier["kpi"]) <= {"high_value_lost_rate"}, (
        "days before keep their rules; first broken ones move"
    )
    assert steps.filter(kpi="experience_index").height

    cut_off = datetime.strptime(as_of, "%Y-%m-%d %H:%M:%S")
    _orders(data, "LATE", cut_off - timedelta(days=3), cut_off - timedelta(days=4))
    _orders(data, "NEW", cut_off + timedelta(hours=30), cut_off + timedelta(days=1))
    late = run(data)
    steps = _assert_explained(data, facts["run_id"], late["run_id"])
    reasons = set(steps["reason_code"])
    assert "late_exports" in reasons
    assert reasons <= {"late_exports", "time_passed", "merged_customers"}, "no rule changed since"
    _assert_recomputed(data, as_of, facts["run_id"], steps)

    revoke = luyue(
        "rules",
        "approve",
        "--revoke",
        mark["change_id"],
        "--reason",
        "too dear",
        "--data",
        data,
        cwd=tmp_path,
    )
    assert revoke.code == 0, revoke.text
    waits = luyue("rules", "try", file, "--data", data, cwd=tmp_path)
    assert waits.code == 1
    assert "approved changes of rules wait for a run" in waits.err


def _published_value(kpis: pl.DataFrame, kpi: str, day: str) -> float | None:
    found = kpis.filter(kpi=kpi, period="day", dimension="all", period_start=date.fromisoformat(day))
    return found["value"].item() if found.height else None


def _tried_frames(data: Path, file: Path, begins: date) -> dict[str, pl.DataFrame]:
    """The marts as the trial has them, whole."""
    settings = settings_module.load(data=data, env={})
    known = references.all_references(settings)
    change, _ = approving.proposed(settings, file, None, begins, known=known)
    with building.built(settings, change, before=lambda *_: None, say=lambda _: None) as trial:
        of_kind = kinds.kind(change.kind).moves
        return {name: trial.connection.sql(f"from marts.{name}").pl() for name in of_kind}


FAMILIES = {
    "event_codes": [
        ("address_changed,8,order,repeatedly,2,false", "address_changed,8,order,repeatedly,30,true")
    ],
}
"""What is changed of what ships, by kind; no two move the same marts."""


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_catalogue_of_events_publishes_what_was_tried(demo_run: DemoRun, tmp_path: Path) -> None:
    """Each is tried alone, all are approved, one run publishes them: each mart is that of its trial."""
    data = demo_run.copy(tmp_path)
    begins = date.fromisoformat(str(demo_run.facts["as_of"])[:10]) - timedelta(days=BACK_DAYS)
    before, state = marts.read(marts.published_file(data)), _hashes(data)
    tried = {}
    for kind, changes in FAMILIES.items():
        text = (SEEDS / f"{kind}.csv").read_text("utf-8")
        for was, now in changes:
            assert was in text, (kind, was)
            text = text.replace(was, now)
        (tmp_path / f"{kind}.csv").write_text(text, "utf-8")
        tried[kind] = _tried_frames(data, tmp_path / f"{kind}.csv", begins)
    assert _hashes(data) == state
    names = [name for frames in tried.values() for name in frames]
    assert len(names) == len(set(names))
    for kind in FAMILIES:
        done = luyue(
            *("rules", "approve", tmp_path / f"{kind}.csv", "--from", str(begins)),
            *("--reason", "tried", "--data", data),
            cwd=tmp_path,
        )
        assert done.code == 0, done.text
    run(data)
    published = marts.read(marts.published_file(data))
    for kind, frames in tried.items():
        assert any(not _same(frame, before[name]) for name, frame in frames.items()), f"{kind} moves nothing"
        for name, frame in frames.items():
            assert _same(frame, published[name]), (kind, name)


def _same(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    return one.sort(one.columns).equals(other.sort(other.columns))
