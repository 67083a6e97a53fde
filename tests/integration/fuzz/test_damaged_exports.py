"""Two thousand damaged exports: whatever the bytes, ingestion ends, accounts for every row, and loses none.

A row that is neither accepted, refused nor a totals row would be an order that nobody misses until the
customer calls. Damage to the header, or to all ids, may refuse the file whole.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.batch_facts import facts
from support.damage import DAMAGES, Damage, damaged
from support.ingest_files import KEY, contract
from support.record_count import records_below_header, text_of

from dagster_project.lib.ingest import by_value
from dagster_project.lib.ingest.batch import Batch, Origin, build_batch
from dagster_project.lib.ingest.compiled import plainly
from dagster_project.lib.ingest.errors import FILE_CODES, ROW_CODES
from dagster_project.lib.ingest.readers.source import LEAST_LAST_BLOCK, ByteSource

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "channels"
EXAMPLES = 2000
SLOWEST_SECONDS = 10
"""Of computing: how long a file waits for the machine's other work is not its fault."""
AT = datetime(2026, 1, 5, 9)


@cache
def exports() -> tuple[tuple[str, str, bytes], ...]:
    """Source, file name and bytes of every fixture."""
    notes = (".yml", ".rows.json")
    return tuple(
        (folder.name, path.name, path.read_bytes())
        for folder in sorted(FIXTURES.iterdir())
        for path in sorted(folder.iterdir())
        if not path.name.endswith(notes)
    )


def taken(source: str, name: str, data: bytes) -> Batch:
    """The batch, built within the time that a file may take. A large file's code comes to the same."""
    origin = Origin(contract(source), "f" * 16, f"{source}/{name}", AT, name)
    started = time.process_time()
    with plainly():
        batch = build_batch(data, origin, KEY)
    assert time.process_time() - started < SLOWEST_SECONDS
    compiled = build_batch(
        ByteSource(data, max(len(data) // 3, LEAST_LAST_BLOCK), compiled_from=0), origin, KEY
    )
    assert facts(compiled) == facts(batch)
    return batch


@pytest.fixture(autouse=True, scope="module")
def _small_columns_are_told_apart() -> Iterator[None]:
    """The exports are small; compiled code does with their columns what it does with long ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(by_value, "_WORTH_TELLING_APART", 0)
        yield


def accounted(batch: Batch) -> None:
    """Every row read is accepted, refused or a totals row, and each of them stands where it should."""
    told = batch.rows_accepted + batch.rows_refused + batch.rows_totals
    assert batch.rows_read == told
    quarantine = batch.quarantine
    if batch.refusal is not None:
        assert batch.refusal.code in FILE_CODES
        assert batch.lake is None or batch.lake.height == 0
        assert quarantine is not None
        assert quarantine["reason_code"].to_list() == [batch.refusal.code]
        return
    assert (0 if batch.lake is None else batch.lake.height) == batch.rows_accepted
    assert (0 if quarantine is None else quarantine.height) == batch.rows_refused
    if quarantine is not None:
        assert set(quarantine["reason_code"]) <= set(ROW_CODES)
        assert quarantine["source_line"].null_count() == 0
    if batch.lake is not None:
        for column in batch.origin.contract.key:
            physical = next((c for c in (column, f"{column}_token") if c in batch.lake.columns), None)
            assert physical is None or batch.lake[physical].null_count() == 0


def nothing_lost(batch: Batch, source: str, data: bytes) -> None:
    """No fewer rows than an independent reader finds; a file refused before its rows were read says so."""
    if batch.refusal is not None or data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1"):
        return
    text = text_of(data)
    if text is None or text.lstrip()[:1] in ("{", "[", "<"):
        return
    records = records_below_header(text, contract(source).known_headers())
    assert records is None or batch.rows_read >= records


@pytest.mark.long
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    export=st.integers(0, 10_000),
    damages=st.lists(st.sampled_from(DAMAGES), min_size=1, max_size=3),
    seed=st.integers(0, 2**32),
)
def test_damaged_exports_are_accounted_for(export: int, damages: Sequence[Damage], seed: int) -> None:
    source, name, data = exports()[export % len(exports())]
    random = Random(seed)
    for damage in damages:
        data = damaged(data, damage, random)
    batch = taken(source, name, data)
    accounted(batch)
    nothing_lost(batch, source, data)


@pytest.mark.long
@pytest.mark.parametrize("damage", [d for d in DAMAGES if d.is_local], ids=lambda d: d.name)
def test_damage_inside_a_line_costs_no_other_line(damage: Damage) -> None:
    """Of a text file with one damaged line all other rows stay, or the file is refused with its reason."""
    for source, name, data in exports():
        if data[:2] in (b"PK", b"\xd0\xcf") or data[:1] in (b"{", b"[", b"<"):
            continue
        whole = taken(source, name, data)
        for seed in range(12):
            batch = taken(source, name, damage.apply(data, Random(seed)))
            accounted(batch)
            if batch.refusal is None:
                assert batch.rows_read >= whole.rows_read - 1
                kept = batch.rows_accepted + batch.rows_totals
                assert kept >= whole.rows_accepted + whole.rows_totals - 1


def test_the_undamaged_exports_are_taken() -> None:
    """The fuzz run starts from files that are right: else it would prove nothing."""
    assert len(exports()) > 20
    for source, name, data in exports():
        batch = taken(source, name, data)
        if batch.refusal is not None:
            assert batch.refusal.code == "damaged_ids", (source, name, batch.refusal)
            continue
        accounted(batch)
        nothing_lost(batch, source, data)
        assert batch.rows_accepted > 0


def test_a_file_without_a_header_tells_the_same_however_it_is_cut() -> None:
    """A cell over a block hides the header; bytes that are no text come after it."""
    source, name, data = next(e for e in exports() if e[0] == "pos_receipts" and e[2][:1] == b"\xcf")
    batch = taken(source, name, data[:1] + b"x" * 1_100_000 + data[1:])
    assert batch.refusal is not None
    assert batch.refusal.code == "no_header"
    assert batch.notices == []
