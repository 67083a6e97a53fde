"""Rule: what a link of the model is told to be made of adds up to the score that it was given."""

from __future__ import annotations

from math import log2
from typing import Any

import polars as pl
import pytest

from identity.link import load_model
from identity.profiles import BLOCKS, FACE_COLUMNS, FACT_COLUMNS
from identity.reasons import START, reasons
from identity.weights import weighed

MODEL = load_model()
ONE = {"phone": "13912345670", "phone_mask": "1395670", "name": "张三", "surname": "张", "pinyin": "zhangsan"}
FACTS = ["birthday", "email", "device_id", "member_no"]


def _faces(*rows: dict[str, Any]) -> pl.DataFrame:
    columns = dict.fromkeys((*FACE_COLUMNS, *FACT_COLUMNS), pl.String)
    return pl.DataFrame(list(rows), schema=columns)


def test_the_weights_add_up_to_the_score_of_the_likest_faces() -> None:
    other = {**ONE, "phone": "13812345671", "phone_mask": "1385671"}
    left, right = _faces(ONE, {**ONE, "name": "李四"}), _faces(other, {**ONE, "member_no": "m"})
    told = reasons(left, right, MODEL.settings)
    assert told["comparison"].to_list() == [START, "contact", "name", *FACTS]
    assert told.row(1)[1] == "same number"
    faces = pl.concat([left.with_columns(component=pl.lit(1)), right.with_columns(component=pl.lit(2))])
    blocked = faces.with_row_index("unique_id").with_columns(pl.lit("b").alias(name) for name in BLOCKS)
    score = weighed(blocked, MODEL.settings, 0.0001)["probability"].item()
    assert told["weight"].sum() == pytest.approx(log2(score / (1 - score)))


def test_what_a_side_does_not_tell_weighs_nothing() -> None:
    told = reasons(_faces(ONE), _faces({**ONE, "birthday": "19900101"}), MODEL.settings)
    silent = told.filter(pl.col("comparison").is_in(FACTS))
    assert set(silent["level"]) == {"unknown"}
    assert set(silent["weight"]) == {0.0}


def test_no_face_no_reason() -> None:
    assert reasons(_faces(), _faces(ONE), MODEL.settings).is_empty()
