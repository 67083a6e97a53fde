"""What became of findings: as the last published run had them, and what people said in inbox/findings/ since.

It is history, kept beside the warehouse, which is made anew: DATA/quality/history.parquet and scores.parquet
are written after publishing, from what was published. How a finding opens, closes and reopens is decided in
dbt.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from dagster_project.lib import publish
from dagster_project.lib.due import TIME_FORMAT
from dagster_project.lib.ingest.personal.walled import walled
from dagster_project.lib.stewardship import overlay
from dagster_project.lib.stewardship.entities import SAME_AS
from dagster_project.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

KIND = "findings"
"""Kind of the inbox entries: finding_id, action, assignee, reason."""
STATES = {
    "acknowledge": "acknowledged",
    "assign": "assigned",
    "accept_risk": "accepted_risk",
    "reopen": "open",
}
"""What an action makes of a finding that is still there."""
SCORES_KEPT = timedelta(days=400)
"""A year and a month: a trend over the same season."""
_TEXTS = (
    *("rule_code", "entity", "record_key", "field", "value", "reason_code"),
    *("detail", "suggestion", "adcode", "record_owner", "source"),
)
_TIMES = ("first_seen_at", "opened_at", "last_seen_at", "due_at", "responded_at", "resolved_at")
_SCORES = ("measured_at", "slice", "member", "score", "rule_count", "checked_count", "failing_count")


def now(settings: Settings, as_of: datetime) -> pl.DataFrame:
    """One row a finding that was published or of which somebody said something: the source
    quality_standing."""
    import polars as pl

    before = _history(settings)
    said = _said(list(entries(settings)), before)
    of = pl.col("entity").replace(SAME_AS)
    keys = overlay.in_force(settings, as_of).select(of.alias("of"), "record_key").unique()
    joined = before.join(said, on="finding_id", how="full", coalesce=True)
    keys = keys.with_columns(is_corrected=pl.lit(value=True))
    keyed = joined.with_columns(of=of).join(keys, on=["of", "record_key"], how="left")
    return keyed.drop("of").sort("finding_id")


def remember(settings: Settings) -> dict[str, int]:
    """After publishing: keeps findings and scores as published; counts: findings, scores."""
    published = publish.current(settings)
    assert published is not None, "called after publishing"
    columns = ", ".join(("finding_id", "state", *_TEXTS, *_TIMES, "reopened_count", "acted_until"))
    findings = _read(published, f"select {columns} from marts.rpt_quality_findings")
    scores = _read(published, f"select {', '.join(_SCORES)} from marts.rpt_quality_scores")
    newest = scores["measured_at"].max()
    if isinstance(newest, datetime):
        scores = scores.filter(scores["measured_at"] > newest - SCORES_KEPT)
    settings.quality.mkdir(parents=True, exist_ok=True)
    _write(settings.quality / "history.parquet", findings.sort("finding_id"))
    _write(settings.quality / "scores.parquet", scores.sort("measured_at", "slice", "member"))
    return {"findings": findings.height, "scores": scores.height}


def entries(settings: Settings) -> Iterator[dict[str, Any]]:
    """What people said of findings, in file order; a line that is no entry with an id, a known action and a
    time says nothing."""
    for path in sorted((settings.inbox / KIND).glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                entry = json.loads(line)
                at = datetime.strptime(str(entry["at"]), TIME_FORMAT)
            except (ValueError, KeyError, TypeError):
                continue
            if isinstance(entry.get("finding_id"), str) and entry.get("action") in STATES:
                yield {**entry, "at": at}


def _history(settings: Settings) -> pl.DataFrame:
    import polars as pl

    schema: dict[str, Any] = {"finding_id": pl.String, "was_state": pl.String}
    schema |= {**dict.fromkeys(_TEXTS, pl.String), **dict.fromkeys(_TIMES, pl.Datetime("us"))}
    schema |= {"reopened_count": pl.Int64, "acted_until": pl.Datetime("us")}
    path = settings.quality / "history.parquet"
    if not path.exists():
        return pl.DataFrame(schema=schema)
    kept = pl.read_parquet(path).rename({"state": "was_state"})
    return kept.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def _said(told: list[dict[str, Any]], before: pl.DataFrame) -> pl.DataFrame:
    """Of each finding the last word, the first answer, and who it was given to, since it was last closed."""
    import polars as pl

    reasons = walled([str(one.get("reason") or "") for one in told])
    rows = [
        {
            "finding_id": one["finding_id"],
            "state": STATES[one["action"]],
            "assignee": str(one["assignee"]) if one.get("assignee") else None,
            "reason": reason or None,
            "at": one["at"],
        }
        for one, reason in zip(told, reasons, strict=True)
    ]
    schema = {
        **dict.fromkeys(("finding_id", "state", "assignee", "reason"), pl.String()),
        "at": pl.Datetime("us"),
    }
    said = pl.DataFrame(rows, schema=schema).join(
        before.select("finding_id", "acted_until"), on="finding_id", how="left", maintain_order="left"
    )
    since = said.filter(pl.col("acted_until").is_null() | (pl.col("at") > pl.col("acted_until")))
    answers = pl.col("state") != "open"
    return (
        since.sort("at", maintain_order=True)
        .group_by("finding_id", maintain_order=True)
        .agg(
            said_state=pl.col("state").last(),
            said_assignee=pl.col("assignee").drop_nulls().last(),
            said_reason=pl.col("reason").last(),
            said_first_at=pl.col("at").filter(answers).min(),
            said_last_at=pl.col("at").max(),
        )
    )


def _read(published: Path, sql: str) -> pl.DataFrame:
    import duckdb

    with duckdb.connect(str(published), read_only=True) as connection:
        return connection.sql(sql).pl()


def _write(path: Path, frame: pl.DataFrame) -> None:
    temporary = path.with_suffix(".tmp")
    frame.write_parquet(temporary)
    temporary.replace(path)
