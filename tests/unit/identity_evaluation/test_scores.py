"""Rule: scores count pairs that are together, never those that are rightly apart."""

from __future__ import annotations

import polars as pl
import pytest

from identity.evaluation import evaluate, scores


def test_scores_of_a_small_case_by_hand() -> None:
    found = scores(pl.Series([1, 1, 1, 2]), pl.Series(["a", "a", "b", "b"]))
    assert found.pairwise_precision == pytest.approx(1 / 3)
    assert found.pairwise_recall == pytest.approx(1 / 2)
    assert found.b3_precision == pytest.approx((2 / 3 * 2 + 1 / 3 + 1) / 4)
    assert found.b3_recall == pytest.approx((1 + 1 + 1 / 2 + 1 / 2) / 4)


def test_linking_nothing_has_full_precision_and_no_recall() -> None:
    found = scores(pl.Series([1, 2, 3]), pl.Series(["a", "a", "a"]))
    assert (found.pairwise_precision, found.pairwise_recall) == (1.0, 0.0)


def test_only_records_that_both_know_are_scored() -> None:
    key = {
        "source": ["s", "s"],
        "channel": [None, None],
        "source_record_id": ["1", "2"],
        "role": ["owner", "owner"],
    }
    members = pl.DataFrame({**key, "customer_id": ["C1", "C1"]}, schema_overrides={"channel": pl.String})
    truth = pl.DataFrame({**key, "person_id": ["a", None]}, schema_overrides={"channel": pl.String})
    assert evaluate(members, truth).records == 1
