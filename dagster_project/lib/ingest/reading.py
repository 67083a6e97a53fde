"""Bytes → RawTable, by what the bytes are."""

from __future__ import annotations

from dagster_project.lib.ingest.contract import Contract
from dagster_project.lib.ingest.records import read_json, read_parquet
from dagster_project.lib.ingest.sheets import read_html, read_workbook
from dagster_project.lib.ingest.sniff import decode, kind_of
from dagster_project.lib.ingest.table import RawTable
from dagster_project.lib.ingest.text import read_text


def read(data: bytes, contract: Contract) -> RawTable:
    """The file's table. Raises FileRefused where it cannot be read at all."""
    kind, known = kind_of(data), contract.known_headers()
    if kind in ("xlsx", "xls"):
        return read_workbook(data, known)
    if kind == "parquet":
        return read_parquet(data)
    text, notices = decode(data, contract.get("encodings", []))
    if kind == "html":
        table = read_html(text, known)
    elif kind == "json":
        table = read_json(text, contract.get("records"))
    else:
        table = read_text(text, known)
    table.notices = notices + table.notices
    table.damaged = kind == "html" or any(sign in text for sign in ("\ufffd", "\\u"))
    return table
