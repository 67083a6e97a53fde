"""The lines that a run prints: plain English, one fact a line. No figures are computed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dagster_project.lib import increments
from dagster_project.settings import Settings

_SHOWN = 12


def run_lines(settings: Settings, facts: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a run did; `parts` as index.parts gives them (empty if nothing is published)."""
    lines = [*_index_lines(facts, parts), *_read_lines(facts)]
    lines += _listed("refused file", facts["refused_files"])
    lines += _listed("refused rows", [f"{why}: {count:,}" for why, count in facts["refused_rows"].items()])
    if facts["refused_rows"]:
        lines.append(f"              see them with: luyue quarantine list --data {settings.data}")
    lines += _listed("notice", facts["notices"])
    lines += _listed("warning", facts["warnings"])
    checks = facts["checks"]
    lines.append(
        f"checks        {checks['passed']} passed, {checks['warned']} warned, {checks['failed']} failed"
    )
    lines += _listed("blocked", facts["blocked"])
    return [*lines, *_where_lines(settings, facts)]


def _index_lines(facts: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> list[str]:
    lines: list[str] = []
    for part in parts:
        if part["kpi"] == "experience_index":
            value = "missing" if part["value"] is None else f"{part['value']:.1f} of 100"
            lines.insert(0, f"index         {value} ({part['status']}), as of {facts['as_of']}")
            continue
        value = "missing" if part["value"] is None else f"{part['value']:.1%}"
        counts = f"{part['numerator'] or 0:,.0f} of {part['denominator'] or 0:,.0f}"
        told = f"{value:>8}   {counts:<20} weight {part['weight']:.0%}, {part['status']}"
        lines.append(f"  {part['kpi']:<28} {told}")
    return lines


def _read_lines(facts: Mapping[str, Any]) -> list[str]:
    def total(name: str) -> int:
        return sum(int(counts.get(name, 0)) for counts in facts["sources"].values())

    known, bad = total("files_skipped"), total("files_refused")
    accepted, refused = total("rows_accepted"), total("rows_refused")
    return [
        f"read          {total('files'):,} files, {bad:,} refused, {known:,} known already",
        f"              {total('rows_read'):,} rows: {accepted:,} accepted, {refused:,} refused, "
        f"{total('rows_totals'):,} totals",
        f"built         {increments.line(facts['built'])}",
    ]


def _where_lines(settings: Settings, facts: Mapping[str, Any]) -> list[str]:
    took = sum(facts["seconds"].values())
    stages = ", ".join(f"{name} {seconds:.1f}" for name, seconds in facts["seconds"].items())
    lines = [f"took          {took:.1f} s ({stages})"]
    if facts["published"]:
        lines.append(f"published     {settings.serving / facts['published']}")
        lines.append(f"dashboard     luyue dashboard --data {settings.data}")
    else:
        lines.append(f"published     nothing; the last good version, if any, stays in {settings.serving}")
    lines.append(f"facts         {settings.runs / facts['run_id']}.json")
    return lines


def _listed(label: str, lines: Sequence[str]) -> list[str]:
    shown = [f"{label:<13} {line}" for line in lines[:_SHOWN]]
    if len(lines) > _SHOWN:
        shown.append(f"{label:<13} and {len(lines) - _SHOWN} more")
    return shown
