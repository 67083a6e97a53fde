"""Writes the exports of tests/fixtures/channels as the platforms write them, from what each cases.yml says.

`PYTHONPATH=tests python tests/support/channel_exports.py` writes them all anew. All persons in them are
invented. What ingestion makes of a file stands beside it, as `<file>.rows.json`.
"""

from __future__ import annotations

import csv
import html
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml
from support.biff import xls

FOLDER = Path(__file__).parents[1] / "fixtures" / "channels"
Cell = str | float | None
_WRAPS = {"lead_tab": "\t{}", "trail_tab": "{}\t", "formula": '="{}"', "apostrophe": "'{}"}
_CREATED = datetime(2026, 1, 5)


@dataclass(frozen=True)
class Export:
    """One file of the fixtures, and the quirk that it shows."""

    source: str
    case: Mapping[str, Any]

    @property
    def file(self) -> str:
        return str(self.case["file"])

    @property
    def path(self) -> Path:
        return FOLDER / self.source / self.file

    @property
    def headers(self) -> list[str]:
        """As the file writes them."""
        known = self.case.get("headers") or _facts(self.source)["variants"][self.case["variant"]]
        return [str(self.case.get("rename", {}).get(header, header)) for header in known]


@cache
def exports() -> tuple[Export, ...]:
    """All files that cases.yml of any source describes."""
    found: list[Export] = []
    for path in sorted(FOLDER.glob("*/cases.yml")):
        found += [Export(path.parent.name, case) for case in yaml.safe_load(path.read_text(encoding="utf-8"))]
    return tuple(found)


def content(export: Export) -> bytes:
    """The bytes of one file."""
    case = export.case
    if "document" in case:
        return json.dumps(case["document"], ensure_ascii=False, indent=2).encode()
    if "lines" in case:
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in case["lines"]).encode()
    grid = list(_grid(export))
    suffix = str(case.get("kind", export.path.suffix))
    if suffix == "html":
        return _html(grid)
    if suffix == ".xls":
        return xls(grid)
    return _xlsx(grid, case) if suffix == ".xlsx" else _csv(grid, case)


def _grid(export: Export) -> Iterator[list[Cell]]:
    case, headers = export.case, export.headers
    plain = {renamed: str(header) for header, renamed in case.get("rename", {}).items()}
    unused = (
        {header for row in case["rows"] for header in row} - {h.strip() for h in headers} - {*plain.values()}
    )
    assert not unused - {*headers}, f"{export.file}: {unused} are no headers of it"
    yield from ([*line] for line in case.get("above", ()))
    yield [*headers]
    wrap, only = _WRAPS.get(case.get("wrap", ""), "{}"), case.get("wrap_only")
    for row in case["rows"]:
        cells: list[Cell] = []
        for header in headers:
            name = plain.get(header, header.strip())
            cell = row.get(name, row.get(header, ""))
            wrapped = only is None or name in only
            empty = case.get("wrap") == "formula" and wrapped
            cells.append(wrap.format(cell) if wrapped and (cell != "" or empty) else cell)
        yield cells


def _csv(grid: Sequence[Sequence[Cell]], case: Mapping[str, Any]) -> bytes:
    out = io.StringIO(newline="")
    end = ",\r\n" if case.get("trailing_comma") else "\r\n"
    csv.writer(out, lineterminator=end).writerows(grid)
    return out.getvalue().encode(case.get("encoding", "utf-8-sig"))


def _html(grid: Sequence[Sequence[Cell]]) -> bytes:
    lines = ("".join(f"<td>{html.escape(str(cell))}</td>" for cell in line) for line in grid)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<html><head><meta charset=gbk></head><body><table>{body}</table></body></html>".encode("gb18030")


def _xlsx(grid: Sequence[Sequence[Cell]], case: Mapping[str, Any]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED})
        for name, lines in {**case.get("sheets_before", {}), "Sheet1": grid}.items():
            sheet = book.add_worksheet(name)
            for y, line in enumerate(lines):
                for x, cell in enumerate(line):
                    if isinstance(cell, str) and cell:
                        sheet.write_string(y, x, cell)
                    elif isinstance(cell, float | int):
                        sheet.write_number(y, x, cell)
    return _declaring(out.getvalue(), case["dimension"]) if "dimension" in case else out.getvalue()


def _declaring(workbook: bytes, dimension: str) -> bytes:
    """The workbook with sheets that declare another size than they have."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as whole,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as lying,
    ):
        for item in whole.infolist():
            data = whole.read(item)
            if item.filename.startswith("xl/worksheets/sheet"):
                start = data.index(b'<dimension ref="') + len(b'<dimension ref="')
                data = data[:start] + dimension.encode() + data[data.index(b'"', start) :]
            lying.writestr(item, data)
    return out.getvalue()


@cache
def _facts(source: str) -> Any:  # noqa: ANN401 — a YAML value
    return yaml.safe_load((FOLDER / source / "facts.yml").read_text(encoding="utf-8"))


if __name__ == "__main__":
    for each in exports():
        each.path.write_bytes(content(each))
