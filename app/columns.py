"""How a column of a table is called, its codes in words, and how its values look; for every table of the
app."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from app import formats, labels
from app.access import roles
from app.components import grid
from app.labels import Labels

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
    "unit": "unit",
    "kpi": "kpi",
    "severity": "severity",
    "state": "finding_state",
    "correction_state": "correction",
    "owner": "q_owner",
    "field": "q_field",
    "approver_role": "role",
    "source_feed": "feed",
    "run_stage": "run_stage",
    "load_band": "load_band",
    "set_right": "method",
    "identity_kpi": "identity",
    "finding_event": "finding_event",
    "entity": "q_entity",
    "need": "need",
    "coverage_status": "coverage",
    "resource_type": "resource",
}
"""Label group of each column of codes: `event.ship_overdue`. A code without a label shows itself."""
KEYS = ("_id", "_code", "_key", "_no", "_mask", "_token")
"""How the names of columns end that hold keys or masks; codes that have words are none."""
MASKED_SIGN = "…"
SHORT = 9
"""Characters of a shortened key."""


def label(column: str, say: Labels) -> str:
    """The column's name; itself where it has none."""
    key = LABELS.get(column, f"column.{column}")
    return say(key) if key in labels.table() else column


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


def cells(frame: pl.DataFrame, say: Labels) -> list[tuple[str, ...]]:
    """The rows of one screen as they are read, under the frame's own columns."""
    told = worded(frame, say)
    return list(
        zip(*([_read(name, value, say) for value in told[name]] for name in told.columns), strict=True)
    )


def kind(column: str, dtype: pl.DataType) -> str:
    """How a column stands in a table: words left, figures and times right, keys in monospace."""
    if dtype.is_numeric() or dtype.is_temporal():
        return grid.FIGURE
    is_key = column.endswith(KEYS) or roles.class_of(column) == "order_key"
    return grid.KEY if is_key and column not in CODES else grid.WORDS


def table(frame: pl.DataFrame, say: Labels) -> str:
    """A short table that neither sorts nor leads anywhere."""
    heads = [(label(name, say), kind(name, dtype)) for name, dtype in frame.schema.items()]
    return grid.html(heads, cells(frame, say), [""] * frame.height, say)


def _read(column: str, value: object, say: Labels) -> str:
    if value is None or value == "":
        return formats.NO_DATA
    if isinstance(value, bool):
        return say("rows.yes" if value else "rows.no")
    if isinstance(value, datetime):
        return formats.moment(value)
    if not isinstance(value, int | float):
        return str(value)
    if column.endswith("_rate") or column == "value":
        return formats.percent(value)
    return f"{value:,.2f}" if column.endswith("_cny") else formats.quantity(value)


def meaning(columns: Sequence[str], text: str, say: Labels) -> dict[str, list[str]]:
    """Codes whose words hold the text, by column: so that a search finds what is read."""
    wanted = text.casefold()
    return {
        column: [
            key.removeprefix(f"{CODES[column]}.")
            for key, words in labels.table().items()
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
