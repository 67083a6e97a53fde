"""The tables of the ingestion page: their columns, in both languages. What is counted is ingestion.py."""

from __future__ import annotations

import polars as pl

from dagster_project.lib.quarantine.advice import all_advice
from dagster_project.lib.report.page import Column, Table, Words

_SOURCE = Column("source", Words("来源", "source"), "code")
_FILE = Column("source_file", Words("文件", "file"), "path")
_ROWS = (
    Column("rows_read", Words("读取行", "rows read"), "count"),
    Column("rows_accepted", Words("接收行", "accepted"), "count"),
    Column("rows_refused", Words("拒收行", "refused"), "count"),
    Column("rows_totals", Words("合计行", "totals"), "count"),
)


def sources_table(sources: pl.DataFrame) -> Table:
    """Every source with its files, rows and freshness."""
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


def refusals_table(told: pl.DataFrame) -> Table:
    """Open refusals by source and reason, with what to do about each."""
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


def quarantine_table(told: pl.DataFrame) -> Table:
    """Every refused row and file."""
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


def notices_table(key: str, notices: pl.DataFrame) -> Table:
    """What was noticed about files; `key` is drift or notices."""
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
