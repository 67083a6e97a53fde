"""How good a grouping of records is against the truth: pairwise and B³ precision and recall.

Pairs that are rightly apart are counted nowhere: linking nothing would be 99.99 % right by them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import polars as pl

ON = ("source", "channel", "source_record_id", "role")


@dataclass(frozen=True)
class Scores:
    """All between 0 and 1; precision is 1 where nothing was linked, recall 1 where nothing is to be
    linked."""

    records: int
    pairwise_precision: float
    pairwise_recall: float
    b3_precision: float
    b3_recall: float

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


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
    table = pl.DataFrame({"cluster": cluster, "person": person})
    cells = table.group_by("cluster", "person").agg(n=pl.len().cast(pl.Float64))
    cells = cells.with_columns(
        in_cluster=pl.col("n").sum().over("cluster"), in_person=pl.col("n").sum().over("person")
    )
    shared = _pairs(cells["n"])
    linked = _pairs(cells.unique("cluster")["in_cluster"])
    true = _pairs(cells.unique("person")["in_person"])
    records = float(table.height)
    b3 = cells.select(
        precision=(pl.col("n") ** 2 / pl.col("in_cluster")).sum(),
        recall=(pl.col("n") ** 2 / pl.col("in_person")).sum(),
    ).row(0)
    return Scores(
        records=table.height,
        pairwise_precision=shared / linked if linked else 1.0,
        pairwise_recall=shared / true if true else 1.0,
        b3_precision=b3[0] / records if records else 1.0,
        b3_recall=b3[1] / records if records else 1.0,
    )


def _pairs(sizes: pl.Series) -> float:
    return float((sizes * (sizes - 1) / 2).sum())
