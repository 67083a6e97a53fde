"""What a change makes of components and customers: only the components that it touched are looked at
again."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from identity import overrides, rules
from identity.clusters import FACTS, cluster
from identity.components import components_of
from identity.ids import MEMBER_SCHEMA, carry_over
from identity.ledger import bearers
from identity.ledger.exact import TIE, local, replaced
from identity.ledger.schema import APART, EDGES, FACE_KEPT, NAME_FORMS, NAME_TOKENS
from identity.ledger.store import Ledger, in_order
from identity.link import Model
from identity.records import RECORD_KEY
from identity.resolve import decide
from identity.rules import EDGE_SCHEMA
from identity.ulid import RandomSource

_CONTRADICT = tuple(column for column in FACTS if column not in NAME_FORMS)
_FACED = tuple(dict.fromkeys((*RECORD_KEY, *_CONTRADICT, *FACE_KEPT, *NAME_TOKENS)))
"""What tells whether a component contradicts itself, and its faces."""
_NAMED = tuple(column for column in MEMBER_SCHEMA if column != "customer_id")
JUDGED = tuple(dict.fromkeys((*_NAMED, *RECORD_KEY, *_CONTRADICT)))
"""What tells whether a component contradicts itself, and whose it is."""


def component_of(
    ledger: Ledger, label: str, touched: pl.Series, condition: str, table: str = EDGES
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The records (rid, and in `old` and `now` the label as it was and is) of the components (by `label`) of
    the touched records and the edges within, those of the table that meet the condition; the label is brought
    up to date."""
    asked = touched.unique().rename("rid").to_frame()
    rids = ledger.ask(
        f"with asked_of as (select distinct {label} as c from member semi join asked using (rid)) "
        f"select rid, {label} as old from member where {label} in (select c from asked_of) "
        f"union select rid, {label} from member semi join asked using (rid) order by rid",
        asked=asked,
    )
    inside = ledger.ask(
        f"select * from {table} where {condition} and l in (select rid from rids) "
        "and r in (select rid from rids)",
        rids=rids,
    )
    places = (
        rids["rid"].search_sorted(inside[end]).alias(name) for end, name in (("l", "left"), ("r", "right"))
    )
    least = components_of(rids.height, pl.DataFrame(places))
    labelled = rids.with_columns(rids["rid"].gather(least).alias("now"))
    relabel(ledger, label, labelled)
    return labelled, inside


def relabel(ledger: Ledger, label: str, labelled: pl.DataFrame) -> None:
    """Notes the component (`now`, a rid) of each record (`rid`), where it is not the one noted (`old`)."""
    told = labelled.filter(pl.col("now").ne_missing(pl.col("old")))
    if told.height:
        ledger.do(f"update member set {label} = told.now from told where member.rid = told.rid", told=told)


def exact_parts(
    ledger: Ledger, rids: pl.Series, edges: pl.DataFrame, changed: pl.Series, removed: pl.Series
) -> tuple[pl.DataFrame, pl.Series, pl.Series]:
    """Brings the label `exact` of these records up to date.

    `changed`: the records (rids) that are new or whose facts changed; `removed`: the labels of
    those that went. Returns the faces' facts of the records of the components that are not as they were, the
    component (rid) of each, and the components (rids) in whose place they are.
    """
    records = in_order(ledger.with_names(ledger.facts(rids, _FACED)))
    before = ledger.ask(
        "select rid, exact as old from member semi join asked using (rid)", asked=records.select("rid")
    )
    inside = local(records, edges).select(EDGE_SCHEMA.keys()).cast(EDGE_SCHEMA)  # type: ignore[arg-type]
    label, _ = cluster(records, inside)
    labelled = records.select("rid", now=records["rid"].gather(label)).join(
        before, on="rid", how="left", maintain_order="left"
    )
    relabel(ledger, "exact", labelled)
    moved = labelled["now"].ne_missing(labelled["old"])
    lost = pl.concat([labelled.filter(moved)["old"].drop_nulls(), removed]).unique()
    other = labelled.filter(labelled["rid"].is_in(changed.implode()) | moved)["now"]
    is_other = labelled["now"].is_in(pl.concat([other, lost]).unique().implode())
    rows, parts = records.filter(is_other), labelled.filter(is_other)
    gone = pl.concat([parts["old"].drop_nulls(), lost]).unique()
    return rows.drop("node").with_row_index("node"), parts["now"], gone


def stewards_ties(ledger: Ledger, decisions: pl.DataFrame) -> pl.DataFrame:
    """Brings the ties that stewards decided up to date; those that came or went (l, r, rule).

    A decision about a record that is not there yet ties nothing until it comes.
    """
    new = ledger.ask("select * from edge limit 0")
    standing = overrides.in_force(decisions)
    if standing.height:
        ends = pl.concat(
            [standing.select(pl.col(f"{side}_source_record_id").alias("id")) for side in ("left", "right")]
        ).unique()
        named = ledger.ask(
            "select rid, source, source_record_id, role from record "
            "where source_record_id in (select id from ends)",
            ends=ends,
        ).with_columns(node="rid")
        kinds = {overrides.MUST_LINK: rules.STEWARD, overrides.CANNOT_LINK: APART}
        ties = [
            overrides.pairs(named, standing, kind).with_columns(rule=pl.lit(r)) for kind, r in kinds.items()
        ]
        new = pl.concat(ties).select(
            l="left", r="right", rule="rule", probability=pl.lit(None, pl.Float64),
            accepted=pl.col("rule") == rules.STEWARD, keyed=pl.lit(""),
        )  # fmt: skip
    old = ledger.ask("select * from edge where rule in (?, ?)", [rules.STEWARD, APART])
    return replaced(ledger, old, new)


def whole(
    ledger: Ledger, touched: pl.Series, model: Model | None, decisions: pl.DataFrame
) -> tuple[pl.DataFrame, pl.Series]:
    """Settles the components of the touched records: which edges are accepted, who is one customer.

    Returns their records and the number of each one's customer.
    """
    threshold = 1.0 if model is None else model.threshold
    labelled, _ = component_of(ledger, "whole", touched, taken(threshold))
    records = ledger.records(labelled["rid"], columns=(*JUDGED, "pinyin"))
    found = ledger.ask("select * from edge semi join rids on l = rid", rids=labelled.select("rid"))
    customers, now = decided(records, found, threshold, decisions)
    turned = found.join(now, on=list(TIE)).filter(pl.col("accepted") != pl.col("now"))
    ledger.do(
        "update edge set accepted = turned.now from turned "
        "where edge.l = turned.l and edge.r = turned.r and edge.rule = turned.rule",
        turned=turned.select(*TIE, "now"),
    )
    return records, customers


def taken(threshold: float) -> str:
    """The condition of the edges that hold a component together before anything is cut."""
    return f"rule <> '{APART}' and (rule <> '{rules.MODEL}' or probability >= {threshold})"


def decided(
    records: pl.DataFrame, ties: pl.DataFrame, threshold: float, decisions: pl.DataFrame
) -> tuple[pl.Series, pl.DataFrame]:
    """The customer (a number) of each record, and of each tie (l, r, rule) whether it is accepted (`now`)."""
    inside = local(records, ties)
    told = inside.filter(~pl.col("rule").is_in([rules.STEWARD, APART]))
    told = rules.join_edges([told.select(EDGE_SCHEMA.keys()).cast(EDGE_SCHEMA)])  # type: ignore[arg-type]
    is_model = pl.col("rule") == rules.MODEL
    made = decide(records, told.filter(~is_model), told.filter(is_model), threshold, decisions)
    now = inside.join(
        made.edges.select("left", "right", "rule", now="accepted"), on=["left", "right", "rule"]
    )
    return made.cluster, now.select(*TIE, "now")


def give_ids(
    ledger: Ledger,
    records: pl.DataFrame,
    customers: pl.Series,
    gone: pl.DataFrame,
    now: datetime,
    random_source: RandomSource,
) -> pl.DataFrame:
    """The ids of these records' customers, carried over from those that they had; the events of this change.

    `gone`: the removed records, columns of MEMBER_SCHEMA.
    """
    asked = records.select("rid")
    held = ledger.ask("select rid, customer_id from held semi join asked using (rid)", asked=asked)
    before = records.join(held, on="rid", how="inner").select(MEMBER_SCHEMA.keys())
    clusters = records.with_columns(cluster=customers)
    aliases = ledger.ask("select * from alias")
    members, events, aliases = carry_over(
        pl.concat([before, gone.select(MEMBER_SCHEMA.keys())]),
        clusters,
        now,
        random_source,
        previous_aliases=aliases,
        borne=bearers.of(ledger, asked) if aliases.height else None,
    )
    # carry_over keeps the order of the records.
    _name(ledger, records["rid"], members["customer_id"])
    retired = events.filter(event_type="retire").select("customer_id")
    ledger.do("delete from customer where customer_id in (select customer_id from retired)", retired=retired)
    ledger.do("delete from alias")
    ledger.put("alias", aliases)
    ledger.put("event", events)
    return events


def _name(ledger: Ledger, rids: pl.Series, ids: pl.Series) -> None:
    """Notes the id of each record, where it is not what was noted."""
    told = pl.DataFrame({"rid": rids, "customer_id": ids})
    known = ledger.ask("select * from customer semi join told using (customer_id)", told=told)
    fresh = told.select("customer_id").unique(maintain_order=True).join(known, on="customer_id", how="anti")
    begin = ledger.ask("select coalesce(max(customer), -1) + 1 from customer").item()
    fresh = fresh.with_row_index("customer", offset=begin).cast({"customer": pl.Int64})
    ledger.put("customer", fresh)
    numbered = told.join(pl.concat([known, fresh]), on="customer_id")
    ledger.do(
        "update member set customer = told.customer from told "
        "where member.rid = told.rid and member.customer is distinct from told.customer",
        told=numbered.select("rid", "customer"),
    )
