"""Column names: their canonical form, the row that holds them, and which column each one fills.

Mapping is by name, never by position: platforms add, drop and reorder columns.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from dagster_project.lib.ingest.errors import FileRefusedError

if TYPE_CHECKING:
    from dagster_project.lib.ingest.contracts.contract import Contract

HEADER_SCAN_ROWS = 20
_LONGEST_REMEMBERED = 100
"""Characters of a cell that may be a header, and is asked about again for every delimiter and file."""
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\x00-\x1f]+")


def canonical_header(name: str) -> str:
    """NFKC, without white space and invisible characters, 帐 written 账, Latin letters lower case."""
    return _canonical(name) if len(name) <= _LONGEST_REMEMBERED else _canonical.__wrapped__(name)


@lru_cache(maxsize=1 << 12)
def _canonical(name: str) -> str:
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", name)).strip("'").replace("帐", "账").lower()


def find_header(rows: Sequence[Sequence[str]], known: Collection[str]) -> int:
    """Index of the row with the most known names, the first of equals. Refuses where none holds any."""
    names = set(known)
    counts = [len({canonical_header(cell) for cell in row} & names) for row in rows[:HEADER_SCAN_ROWS]]
    if not counts or max(counts) == 0:
        raise FileRefusedError(
            "no_header", f"none of the first {max(len(counts), 1)} rows holds a known column name"
        )
    return counts.index(max(counts))


def check_required(headers: Sequence[str], contract: Contract, rows: int) -> None:
    """Refuses a file that lacks a required column, naming what is missing and what is not mapped."""
    present = {canonical_header(header) for header in headers}
    missing = [
        "/".join(contract.headers[column])
        for column in contract.required
        if column in contract.headers and not present & set(contract.headers[column])
    ]
    if missing:
        from dagster_project.lib.ingest.contracts.drift import drift
        from dagster_project.lib.ingest.personal.quoting import quoted

        known = contract.known_headers()
        unmapped = [
            header.strip() for header in headers if header.strip() and canonical_header(header) not in known
        ]
        found = drift(headers, contract).suggestions
        like = [
            f"{quoted([s.header])[0]} looks like {s.like}" for s in found if s.column in contract.required
        ]
        raise FileRefusedError(
            "missing_column",
            f"missing columns {missing}; {''.join(f'{told}; ' for told in like)}"
            f"unmapped columns {quoted(unmapped[:12])}{' …' if len(unmapped) > 12 else ''}; "
            f"if one was renamed, add it to channels/{contract.source}/column_map.csv",
            rows,
        )
