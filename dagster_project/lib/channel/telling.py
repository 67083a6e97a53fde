"""The result of a check as lines to read: one fact a line, values masked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dagster_project.lib.channel.checking import SHOWN_ROWS, FileCheck
from dagster_project.lib.ingest.contracts.folders import CONTRACT_FILE
from dagster_project.lib.ingest.preview import Preview

_HIDDEN = ("source", "batch_id", "source_file", "source_line", "exported_at", "extras")
_SAMPLE_ROWS = 3
_CELL_WIDTH = 28
_LISTED = 12


def lines(result: FileCheck) -> list[str]:
    """What would become of one file, and what to add."""
    told = [f"file          {result.file}"]
    if result.source:
        told.append(f"source        {result.source} (by {result.chosen_by})")
    if result.contract:
        told.append(f"contract      {result.contract.folder / CONTRACT_FILE}")
    if result.error:
        return [*told, f"error         {result.error}"]
    seen, found = result.preview, result.drift
    assert seen is not None and found is not None
    if seen.refusal is not None:
        told.append(f"REFUSED       {seen.refusal.code}: {seen.refusal}")
    new = f", {len(found.new)} new" if found.new else ""
    told.append(
        f"headers       {len(seen.mapped)} of {len(seen.headers)} mapped, {len(seen.unmapped)} to extras{new}"
    )
    for suggestion in found.suggestions:
        like = f"{suggestion.like} ({suggestion.likeness:.2f})"
        told.append(f"  renamed?    {suggestion.header} looks like {like}, which fills {suggestion.column}")
    if found.new:
        told.append(f"  new         {_listed(found.new)}")
    if seen.missing:
        told.append(f"  missing     {_listed(seen.missing)}")
    told.append(
        f"rows          {seen.rows_read:,} read: {seen.rows_accepted:,} accepted, "
        f"{seen.rows_refused:,} refused, {seen.rows_totals:,} totals"
    )
    told += _refused(seen)
    told += [f"notice        {notice}" for notice in seen.notices]
    told += _sample(seen)
    told += [f"add           {line}" for line in result.add]
    return told


def _refused(seen: Preview) -> list[str]:
    if seen.quarantine is None or seen.refusal is not None:
        return []
    told: list[str] = []
    rows = seen.quarantine.to_dicts()
    for code, count in Counter(row["reason_code"] for row in rows).most_common():
        told.append(f"  {count:>8,} {code}")
        of_code = [row for row in rows if row["reason_code"] == code]
        told += [
            f"           line {row['source_line']}, {row['column_name'] or 'the whole line'}: "
            f"{row['value_mask'] or row['reason']}"
            for row in of_code[:SHOWN_ROWS]
        ]
    return told


def _sample(seen: Preview) -> list[str]:
    if not seen.sample.height:
        return []
    rows = seen.sample.head(_SAMPLE_ROWS)
    told = ["sample"]
    for name in rows.columns:
        cells = rows[name].to_list()
        if name in _HIDDEN or name.endswith("_token") or all(cell is None for cell in cells):
            continue
        shown = " | ".join("" if cell is None else str(cell)[:_CELL_WIDTH] for cell in cells)
        told.append(f"  {name:<22} {shown}")
    return told


def _listed(words: Sequence[str]) -> str:
    more = f" and {len(words) - _LISTED} more" if len(words) > _LISTED else ""
    return ", ".join(words[:_LISTED]) + more
