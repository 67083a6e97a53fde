"""Clusters out of accepted edges: connected components, cut where a component contradicts itself.

Each step is a function of one component's records and edges, so that the clusters depend neither on the
order of records nor on earlier runs. What the rules mean stands in `rules`.
"""

from __future__ import annotations

import polars as pl

from identity import rules
from identity.components import components_of
from identity.names import FULL as FULL_NAME
from identity.phones import FULL

NAMES_LIMIT = 4
"""Different full names in one cluster: a person has one, and a few spellings and nicknames."""
PHONES_LIMIT = 8
"""Different full numbers in one cluster, above which it is a chain of shared numbers."""


FACTS = ("unionid", "birthday", "account", "phone_kind", "phone", "name_kind", "pinyin")
"""The columns of the record table in which a component may contradict itself."""
FIRST_WEAK = rules.STRENGTH[rules.PHONE_MASKED_NAME]
"""From this rule on, two accounts of one channel are reason enough to cut: a family lends numbers and
homes."""


def cluster(records: pl.DataFrame, edges: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
    """The cluster of each record (the least node in it), and the edges with the column `accepted`.

    A component with two unionids or two birthdays, or with more names or numbers than one person has,
    loses its edges rule by rule, weakest first, until it no longer contradicts itself; where a shared
    value ties parts without a hard fact to one part at most that has one, and ties them nowhere else, it
    is not cut, unless a part still contradicts itself.
    """
    labels = components_of(records.height, edges)
    edges = edges.with_columns(accepted=pl.lit(True))
    flagged = contradicting(records, labels, one_account=True)
    if flagged.is_empty():
        return labels, edges
    # What contradicts itself is looked at alone: cuts never reach beyond a component.
    inside = labels.is_in(flagged.implode())
    node = inside.arg_true().cast(pl.Int64)
    numbered = inside.cum_sum().cast(pl.UInt32)
    within = inside.gather(edges["left"])
    part = edges.filter(within)
    part = part.with_columns(
        left=numbered.gather(part["left"]) - 1,
        right=numbered.gather(part["right"]) - 1,
    )
    found, cut = _cut(records.filter(inside), part)
    labels = labels.scatter(node, node.gather(found))
    accepted = edges["accepted"].scatter(within.arg_true(), cut["accepted"])
    return labels, edges.with_columns(accepted=accepted)


def _cut(records: pl.DataFrame, edges: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
    strength = pl.col("rule").replace_strict(rules.STRENGTH, return_dtype=pl.Int32)
    edges = edges.with_columns(strength=strength)
    labels = components_of(records.height, edges)
    for place in range(len(rules.RULES) - 1, rules.LAST_UNCUT, -1):
        if not (edges["strength"] == place).any():
            continue
        flagged = contradicting(records, labels, one_account=place >= FIRST_WEAK)
        if flagged.is_empty():
            continue
        component = labels.gather(edges["left"])
        cut = edges["accepted"] & (edges["strength"] == place) & component.is_in(flagged.implode())
        if not cut.any():
            continue
        edges = edges.with_columns(accepted=edges["accepted"] & ~cut)
        parts = components_of(records.height, edges.filter("accepted"))
        still = contradicting(records, parts, one_account=place >= FIRST_WEAK)
        mended = cut & _harmless(records, parts, edges, cut, still)
        edges = edges.with_columns(accepted=edges["accepted"] | mended)
        labels = components_of(records.height, edges.filter("accepted"))
    rest = contradicting(records, labels)
    if not rest.is_empty():
        hard = edges["strength"] <= rules.LAST_UNCUT
        keep = hard | ~labels.gather(edges["left"]).is_in(rest.implode())
        edges = edges.with_columns(accepted=edges["accepted"] & keep)
        labels = components_of(records.height, edges.filter("accepted"))
    return labels, edges


def contradicting(records: pl.DataFrame, labels: pl.Series, one_account: bool = False) -> pl.Series:
    """The components that cannot be one person by their hard facts; with `one_account` also those that hold
    two accounts of one channel, which one person may have but seldom has."""
    number = pl.when(pl.col("phone_kind") == FULL).then("phone")
    name = pl.when(pl.col("name_kind") == FULL_NAME).then("pinyin")
    held = records.with_columns(component=labels)
    limits = ((pl.col("unionid"), 1), (pl.col("birthday"), 1), (name, NAMES_LIMIT), (number, PHONES_LIMIT))
    broken = [_more_than(held.select("component", value=value), limit) for value, limit in limits]
    if one_account:
        shop = pl.col("account").str.extract(r"^([^|]*)")
        accounts = held.select("component", "account", shop=shop).drop_nulls("account").unique()
        shown = accounts.group_by("component", "shop").len().filter(pl.col("len") > 1)
        broken.append(shown["component"])
    return pl.concat(broken).unique()


def _more_than(held: pl.DataFrame, limit: int) -> pl.Series:
    """The components that hold more different values than `limit`."""
    counted = held.drop_nulls("value").unique().group_by("component").len()
    return counted.filter(pl.col("len") > limit)["component"]


def _harmless(
    records: pl.DataFrame, parts: pl.Series, edges: pl.DataFrame, cut: pl.Series, still: pl.Series
) -> pl.Series:
    """Of the edges just cut, those of a value that ties parts without unionid and birthday to at most one
    that has one of them, where no other cut value ties these parts and none of them is `still`
    contradicting itself. Which record is a value's hub does not matter."""
    cut_edges = edges.filter(cut)
    value = components_of(records.height, cut_edges)
    ends = pl.concat([cut_edges["left"], cut_edges["right"]]).unique()
    hard = records.select(pl.col("unionid").is_not_null() | pl.col("birthday").is_not_null()).to_series()
    by_part = pl.DataFrame({"part": parts, "hard": hard}).group_by("part").agg(pl.col("hard").any())
    ties = pl.DataFrame({"value": value.gather(ends), "part": parts.gather(ends)}).unique()
    ties = ties.join(by_part, on="part", how="left").with_columns(values=pl.len().over("part"))
    fit = ties.group_by("value").agg(
        ok=(pl.col("hard").sum() <= 1)
        & (pl.col("hard") | (pl.col("values") == 1)).all()
        & ~pl.col("part").is_in(still.implode()).any()
    )
    return value.gather(edges["left"]).is_in(fit.filter("ok")["value"].implode())
