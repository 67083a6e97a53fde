"""Rule: the frozen model's weights give each pair the score that Splink gives it, and a model that says more
than weights is left to Splink.

Does not prove that the scores are right: `luyue identity evaluate` measures that.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from identity.link import Model, load_model, predicted, score
from identity.profiles import BLOCKS, FACE_COLUMNS, FACT_COLUMNS
from identity.weights import can_weigh

VALUES: dict[str, list[str | None]] = {
    "phone": [None, "13912345670", "13912345671"],
    "phone_mask": [None, "1395670", "1395671"],
    "name": [None, "张三丰", "张四丰", "王伟"],
    "surname": [None, "张", "王"],
    "pinyin": [None, "zhangsanfeng", "zhangsifeng", "wangwei"],
    "mask_head": [None, "", "张"],
    "mask_tail": [None, "", "丰"],
    "home": [None, "h1", "h2"],
    "adcode": [None, "330106", "110101"],
    "birthday": [None, "19900102", "19650505"],
    "email": [None, "a", "b"],
    "device_id": [None, "d"],
}
FACE = st.fixed_dictionaries(
    {"component": st.integers(0, 6), **{name: st.sampled_from(told) for name, told in VALUES.items()}}
)
EXACT = 1e-9


def _faces(rows: list[dict[str, Any]]) -> pl.DataFrame:
    columns = (*FACE_COLUMNS, *FACT_COLUMNS)
    faces = pl.DataFrame(rows, schema={"component": pl.Int64, **dict.fromkeys(columns, pl.String)})
    blocks = (pl.concat_str(parts, separator="|").alias(block) for block, parts in BLOCKS.items())
    return faces.with_row_index("unique_id").with_columns(blocks)


@settings(max_examples=15, deadline=None)
@given(rows=st.lists(FACE, min_size=2, max_size=25))
def test_scores_are_those_of_splink(rows: list[dict[str, Any]]) -> None:
    model = replace(load_model(), report_from=1e-6)
    found, told = score(_faces(rows), model), predicted(_faces(rows), model)
    assert_frame_equal(found, told, abs_tol=EXACT, rel_tol=EXACT)


def test_only_pairs_from_the_least_chance_on_are_told() -> None:
    same = {name: told[1] for name, told in VALUES.items()}
    rows = [{**same, "component": 0}, {**same, "component": 1}, {"component": 2, "adcode": "330106"}]
    assert score(_faces(rows), load_model()).select("component_l", "component_r").rows() == [(0, 1)]


def test_frequencies_of_terms_are_left_to_splink(monkeypatch: pytest.MonkeyPatch) -> None:
    model = load_model()
    first, *rest = model.settings["comparisons"]
    levels = [{**first["comparison_levels"][1], "tf_adjustment_column": "phone"}]
    wider = {**first, "comparison_levels": [first["comparison_levels"][0], *levels]}
    asked: list[Model] = []
    monkeypatch.setattr("identity.link.predicted", lambda faces, of: asked.append(of) or faces)
    other = replace(model, settings={**model.settings, "comparisons": [wider, *rest]})
    assert can_weigh(model.settings)
    score(_faces([]), other)
    assert asked == [other]
