"""Corrections laid over rows: whatever their order, each value is what one reading of it says."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from support.stewards_desk import lay_out

from dagster_project.lib.stewardship import entries, overlay
from dagster_project.lib.stewardship.entities import ENTITIES

CODES = st.sampled_from(["K1", "K2", "K3/x", "缺"])
NAMES = st.sampled_from([None, "茶", "酒", "米"])
WEIGHTS = st.sampled_from([None, 0.5, 2.0])
SAID_WEIGHTS = st.sampled_from([None, "0.5", "0.50", "2", "2.0", "two"])
CHANGES = st.tuples(st.just("name"), NAMES, NAMES) | st.tuples(
    st.just("weight_kg"), SAID_WEIGHTS, SAID_WEIGHTS
)


def value(field: str, text: str | None) -> Any:  # noqa: ANN401 (a name or a number)
    if field == "name" or text is None:
        return text
    return None if text == "two" else float(text)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.dictionaries(CODES, st.tuples(NAMES, WEIGHTS), max_size=4),
    wanted=st.dictionaries(
        st.tuples(CODES, CHANGES.map(lambda change: change[:2])),
        st.sampled_from(["茶", "酒", "2.0", None]),
        max_size=6,
    ),
)
def test_a_value_is_the_new_one_where_it_is_the_old_one(
    rows: dict[str, tuple[str | None, float | None]],
    wanted: dict[tuple[str, tuple[str, str | None]], str | None],
) -> None:
    """At most one correction a record, field and old value is in force: so it is kept."""
    told: dict[tuple[str, str, Any], str | None] = {}
    for (code, (field, old)), new in wanted.items():
        if old != "two":
            told.setdefault((code, field, value(field, old)), new)
    corrections = pl.DataFrame(
        [
            {
                "entity": "sku",
                "record_key": code,
                "field": field,
                "old_value": None if old is None else str(old),
                "new_value": new,
            }
            for (code, field, old), new in told.items()
        ],
        schema=dict.fromkeys(("entity", "record_key", "field", "old_value", "new_value"), pl.String),
    )
    frame = pl.DataFrame(
        [{"sku_code": code, "name": name, "weight_kg": weight} for code, (name, weight) in rows.items()],
        schema={"sku_code": pl.String, "name": pl.String, "weight_kg": pl.Float64},
    )
    expected = [
        (
            code,
            told.get((code, "name", name), name),
            value_of_weight(told.get((code, "weight_kg", weight), "kept"), weight),
        )
        for code, (name, weight) in rows.items()
    ]
    for order in (corrections, corrections.reverse()):
        assert overlay.corrected(frame, ENTITIES["sku"], order).rows() == expected


def value_of_weight(new: str | None, weight: float | None) -> float | None:
    if new == "kept":
        return weight
    return float(new) if new not in (None, "茶", "酒") else None


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(entries.STATUSES)), max_size=8))
def test_the_last_entry_of_a_correction_counts(said: list[tuple[str, str]]) -> None:
    rows = [
        {
            **dict.fromkeys(entries.TEXTS), "correction_id": name, "entity": "sku", "record_key": name,
            "field": "name", "status": status, "valid_from": datetime(2026, 1, 1),
            "at": datetime(2026, 1, 1 + n),
        }
        for n, (name, status) in enumerate(said)
    ]  # fmt: skip
    schema = {
        **dict.fromkeys(entries.TEXTS, pl.String),
        "valid_from": pl.Datetime("us"),
        "at": pl.Datetime("us"),
    }
    told = entries.standing(pl.DataFrame(rows, schema=schema))
    assert dict(told.select("correction_id", "status").iter_rows()) == dict(said)


def test_of_two_that_change_one_value_the_later_counts(tmp_path: Path) -> None:
    """Only a hand-written entry can do that: one of them has to stand aside."""
    desk = lay_out(tmp_path)
    folder = desk.inbox / entries.KIND
    folder.mkdir(parents=True)
    entry = {"entity": "sku", "record_key": "K1", "field": "name", "old_value": "茶", "status": "approved"}
    entry |= {"valid_from": "2026-01-01 00:00:00", "at": "2026-01-02 00:00:00", "by": "li"}
    lines = [json.dumps(entry | {"correction_id": name, "new_value": name}) for name in ("c1", "c2")]
    (folder / "2026-01.jsonl").write_text("\n".join(lines))
    told = entries.standing(entries.read(desk).frame)
    assert dict(told.select("correction_id", "status").iter_rows()) == {"c1": "replaced", "c2": "approved"}
    assert overlay.in_force(desk)["new_value"].to_list() == ["c2"]
