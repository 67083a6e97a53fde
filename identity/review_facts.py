"""What a steward sees of a case: the facts of both sides, masked, and whether they agree. Neither score nor
rule, nor whether the records are one customer now: a label that knows the answer is none.

Frames in, frames out; nothing plain comes in.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from identity.components import components_of
from identity.golden_forms import COMPLETE
from identity.review import SIDES, key_of
from identity.rules import STRENGTH

EQUAL, SIMILAR, DIFFERENT, UNKNOWN = "equal", "similar", "different", "unknown"
"""One value in common, in any spelling; a masked value that may be the other side's; none; one side tells
nothing."""
FIELDS = ("name", "phone", "birthday", "gender", "email", "address", "member_no", "unionid")
MOST_SHOWN = 4
"""Values of one field and side that are shown, the most frequent first."""


def sides(
    case: dict[str, Any], members: pl.DataFrame, edges: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The records that stand on either side of a case: rows of `members`, with `key`.

    A side is what stronger links than the case's own hold together with its record. Where they hold both
    records together, each side is its record alone, so that a pair that is linked looks like one that is not.
    """
    customers = [case[f"{side}_customer"] for side in SIDES]
    near = members.with_columns(key=key_of()).filter(pl.col("customer_id").is_in(customers))
    near = near.unique("key", keep="first", maintain_order=True).with_row_index("node")
    ends = [_key(case, side) for side in SIDES]
    strength = pl.col("rule").replace_strict(STRENGTH, default=len(STRENGTH), return_dtype=pl.Int32)
    known = edges.filter(pl.col("accepted") & (strength < STRENGTH.get(case["rule"], len(STRENGTH))))
    known = known.select(left_key=key_of("left_"), right_key=key_of("right_"))
    for side in SIDES:
        nodes = near.select("node", key="key").rename({"node": side, "key": f"{side}_key"})
        known = known.join(nodes, on=f"{side}_key")
    label = components_of(near.height, known)
    own = [int(label[int(near.filter(pl.col("key") == end)["node"][0])]) for end in ends]
    if own[0] == own[1]:
        return near.filter(pl.col("key") == ends[0]), near.filter(pl.col("key") == ends[1])
    return near.filter(label == own[0]), near.filter(label == own[1])


def compared(left: pl.DataFrame, right: pl.DataFrame) -> list[dict[str, Any]]:
    """One row a field: field, left and right (lists of masks), verdict.

    `left`, `right`: what the records of a side say: field, value (what tells two apart), mask; of personal
    values completeness and same (`golden_forms`; null where unknown).
    """
    rows = []
    for field in FIELDS:
        told = [side.filter(field=field) for side in (left, right)]
        if told[0].is_empty() and told[1].is_empty():
            continue
        rows.append(
            {
                "field": field,
                **{side: _shown(of_side) for side, of_side in zip(SIDES, told, strict=True)},
                "verdict": _verdict(*told),
            }
        )
    return rows


def outline(side: pl.DataFrame) -> dict[str, Any]:
    """Of the records of a side: how many, where they were met, from when to when."""
    places = pl.coalesce("touchpoint", "channel", "source").alias("place")
    times = side["occurred_at"].drop_nulls()
    return {
        "records": side.height,
        "met_at": side.select(places)["place"].unique().sort().to_list(),
        "first": times.min(),
        "last": times.max(),
    }


def _verdict(left: pl.DataFrame, right: pl.DataFrame) -> str:
    if left.is_empty() or right.is_empty():
        return UNKNOWN
    ones = [side.select(one=pl.coalesce("same", "value"))["one"] for side in (left, right)]
    if ones[0].is_in(ones[1].implode()).any():
        return EQUAL
    whole = [(side["completeness"].fill_null(COMPLETE) == COMPLETE).any() for side in (left, right)]
    if all(whole) or not left["mask"].is_in(right["mask"].implode()).any():
        return DIFFERENT
    return SIMILAR


def _shown(told: pl.DataFrame) -> list[str]:
    counted = (
        told.group_by(pl.col("mask").fill_null("***")).len().sort("len", "mask", descending=[True, False])
    )
    return counted["mask"].head(MOST_SHOWN).to_list()


def _key(case: dict[str, Any], side: str) -> str:
    return "\x1f".join(case[f"{side}_{name}"] or "" for name in ("source", "source_record_id", "role"))
