"""The golden record: of what the records of a customer say of a field, the best, and why it was chosen.

Pure: statements (`golden_statements`) and the completeness of their values (`golden_forms`) in, one row per
customer and field out, in tokens and masks. Which touchpoint is trusted in which field stands, with its
reason, in `golden_trust.csv`.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from identity.golden_forms import COMPLETE

TRUST_FILE = Path(__file__).resolve().parent / "golden_trust.csv"
LEAST_TRUST, MOST_TRUST = 1, 5
"""Of a touchpoint that the table does not name in this field; of a value that its giver has verified."""
CHANGING = ("phone", "address", "email")
"""Fields that change in a life: the newer statement counts. In the others the more frequent one does, since
what differs is a slip of the pen."""
DAYS_PER_TRUST = 365
"""A statement of a changing field loses a step of trust for each year by which the customer's newest one is
younger: after four years a number verified once is worth no more than one typed by a clerk now."""
COMPLETENESS, TRUST, RECENCY, AGREEMENT = "completeness", "trust", "recency", "agreement"
ONLY, FIRST_KEY = "only_value", "record_key"
GOLDEN_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(("customer_id", "field", "token", "mask", "adcode"), pl.String),
    "completeness": pl.Int8,
    **dict.fromkeys(("source", "channel", "source_record_id", "role", "touchpoint"), pl.String),
    "stated_at": pl.Datetime("us"),
    "trust": pl.Int8,
    "chosen_by": pl.String,
    **dict.fromkeys(("records_agreeing", "records_differing", "values_seen"), pl.UInt32),
}
_VALUE = ("customer_id", "field", "same")
_KEY = ("source", "channel", "source_record_id", "role")
_RANKS = {
    True: ("completeness", "worth", "stated_at", "agreeing"),
    False: ("completeness", "worth", "agreeing", "stated_at"),
}
_CRITERION = {
    "completeness": COMPLETENESS,
    "worth": TRUST,
    "stated_at": RECENCY,
    "agreeing": AGREEMENT,
}


def trusted() -> pl.DataFrame:
    """touchpoint, field, trust (1–5), reason."""
    return pl.read_csv(TRUST_FILE, schema_overrides={"trust": pl.Int8})


def golden(
    told: pl.DataFrame, forms: pl.DataFrame, adcodes: pl.DataFrame, trust: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Columns of `GOLDEN_SCHEMA`, one row per customer and field of which anything is known, in their order.

    `told`: `golden_statements.statements`. `forms`: token, completeness, same; a token without a row says
    nothing and is left out, an identifier needs none. `adcodes`: address_token, adcode. `chosen_by` is the
    first criterion in which the value is better than the best other one. Agreeing are records with this value
    in any spelling, or with a masked one that shows the same; differing those with another one as complete.
    """
    stated = _weighed(told, forms, trusted() if trust is None else trust)
    parts = []
    for changes, of_kind in (
        (True, pl.col("field").is_in(CHANGING)),
        (False, ~pl.col("field").is_in(CHANGING)),
    ):
        parts.append(_chosen(stated.filter(of_kind), _RANKS[changes]))
    best = pl.concat(parts)
    counted = _support(stated, best)
    placed = adcodes.select(token="address_token", adcode="adcode").unique("token", maintain_order=True)
    return (
        best.join(counted, on=["customer_id", "field"], how="left")
        .rename({"value": "token"})
        .join(placed, on="token", how="left")
        .select(*GOLDEN_SCHEMA)
        .cast(GOLDEN_SCHEMA)  # type: ignore[arg-type]
        .sort("customer_id", "field")
    )


def _weighed(told: pl.DataFrame, forms: pl.DataFrame, trust: pl.DataFrame) -> pl.DataFrame:
    """The statements with completeness, same, trust, worth (trust less age) and agreeing."""
    plain = pl.col("field").is_in(["gender", "member_no", "unionid"])
    known = told.join(forms, left_on="value", right_on="token", how="left").with_columns(
        completeness=pl.when(plain).then(pl.lit(COMPLETE, pl.Int8)).otherwise("completeness"),
        same=pl.when(plain).then("value").otherwise("same"),
    )
    known = known.filter(pl.col("completeness").is_not_null())
    known = known.join(trust.select("touchpoint", "field", "trust"), on=["touchpoint", "field"], how="left")
    newest = pl.col("stated_at").max().over("customer_id", "field")
    years = (newest - pl.col("stated_at")).dt.total_days().fill_null(0) // DAYS_PER_TRUST
    loss = pl.when(pl.col("field").is_in(CHANGING)).then(years).otherwise(0)
    return known.with_columns(pl.col("trust").fill_null(LEAST_TRUST)).with_columns(
        worth=(pl.col("trust") - loss).clip(lower_bound=0),
        agreeing=pl.len().over(*_VALUE),
    )


def _chosen(stated: pl.DataFrame, ranks: tuple[str, ...]) -> pl.DataFrame:
    """The best statement of each customer and field, with chosen_by and values_seen."""
    down = [True] * len(ranks) + [False] * len(_KEY)
    ordered = stated.sort(*ranks, *_KEY, descending=down, nulls_last=True)
    values = ordered.unique(list(_VALUE), keep="first", maintain_order=True)
    field = ["customer_id", "field"]
    second = [pl.col(rank).get(1, null_on_oob=True).alias(f"{rank}_next") for rank in ranks]
    rivals = values.group_by(field).agg(*second, values_seen=pl.len())
    best = values.unique(field, keep="first", maintain_order=True).join(rivals, on=field)
    chosen_by = pl.when(pl.col("values_seen") == 1).then(pl.lit(ONLY))
    for rank in ranks:
        differs = pl.col(rank).ne_missing(pl.col(f"{rank}_next"))
        chosen_by = chosen_by.when(differs).then(pl.lit(_CRITERION[rank]))  # type: ignore[assignment]
    return (
        best.with_columns(chosen_by=chosen_by.otherwise(pl.lit(FIRST_KEY)))
        .drop(f"{rank}_next" for rank in ranks)
        .select(sorted([*stated.columns, "values_seen", "chosen_by"]))
    )


def _support(stated: pl.DataFrame, best: pl.DataFrame) -> pl.DataFrame:
    """customer_id, field, records_agreeing, records_differing."""
    field = ["customer_id", "field"]
    chosen = best.select(*field, "same", "mask", "completeness")
    both = stated.select(*field, "same", "mask", "completeness").join(chosen, on=field, suffix="_best")
    equal = pl.col("same") == pl.col("same_best")
    shown = (pl.col("completeness") < pl.col("completeness_best")) & (pl.col("mask") == pl.col("mask_best"))
    agrees = (equal | shown).fill_null(False)
    differs = ~agrees & (pl.col("completeness") == pl.col("completeness_best"))
    return both.group_by(field).agg(records_agreeing=agrees.sum(), records_differing=differs.sum())
