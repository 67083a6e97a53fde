"""Rule: a day that forms fill in by themselves is nobody's birthday."""

from __future__ import annotations

import polars as pl
import pytest

from identity.records import _birthday


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ("1985-06-07", "19850607"),
        ("19850607 00:00", "19850607"),
        ("1990-01-01", None),
        ("1970/01/01", None),
        ("19000000", None),
        ("1985", None),
    ],
)
def test_what_is_a_birthday(told: str, known: str | None) -> None:
    assert pl.DataFrame({"told": [told]}).select(_birthday(pl.col("told"))).item() == known
