"""The ceiling of recall: which pairs of one person any linking could find, from what the records show.

Two records of a person are within reach if they share a comparable value, or a chain of the person's own
records leads from one to the other by shared values. Comparable are: every identifier (an account that is
starred is none), an order or payment number, an e-mail, a phone's mask (first three and last four digits,
which a full number has too), the door of an address as standardised, a full name together with a city or a
birthday. It takes the truth to know the chains, so it flatters: nobody reaches it.
"""

from __future__ import annotations

import polars as pl

from identity.components import components_of

IDENTIFIERS = (
    "unionid", "openid", "external_userid", "user_id", "member_no", "buyer_account", "pay_id", "addressee_id",
    "visitor_id", "ticket_id", "device_id", "email", "channel_order_id",
)  # fmt: skip
DOORS = ("number", "building", "unit", "room")
"""How deep an address must be visible to be a door."""
_PARTS = ("province", "city", "district", "town", "address")


def ceiling(records: pl.DataFrame, person: pl.Series) -> float:
    """The share of true pairs within reach; 1 where there is no pair.

    `records`: columns of the feed customer_records, any of them, as text, one row a record; `person` of each.
    """
    of = pl.DataFrame({"person": person}).with_row_index("node").with_columns(pl.col("node").cast(pl.Int64))
    same = ["person", "kind", "value"]
    edges = values(records).join(of, on="node").select(left="node", right=pl.col("node").min().over(same))
    reached = of.with_columns(components_of(of.height, edges.filter(pl.col("left") != pl.col("right"))))
    true = _pairs(reached, "person")
    return _pairs(reached, "person", "component") / true if true else 1.0


def values(records: pl.DataFrame) -> pl.DataFrame:
    """Every comparable value: node (row), kind, value."""
    shown = records.with_row_index("node").with_columns(pl.col("node").cast(pl.Int64))
    told = [
        shown.select("node", kind=pl.lit(name), value=pl.col(name).str.strip_chars().str.to_lowercase())
        for name in IDENTIFIERS
        if name in shown.columns
    ]
    if "phone" in shown.columns:
        told.append(shown.select("node", kind=pl.lit("phone"), value=_mask()))
    if "address" in shown.columns:
        told.append(_doors(shown))
    for name in ("city", "birthday"):
        if {"name", name} <= set(shown.columns):
            both = pl.concat_str(pl.col("name", name).str.strip_chars(), separator="\x1f")
            told.append(shown.select("node", kind=pl.lit(f"name and {name}"), value=both))
    if not told:
        return pl.DataFrame(schema={"node": pl.Int64, "kind": pl.String, "value": pl.String})
    starred = (pl.col("kind") != "phone") & pl.col("value").str.contains(r"[*＊]")
    return pl.concat(told).filter(pl.col("value") != "", ~starred)


def _mask() -> pl.Expr:
    """First three and last four digits of a mobile number, masked or not; another number as it is."""
    phone = pl.col("phone").str.replace_all(r"[\s-]", "").str.replace(r"^(\+|00)?86(1)", "${2}")
    return (
        pl.when(phone.str.contains(r"^1\d{2}[\d*]{4}\d{4}"))
        .then(pl.concat_str(phone.str.slice(0, 3), phone.str.slice(7, 4)))
        .otherwise(phone)
    )


def _doors(shown: pl.DataFrame) -> pl.DataFrame:
    from identity.addresses import standardise_distinct

    found = standardise_distinct(shown.select(name for name in _PARTS if name in shown.columns))
    door = found.select(pl.when(pl.col("visible_to").is_in(DOORS)).then("address_key").alias("value"))
    return shown.select("node", kind=pl.lit("door"), value=door["value"])


def _pairs(table: pl.DataFrame, *by: str) -> float:
    count = table.group_by(by).len()["len"].cast(pl.Float64)
    return float((count * (count - 1) / 2).sum())
