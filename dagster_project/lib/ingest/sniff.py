"""What the bytes are: kind of file and encoding of text. The file's extension is never asked."""

from __future__ import annotations

import codecs
import re

from dagster_project.lib.ingest.errors import FileRefusedError

_HTML = re.compile(rb"<\s*(html|table|!doctype\s+html|meta)", re.IGNORECASE)
_HEAD_BYTES = 4096
_NOTHING = b"\0 \r\n\t\xef\xbb\xbf"
LARGEST_SHARE_OF_BAD_CHARACTERS = 0.01
"""Beyond this share the bytes are no text; below it the rows with such characters are refused one by one."""
_TAIL_BYTES = 4
"""The longest character of UTF-8, UTF-16 and GB18030: a cut file may end inside one."""


def kind_of(data: bytes) -> str:
    """`xlsx`, `xls`, `parquet`, `html`, `json` (one document or lines) or `text`. Refuses no bytes at all."""
    if not data[:_HEAD_BYTES].strip(_NOTHING) and not data.strip(_NOTHING):
        raise FileRefusedError("empty_file", "the file is empty")
    for signature, kind in ((b"PK\x03\x04", "xlsx"), (b"\xd0\xcf\x11\xe0", "xls"), (b"PAR1", "parquet")):
        if data.startswith(signature):
            return kind
    head = data[:_HEAD_BYTES].removeprefix(codecs.BOM_UTF8).lstrip()
    if _HTML.match(head):
        return "html"
    return "json" if head[:1] in (b"{", b"[") else "text"


def decode(data: bytes, encodings: list[str]) -> tuple[str, list[str]]:
    """The text without BOM and NUL bytes, and notices. A character that the file's end cuts is dropped."""
    notices: list[str] = []
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _lossy(data, "utf-16"), notices
    data = data.removeprefix(codecs.BOM_UTF8)
    if b"\0" in data:
        notices.append(f"{data.count(0)} NUL bytes were removed")
        data = data.replace(b"\0", b"")
    for encoding in dict.fromkeys(("utf-8", *encodings, "gb18030")):
        try:
            return data.decode(encoding), notices
        except UnicodeDecodeError as error:
            if error.start >= len(data) - _TAIL_BYTES:
                return data[: error.start].decode(encoding), [*notices, "the file ends inside a character"]
    encoding = _less_damaged(data)
    notices.append(f"some bytes are no {encoding} text; their rows were refused")
    return _lossy(data, encoding), notices


def _less_damaged(data: bytes) -> str:
    return min(("utf-8", "gb18030"), key=lambda encoding: data.decode(encoding, "replace").count("\ufffd"))


def _lossy(data: bytes, encoding: str) -> str:
    text = data.decode(encoding, "replace").replace("\0", "")
    if text.count("\ufffd") > len(text) * LARGEST_SHARE_OF_BAD_CHARACTERS:
        raise FileRefusedError(
            "unreadable", "the bytes are neither UTF-8, UTF-16 nor GB18030 text, nor a workbook"
        )
    return text
