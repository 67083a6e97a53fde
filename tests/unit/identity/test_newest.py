"""Rule: the later export wins column by column; what it does not carry stays; what is exported later is
ignored."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest

from identity.newest import newest

ROWS = pl.DataFrame(
    {
        "source": ["s"] * 4,
        "id": ["1", "1", "1", "2"],
        "phone": ["old", "new", None, "two"],
        "name": ["first", "second line", None, "x"],
        "batch_id": ["b1", "b1", "b2", "b3"],
        "exported_at": [
            datetime(2026, 1, 1),
            datetime(2026, 1, 1),
            datetime(2026, 1, 2),
            datetime(2026, 1, 3),
        ],
        "source_line": [2, 3, 2, 2],
    }
)
BATCHES = pl.DataFrame(
    {
        "batch_id": ["b1", "b2", "b3"],
        "arrival_seq": [1, 2, 3],
        "carried_columns": [",phone,name,", ",phone,", ",phone,name,"],
    }
)
COLUMNS = {"phone": "phone", "name": "name"}


@pytest.mark.parametrize("reverse", [False, True])
def test_each_column_comes_from_the_last_export_that_carries_it(reverse: bool) -> None:
    rows = ROWS.reverse() if reverse else ROWS
    found = newest(rows, BATCHES, ["source", "id"], COLUMNS, datetime(2026, 1, 2))
    assert found.rows() == [("s", "1", None, "first", datetime(2026, 1, 2))]


def test_rows_of_batches_outside_the_ledger_do_not_count() -> None:
    found = newest(
        ROWS, BATCHES.filter(pl.col("batch_id") == "b3"), ["source", "id"], COLUMNS, datetime(2026, 1, 9)
    )
    assert found["id"].to_list() == ["2"]
