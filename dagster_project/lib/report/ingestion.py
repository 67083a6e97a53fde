"""The ingestion page: sources with files, rows and freshness; refusals by reason; drift and notices; the
quarantine, masked.

Read from the batch ledger and the quarantine; counts are of the batches in force.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from dagster_project.lib import due
from dagster_project.lib.ingest.contracts.contract import load_contract
from dagster_project.lib.ingest.contracts.folders import source_folders
from dagster_project.lib.ingest.errors import ContractError
from dagster_project.lib.ingest.personal.free_text import mask_free_text
from dagster_project.lib.ingest.store import read_ledger
from dagster_project.lib.quarantine.entries import entries
from dagster_project.lib.report.ingestion_tables import (
    notices_table,
    quarantine_table,
    refusals_table,
    sources_table,
)
from dagster_project.lib.report.page import Fact, Page, Words
from dagster_project.settings import Settings

ROW_COUNTS = ("rows_read", "rows_accepted", "rows_refused", "rows_totals")
_DRIFT = r"^(new columns? |renamed columns\?)"


def page(settings: Settings, owner: str | None = None) -> Page:
    """The page over a data folder; with `owner`, only the sources whose contract names that owner."""
    contracts = _contracts(settings)
    ledger = read_ledger(settings.lake)
    told = entries(settings)
    if owner is not None:
        owned = [source for source, of in contracts.items() if of["owner"] == owner]
        ledger = ledger.filter(pl.col("source").is_in(owned))
        told = told.filter(pl.col("source").is_in(owned))
    as_of = _as_of(settings, ledger)
    sources = _sources(ledger, contracts, as_of)
    notices = _notices(ledger)
    return Page(
        "ingestion",
        Words("数据接入", "Ingestion"),
        _sentence(ledger, told),
        _facts(ledger, told, sources, as_of),
        (
            sources_table(sources),
            refusals_table(told),
            quarantine_table(told),
            notices_table("drift", notices.filter(pl.col("notice").str.contains(_DRIFT))),
            notices_table("notices", notices.filter(~pl.col("notice").str.contains(_DRIFT))),
        ),
    )


def owners(settings: Settings) -> set[str]:
    """The owners that contracts name."""
    return {of["owner"] for of in _contracts(settings).values() if of["owner"]}


def _contracts(settings: Settings) -> dict[str, dict[str, Any]]:
    """Owner, names and expected freshness (hours) by source; nothing of a contract that cannot be used."""
    found = {}
    for source, folder in source_folders(settings.channels).items():
        try:
            contract = load_contract(folder)
        except ContractError:
            continue
        hours = contract.get("freshness", {}).get("warn_after_hours")
        names = contract.get("name")
        found[source] = {"owner": contract.get("owner"), "zh": names["zh"], "en": names["en"], "hours": hours}
    return found


def _as_of(settings: Settings, ledger: pl.DataFrame) -> datetime | None:
    """The cut-off that the warehouse stands at, else the newest export."""
    state = due.read_state(settings)
    if state is not None and state.as_of:
        return datetime.strptime(state.as_of, due.TIME_FORMAT)
    newest = ledger.filter(state="accepted")["exported_at"].max()
    return newest if isinstance(newest, datetime) else None


def _sources(
    ledger: pl.DataFrame, contracts: dict[str, dict[str, Any]], as_of: datetime | None
) -> pl.DataFrame:
    known = pl.DataFrame(
        [{"source": source, **of} for source, of in contracts.items()],
        schema={
            "source": pl.String,
            "owner": pl.String,
            "zh": pl.String,
            "en": pl.String,
            "hours": pl.Float64,
        },
    )
    refused = pl.col("state") == "refused"
    found = ledger.group_by("source").agg(
        pl.len().alias("files"),
        refused.sum().alias("files_refused"),
        *(pl.col(name).sum() for name in ROW_COUNTS),
        pl.col("exported_at").filter(~refused).max().alias("newest"),
    )
    age = (pl.lit(as_of, pl.Datetime("us")) - pl.col("newest")).dt.total_minutes() / 60
    state = (
        pl.when((pl.col("files_refused") > 0) | (pl.col("rows_refused") > 0))
        .then(pl.lit("watch"))
        .otherwise(pl.lit("good"))
    )
    stale = pl.col("newest").is_null() | (pl.col("age_hours") > pl.col("hours")).fill_null(False)
    joined = found.join(known, on="source", how="left").with_columns(age.alias("age_hours"))
    named = [pl.coalesce(language, "source").alias(f"name_{language}") for language in ("zh", "en")]
    return joined.with_columns(
        pl.when(stale).then(pl.lit("bad")).otherwise(state).alias("state"), *named
    ).sort("source")


def _notices(ledger: pl.DataFrame) -> pl.DataFrame:
    listed = ledger.select(
        "source",
        "source_file",
        "exported_at",
        pl.col("notices").fill_null("[]").str.json_decode(pl.List(pl.String)).alias("notice"),
    )
    told = listed.explode("notice").drop_nulls("notice")
    told = told.sort("exported_at", "source_file", descending=True)
    return told.with_columns(mask_free_text(told["notice"]))


def _sentence(ledger: pl.DataFrame, told: pl.DataFrame) -> Words:
    rows, files = ledger["rows_read"].sum(), ledger.height
    open_rows = told.filter(pl.col("status") != "superseded")
    if not files:
        return Words("还没有读取任何文件。", "No file was read yet.")
    share = int(ledger["rows_accepted"].sum()) / int(rows) if rows else 1.0
    return Words(
        f"共读取 {files:,} 个文件、{rows:,} 行，接收 {share:.1%}；{open_rows.height:,} 项待处理。",
        f"{files:,} files and {rows:,} rows were read, {share:.1%} accepted; "
        f"{open_rows.height:,} refusals are open.",
    )


def _facts(
    ledger: pl.DataFrame, told: pl.DataFrame, sources: pl.DataFrame, as_of: datetime | None
) -> tuple[Fact, ...]:
    stale = sources.filter(state="bad").height
    refused = int(ledger["rows_refused"].sum())
    replayable = told.filter(status="replayable")["batch_id"].n_unique()
    return (
        Fact(Words("数据截至", "data as of"), f"{as_of:%Y-%m-%d %H:%M}" if as_of else "—"),
        Fact(Words("来源", "sources"), f"{sources.height:,}"),
        Fact(Words("过期来源", "stale sources"), f"{stale:,}", "bad" if stale else "good"),
        Fact(Words("拒收行", "rows refused"), f"{refused:,}", "watch" if refused else "good"),
        Fact(Words("可重放文件", "files to replay"), f"{replayable:,}", "watch" if replayable else "good"),
    )
