"""Rule: a number is recognised however it is written; a mask, a virtual number and a dummy are not full
numbers."""

from __future__ import annotations

import polars as pl
import pytest

from identity.phones import phone_forms


@pytest.mark.parametrize(
    ("written", "kind", "phone", "mask"),
    [
        ("13912345670", "full", "13912345670", "1395670"),
        ("+86 139-1234-5670", "full", "13912345670", "1395670"),
        ("0086 13912345670", "full", "13912345670", "1395670"),
        ("１３９１２３４５６７０", "full", "13912345670", "1395670"),
        ("139****5670", "masked", None, "1395670"),
        ("18412345670-1234", "virtual", "18412345670-1234", None),
        ("18412345670转12", "virtual", "18412345670-12", None),
        ("010-62345670", "landline", "01062345670", None),
        ("13800000000", "dummy", "13800000000", None),
        ("13800138000", "dummy", "13800138000", None),
        ("12912345670", None, None, None),
        ("无", None, None, None),
        (None, None, None, None),
    ],
)
def test_forms_of_a_number(
    written: str | None, kind: str | None, phone: str | None, mask: str | None
) -> None:
    assert phone_forms(pl.Series([written], dtype=pl.String)).row(0) == (kind, phone, mask)
