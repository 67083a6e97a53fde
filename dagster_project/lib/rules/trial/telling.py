"""The result of a trial as lines to read. What it holds is in comparing.py."""

from __future__ import annotations

from typing import Any

SHOWN_ORDERS = 10


def lines(result: dict[str, Any]) -> list[str]:
    """The result, the most important first."""
    told = [
        f"{result['kind']}: {result['changes']}",
        f"tried as if in force from {result['valid_from']}, on {result['first_day']} to {result['last_day']} "
        f"(cut-off {result['as_of']}); nothing published was touched",
    ]
    if result["index"] is not None:
        told.append(_line("experience_index", "points", result["index"]))
    told += [
        _line(
            kpi["kpi"], kpi["unit"], {**kpi, "before": kpi["before"]["value"], "after": kpi["after"]["value"]}
        )
        for kpi in result["kpis"]
    ]
    if not result["kpis"]:
        is_alone = result["index"] is not None and result["index"]["moves"]
        told.append("no KPI moves but the index, by its weights" if is_alone else "no KPI moves")
    penalties = result["penalties"]
    if penalties is not None:
        told.append(
            f"penalties by rule: {_amount(penalties['before']['cny'])} before, "
            f"{_amount(penalties['after']['cny'])} after, {penalties['difference_cny']:+,.2f} CNY"
        )
    for of in result["orders"]["measures"]:
        told.append(
            f"orders: {of['changed']:,} count otherwise for {of['measure']} "
            f"({of['more']:,} up, {of['less']:,} down; {of['entered']:,} come in, {of['left']:,} fall out)"
        )
    told += [
        f"  {row['measure']} {row['channel']} {row['order_mask']} {row['day']}: "
        f"{row['numerator_before']:g}/{row['denominator_before']:g} → "
        f"{row['numerator_after']:g}/{row['denominator_after']:g}"
        for row in result["orders"]["listed"][:SHOWN_ORDERS]
    ]
    told += [
        f"{mart['mart']}: {mart['rows_new']:,} rows new, {mart['rows_gone']:,} gone"
        for mart in result["marts"]
    ]
    return told


def _line(name: str, unit: str, moved: dict[str, Any]) -> str:
    before, after = (_value(unit, moved[side]) for side in ("before", "after"))
    if moved["difference"] is None:
        return f"{name}: {before} → {after}"
    by = f"{100 * moved['difference']:+.2f} pp" if unit == "rate" else f"{moved['difference']:+,.2f}"
    return f"{name}: {before} → {after} ({by})"


def _value(unit: str, value: float | None) -> str:
    if value is None:
        return "none"
    return f"{100 * value:.2f} %" if unit == "rate" else f"{value:,.2f}"


def _amount(cny: float | None) -> str:
    return "none known" if cny is None else f"{cny:,.2f} CNY"
