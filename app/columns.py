"""How a column of a table is called, its codes in words, and how its values look; for every table of the
app."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from app import formats
from app.access import roles
from app.labels import Labels, table

LABELS = {
    "channel_order_id": "column.order",
    "event_code": "column.event",
    "request_type": "column.request",
    "service_level": "column.service",
    "merge_group_id": "column.group",
    "promise_due_at": "column.due_at",
    "promise_met_at": "column.met_at",
    "paid_amount_cny": "column.amount",
}
"""Label of a column that is not called `column.<its name>`."""
CODES = {
    "channel": "channel",
    "status": "status",
    "event_code": "event",
    "request_type": "request",
    "outcome": "outcome",
    "response": "response",
    "service_level": "service",
    "owner_role": "duty",
    "penalty_code": "penalty",
    "clause_code": "clause",
    "conflict_code": "conflict",
    "contract_status": "contract",
    "compensation": "compensation",
    "aftersale_type": "aftersale",
    "cause": "cause",
    "count_type": "count",
    "evidence_type": "evidence",
    "shortfall": "shortfall",
    "value_tier": "tier",
    "why_restated": "restated",
    "rule_state": "rule_state",
    "kpi": "kpi",
    "severity": "severity",
    "state": "finding_state",
    "entity": "q_entity",
    "need": "need",
    "coverage_status": "coverage",
    "resource_type": "resource",
}
"""Label group of each column of codes: `event.ship_overdue`. A code without a label shows itself."""
MASKED_SIGN = "…"
SHORT = 9
"""Characters of a shortened key."""


def label(column: str, say: Labels) -> str:
    """The column's name; itself where it has none."""
    key = LABELS.get(column, f"column.{column}")
    return say(key) if key in table() else column


def short(key: str) -> str:
    """A masked key as four characters of each end; any other text as it is."""
    return f"{key[:4]}{MASKED_SIGN}{key[-4:]}" if MASKED_SIGN in key and len(key) > SHORT else key


def worded(frame: pl.DataFrame, say: Labels) -> pl.DataFrame:
    """The frame with codes as words, masked keys shortened, amounts as numbers, under its own column
    names."""
    keys = [name for name in frame.columns if roles.class_of(name) == "order_key"]
    amounts = [name for name, dtype in frame.schema.items() if dtype.is_decimal()]
    return frame.with_columns(
        *(_shortened(key) for key in keys),
        *(_named(code, frame, say) for code in CODES if code in frame.columns),
        *(pl.col(name).cast(pl.Float64) for name in amounts),
    )


def config(frame: pl.DataFrame, names: Mapping[str, str]) -> dict[str, Any]:
    """Streamlit's column configuration, by the names shown."""
    made: dict[str, Any] = {}
    for column, dtype in frame.schema.items():
        shown = names[column]
        if dtype == pl.Datetime:
            made[shown] = st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm")
        elif column.endswith("_cny"):
            made[shown] = st.column_config.NumberColumn(format="%.2f")
        elif dtype.is_numeric() and (column.endswith("_rate") or column == "value"):
            made[shown] = st.column_config.NumberColumn(format="percent")
        elif dtype.is_numeric():
            made[shown] = st.column_config.NumberColumn(format="localized")
    return made


def meaning(columns: Sequence[str], text: str, say: Labels) -> dict[str, list[str]]:
    """Codes whose words hold the text, by column: so that a search finds what is read."""
    wanted = text.casefold()
    return {
        column: [
            key.removeprefix(f"{CODES[column]}.")
            for key, words in table().items()
            if key.startswith(f"{CODES[column]}.") and wanted in words[say.lang].casefold()
        ]
        for column in columns
        if column in CODES
    }


def _shortened(key: str) -> pl.Expr:
    """A masked key as four characters of each end; a whole one stays whole."""
    is_masked = pl.col(key).str.contains(MASKED_SIGN, literal=True)
    return pl.when(is_masked).then(formats.masked_column(key)).otherwise(pl.col(key)).alias(key)


def _named(column: str, frame: pl.DataFrame, say: Labels) -> pl.Expr:
    names = {code: say.name(CODES[column], code) for code in frame[column].unique().drop_nulls()}
    return pl.col(column).replace_strict(names, default=None, return_dtype=pl.String)
