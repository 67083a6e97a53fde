"""What is wrong with carriers' areas: divisions that are no more, periods that end first or overlap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_PERIOD_OF = ["carrier", "adcode", "service_level"]


def judged(areas: pl.DataFrame, _masters: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The rows with the columns of the rules of carriers."""
    import polars as pl

    from identity.addresses import seeds

    reference = seeds.load()
    codes = reference.region["adcode"].implode()
    legacy = reference.legacy.select(adcode="old_code", adcode_now="adcode").unique("adcode")
    areas = areas.join(legacy, on="adcode", how="left", maintain_order="left")
    is_gone = ~pl.col("adcode").is_in(codes)
    began = pl.col("valid_from").fill_null(pl.datetime(1900, 1, 1))
    ended = pl.col("valid_to").fill_null(pl.datetime(9999, 1, 1))
    ordered = areas.with_row_index("line").with_columns(began=began, ended=ended)
    ordered = ordered.sort(*_PERIOD_OF, "began", "ended", nulls_last=True, maintain_order=True)
    reach = pl.col("ended").cum_max().shift(1).over(_PERIOD_OF)
    is_within = pl.col("began") < reach
    ordered = ordered.with_columns(
        carrier_area_unknown=pl.when(is_gone & pl.col("adcode_now").is_not_null())
        .then(pl.lit("division_closed"))
        .when(is_gone)
        .then(pl.lit("no_such_division")),
        carrier_area_unknown__suggestion=pl.when(is_gone).then("adcode_now"),
        carrier_validity_reversed=pl.when(pl.col("valid_to") <= pl.col("valid_from")).then(
            pl.lit("ends_first")
        ),
        carrier_validity_overlap=pl.when(is_within).then(pl.lit("overlaps")),
        carrier_validity_overlap__detail=pl.when(is_within).then(reach.dt.strftime("%Y-%m-%d")),
    )
    return ordered.sort("line").drop("line", "began", "ended", "adcode_now")
