"""The scores of parts of the records: by touchpoint, by what number a record shows, by size.

A pair has two ends, and each end tells its slice of it: a slice's precision is the share of right ones among
all links that its records have, its recall the share that was found of those they should have. The slices of
one kind together are the whole.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from identity.evaluation.scores import SIZES, band, met

FULL_DIGITS = 7
"""A number with as many digits and no star is shown in full: a landline without its area code has seven."""


def slices(known: pl.DataFrame) -> dict[str, dict[str, dict[str, Any]]]:
    """Kind of slice → slice → records, precision, recall, b3_precision, b3_recall.

    `known`: cluster, person and, where they are known, touchpoint and phone, one row a record. Precision is
    null where no record of the slice is linked, recall where none is to be linked.
    """
    ends = known.join(met(known["cluster"], known["person"]), on=["cluster", "person"], how="left")
    kinds = {
        "cluster_size": band("in_cluster"),
        "person_records": band("in_person"),
    }
    if "phone" in known.columns:
        kinds = {"phone": phone_form(), **kinds}
    if "touchpoint" in known.columns:
        kinds = {"touchpoint": pl.col("touchpoint").fill_null("none"), **kinds}
    return {kind: _of(ends, by) for kind, by in kinds.items()}


def phone_form() -> pl.Expr:
    """`full`, `masked` or `none`: what the column phone shows."""
    phone = pl.col("phone").fill_null("")
    digits = phone.str.replace_all(r"\D", "").str.len_chars()
    cipher = phone.str.contains(r"[A-Za-z$#~]{2}")
    return (
        pl.when(cipher | (digits == 0))
        .then(pl.lit("none"))
        .when(phone.str.contains(r"[*＊]"))
        .then(pl.lit("masked"))
        .when(digits >= FULL_DIGITS)
        .then(pl.lit("full"))
        .otherwise(pl.lit("none"))
    )


def _of(ends: pl.DataFrame, by: pl.Expr) -> dict[str, dict[str, Any]]:
    right, linked, true = ((pl.col(name) - 1).sum() for name in ("n", "in_cluster", "in_person"))
    table = ends.group_by(by.alias("slice")).agg(
        records=pl.len(),
        precision=pl.when(linked > 0).then(right / linked),
        recall=pl.when(true > 0).then(right / true),
        b3_precision=(pl.col("n") / pl.col("in_cluster")).mean(),
        b3_recall=(pl.col("n") / pl.col("in_person")).mean(),
    )
    table = table.sort("records", "slice", descending=[True, False])
    told = {row.pop("slice"): row for row in table.to_dicts()}
    places = [*SIZES, *told]
    return {name: told[name] for name in sorted(told, key=places.index)}
