"""The smallest real .xls: an OLE2 container with one BIFF8 sheet of texts and numbers.

No library of the environment writes this format any more, and ERPs still do.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SMALLEST_STREAM = 4096
"""A shorter stream would have to lie in the container's ministream."""


def xls(rows: Sequence[Sequence[str | float | None]], sheet: str = "Sheet1") -> bytes:
    """A workbook with one sheet; null leaves a cell out."""
    name = sheet.encode("utf-16-le")
    bof = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    begin = _record(0x0809, bof)
    bound = struct.pack("<IHBB", 0, 0, len(sheet), 1) + name
    at = len(begin) + len(_record(0x0085, bound)) + len(_record(0x000A, b""))
    globals_ = begin + _record(0x0085, struct.pack("<I", at) + bound[4:]) + _record(0x000A, b"")
    body = _record(0x0809, bof[:2] + struct.pack("<H", 0x0010) + bof[4:])
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if isinstance(cell, str):
                text = struct.pack("<HHHHB", y, x, 0, len(cell), 1) + cell.encode("utf-16-le")
                body += _record(0x0204, text)
            elif cell is not None:
                body += _record(0x0203, struct.pack("<HHHd", y, x, 0, cell))
    return _container("Workbook", globals_ + body + _record(0x000A, b""))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _container(name: str, stream: bytes) -> bytes:
    """One stream in a compound file: FAT in sector 0, directory in sector 1, the stream from sector 2 on."""
    stream = stream.ljust(_SMALLEST_STREAM, b"\0")
    sectors = -(-len(stream) // _SECTOR)
    stream = stream.ljust(sectors * _SECTOR, b"\0")
    chain = [_FAT, _END, *range(3, sectors + 2), _END]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(_SECTOR, b"\xff")
    assert len(fat) == _SECTOR, "the stream is too long for one FAT sector"
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<IIIIIIIII", 0, 1, 1, 0, _SMALLEST_STREAM, _END, 0, _END, 0)
    header += struct.pack("<I", 0) + b"\xff" * (4 * 108)
    root = _entry("Root Entry", 5, 1, _END, 0)
    directory = root + _entry(name, 2, _FREE, 2, len(stream)) + _entry("", 0, _FREE, 0, 0) * 2
    return header + fat + directory + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0" if name else b""
    entry = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, _FREE, _FREE, child)
    return entry + bytes(36) + struct.pack("<IQ", start, size)
