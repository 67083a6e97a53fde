"""The master-data page: what owners should mend in master data, and what it costs.

Read from the published file alone, as the dashboard reads it. Rules and remedies stand in dbt's seeds.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from dagster_project.lib.quality import rules
from dagster_project.lib.report.page import Column, Fact, Page, Table, Words

SEVERITIES = {
    "critical": Words("严重", "critical"),
    "major": Words("重要", "major"),
    "minor": Words("一般", "minor"),
}
"""The gravest first."""


def page(published: Path, owner: str | None = None) -> Page | None:
    """The page over a published file; with `owner`, only the findings that this owner mends. None for a file
    that a version of before published."""
    if _query(published, _IS_THERE).is_empty():
        return None
    findings = _query(published, "select * from marts.rpt_quality_findings where resolved_at is null")
    crossed = _query(published, _CROSSED)
    if owner is not None:
        findings = findings.filter(owner=owner)
    findings = _worded(findings)
    return Page(
        "master_data",
        Words("主数据", "Master data"),
        _sentence(findings, crossed),
        _facts(findings, crossed),
        (_rules_table(findings), _findings_table(findings), _crossed_table(crossed)),
    )


def owners(published: Path) -> set[str]:
    """The owners of rules and of findings, mended ones too."""
    found = set(pl.read_csv(rules.SEED, columns=["owner"])["owner"].drop_nulls())
    if _query(published, _IS_THERE).is_empty():
        return found
    told = _query(published, "select distinct owner from marts.rpt_quality_findings where owner is not null")
    return found | set(told["owner"])


_IS_THERE = """
    select 1 from information_schema.columns
    where table_name = 'rpt_quality_findings' and column_name = 'rule_code'
"""
_CROSSED = """
    select
        channel,
        sum(judged_count) as judged_count,
        sum(cross_count) as cross_count,
        sum(wrongly_cross_count) as wrongly_cross_count,
        sum(wrongly_cross_count) / nullif(sum(judged_count), 0) as value,
        sum(judged_count) / sum(order_count) as coverage,
        cast(sum(extra_freight_cny) as double) as extra_freight_cny
    from marts.rpt_cross_province
    group by channel
    order by channel = 'all' desc, wrongly_cross_count desc, channel
"""


def _query(published: Path, sql: str) -> pl.DataFrame:
    import duckdb

    with duckdb.connect(str(published), read_only=True) as connection:
        return connection.sql(sql).pl()


def _worded(findings: pl.DataFrame) -> pl.DataFrame:
    """With the severity in both languages, the gravest and widest first."""
    order = {name: place for place, name in enumerate(SEVERITIES)}
    words = [
        pl.col("severity").replace_strict({name: of.of(language) for name, of in SEVERITIES.items()})
        for language in ("zh", "en")
    ]
    return findings.with_columns(
        words[0].alias("severity_zh"),
        words[1].alias("severity_en"),
        pl.col("severity").replace_strict(order).alias("rank"),
    ).sort("rank", "orders_touched", "rule_code", "record_key", descending=[False, True, False, False])


def _sentence(findings: pl.DataFrame, crossed: pl.DataFrame) -> Words:
    if findings.is_empty():
        return Words("没有待修正的主数据。", "There is no master data to mend.")
    freight = crossed.filter(channel="all")["extra_freight_cny"].sum()
    return Words(
        f"{findings.height:,} 项主数据待修正；误判跨省多付运费 {freight:,.0f} 元。",
        f"{findings.height:,} findings are to be mended; orders wrongly held to cross provinces "
        f"cost CNY {freight:,.0f} of freight.",
    )


def _facts(findings: pl.DataFrame, crossed: pl.DataFrame) -> tuple[Fact, ...]:
    counts = dict(findings.group_by("severity").len().rows())
    states = {"critical": "bad", "major": "watch", "minor": ""}
    told = [
        Fact(
            Words(f"{of.zh}问题", f"{of.en} findings"),
            f"{counts.get(name, 0):,}",
            states[name] if counts.get(name) else "good",
        )
        for name, of in SEVERITIES.items()
    ]
    share = crossed.filter(channel="all")["value"].drop_nulls()
    shown = f"{share[0]:.1%}" if len(share) else "—"
    return (*told, Fact(Words("误判跨省率", "wrongly cross-province"), shown))


def _rules_table(findings: pl.DataFrame) -> Table:
    columns = ["rule_code", "severity_zh", "severity_en", "owner", "title_zh", "title_en", "remedy_zh"]
    grouped = findings.group_by(*columns, "remedy_en", "rank", maintain_order=True).agg(
        pl.len().alias("findings"), pl.col("orders_touched").sum()
    )
    return Table(
        "findings_by_rule",
        Words("按规则", "By rule"),
        (
            Column("title", Words("问题", "finding")),
            Column("severity", Words("严重度", "severity")),
            Column("owner", Words("责任人", "owner")),
            Column("findings", Words("项数", "findings"), "count"),
            Column("orders_touched", Words("受影响订单", "orders affected"), "count"),
            Column("remedy", Words("如何修正", "how to mend")),
        ),
        grouped.sort("rank", "findings", descending=[False, True]),
        Words("没有发现问题。", "Nothing was found."),
    )


def _findings_table(findings: pl.DataFrame) -> Table:
    return Table(
        "findings",
        Words("明细", "Findings"),
        (
            Column("title", Words("问题", "finding")),
            Column("record_key", Words("对象", "record"), "code"),
            Column("adcode", Words("区划", "division"), "code"),
            Column("detail", Words("所见", "seen")),
            Column("suggestion", Words("建议", "suggestion")),
            Column("orders_touched", Words("受影响订单", "orders affected"), "count"),
        ),
        findings,
        Words("没有发现问题。", "Nothing was found."),
    )


def _crossed_table(crossed: pl.DataFrame) -> Table:
    return Table(
        "cross_province",
        Words("误判跨省", "Wrongly cross-province"),
        (
            Column("channel", Words("渠道", "channel")),
            Column("judged_count", Words("可判断订单", "orders judged"), "count"),
            Column("cross_count", Words("确实跨省", "cross provinces"), "count"),
            Column("wrongly_cross_count", Words("误判跨省", "wrongly held to"), "count"),
            Column("value", Words("误判率", "share"), "share"),
            Column("coverage", Words("可判断比例", "coverage"), "share"),
            Column("extra_freight_cny", Words("多付运费（元）", "extra freight, CNY"), "count"),
        ),
        crossed,
        Words("没有由仓库发出的订单。", "No order leaves a warehouse."),
    )
