"""The cells of a refused row as they may be shown without a reason: personal values masked, by column, by
header and by content.

The raw cells stand in the vault; who may see them whole is decided elsewhere.
"""

from __future__ import annotations

import polars as pl

from dagster_project.lib.ingest.contracts.contract import Contract
from dagster_project.lib.ingest.personal import masks
from dagster_project.lib.ingest.personal.extras import private_kind
from dagster_project.lib.ingest.personal.free_text import mask_free_text
from dagster_project.lib.ingest.readers.headers import canonical_header

LONGEST_SHOWN = 200


def kinds_of(contract: Contract | None, header: str) -> set[str]:
    """The kinds of personal value that a header's cells may hold."""
    kinds: set[str] = set()
    if contract is not None:
        wanted = canonical_header(header)
        columns = [name for name, headers in contract.headers.items() if wanted in headers]
        known = [contract.feed.columns[name] for name in columns if name in contract.feed.columns]
        kinds |= {column.pii for column in known if column.pii}
    kind = private_kind(header, contract.get("private_headers", {}) if contract else {})
    return kinds | ({kind} if kind else set())


def masked_cells(contract: Contract | None, cells: dict[str, str]) -> dict[str, str]:
    """The cells with personal values masked; without a contract, which would tell where those stand, each as
    its first character and its length."""
    if contract is None:
        return {header: _hinted(cell) for header, cell in cells.items()}
    return {header: _masked(kinds_of(contract, header), cell) for header, cell in cells.items()}


def masked_line(raw: str) -> str:
    """A line that never became cells, of which nothing is known: each part as its first character and its
    length."""
    delimiter = max(("\t", ",", ";", "|"), key=raw.count)
    return delimiter.join(_hinted(part) for part in raw.split(delimiter))


def _hinted(text: str) -> str:
    return f"{text[:1]}…({len(text)})" if text else ""


def _masked(kinds: set[str], cell: str) -> str:
    shown = pl.Series([cell[:LONGEST_SHOWN]])
    for kind in sorted(kinds):
        shown = shown.to_frame("v").select(masks.mask(kind, pl.col("v"))).to_series()
    return str(mask_free_text(shown)[0])
