"""The ingestion page: sources with files, rows and freshness; refusals by reason; drift and notices; the
quarantine, masked.

Read from the batch ledger and the quarantine; counts are of the batches in force.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from dagster_project.lib import due
from dagster_project.lib.ingest.contract import load_contract
from dagster_project.lib.ingest.contract_folders import source_folders
from dagster_project.lib.ingest.errors import ContractError
from dagster_project.lib.ingest.free_text import mask_free_text
from dagster_project.lib.ingest.store import read_ledger
from dagster_project.lib.quarantine.advice import all_advice
from dagster_project.lib.quarantine.entries import entries
from dagster_project.lib.report.page import Column, Fact, Page, Table, Words
from dagster_project.settings import Settings

_DRIFT = r"^(new columns? |renamed columns\?)"
_SOURCE = Column("source", Words("来源", "source"), "code")
_FILE = Column("source_file", Words("文件", "file"), "path")
_ROWS = (
    Column("rows_read", Words("读取行", "rows read"), "count"),
    Column("rows_accepted", Words("接收行", "accepted"), "count"),
    Column("rows_refused", Words("拒收行", "refused"), "count"),
    Column("rows_totals", Words("合计行", "totals"), "count"),
)


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
            _sources_table(sources),
            _refusals_table(told),
            _quarantine_table(told),
            _notices_table("drift", notices.filter(pl.col("notice").str.contains(_DRIFT))),
            _notices_table("notices", notices.filter(~pl.col("notice").str.contains(_DRIFT))),
        ),
    )


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
        *(pl.col(column.name).sum() for column in _ROWS),
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


def _sources_table(sources: pl.DataFrame) -> Table:
    columns = (
        Column("state", Words("状态", "state"), "state"),
        Column("name", Words("名称", "name")),
        _SOURCE,
        Column("owner", Words("负责人", "owner")),
        Column("files", Words("文件", "files"), "count"),
        Column("files_refused", Words("拒收文件", "files refused"), "count"),
        *_ROWS,
        Column("newest", Words("最新导出", "newest export"), "time"),
        Column("age_hours", Words("距今（小时）", "age (hours)"), "hours"),
    )
    return Table("sources", Words("来源", "Sources"), columns, sources, Words("还没有文件。", "No file yet."))


def _refusals_table(told: pl.DataFrame) -> Table:
    counts = (
        told.filter(pl.col("status") != "superseded")
        .group_by("source", "reason_code", "status")
        .agg(
            pl.col("source_line").is_not_null().sum().alias("rows"),
            pl.col("batch_id").n_unique().alias("files"),
        )
        .sort("rows", "files", "source", "reason_code", descending=[True, True, False, False])
    )
    for language in ("zh", "en"):
        words = all_advice(language)
        means = {code: advice.means for code, advice in words.items()}
        mend = {code: advice.mend for code, advice in words.items()}
        code = pl.col("reason_code")
        counts = counts.with_columns(
            code.replace_strict(means, default=None, return_dtype=pl.String).alias(f"means_{language}"),
            code.replace_strict(mend, default=None, return_dtype=pl.String).alias(f"mend_{language}"),
        )
    columns = (
        Column("status", Words("状态", "state"), "state"),
        _SOURCE,
        Column("reason_code", Words("原因代码", "reason"), "code"),
        Column("rows", Words("行", "rows"), "count"),
        Column("files", Words("文件", "files"), "count"),
        Column("means", Words("含义", "what it means")),
        Column("mend", Words("如何处理", "how to mend it")),
    )
    empty = Words("没有待处理的拒收。", "No refusal is open.")
    return Table("refusals", Words("拒收原因", "Refusals by reason"), columns, counts, empty)


def _quarantine_table(told: pl.DataFrame) -> Table:
    columns = (
        Column("status", Words("状态", "state"), "state"),
        _FILE,
        Column("source_line", Words("行号", "line"), "count"),
        Column("column_name", Words("列", "column"), "code"),
        Column("reason_code", Words("原因代码", "reason"), "code"),
        Column("value_mask", Words("值（脱敏）", "value (masked)"), "code"),
        Column("reason", Words("说明", "why")),
        Column("id", Words("编号", "id"), "code"),
    )
    means = {code: advice.means for code, advice in all_advice("zh").items()}
    meaning = pl.col("reason_code").replace_strict(means, default="", return_dtype=pl.String)
    of_file = (
        pl.when(pl.col("source_line").is_null()).then(pl.lit(" ") + pl.col("reason")).otherwise(pl.lit(""))
    )
    told = told.with_columns(pl.col("reason").alias("reason_en"), (meaning + of_file).alias("reason_zh"))
    empty = Words("隔离区是空的。", "The quarantine is empty.")
    return Table("quarantine", Words("隔离区（脱敏）", "Quarantine (masked)"), columns, told, empty)


def _notices_table(key: str, notices: pl.DataFrame) -> Table:
    titles = {
        "drift": Words("列的变化", "Columns that changed"),
        "notices": Words("文件提示", "Notices"),
    }
    columns = (
        _FILE,
        Column("exported_at", Words("导出时间", "exported"), "time"),
        Column("notice", Words("提示", "notice")),
    )
    return Table(key, titles[key], columns, notices, Words("没有。", "None."))
