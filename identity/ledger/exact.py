"""The edges of the rules that the values touched by a change may have altered, made anew.

A rule's edges depend on who holds a value, so the holders of each touched value are looked at again, and nobody
else. What a rule says is in `identity/keys.py`, `contacts.py` and `quotes.py`.
"""

from __future__ import annotations

import polars as pl

from identity import rules
from identity.components import components_of
from identity.ledger.schema import RECORD_COLUMNS
from identity.ledger.store import Ledger, in_order
from identity.receivers import own_receiver_edges
from identity.records import TOUCHPOINT
from identity.resolve import edges_of_values

BY_COLUMN = {
    rule: rule
    for rule in (
        rules.UNIONID, rules.OPENID, rules.ACCOUNT, rules.USER_ID, rules.WECOM, rules.MEMBER_NO, rules.ADDRESSEE,
        rules.PAYMENT, rules.TICKET,
    )
} | {
    rules.PHONE_NAME: "phone",
    rules.PHONE_MASKED_NAME: "phone",
    rules.PHONE_ALONE: "phone",
    rules.HOME_NAME: "home",
    rules.HOME_MASKED_NAME: "home",
    rules.ORDER: "order_id",
    rules.OWNER_IS_RECEIVER: "order_id",
    rules.QUOTED_ORDER: "quoted_id",
}  # fmt: skip
"""Rule → the column whose value both ends share; of a quoted order that of the record that quotes it."""
COLUMNS = tuple(sorted(set(BY_COLUMN.values())))
ORDERS = ("order_id", "parent_id")
TIE = ("l", "r", "rule")

Touched = dict[str, pl.Series]
"""Column → its touched values."""


def refreshed(ledger: Ledger, changed: pl.DataFrame) -> pl.DataFrame:
    """Brings the edges of the rules up to date; those that came or went (l, r, rule).

    `changed`: the rows of RECORD_COLUMNS that went and that came. The ledger's records are the new ones.
    """
    touched = _touched(ledger, changed)
    tags = pl.concat(
        [values.rename("value").to_frame().select(_tag(column)) for column, values in touched.items()]
    )
    old = ledger.ask("select edge.* from edge semi join tags using (keyed)", tags=tags)
    around = ledger.records(_holders(ledger, touched))
    made = tagged(edges_of_values(around), around)
    new = made.join(tags, on="keyed", how="semi")
    return pl.concat([replaced(ledger, old, new), _own_receivers(ledger)])


def tagged(edges: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Edges between nodes as the ledger keeps them: between rids, with the value that they hang on."""
    values = [column for column in COLUMNS if column != "quoted_id"]
    told = edges.with_columns(
        l=records["rid"].gather(edges["left"]),
        r=records["rid"].gather(edges["right"]),
        **{column: records[column].gather(edges["right"]) for column in values},
        quoted_id=pl.coalesce(
            *(_quoting(records).gather(edges[side]).alias(side) for side in ("left", "right"))
        ),
    )
    keyed = pl.coalesce(
        pl.when(pl.col("rule") == rule).then(pl.concat_str(pl.lit(f"{column}="), column))
        for rule, column in BY_COLUMN.items()
    )
    return told.select(
        "l", "r", "rule", "probability", pl.lit(True).alias("accepted"), keyed.fill_null("").alias("keyed")
    )


def replaced(ledger: Ledger, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Puts the edges `new` in the place of `old`, where they differ; those that came or went."""
    same = [*TIE, "probability"]
    gone = old.join(new, on=same, how="anti", nulls_equal=True)
    come = new.join(old, on=same, how="anti", nulls_equal=True)
    if gone.height:
        ledger.do(
            "delete from edge using gone where edge.l = gone.l and edge.r = gone.r and edge.rule = gone.rule",
            gone=gone.select(TIE),
        )
    ledger.put("edge", come)
    return pl.concat([gone.select(TIE), come.select(TIE)])


def _touched(ledger: Ledger, changed: pl.DataFrame) -> Touched:
    """The values of the changed records; with a home the numbers seen in it, with an order its other parts."""
    touched = {column: _distinct(changed[column]) for column in COLUMNS}
    homes = touched["home"].rename("home").to_frame()
    seen = ledger.ask("select phone from record semi join homes using (home)", homes=homes)["phone"]
    touched["phone"] = _distinct(pl.concat([touched["phone"], seen]))
    numbers = _distinct(pl.concat([changed[column] for column in ORDERS]))
    while True:
        parts = ledger.ask(
            "select order_id, parent_id from record where order_id in (select number from numbers) "
            "or parent_id in (select number from numbers)",
            numbers=numbers.rename("number").to_frame(),
        )
        more = _distinct(pl.concat([numbers, *(parts[column] for column in ORDERS)]))
        if more.len() == numbers.len():
            break
        numbers = more
    touched["order_id"] = numbers
    touched["quoted_id"] = _distinct(pl.concat([touched["quoted_id"], numbers]))
    return touched


def _holders(ledger: Ledger, touched: Touched) -> pl.Series:
    """The records whose facts the rules ask about these values."""
    asked = dict(touched)
    phones = touched["phone"].rename("phone").to_frame()
    homes = ledger.ask("select home from record semi join phones using (phone)", phones=phones)["home"]
    asked["home"] = _distinct(pl.concat([touched["home"], homes]))
    asked["parent_id"] = touched["order_id"]
    asked["order_id"] = _distinct(pl.concat([touched["order_id"], touched["quoted_id"]]))
    found = [
        ledger.ask(
            f"select rid from record semi join asked using ({column})",
            asked=values.rename(column).to_frame(),
        )["rid"]
        for column, values in asked.items()
        if values.len()
    ]
    return pl.concat([pl.Series("rid", [], pl.Int64), *found])


def _own_receivers(ledger: Ledger) -> pl.DataFrame:
    """The buyers' own receivers, looked at as a whole: whom an account mostly orders for is a matter of all
    of its orders and of all that order for the same."""
    if ledger.ask("select 1 from record where record_kind = 'order' limit 1").is_empty():
        return pl.DataFrame(schema={"l": pl.Int64, "r": pl.Int64, "rule": pl.String})
    columns = ", ".join(f'"{column}"' for column in RECORD_COLUMNS)
    records = in_order(ledger.with_names(ledger.ask(f"select rid, {columns} from record")))
    late = [rules.OWN_RECEIVER, rules.QUOTED_ORDER, rules.MODEL, rules.STEWARD]
    known = ledger.ask("select l, r from edge where not list_contains(?, rule)", [late])
    component = components_of(records.height, local(records, known))
    new = tagged(own_receiver_edges(records, component), records)
    old = ledger.ask("select * from edge where rule = ?", [rules.OWN_RECEIVER])
    return replaced(ledger, old, new)


def local(records: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """Edges between rids (l, r) as edges between the nodes of these records, the lesser first."""
    node = records.select("rid", "node")
    both = edges.join(node.rename({"rid": "l", "node": "a"}), on="l").join(
        node.rename({"rid": "r", "node": "b"}), on="r"
    )
    return both.with_columns(left=pl.min_horizontal("a", "b"), right=pl.max_horizontal("a", "b")).drop(
        "a", "b"
    )


def _quoting(records: pl.DataFrame) -> pl.Series:
    return records.select(pl.when(pl.col("record_kind") == TOUCHPOINT).then("quoted_id")).to_series()


def _tag(column: str) -> pl.Expr:
    return pl.concat_str(pl.lit(f"{column}="), "value").alias("keyed")


def _distinct(values: pl.Series) -> pl.Series:
    return values.drop_nulls().unique()
