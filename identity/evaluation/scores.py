"""How good a grouping of records is against the truth: pairwise and B³ precision, recall, F1; cluster sizes.

Pairs that are rightly apart are counted nowhere: linking nothing would be 99.99 % right by them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import polars as pl

ON = ("source", "channel", "source_record_id", "role")
SIZES = {"1": 1, "2": 2, "3-5": 5, "6-10": 10, "11-50": 50, ">50": 1 << 62}
"""Name of a band of sizes → the largest size in it."""


@dataclass(frozen=True)
class Scores:
    """All between 0 and 1; precision is 1 where nothing was linked, recall 1 where nothing is to be
    linked."""

    records: int
    pairwise_precision: float
    pairwise_recall: float
    b3_precision: float
    b3_recall: float

    @property
    def pairwise_f1(self) -> float:
        return f1(self.pairwise_precision, self.pairwise_recall)

    @property
    def b3_f1(self) -> float:
        return f1(self.b3_precision, self.b3_recall)

    def as_dict(self) -> dict[str, float]:
        return {**asdict(self), "pairwise_f1": self.pairwise_f1, "b3_f1": self.b3_f1}


def f1(precision: float, recall: float) -> float:
    """The harmonic mean of both, 0 where both are."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def evaluate(members: pl.DataFrame, truth: pl.DataFrame) -> Scores:
    """Scores of `members` (source, channel, source_record_id, role, customer_id) against `truth` (the
    same keys, person_id), over the records that both know. The channel of a touchpoint record may be null
    on either side."""
    known = members.select(*ON, "customer_id").join(
        truth.select(*ON, "person_id").drop_nulls("person_id").unique(ON),
        on=list(ON),
        how="inner",
        nulls_equal=True,
    )
    return scores(known["customer_id"], known["person_id"])


def scores(cluster: pl.Series, person: pl.Series) -> Scores:
    """Scores of a grouping (`cluster` of each record) against the true one (`person`), both without nulls."""
    cells = met(cluster, person)
    shared = _pairs(cells["n"])
    linked = _pairs(cells.unique("cluster")["in_cluster"])
    true = _pairs(cells.unique("person")["in_person"])
    records = float(len(cluster))
    b3 = cells.select(
        precision=(pl.col("n") ** 2 / pl.col("in_cluster")).sum(),
        recall=(pl.col("n") ** 2 / pl.col("in_person")).sum(),
    ).row(0)
    return Scores(
        records=len(cluster),
        pairwise_precision=shared / linked if linked else 1.0,
        pairwise_recall=shared / true if true else 1.0,
        b3_precision=b3[0] / records if records else 1.0,
        b3_recall=b3[1] / records if records else 1.0,
    )


def met(cluster: pl.Series, person: pl.Series) -> pl.DataFrame:
    """One row a cluster and person that meet: how many records (`n`), and how many each has in all
    (`in_cluster`, `in_person`), as floats."""
    cells = pl.DataFrame({"cluster": cluster, "person": person}).group_by("cluster", "person")
    return cells.agg(n=pl.len().cast(pl.Float64)).with_columns(
        in_cluster=pl.col("n").sum().over("cluster"), in_person=pl.col("n").sum().over("person")
    )


def band(size: str) -> pl.Expr:
    """The name of the band of `SIZES` that the column `size` falls in."""
    told = pl.lit(None, pl.String)
    for name, largest in reversed(SIZES.items()):
        told = pl.when(pl.col(size) <= largest).then(pl.lit(name)).otherwise(told)
    return told


def sizes(cluster: pl.Series) -> dict[str, int]:
    """How many clusters there are (`clusters`), of each band of sizes, and the size of the `largest`."""
    counted = pl.DataFrame({"cluster": cluster}).group_by("cluster").len("size")
    found = dict(counted.group_by(band("size").alias("band")).len().iter_rows())
    by_band = {name: int(found.get(name, 0)) for name in SIZES}
    return {"clusters": counted.height, **by_band, "largest": max(counted["size"], default=0)}


def _pairs(counts: pl.Series) -> float:
    return float((counts * (counts - 1) / 2).sum())
