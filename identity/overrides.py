"""What stewards decided: two records are one person (must link), or are not (cannot link). It wins over every
rule and the model, survives every run, and is taken back by another decision.

Decisions come in as rows; where they are kept is no concern here. A pair of records is named by source, id
and role; a record that is not there, or not yet, is simply not affected.
"""

from __future__ import annotations

import polars as pl

from identity import rules
from identity.components import components_of

MUST_LINK, CANNOT_LINK, REVOKE = "must_link", "cannot_link", "revoke"
_SIDES = ("left", "right")
_KEY = ("source", "source_record_id", "role")
SCHEMA = {
    **dict.fromkeys(("event_id", "kind", "revokes"), pl.String),
    **{f"{side}_{name}": pl.String for side in _SIDES for name in _KEY},
}
"""One decision a row, in the order in which they were made. `revokes`: the event_id of the one taken back."""


def in_force(decisions: pl.DataFrame) -> pl.DataFrame:
    """The decisions that were not taken back, each pair once: what was decided last about it."""
    gone = decisions.filter(kind=REVOKE)["revokes"]
    made = decisions.filter((pl.col("kind") != REVOKE) & ~pl.col("event_id").is_in(gone.implode()))
    ends = [pl.concat_str((f"{side}_{name}" for name in _KEY), separator="\x1f") for side in _SIDES]
    named = made.with_columns(one=pl.min_horizontal(ends), other=pl.max_horizontal(ends))
    return named.unique(["one", "other"], keep="last", maintain_order=True).select(*SCHEMA)


def pairs(records: pl.DataFrame, decisions: pl.DataFrame, kind: str) -> pl.DataFrame:
    """left < right: the rows of the record table (`node`) that decisions of this kind name."""
    nodes = records.select("node", *_KEY)
    found = decisions.filter(kind=kind)
    for side in _SIDES:
        named = nodes.rename({name: f"{side}_{name}" for name in _KEY} | {"node": side})
        found = found.join(named, on=[f"{side}_{name}" for name in _KEY])
    return (
        found.select(left=pl.min_horizontal(_SIDES), right=pl.max_horizontal(_SIDES))
        .filter(pl.col("left") != pl.col("right"))
        .unique()
        .sort("left", "right")
    )


def apply(
    records: pl.DataFrame, edges: pl.DataFrame, decisions: pl.DataFrame
) -> tuple[pl.Series, pl.DataFrame]:
    """The cluster of each record and all edges, after what was decided; `edges` with `accepted`.

    What must be linked is, whatever speaks against it, and costs no other link. What must be apart is parted
    with as few links lost as can be. The records must have `node`.
    """
    standing = in_force(decisions)
    linked = _linked(records, standing).with_columns(accepted=pl.lit(True))
    whole = pl.concat([edges, linked.select(edges.columns)])
    labels = components_of(records.height, whole.filter("accepted"))
    apart = pairs(records, standing, CANNOT_LINK)
    held = apart.filter(labels.gather(apart["left"]) == labels.gather(apart["right"]))
    if held.is_empty():
        return labels, whole
    parted = _parted(whole, labels, held)
    return components_of(records.height, parted.filter("accepted")), parted


def contradiction(records: pl.DataFrame, decisions: pl.DataFrame) -> tuple[int, int] | None:
    """Two rows of the record table that must be apart, and are linked by decisions alone; None where the
    decisions agree."""
    standing = in_force(decisions)
    labels = components_of(records.height, _linked(records, standing))
    apart = pairs(records, standing, CANNOT_LINK)
    bad = apart.filter(labels.gather(apart["left"]) == labels.gather(apart["right"]))
    return bad.row(0) if bad.height else None


def _linked(records: pl.DataFrame, standing: pl.DataFrame) -> pl.DataFrame:
    """What must be linked, as edges of the strongest rule."""
    return (
        pairs(records, standing, MUST_LINK)
        .with_columns(rule=pl.lit(rules.STEWARD), probability=pl.lit(None, pl.Float64))
        .cast(rules.EDGE_SCHEMA)  # type: ignore[arg-type]
    )


def _parted(edges: pl.DataFrame, labels: pl.Series, held: pl.DataFrame) -> pl.DataFrame:
    """The edges with `accepted` taken from those that would bring together what must be apart.

    In the components that hold such a pair links are taken strongest first, and one that would join two
    groups with such a pair between them is refused.
    """
    touched = labels.gather(held["left"]).unique()
    inside = edges["accepted"] & labels.gather(edges["left"]).is_in(touched.implode())
    strength = pl.col("rule").replace_strict(rules.STRENGTH, return_dtype=pl.Int32)
    order = (strength, pl.col("probability").fill_null(1.0), "left", "right")
    ranked = edges.with_row_index("row").filter(inside).sort(*order, descending=[False, True, False, False])
    refused = _refused(ranked.select("row", "left", "right").rows(), held.rows())
    keep = ~pl.int_range(edges.height, eager=True).is_in(refused)
    return edges.with_columns(accepted=edges["accepted"] & keep)


def _refused(ranked: list[tuple[int, int, int]], apart: list[tuple[int, int]]) -> list[int]:
    """The rows of the links that are refused. A loop over one steward's components, not over all rows."""
    group: dict[int, int] = {}
    members: dict[int, set[int]] = {}
    enemies: dict[int, set[int]] = {}
    for left, right in apart:
        enemies.setdefault(left, set()).add(right)
        enemies.setdefault(right, set()).add(left)

    def root(node: int) -> int:
        while group.setdefault(node, node) != node:
            group[node] = group[group[node]]
            node = group[node]
        return node

    refused = []
    for row, left, right in ranked:
        a, b = root(left), root(right)
        if a == b:
            continue
        of_a, of_b = members.setdefault(a, {a}), members.setdefault(b, {b})
        if any(enemies.get(node, set()) & of_b for node in of_a):
            refused.append(row)
            continue
        keep, gone = (a, b) if len(of_a) >= len(of_b) else (b, a)
        group[gone] = keep
        members[keep] |= members.pop(gone)
    return refused
