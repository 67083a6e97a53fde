"""From the record table to clusters: identifiers, contacts, own receivers, quotes, the model, the
constraints.

Pure: the same records in any order, with any repetition, give the same clusters. Ids that last are made
in `ids`.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from identity import clusters, devices, overrides, rules
from identity.clusters import cluster
from identity.components import components_of
from identity.contacts import contact_edges
from identity.keys import identifier_edges, order_edges
from identity.link import Model, score
from identity.own_contacts import own_contacts
from identity.profiles import FACE_COLUMNS, FACT_COLUMNS, holders, profiles
from identity.quotes import quoted_order_edges
from identity.receivers import own_receiver_edges
from identity.records import RECORD_KEY

AFTER_RULES = tuple(dict.fromkeys((*RECORD_KEY, *clusters.FACTS, *FACE_COLUMNS, *FACT_COLUMNS)))
"""The columns of the record table that are asked for once the rules have linked: by the model, where
clusters contradict themselves, for decisions."""


@dataclass(frozen=True)
class Resolution:
    """`cluster`: one number per row of the record table, the same for records of one person.

    `edges`: left, right (row numbers), rule, probability (of the model's edges), accepted.
    """

    cluster: pl.Series
    edges: pl.DataFrame


def resolve(records: pl.DataFrame, model: Model | None, decisions: pl.DataFrame | None = None) -> Resolution:
    """Clusters of the record table (`records.build_records`); without a model by exact rules alone.

    `decisions` (`overrides.SCHEMA`) are those of stewards; they win over rules and model.
    """
    records = owned(records)
    known = exact_edges(records)
    records = records.select("node", *AFTER_RULES)
    if model is None:
        return decide(records, known, known.clear(), 1.0, decisions)
    component, _ = cluster(records, known)
    return decide(records, known, model_edges(records, component, model), model.threshold, decisions)


def decide(
    records: pl.DataFrame,
    known: pl.DataFrame,
    judged: pl.DataFrame,
    threshold: float,
    decisions: pl.DataFrame | None = None,
) -> Resolution:
    """Clusters from the exact edges and those of the model that reach the threshold, then the decisions of
    stewards; all edges are told."""
    taken = pl.col("probability") >= threshold
    label, decided = cluster(records, rules.join_edges([known, judged.filter(taken)]))
    if decisions is not None and decisions.height:
        label, decided = overrides.apply(records, decided, decisions)
    below = judged.filter(~taken).with_columns(accepted=pl.lit(False))
    return Resolution(label, pl.concat([decided, below]).sort("left", "right", "rule"))


def owned(records: pl.DataFrame) -> pl.DataFrame:
    """The records, numbered in `node`, without the contacts that are another's."""
    records = records.drop("node", strict=False).with_row_index("node")
    return own_contacts(records, edges_of_accounts(records))


def exact_edges(records: pl.DataFrame) -> pl.DataFrame:
    """The edges of all rules but the model, between records numbered in `node`."""
    accounts = edges_of_accounts(records)
    by_device = devices.are_personal(records)
    known = rules.join_edges([accounts, edges_of_contacts(records, accounts, by_device)])
    component = components_of(records.height, known.filter(pl.col("rule") != rules.QUOTED_ORDER))
    return rules.join_edges([known, own_receiver_edges(records, component)])


def edges_of_accounts(records: pl.DataFrame) -> pl.DataFrame:
    """The edges of identifiers and orders, which make one account of what is told of it."""
    return rules.join_edges([identifier_edges(records), order_edges(records)])


def edges_of_contacts(records: pl.DataFrame, accounts: pl.DataFrame, by_device: bool) -> pl.DataFrame:
    """The edges of numbers, homes, cards, devices (`devices`) and quoted orders, where accounts meet
    (`accounts`: their edges)."""
    return rules.join_edges([contact_edges(records, accounts, by_device), quoted_order_edges(records)])


def model_edges(records: pl.DataFrame, component: pl.Series, model: Model) -> pl.DataFrame:
    """Edges between the least records of components that the model scores, without those that contradict."""
    return agreeing(score(profiles(records, component), model), records, component)


def agreeing(scored: pl.DataFrame, records: pl.DataFrame, component: pl.Series) -> pl.DataFrame:
    """Edges of the scored pairs of components (component_l, component_r, probability) whose hard facts do not
    contradict; `records` hold all records of these components."""
    facts = holders(records, component)
    for side in ("l", "r"):
        scored = scored.join(
            facts.rename({c: f"{c}_{side}" for c in facts.columns}), on=f"component_{side}", how="left"
        )
    clash = pl.any_horizontal(_disjoint(fact) for fact in ("unionids", "birthdays"))
    clash |= _disjoint("members") & _disjoint("names")
    kept = scored.filter(~clash)
    return kept.select(
        left=pl.col("component_l"),
        right=pl.col("component_r"),
        rule=pl.lit(rules.MODEL),
        probability="probability",
    ).cast(rules.EDGE_SCHEMA)  # type: ignore[arg-type]


def _disjoint(fact: str) -> pl.Expr:
    """Both sides have the fact, and no value in common."""
    left, right = pl.col(f"{fact}_l"), pl.col(f"{fact}_r")
    return (
        (left.list.len() > 0) & (right.list.len() > 0) & (left.list.set_intersection(right).list.len() == 0)
    ).fill_null(False)
