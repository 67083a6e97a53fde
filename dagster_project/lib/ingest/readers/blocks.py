"""Blocks of bytes in some encoding → blocks of UTF-8, without byte order mark and NUL bytes.

The encoding is judged over the whole file: a block that contradicts it raises, and the file is read again in
the next one. A character is never cut between two blocks.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.readers.sniff import UTF_16
from dagster_project.lib.ingest.readers.source import ByteSource

LARGEST_SHARE_OF_BAD_CHARACTERS = 0.01
"""Beyond this share the bytes are no text; below it the rows with such characters are refused one by one."""
_TAIL_BYTES = 4
"""The longest character of UTF-8, UTF-16 and GB18030: a cut file may end inside one."""
REPLACEMENT = "\ufffd"


class WrongEncodingError(Exception):
    """The file is not text in the encoding that was tried."""


@dataclass
class TextFacts:
    """What was found on the way through the file; complete once its last block was read."""

    nul_bytes: int = 0
    ends_inside_character: bool = False
    bad_characters: int = 0
    characters: int = 0

    def notices(self, encoding: str) -> list[str]:
        """What people should know of the file's bytes."""
        told = []
        if self.nul_bytes:
            told.append(f"{self.nul_bytes} NUL bytes were removed")
        if self.ends_inside_character:
            told.append("the file ends inside a character")
        if self.bad_characters and encoding != UTF_16:
            told.append(f"some bytes are no {encoding} text; their rows were refused")
        return told


def strict_blocks(
    source: ByteSource, encoding: str, facts: TextFacts, is_compiled: bool = False
) -> Iterator[bytes]:
    """UTF-8 blocks of a file whose bytes are all text. Raises WrongEncodingError at the first that is not,
    but for a character that the file's end cuts: that is dropped. `is_compiled`: GB18030 is read by compiled
    code."""
    left = b""
    for position, (raw, last) in enumerate(source.blocks()):
        block = raw.removeprefix(codecs.BOM_UTF8) if position == 0 else raw
        if b"\0" in block:
            facts.nul_bytes += block.count(b"\0")
            block = block.replace(b"\0", b"")
        block = left + block if left else block
        end = len(block) if last else _whole_characters(block, encoding)
        text, left = block[:end], block[end:]
        try:
            yield _utf8(text, encoding, is_compiled)
        except UnicodeDecodeError as error:
            if not last or error.start < len(text) - _TAIL_BYTES:
                raise WrongEncodingError(encoding) from error
            facts.ends_inside_character = True
            yield text[: error.start].decode(encoding).encode()


def lossy_blocks(source: ByteSource, encoding: str, facts: TextFacts) -> Iterator[bytes]:
    """UTF-8 blocks with U+FFFD for bytes that are no text; refuses a file with too many of them."""
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)("replace")
    for block, last in source.blocks():
        if encoding != UTF_16:
            facts.nul_bytes += block.count(b"\0")
        text = decoder.decode(block, last).replace("\0", "")
        facts.characters += len(text)
        facts.bad_characters += text.count(REPLACEMENT)
        yield text.encode()
    if facts.bad_characters > facts.characters * LARGEST_SHARE_OF_BAD_CHARACTERS:
        raise FileRefusedError(
            "unreadable", "the bytes are neither UTF-8, UTF-16 nor GB18030 text, nor a workbook"
        )


def less_damaged(source: ByteSource) -> str:
    """Of UTF-8 and GB18030 the one in which fewer bytes of the file are no text."""
    bad = {}
    for encoding in ("utf-8", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        bad[encoding] = sum(decoder.decode(block, last).count(REPLACEMENT) for block, last in source.blocks())
    return min(bad, key=lambda encoding: bad[encoding])


def _whole_characters(block: bytes, encoding: str) -> int:
    """Where the last character that may be cut begins."""
    if encoding == "utf-8":
        for back in range(1, min(_TAIL_BYTES, len(block) + 1)):
            byte = block[-back]
            if byte < 0x80:
                break
            if byte >= 0xC0:
                return len(block) - back
        return len(block)
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    # What is ASCII before a newline stands for itself in every encoding that is tried.
    start = block.rfind(b"\n") + 1
    try:
        decoder.decode(block[start:])
    except UnicodeDecodeError as error:
        raise WrongEncodingError(encoding) from error
    return len(block) - len(decoder.getstate()[0])


def _utf8(text: bytes, encoding: str, is_compiled: bool) -> bytes:
    if encoding == "utf-8" and _is_utf8(text):
        return text
    if encoding == "gb18030" and is_compiled:
        from dagster_project.lib.ingest.compiled import gb18030

        if (made := gb18030.utf8(text)) is not None:
            return made
    return text.decode(encoding).encode()


def _is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8, seven times as fast as by decoding them. (`pa.array` would import pandas.)"""
    import pyarrow as pa

    offsets = struct.pack("=qq", 0, len(data))
    text = pa.Array.from_buffers(pa.large_string(), 1, [None, pa.py_buffer(offsets), pa.py_buffer(data)])
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True
