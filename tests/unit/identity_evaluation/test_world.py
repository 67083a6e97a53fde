"""Rule: the exam world is the same for the same seed, has the columns of the feed, and is as harsh as it
says: a shared full number is one person's in about 70 of 100 pairs.

Does not prove that any merchant is like it.
"""

from __future__ import annotations

import polars as pl
import pytest

from benchmarks import identity_world
from dagster_project.lib.feeds import load_feeds

_KEY = ["source", "source_record_id"]


@pytest.fixture(scope="module")
def made() -> tuple[pl.DataFrame, pl.DataFrame]:
    return identity_world.make(20_000, seed=1)


def test_records_have_the_columns_of_the_feed_and_a_truth_each(
    made: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    records, truth = made
    assert set(records.columns) == {"source", *load_feeds()["customer_records"].columns} - {"town"}
    assert records.height == truth.height == 20_000
    assert records["source_record_id"].is_unique().all()
    assert records.join(truth, on=_KEY).height == 20_000
    assert records["touchpoint"].n_unique() == 12


def test_the_same_seed_makes_the_same_world(made: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    again, truth = identity_world.make(20_000, seed=1)
    assert again.equals(made[0])
    assert truth.equals(made[1])
    assert not identity_world.make(20_000, seed=2)[0].equals(again)


def test_a_shared_full_number_is_one_persons_in_about_seven_of_ten_pairs(
    made: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    records, truth = made
    full = records.join(truth, on=_KEY).filter(
        pl.col("phone").str.contains(r"^1[3-9]\d{9}$"),
        ~pl.col("phone").is_in(["13800138000", "13800000000"]),
    )
    right, all_pairs = (
        full.group_by(*by, maintain_order=True).len().select(pl.col("len") * (pl.col("len") - 1) / 2).sum()
        for by in (["phone", "person_id"], ["phone"])
    )
    assert 0.66 < right.item() / all_pairs.item() < 0.78
