"""Which pairs of records a steward should look at next: value × uncertainty, and a sample drawn blindly.

Frames in, frames out. A case is a pair of records; what is shown of them stands in `review_facts`, what was
decided in `review_labels`.
"""

from __future__ import annotations

import polars as pl

from identity.digests import sha256
from identity.rules import LAST_UNCUT, MODEL, STRENGTH

BAND, REFUSED, OVERSIZE = "band", "refused", "oversize"
"""Kinds of cases: the model was not sure; a rule's link was cut; a customer has too many records for one."""
SAMPLED_LINKED, SAMPLED_BAND = "sampled_linked", "sampled_band"
"""Of the links that were made and of those that were not, pairs drawn without regard to anything."""
OVERSIZE_RECORDS = 200
"""Records of one customer from which on its weakest link is asked about: four orders a week for a year."""
SAMPLE_SHARE = 0.02
"""Of the pairs of either kind that are drawn: 400 labels, which tell 0.99 to ±0.01, need 20,000 pairs."""
SAMPLE_EVERY = 20
"""Each so many cases one of the sample is asked: 5 % of the stewards' time."""
UNKNOWN = 1.0
"""Uncertainty, in bits, of a pair for which nobody has measured a probability."""
KEY = ("source", "source_record_id", "role")
SIDES = ("left", "right")
_ENDS = [f"{side}_{name}" for side in SIDES for name in KEY]
CASE_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(("case_id", "kind", *_ENDS, "left_customer", "right_customer", "rule"), pl.String),
    **dict.fromkeys(("probability", "uncertainty", "worth", "priority"), pl.Float64),
    "accepted": pl.Boolean,
}
_ID_DIGITS = 12


def key_of(side: str = "") -> pl.Expr:
    """A record's key as one text, of one `side` (left_, right_) of a pair."""
    return pl.concat_str((pl.col(f"{side}{name}").fill_null("") for name in KEY), separator="\x1f")


def cases(members: pl.DataFrame, edges: pl.DataFrame, worth: pl.DataFrame) -> pl.DataFrame:
    """All cases, asked or not, columns of `CASE_SCHEMA`; the sample's in the order in which they are drawn.

    `members`: `ids.MEMBER_SCHEMA`. `edges`: with the keys of both records, rule, probability, accepted.
    `worth`: customer_id, worth (CNY); a customer without one counts by its records alone.
    """
    across = pl.col("left_customer") != pl.col("right_customer")
    refused = _with_customers(edges.filter(~pl.col("accepted")), members)
    open_pairs = _best(refused.filter(across), ["one", "other"]).with_columns(
        kind=pl.when(pl.col("rule") == MODEL).then(pl.lit(BAND)).otherwise(pl.lit(REFUSED))
    )
    inferred = _named(edges.filter(pl.col("accepted") & (_strength() > LAST_UNCUT)).with_columns(_ends()))
    made = _best(_with_customers(_drawn(inferred), members), ["left_key", "right_key"])
    large = members.group_by("customer_id").agg(n=pl.len()).filter(pl.col("n") > OVERSIZE_RECORDS)
    theirs = members.join(large, on="customer_id", how="semi").select(left_key=key_of())
    weakest = _weakest(_with_customers(inferred.join(theirs, on="left_key", how="semi"), members))
    open_pairs = _named(open_pairs)
    apart = _drawn(open_pairs.filter(kind=BAND)).with_columns(kind=pl.lit(SAMPLED_BAND))
    drawn = pl.concat([made.with_columns(kind=pl.lit(SAMPLED_LINKED)), apart], how="diagonal")
    asked = pl.concat([open_pairs, weakest.with_columns(kind=pl.lit(OVERSIZE))], how="diagonal")
    asked = asked.join(drawn, on="case_id", how="anti")
    return _ranked(pl.concat([drawn, asked], how="diagonal"), members, worth)


def waiting(
    known: pl.DataFrame, members: pl.DataFrame, settled: pl.DataFrame, *, decided: int
) -> pl.DataFrame:
    """The cases still to be asked, the next one first.

    `settled`: pairs of records (the columns of both keys) about which a decision stands, or for which it is
    too early to ask again; every case between the same two customers waits with them. `decided`: how many
    cases were decided so far: it keeps the sample's places in the queue.
    """
    pairs = _with_customers(settled, members)
    left = known.with_columns(_ends()).join(
        pairs.select("left_key", "right_key"), on=["left_key", "right_key"], how="anti"
    )
    between = pairs.filter(pl.col("left_customer") != pl.col("right_customer")).select("one", "other")
    left = left.with_columns(_customers()).join(between, on=["one", "other"], how="anti")
    sampled = pl.col("kind").is_in([SAMPLED_LINKED, SAMPLED_BAND])
    drawn = left.filter(sampled).sort(pl.col("case_id").str.reverse())
    asked = left.filter(~sampled).sort("priority", "case_id", descending=[True, False])
    first = (SAMPLE_EVERY // 2 - decided) % SAMPLE_EVERY
    drawn = drawn.with_columns(place=first + pl.int_range(pl.len()) * SAMPLE_EVERY)
    index = pl.int_range(pl.len())
    before = pl.when(index < first).then(0).otherwise((index - first) // (SAMPLE_EVERY - 1) + 1)
    asked = asked.with_columns(place=index + before.clip(upper_bound=drawn.height))
    return pl.concat([asked, drawn], how="vertical_relaxed").sort("place", "case_id").select(*CASE_SCHEMA)


def entropy(probability: pl.Expr) -> pl.Expr:
    """Uncertainty in bits: 0 where it is sure, 1 at 0.5; `UNKNOWN` without a probability."""
    p = probability.clip(1e-9, 1 - 1e-9)
    bits = -(p * p.log(2) + (1 - p) * (1 - p).log(2))
    return bits.fill_null(UNKNOWN)


def _with_customers(pairs: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Pairs whose records are both live, with their keys in a fixed order and their customers."""
    told = pairs.with_columns(_ends())
    named = (
        pl.concat([told["left_key"], told["right_key"].alias("left_key")]).unique().alias("key").to_frame()
    )
    owner = members.select(key=key_of(), customer="customer_id").join(named, on="key", how="semi")
    owner = owner.unique("key", maintain_order=True)
    for side in SIDES:
        renamed = owner.rename({"key": f"{side}_key", "customer": f"{side}_customer"})
        told = told.drop(f"{side}_customer", strict=False).join(renamed, on=f"{side}_key")
    told = told.with_columns(_customers())
    return told.with_columns(strength=_strength()) if "rule" in told.columns else told


def _strength() -> pl.Expr:
    return pl.col("rule").replace_strict(STRENGTH, default=len(STRENGTH), return_dtype=pl.Int32)


def _ends() -> list[pl.Expr]:
    """left_key, right_key as they stand."""
    return [key_of(f"{side}_").alias(f"{side}_key") for side in SIDES]


def _customers() -> list[pl.Expr]:
    """one, other: the customers of both sides, the lesser id first."""
    ends = ("left_customer", "right_customer")
    return [pl.min_horizontal(ends).alias("one"), pl.max_horizontal(ends).alias("other")]


def _best(pairs: pl.DataFrame, per: list[str]) -> pl.DataFrame:
    """Of the links of each pair the likeliest, then that of the strongest rule."""
    order = pairs.sort(
        "probability",
        "strength",
        "left_key",
        "right_key",
        descending=[True, False, False, False],
        nulls_last=True,
    )
    return order.unique(per, keep="first", maintain_order=True)


def _weakest(made: pl.DataFrame) -> pl.DataFrame:
    """The weakest link of each customer."""
    order = made.sort(
        "strength", "probability", "left_key", "right_key", descending=[True, False, False, False]
    )
    return order.unique("left_customer", keep="first", maintain_order=True)


def _named(pairs: pl.DataFrame) -> pl.DataFrame:
    """With `case_id`, which follows from the two records alone, whichever stands left."""
    ends = ("left_key", "right_key")
    both = pl.concat_str(pl.min_horizontal(ends), pl.max_horizontal(ends), separator="\x1e")
    digest = sha256(pairs.select(both.alias("pair")).to_series())
    return pairs.with_columns(case_id="R" + digest.str.head(_ID_DIGITS), draw=digest.str.tail(8))


def _drawn(pairs: pl.DataFrame) -> pl.DataFrame:
    """Those whose digest says so: the same pairs in each run, whatever else there is."""
    return pairs.filter(pl.col("draw").str.to_integer(base=16) < int(SAMPLE_SHARE * 16**8))


def _ranked(found: pl.DataFrame, members: pl.DataFrame, worth: pl.DataFrame) -> pl.DataFrame:
    """With uncertainty, worth of both customers and priority."""
    sizes = members.group_by("customer_id").agg(n=pl.len()).join(worth, on="customer_id", how="left")
    for side in SIDES:
        own = sizes.rename({"customer_id": f"{side}_customer", "n": f"n_{side}", "worth": f"worth_{side}"})
        found = found.join(own, on=f"{side}_customer", how="left")
    amount = pl.sum_horizontal(pl.col(f"worth_{side}").cast(pl.Float64) for side in SIDES)
    records = pl.sum_horizontal(f"n_{side}" for side in SIDES)
    return (
        found.with_columns(uncertainty=entropy(pl.col("probability")), worth=amount)
        .with_columns(
            priority=pl.col("uncertainty") * ((1 + records).log() + (1 + pl.col("worth") / 100).log())
        )
        .select(*CASE_SCHEMA)
        .cast(CASE_SCHEMA)  # type: ignore[arg-type]
    )
