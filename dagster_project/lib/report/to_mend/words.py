"""The words of the pages in both languages: whatever the script shows comes from here, too."""

from __future__ import annotations

from dagster_project.lib.report.page import Words

WORDS: dict[str, Words] = {
    "title": Words("待修正的主数据", "Master data to mend"),
    "all": Words("全部责任人", "all owners"),
    "search": Words("搜索：对象、取值、问题", "Search: record, value, problem"),
    "group": Words("分组", "Group by"),
    "group_none": Words("不分组", "nothing"),
    "severity": Words("严重度", "Severity"),
    "rule": Words("问题", "Problem"),
    "owner": Words("责任人", "Owner"),
    "entity": Words("对象类型", "Kind"),
    "record": Words("对象", "Record"),
    "value": Words("现值", "Value"),
    "suggestion": Words("建议", "Suggestion"),
    "orders": Words("影响订单", "Orders"),
    "points": Words("损失（百分点）", "Cost (pp)"),
    "costliest": Words("最费一项（百分点）", "Costliest one (pp)"),
    "due": Words("期限", "Due"),
    "state": Words("状态", "State"),
    "findings": Words("项数", "Findings"),
    "remedy": Words("如何修正", "How to mend it"),
    "detail": Words("所见", "Seen"),
    "first_seen": Words("首次发现", "First seen"),
    "finding": Words("编号", "Finding"),
    "kpi": Words("受损指标", "KPI hurt"),
    "sure": Words("把握 {n} %", "{n} % sure"),
    "shown": Words("第 {from}–{to} 项，共 {all} 项", "{from}–{to} of {all}"),
    "none": Words("没有符合条件的问题。", "Nothing matches."),
    "nothing": Words("没有待修正的问题。", "There is nothing to mend."),
    "previous": Words("上一页", "Previous"),
    "next": Words("下一页", "Next"),
    "clear": Words("清除条件", "Clear"),
    "overdue": Words("已逾期", "overdue"),
    "critical": Words("严重", "critical"),
    "major": Words("重要", "major"),
    "minor": Words("一般", "minor"),
    "open": Words("待处理", "open"),
    "acknowledged": Words("已知悉", "acknowledged"),
    "assigned": Words("已指派", "assigned"),
    "by_rule": Words("按问题", "By problem"),
    "every": Words("逐项", "Every finding"),
    "files": Words("全部数据", "All of it as"),
    "print_note": Words(
        "打印件列出前 {n} 项；全部见数据文件。", "Printed are the first {n}; the files have them all."
    ),
    "as_of": Words("数据截至", "data as of"),
    "written": Words("生成于", "written"),
}
ENTITIES: dict[str, Words] = {
    "sku": Words("商品", "SKU"),
    "sku_alias": Words("渠道编码", "channel code"),
    "warehouse": Words("仓库", "warehouse"),
    "store": Words("门店", "store"),
    "resource": Words("资源", "resource"),
    "carrier": Words("承运区域", "carrier area"),
    "address": Words("地址", "address"),
    "customer": Words("顾客", "customer"),
    "rule": Words("规则", "rule"),
}
ICONS = {"critical": "▲", "major": "●", "minor": "○"}
"""Severity is told by icon and word; colour only repeats them."""
