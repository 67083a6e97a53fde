"""Unmapped columns as JSON: empty cells are left out, however many rows are encoded together."""

from __future__ import annotations

import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.lib.ingest.personal import extras
from dagster_project.lib.ingest.personal.extras import build_extras
from identity.vault_key import derive

KEY = derive("ab" * 32, "test")
CELLS = st.one_of(st.none(), st.sampled_from(["x", '":null', 'a"b', "\\", "null", "{}", ",}"]))
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=12)


@pytest.mark.parametrize("worth_kinds", [0, 1_000])
@given(rows=ROWS, header=st.sampled_from(["b", 'b"', "b\\", "b null"]))
def test_filled_cells_come_back(worth_kinds: int, rows: list[tuple[str | None, ...]], header: str) -> None:
    names = ["a", header, "c"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extras, "_WORTH_KINDS", worth_kinds)
        frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
        told, _ = build_extras(frame, {}, KEY)
    assert told is not None
    for text, cells in zip(told, rows, strict=True):
        filled = {name: cell for name, cell in zip(names, cells, strict=True) if cell is not None}
        assert (json.loads(text) if text else {}) == filled


@pytest.mark.parametrize("worth_kinds", [0, 1_000])
def test_whole_text_of_masked_rows_alone_goes_to_the_vault(
    worth_kinds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extras, "_WORTH_KINDS", worth_kinds)
    frame = pl.DataFrame({"备用电话": ["13812348000", None, None], "a": ["1", "打13912348000", "2"]})
    told, vault = build_extras(frame, {}, KEY)
    assert told is not None
    assert vault is not None
    assert vault["value"].to_list() == ['{"备用电话":"13812348000","a":"1"}', '{"a":"打13912348000"}']
    shown = [json.loads(text) for text in told]
    assert [row.pop("_token", None) for row in shown] == [*vault["token"], None]
    assert shown == [{"备用电话": "138****8000", "a": "1"}, {"a": "打139****8000"}, {"a": "2"}]
