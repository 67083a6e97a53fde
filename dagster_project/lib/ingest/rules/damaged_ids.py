"""The signs that a spreadsheet program has rounded a file's ids: 6.91793E+18, or zeros beyond the 15th
digit."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from dagster_project.lib.ingest.errors import FileRefusedError

_SCIENTIFIC = r"^\d(\.\d+)?[Ee]\+\d+$"
_LONG = r"^\d{15,}$"
_EXCEL_DIGITS = 15
"""A double holds 15 decimal digits; a spreadsheet program writes zeros for the rest of a longer id."""
_DAMAGE_EVIDENCE_DIGITS = 3
"""Zeros beyond the 15th digit, over all distinct ids, that chance does not bring about (1 in 1,000)."""
_QUICK_LOOK = 1000
"""Rows that are looked at first: nearly every column of long ids is cleared by them."""


@dataclass
class _Evidence:
    """What the ids of one column have shown so far."""

    scientific: str | None = None
    is_whole: bool = False
    """A long id does not end with zero, or has another digit beyond the 15th: nothing was rounded."""
    zeros: int = 0
    first: str | None = None
    has_others: bool = False
    ends_in_zeros: bool = True
    counted: set[str] = field(default_factory=set)

    def example(self) -> str | None:
        """An id that shows the damage; null where there is none."""
        if self.scientific is not None or self.is_whole or self.first is None:
            return self.scientific
        rounded = self.zeros >= _DAMAGE_EVIDENCE_DIGITS or (self.has_others and self.ends_in_zeros)
        return self.first if rounded else None


class DamagedIds:
    """The judgement over a file's id columns, chunk by chunk: it stands once the last chunk was seen."""

    def __init__(self) -> None:
        self._columns: dict[str, _Evidence] = {}

    def see(self, frame: pl.DataFrame) -> None:
        """Looks at the id columns (names ending in _id and _no) of mapped text cells."""
        names = [name for name in frame.columns if name.endswith(("_id", "_no"))]
        if not names or not frame.height:
            return
        suspect = frame.select(pl.col(names).str.contains("+", literal=True).any()).row(0)
        for name, may_be_scientific in zip(names, suspect, strict=True):
            evidence = self._columns.setdefault(name, _Evidence())
            if may_be_scientific and evidence.scientific is None:
                found = frame[name].filter(frame[name].str.contains(_SCIENTIFIC))
                evidence.scientific = found[0] if found.len() else None
            if not evidence.is_whole:
                _see_long(evidence, frame[name])

    def refuse(self, rows: int) -> None:
        """Refuses a file of `rows` rows with a column of rounded ids. A long id whose last digit is none of
        zero clears its column."""
        for name, evidence in self._columns.items():
            if (example := evidence.example()) is not None:
                raise FileRefusedError(
                    "damaged_ids",
                    f"a spreadsheet program has rounded the ids of {name} (such as {example}); "
                    "export the file again and do not save it from a spreadsheet program",
                    rows,
                )


def _see_long(evidence: _Evidence, cells: pl.Series) -> None:
    head = cells.head(_QUICK_LOOK)
    for part in (head, cells):
        long = part.str.contains(_LONG)
        if (long & ~part.str.ends_with("0")).any():
            evidence.is_whole = True
            return
    ids = cells.filter(long.fill_null(False)).unique(maintain_order=True)
    if not ids.len():
        return
    beyond = ids.str.slice(_EXCEL_DIGITS)
    if beyond.str.contains("[1-9]").any():
        evidence.is_whole = True
        return
    evidence.first = evidence.first or ids[0]
    evidence.has_others |= ids.len() > 1 or ids[0] != evidence.first
    evidence.ends_in_zeros &= bool(ids.str.ends_with("000").all())
    if evidence.zeros < _DAMAGE_EVIDENCE_DIGITS:
        longer = ids.filter(beyond != "").head(_DAMAGE_EVIDENCE_DIGITS).to_list()
        evidence.counted |= set(longer)
        evidence.zeros = sum(len(value) - _EXCEL_DIGITS for value in evidence.counted)
