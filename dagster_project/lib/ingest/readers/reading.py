"""A file → RawTables, by what its bytes are; text in the first encoding that holds for the whole file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from dagster_project.lib.ingest.contracts.contract import Contract
from dagster_project.lib.ingest.readers.blocks import TextFacts, less_damaged, lossy_blocks, strict_blocks
from dagster_project.lib.ingest.readers.json_nesting import Nesting
from dagster_project.lib.ingest.readers.parquet_rows import read_parquet
from dagster_project.lib.ingest.readers.records import read_json
from dagster_project.lib.ingest.readers.sheets import read_html, read_workbook
from dagster_project.lib.ingest.readers.sniff import UTF_16, encodings_of, kind_of
from dagster_project.lib.ingest.readers.source import ByteSource
from dagster_project.lib.ingest.readers.table import RawTable
from dagster_project.lib.ingest.readers.text import read_text
from dagster_project.lib.ingest.rules.cells import all_null_words

DOCUMENT_BLOCKS = 16
"""Blocks of a JSON list that are held together; of a longer one each block by itself."""


@dataclass
class Reading:
    """One way to read a file. Its tables may raise FileRefusedError, and WrongEncodingError: then the next
    way is tried from the start. `notices` are complete once the last table was read."""

    tables: Callable[[], Iterator[RawTable]]
    facts: TextFacts = field(default_factory=TextFacts)
    encoding: str = "utf-8"

    @property
    def notices(self) -> list[str]:
        """What people should know of the file's bytes."""
        return self.facts.notices(self.encoding)


def readings(source: ByteSource, contract: Contract) -> Iterator[Reading]:
    """The ways to read a file, the likeliest first; the last one holds for any bytes. Raises FileRefusedError
    where it cannot be read at all."""
    kind, known = kind_of(source), contract.known_headers()
    if kind in ("xlsx", "xls"):
        yield Reading(lambda: read_workbook(source, known))
        return
    if kind == "parquet":
        yield Reading(lambda: read_parquet(source))
        return
    encodings = encodings_of(source, contract.get("encodings", []))
    if encodings != [UTF_16]:
        for encoding in encodings:
            yield _as_text(source, contract, kind, encoding, is_strict=True)
        encodings = [less_damaged(source)]
    yield _as_text(source, contract, kind, encodings[0], is_strict=False)


def _as_text(source: ByteSource, contract: Contract, kind: str, encoding: str, is_strict: bool) -> Reading:
    known = contract.known_headers()
    is_compiled = source.size >= source.compiled_from
    reading = Reading(lambda: iter(()), encoding=encoding)

    def blocks() -> Iterable[bytes]:
        reading.facts = TextFacts()
        if is_strict:
            return strict_blocks(source, encoding, reading.facts, is_compiled)
        return lossy_blocks(source, encoding, reading.facts)

    def tables() -> Iterator[RawTable]:
        if kind == "html":
            return iter([read_html(b"".join(blocks()).decode(), known)])
        if kind == "json":
            return read_json(blocks, Nesting.of(contract), source.block_bytes * DOCUMENT_BLOCKS)
        return read_text(blocks(), known, all_null_words(contract.get("null_words", ())), is_compiled)

    reading.tables = tables
    return reading
