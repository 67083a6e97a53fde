"""The files of the ingestion benchmark: exports of the demo merchant, repeated with other ids, phones and
addresses until there are enough rows. What reads them belongs to ingest_case.py.
"""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import polars as pl

from dagster_project.demo import world
from dagster_project.demo.clock import Calendar
from dagster_project.demo.exports import douyin, taobao
from dagster_project.demo.exports.writing import arrange

SEED_ORDERS = 40_000
"""Orders of the simulated merchant whose exports are repeated."""
LEAST_ORDERS = 1_000
NAMES = {"douyin_orders": "1773043200_0000.csv", "taobao_orders": "ExportOrderList202603090800.csv"}
_ROWS_AT_ONCE = 100_000
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_WORKBOOK = {
    "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="application/'
    'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" '
    f'Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_DOCUMENT}"><sheets><sheet name="Sheet1" '
    'sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" '
    f'Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def write_csv(source: str, rows: int, folder: Path) -> Path:
    """A CSV export with exactly so many rows, in the platform's encoding and quoting."""
    path = folder / NAMES[source]
    encoding, quote = ("utf-8-sig", "always") if source == "douyin_orders" else ("gb18030", "necessary")
    with path.open("wb") as file:
        for n, frame in enumerate(_frames(source, rows)):
            text = frame.write_csv(quote_style=quote, include_header=n == 0)  # type: ignore[call-overload]
            file.write(text.encode(encoding if n == 0 else encoding.removesuffix("-sig")))
    return path


def write_xlsx(source: str, rows: int, folder: Path) -> Path:
    """The same rows as a workbook of one sheet of text cells."""
    path = (folder / NAMES[source]).with_suffix(".xlsx")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, text in _WORKBOOK.items():
            book.writestr(name, text)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<worksheet xmlns="{_SHEET}"><sheetData>'.encode())
            for n, frame in enumerate(_frames(source, rows)):
                if n == 0:
                    header = pl.DataFrame([frame.columns], schema=frame.columns, orient="row")
                    sheet.write(_rows_xml(header).encode())
                sheet.write(_rows_xml(frame).encode())
            sheet.write(b"</sheetData></worksheet>")
    return path


def _rows_xml(frame: pl.DataFrame) -> str:
    cells = [
        pl.when(pl.col(name) == "")
        .then(pl.lit("<c/>"))
        .otherwise(pl.format('<c t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>', _escaped(name)))
        for name in frame.columns
    ]
    lines = frame.select(pl.concat_str([pl.lit("<row>"), *cells, pl.lit("</row>")])).to_series()
    return "".join(lines)


def _escaped(name: str) -> pl.Expr:
    text = pl.col(name)
    for sign in "&<>":
        text = text.str.replace_all(sign, escape(sign), literal=True)
    return text


def _frames(source: str, rows: int) -> list[pl.DataFrame]:
    """The rows in pieces of at most `_ROWS_AT_ONCE`, all text."""
    seed = _seed(source, min(max(rows, LEAST_ORDERS), SEED_ORDERS))
    pieces = []
    for turn in range(-(-rows // seed.height)):
        piece = seed if turn == 0 else _varied(seed, turn)
        pieces.append(piece.head(rows - turn * seed.height))
    return [part for piece in pieces for part in piece.iter_slices(_ROWS_AT_ONCE)]


def _seed(source: str, orders: int) -> pl.DataFrame:
    calendar = Calendar(date(2026, 1, 1), 60, 7)
    made = world.build(calendar, orders)
    if source == "douyin_orders":
        frames = [arrange(douyin.rows(made, at), "douyin_v2") for at in calendar.exports(source)]
    else:
        frames = [arrange(taobao.order_rows(made, at), source) for at in calendar.exports(source)]
    return pl.concat(frame.with_columns(pl.all().cast(pl.String).fill_null("")) for frame in frames)


def _varied(frame: pl.DataFrame, turn: int) -> pl.DataFrame:
    """Other orders of other people: ids, phones and addresses differ from those of every other turn."""
    two = f"{turn % 90 + 10}"
    changed = []
    for name in frame.columns:
        cell = pl.col(name)
        if "单编号" in name or "单号" in name:
            changed.append(cell.str.replace(r"(\d\d)(\d{8,})", f"{two}${{2}}"))
        elif "手机" in name:
            changed.append(cell.str.replace(r"(1\d{4})\d\d(\d{4})", f"${{1}}{two}${{2}}"))
        elif "地址" in name:
            changed.append(pl.when(cell.str.len_chars() > 6).then(cell + f"{two}号楼").otherwise(cell))
    return frame.with_columns(changed)
