"""Each platform's export, as bytes, becomes exactly the rows that stand beside it.

`<file>.rows.json` holds the counts, the notices, the refused rows and every accepted row without its empty
cells and tokens. A change of it in a commit is a change of what users get: read it.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.channel_exports import Export, content, exports
from support.ingest_files import AT, KEY, batch, contract

from dagster_project.lib.ingest.batch import build_batch
from dagster_project.lib.ingest.contracts.folders import source_folders
from dagster_project.lib.ingest.origin import Origin
from dagster_project.lib.ingest.readers.source import ByteSource
from dagster_project.settings import BUILT_IN_CHANNELS

SAME_EVERYWHERE = ("source", "batch_id", "source_file", "exported_at")
ZIPPED = (".xlsx",)
"""Their bytes depend on the library's version."""
EXPORTS = exports()
NAMES = [f"{export.source}/{export.file}" for export in EXPORTS]


def outcome(export: Export) -> dict[str, Any]:
    """What ingestion makes of a file, in JSON's own types."""
    made = batch(export.path.read_bytes(), export.source, export.file)
    refused = [] if made.quarantine is None else list(made.quarantine.iter_rows(named=True))
    lake = [] if made.lake is None else list(made.lake.iter_rows(named=True))
    counts = (made.rows_read, made.rows_accepted, made.rows_refused, made.rows_totals)
    told = {
        "quirk": export.case["quirk"],
        "rows": dict(zip(("read", "accepted", "refused", "totals"), counts, strict=True)),
        "notices": made.notices,
        "refused": [_shown(row) for row in refused],
        "accepted": [_shown(row) for row in lake],
    }
    return json.loads(json.dumps(told, default=str))


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    shown = {key: value for key, value in row.items() if value is not None and key not in SAME_EVERYWHERE}
    if "extras" in shown:
        shown["extras"] = {k: v for k, v in json.loads(shown["extras"]).items() if k != "_token"}
    return {key: value for key, value in shown.items() if not key.endswith("_token")}


@pytest.mark.parametrize("export", EXPORTS, ids=NAMES)
def test_file_becomes_these_rows(export: Export) -> None:
    expected = json.loads(export.path.with_name(f"{export.file}.rows.json").read_text(encoding="utf-8"))
    assert outcome(export) == expected


@pytest.mark.parametrize("export", [e for e in EXPORTS if e.path.suffix in (".csv", ".jsonl")])
@pytest.mark.parametrize("block", [200, 1500])
def test_file_read_in_blocks_becomes_the_same(export: Export, block: int) -> None:
    data = export.path.read_bytes()
    origin = Origin(contract(export.source), "b" * 16, export.source, AT, export.file)
    whole, cut = (build_batch(ByteSource(data, size), origin, KEY) for size in (len(data) + 1, block))
    assert (cut.carried, cut.notices, cut.headers) == (whole.carried, whole.notices, whole.headers)
    assert cut.rows_accepted == whole.rows_accepted
    if whole.lake is not None:
        assert cut.lake is not None
        assert cut.lake.equals(whole.lake)


@pytest.mark.parametrize("export", [e for e in EXPORTS if e.path.suffix not in ZIPPED])
def test_file_is_what_its_case_tells(export: Export) -> None:
    assert export.path.read_bytes() == content(export)


def test_every_platform_has_a_file() -> None:
    platforms = {source for source in source_folders([BUILT_IN_CHANNELS]) if not source.startswith("luyue_")}
    assert {export.source for export in EXPORTS} == platforms
