"""Small record tables for tests of linking: rows say only what matters, names and phones as a person
writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from identity.names import name_forms
from identity.phones import phone_forms
from identity.records import RECORD_SCHEMA

MOMENT = datetime(2026, 1, 1, 12)


def record_table(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """A record table with `node`; each row may give `phone` and `name` in raw form and any column of the
    table.

    Rows without a record_kind are touchpoint records; ids are numbered where none is given.
    """
    defaults = {
        "source": "s",
        "role": "owner",
        "record_kind": "touchpoint",
        "occurred_at": MOMENT,
        "exported_at": MOMENT,
    }
    plain = [name for name in RECORD_SCHEMA if name not in ("phone", "name")]
    told = [{**defaults, "source_record_id": str(place), **row} for place, row in enumerate(rows)]
    schema = {name: RECORD_SCHEMA[name] for name in plain}
    frame = pl.DataFrame([{name: row.get(name) for name in plain} for row in told], schema=schema)
    phones = phone_forms(pl.Series([row.get("phone") for row in told], dtype=pl.String))
    names = name_forms(pl.Series([row.get("name") for row in told], dtype=pl.String))
    forms = pl.concat([phones, names], how="horizontal")
    frame = frame.with_columns(forms.get_column(name) for name in forms.columns)
    return frame.select(*RECORD_SCHEMA).with_row_index("node")


def order(number: str, channel: str = "taobao", **facts: str) -> list[dict[str, Any]]:
    """The owner and the recipient row of an order; account, unionid, openid and pay_id go to the owner."""
    of_owner = ("account", "unionid", "openid", "pay_id", "member_no")
    owner = {name: facts.pop(name) for name in of_owner if name in facts}
    head = {
        "source": f"{channel}_orders",
        "channel": channel,
        "source_record_id": number,
        "record_kind": "order",
        "order_id": f"{channel}|{number}",
    }
    shows = any(name in owner for name in ("account", "unionid", "openid"))
    return [
        {**head, "role": "owner", "shows_buyer": shows, **owner},
        {**head, "role": "recipient", **facts},
    ]
