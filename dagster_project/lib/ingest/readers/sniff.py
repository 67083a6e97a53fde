"""What the bytes are: kind of file, and which encodings its text may have. The file's extension is never
asked."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.readers.source import ByteSource

_HTML = re.compile(rb"<\s*(html|table|!doctype\s+html|meta)", re.IGNORECASE)
_HEAD_BYTES = 4096
_NOTHING = b"\0 \r\n\t\xef\xbb\xbf"
UTF_16 = "utf-16"


def kind_of(source: ByteSource) -> str:
    """`xlsx`, `xls`, `parquet`, `html`, `json` (one document or lines) or `text`. Refuses no bytes at all."""
    head = source.head(_HEAD_BYTES)
    if not head.strip(_NOTHING) and not any(block.strip(_NOTHING) for block, _ in source.blocks()):
        raise FileRefusedError("empty_file", "the file is empty")
    for signature, kind in ((b"PK\x03\x04", "xlsx"), (b"\xd0\xcf\x11\xe0", "xls"), (b"PAR1", "parquet")):
        if head.startswith(signature):
            return kind
    head = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if _HTML.match(head):
        return "html"
    return "json" if head[:1] in (b"{", b"[") else "text"


def encodings_of(source: ByteSource, declared: Iterable[str]) -> list[str]:
    """The encodings to try in turn. A byte order mark of UTF-16 decides alone."""
    if source.head(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return [UTF_16]
    return [encoding for encoding in dict.fromkeys(("utf-8", *declared, "gb18030")) if encoding != UTF_16]
