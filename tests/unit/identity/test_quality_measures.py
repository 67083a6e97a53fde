"""The figures of a grouping: sizes, what became of ids, cuts, the drift of the model's weights, answers."""

from __future__ import annotations

import polars as pl
import pytest

from identity.quality import Answers, measures, psi
from identity.review_labels import Estimate

NOBODY = Answers(4, 0, Estimate(None, None, 0), Estimate(None, None, 0))


def _members(*sizes: int) -> pl.DataFrame:
    return pl.DataFrame({"customer_id": [f"C{n}" for n, size in enumerate(sizes) for _ in range(size)]})


def _edges(*probabilities: float, cut: int = 0, kept: int = 0) -> pl.DataFrame:
    rows = [("model", p, p > 0.99) for p in probabilities]
    rows += [("phone_name", None, False)] * cut + [("phone_name", None, True)] * kept
    schema = {"rule": pl.String, "probability": pl.Float64, "accepted": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _events(*kinds: str) -> pl.DataFrame:
    return pl.DataFrame({"event_type": list(kinds)}, schema={"event_type": pl.String})


def _told(found: pl.DataFrame) -> dict[tuple[str, str], tuple[float | None, float | None, float | None]]:
    return {(kpi, band): rest for kpi, band, *rest in found.drop("sample").rows()}  # type: ignore[misc]


def test_each_figure_has_numerator_and_denominator() -> None:
    found = _told(
        measures(_members(1, 1, 2, 4, 12), _edges(0.5, 0.999, cut=1, kept=3), _events("create"), NOBODY)
    )
    assert found["records", "all"] == [20, None, 20]
    assert found["customers", "all"] == [5, None, 5]
    assert found["largest_customer", "all"][2] == 12
    assert found["unification_rate", "all"] == [18, 20, 0.9]
    shares = [found["customer_size_share", band][2] for band in ("1", "2", "3-5", "6-10", ">10")]
    assert shares == [0.4, 0.2, 0.2, 0.0, 0.2]
    assert found["conflict_cut_rate", "all"] == [1, 4, 0.25]
    assert found["model_link_rate", "all"] == [1, 2, 0.5]
    assert found["match_weight_share", "0..2"] == [1, 2, 0.5]
    assert found["match_weight_share", "8..10"] == [1, 2, 0.5]
    assert found["review_backlog", "all"] == [4, 4, 1.0]
    assert found["label_precision", "all"] == [None, None, None]
    assert found["merge_rate", "all"] == [0, None, None]


def test_rates_of_events_are_of_the_version_before() -> None:
    first = measures(_members(1, 1, 1, 1), _edges(0.5), _events("create"), NOBODY)
    events = _events("merge", "move", "move", "retire")
    found = _told(measures(_members(2, 1, 1), _edges(0.5), events, NOBODY, before=first))
    assert found["merge_rate", "all"] == [1, 4, 0.25]
    assert found["move_rate", "all"] == [2, 4, 0.5]
    assert found["split_rate", "all"] == [0, 4, 0.0]


def test_drift_is_nothing_while_the_weights_stay_and_large_when_they_move() -> None:
    sure = [0.999] * 40 + [0.5] * 10
    first = measures(_members(1), _edges(*sure), _events(), NOBODY)
    drifts = [
        _told(measures(_members(1), _edges(*now), _events(), NOBODY, before=first))[
            "match_weight_drift", "all"
        ][2]
        for now in (sure, [0.999] * 10 + [0.5] * 40)
    ]
    assert drifts[0] == 0
    assert drifts[1] is not None
    assert drifts[1] > 0.25


def test_the_index_is_that_of_the_textbook() -> None:
    """Two bands, 50:50 against 90:10, a thousand each: 0.4·ln(0.9/0.5) + 0.4·ln(0.5/0.1) = 0.879."""
    assert psi([500, 500], [900, 100]) == pytest.approx(0.879, abs=0.01)


def test_nothing_at_all_is_measured_too() -> None:
    found = measures(_members(), _edges(), _events(), Answers(0, 0, NOBODY.precision, NOBODY.recall))
    assert _told(found)["records", "all"] == [0, None, 0]
    assert found.filter(kpi="unification_rate")["value"].to_list() == [None]
