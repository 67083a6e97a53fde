"""The world's own figures, from its truth and from what its records stand for. Nothing is linked here."""

from __future__ import annotations

from typing import Any

import polars as pl

from benchmarks.held_out_world import World
from benchmarks.held_out_world.numbers import KINDS

_SIZES = (1, 2, 3, 5, 10, 30, 100)


def describe(world: World) -> dict[str, Any]:
    """Shares of pairs that are one person by what they share; sizes; volumes."""
    records = world.records.with_columns(
        person=world.truth["person_id"],
        number=pl.Series(world.number),
        kind=pl.Series([KINDS[k] for k in world.kind]),
    )
    whole = records.filter(pl.col("kind") == "full")
    eleven = records.filter(pl.col("phone").str.contains(r"^1\d{10}$"))
    masked = records.filter((pl.col("kind") == "masked") & pl.col("phone").str.contains(r"^1\d\d\*{4}\d{4}$"))
    plain = records.filter(~pl.col("address").str.contains(r"\*"))
    nicks = records.filter(~pl.col("buyer_account").str.contains(r"\*"))
    sizes = records.group_by("person").len()["len"]
    return {
        "records": len(records),
        "people": len(sizes),
        "true_pairs": int((sizes.cast(pl.Int64) * (sizes.cast(pl.Int64) - 1) // 2).sum()),
        "one_person_among_pairs_sharing": {
            "full_phone": _pairs(whole, ["number"]),
            "eleven_digits_as_written": _pairs(eleven, ["phone"]),
            "masked_phone": _pairs(masked, ["phone"]),
            "masked_phone_and_masked_name": _pairs(masked, ["phone", "name"]),
            "address_as_written": _pairs(plain, ["address"]),
            "name_as_written": _pairs(records.filter(~pl.col("name").str.contains(r"[*#]")), ["name"]),
            **{
                c: _pairs(records, [c])
                for c in ("unionid", "openid", "user_id", "member_no", "device_id", "pay_id")
            },
            "addressee_id": _pairs(records, ["addressee_id"]),
            "channel_and_buyer_account": _pairs(nicks, ["channel", "buyer_account"]),
        },
        "people_by_records": {f"{low}+": int((sizes >= low).sum()) for low in _SIZES}
        | {"most": int(sizes.max() or 0)},
        "touchpoints": dict(sorted(records["touchpoint"].value_counts().rows())),
        "phones": dict(sorted(records["kind"].value_counts().rows())),
    }


def _pairs(records: pl.DataFrame, keys: list[str]) -> dict[str, float | int | None]:
    """Pairs that agree on the keys (null words and spaces left out), and the share of them that is one
    person.
    """
    text = [pl.col(k).str.strip_chars() if records[k].dtype == pl.String else pl.col(k) for k in keys]
    known = records.select("person", *text).drop_nulls()
    for key in keys:
        if known[key].dtype == pl.String:
            known = known.filter(~pl.col(key).is_in(["null", "-", "无", "N/A", "NULL", "--", ""]))
    pairs, right = _count(known, keys), _count(known, [*keys, "person"])
    return {"pairs": pairs, "one_person": round(right / pairs, 4) if pairs else None}


def _count(known: pl.DataFrame, by: list[str]) -> int:
    """Pairs within the groups."""
    size = known.group_by(by).len()["len"].cast(pl.Int64)
    return int((size * (size - 1) // 2).sum())
