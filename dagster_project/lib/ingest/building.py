"""All chunks of one file → one batch: what must be known of the whole file is kept here from chunk to chunk.

Its promise is the accounting: rows read = accepted + refused + totals, on every file.
"""

from __future__ import annotations

from typing import Protocol

import polars as pl

from dagster_project.lib.ingest.batch_facts import Batch
from dagster_project.lib.ingest.chunk import Part, accepted, carried_columns, kept, without_totals
from dagster_project.lib.ingest.contracts.contract import Contract
from dagster_project.lib.ingest.contracts.drift import drift
from dagster_project.lib.ingest.contracts.windows import completeness, widen_window
from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.origin import Origin
from dagster_project.lib.ingest.readers.ahead import ahead
from dagster_project.lib.ingest.readers.blocks import WrongEncodingError
from dagster_project.lib.ingest.readers.reading import Reading, readings
from dagster_project.lib.ingest.readers.source import ByteSource
from dagster_project.lib.ingest.readers.table import RawTable
from dagster_project.lib.ingest.rules.cells import canonical_cells, too_large, widths
from dagster_project.lib.ingest.rules.checks import Refusals, check_rows
from dagster_project.lib.ingest.rules.damaged_ids import DamagedIds
from dagster_project.lib.ingest.rules.derive import derive_text, derive_typed, with_derived
from dagster_project.lib.ingest.rules.mapping import map_columns
from dagster_project.lib.ingest.rules.neighbour_rules import Memory
from dagster_project.lib.ingest.rules.totals import ControlSums, totals_rows
from dagster_project.lib.ingest.rules.typing_rules import type_columns
from dagster_project.lib.ingest.rules.word_rules import see_emptied, unknown_words
from identity.vault import VaultKey


class Sink(Protocol):
    """Where the parts of one batch go, in order; `discard` forgets all that it was given."""

    def put(self, part: Part) -> None: ...

    def discard(self) -> None: ...


def build(source: ByteSource, origin: Origin, key: VaultKey, sink: Sink) -> Batch:
    """Reads a file and gives its parts to the sink. A file that cannot be taken comes back with `refusal`
    set, never raised; the sink then has its one quarantine entry."""
    building = _Building(origin, key, sink)
    try:
        for reading in readings(source, origin.contract):
            try:
                batch = building.run(reading, many=not source.in_one_block)
            except WrongEncodingError:
                sink.discard()
                building = _Building(origin, key, sink)
            else:
                batch.check_accounting()
                return batch
        raise AssertionError(f"{origin.source_file}: no reading held")
    except FileRefusedError as refusal:
        return _refused(building, refusal)


def _refused(building: _Building, refusal: FileRefusedError) -> Batch:
    origin, refusals = building.origin, Refusals(building.origin.contract.feed, building.key)
    refusals.file(refusal)
    building.sink.discard()
    told = refusals.frame(origin.batch_id, origin.contract.source, origin.source_file)
    building.sink.put(Part(quarantine=told))
    batch = Batch(origin, refusal.rows, 0, refusal.rows, headers=building.headers, refusal=refusal)
    batch.notices = building.told_of_reading()
    return batch


class _Building:
    """One reading of a file, chunk by chunk."""

    def __init__(self, origin: Origin, key: VaultKey, sink: Sink) -> None:
        self.origin, self.key, self.sink = origin, key, sink
        self.headers: tuple[str, ...] = ()
        self._batch = Batch(origin)
        self._reading: Reading | None = None
        self._is_read_whole = False
        self._table_notices: list[str] = []
        self._notices: list[str] = []
        self._memory: Memory = {}
        self._ids, self._sums = DamagedIds(), ControlSums()

    def run(self, reading: Reading, many: bool) -> Batch:
        """The batch of all tables; the next ones are read ahead where there are many."""
        self._reading, batch = reading, self._batch
        tables = ahead(reading.tables()) if many else reading.tables()
        for table in tables:
            batch.rows_read += table.rows_read
            self.headers = tuple(table.headers)
            self._table_notices += table.notices
            try:
                self._add(table)
            except FileRefusedError as refusal:
                for left in tables:
                    batch.rows_read += left.rows_read
                    self._table_notices += left.notices
                self._is_read_whole = True
                raise FileRefusedError(refusal.code, refusal.reason, batch.rows_read) from refusal
        self._is_read_whole = True
        self._ids.refuse(batch.rows_read)
        told = [*self._notices, *unknown_words(self._memory), *self._sums.notices()]
        batch.headers, batch.notices = self.headers, self.told_of_reading() + list(dict.fromkeys(told))
        contract, name = self.origin.contract, self.origin.name
        batch.notices += drift(self.headers, contract).notices(contract.source)
        batch.complete_for = completeness(contract, name, batch.rows_refused, self._memory)
        return batch

    def told_of_reading(self) -> list[str]:
        """What the reading told, each notice once however many chunks told it. What was found of the bytes of
        a file that was refused before its end would hang on how much of it was looked at: it is not told."""
        of_bytes = self._reading.notices if self._reading and self._is_read_whole else []
        return list(dict.fromkeys([*of_bytes, *self._table_notices]))

    def _add(self, table: RawTable) -> None:
        batch, contract = self._batch, self.origin.contract
        cells, large = _canonical(table, contract)
        mapped = map_columns(table, cells, contract, self._notices)
        totals = totals_rows(cells)
        control = mapped.cells.filter(totals)
        table, mapped = without_totals(table, mapped, totals)
        self._ids.see(mapped.cells)
        origin = self.origin
        rows = derive_text(
            mapped.cells, contract, origin.source_file, origin.exported_at, self._memory, table.lines
        )
        typed, unread = type_columns(rows, {name: contract.type_of(name) for name in rows.columns})
        see_emptied(rows, typed, unread, self._memory)
        self._sums.see(control, typed)
        typed = derive_typed(typed, contract, self._memory)
        refusals = Refusals(contract.feed, self.key)
        refusals.begin(table)
        refusals.large_cells({name: flags.filter(~totals) for name, flags in large.items()})
        check_rows(refusals, rows, typed, unread, contract)
        refusals.keep_raw()
        keep = ~refusals.flags()
        taken, rest = kept(typed, keep), with_derived(mapped.rest, typed, contract)
        widen_window(taken, contract, self._memory)
        lake, vault = accepted(taken, kept(rest, keep), table.lines.filter(keep), self.origin, self.key)
        carried = {*batch.carried, *carried_columns(typed, contract)}
        batch.carried = tuple(name for name in contract.feed.columns if name in carried)
        batch.rows_accepted += lake.height
        batch.rows_refused += refusals.count
        batch.rows_totals += control.height
        told = refusals.frame(self.origin.batch_id, contract.source, self.origin.source_file)
        self.sink.put(Part(lake, vault, told, refusals.vault()))


def _canonical(table: RawTable, contract: Contract) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
    """The canonical cells, and by column which are too large."""
    if table.cells is not None:
        return table.cells, {}
    longest = widths(table.frame)
    null_words = contract.get("null_words", ())
    cells = canonical_cells(table.frame, longest, null_words, table.plain, table.bare)
    return cells, too_large(table.frame, longest)
