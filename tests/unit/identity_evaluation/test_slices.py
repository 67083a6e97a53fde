"""Rule: a slice counts the links of its records from their end, and all slices of a kind are the whole."""

from __future__ import annotations

import polars as pl
import pytest

from identity.evaluation import scores
from identity.evaluation.scores import sizes
from identity.evaluation.slices import phone_form, slices

KNOWN = pl.DataFrame(
    {
        "cluster": [1, 1, 1, 2, 3],
        "person": ["a", "a", "b", "b", "c"],
        "touchpoint": ["pos", "app", "app", "pos", None],
        "phone": ["13912345678", "139****5678", "$$a9==", "0755-1234567", None],
    }
)


def test_a_slice_sees_its_own_ends_of_the_links() -> None:
    by = slices(KNOWN)["touchpoint"]
    assert by["pos"]["records"] == 2
    assert by["pos"]["precision"] == pytest.approx(1 / 2)
    assert by["pos"]["recall"] == pytest.approx(1 / 2)
    assert by["app"]["precision"] == pytest.approx(1 / 4)
    assert (by["none"]["precision"], by["none"]["recall"]) == (None, None)


def test_the_slices_of_a_kind_are_the_whole() -> None:
    whole = scores(KNOWN["cluster"], KNOWN["person"])
    for parts in slices(KNOWN).values():
        assert sum(part["records"] for part in parts.values()) == whole.records
        b3 = sum(part["records"] * part["b3_recall"] for part in parts.values()) / whole.records
        assert b3 == pytest.approx(whole.b3_recall)


def test_sizes_are_told_in_bands() -> None:
    assert sizes(KNOWN["cluster"]) == {
        "clusters": 3, "1": 2, "2": 0, "3-5": 1, "6-10": 0, "11-50": 0, ">50": 0, "largest": 3,
    }  # fmt: skip


def test_a_number_is_full_masked_or_none() -> None:
    assert KNOWN.select(phone_form()).to_series().to_list() == ["full", "masked", "none", "full", "none"]
