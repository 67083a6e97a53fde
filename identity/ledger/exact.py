"""The edges of the rules that the values touched by a change may have altered, made anew, layer by layer.

A rule's edges depend on who holds a value and on what their accounts tell, so the holders of each touched
value are looked at again with their accounts, and nobody else. What a rule says is in `identity/keys.py`,
`contacts.py` and `quotes.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from identity import contacts, rules
from identity.components import components_of
from identity.keys import FACTS, IDENTIFIER_RULES
from identity.ledger.schema import APART, AS_OWNED, AS_TOLD, EDGES, TIES
from identity.ledger.store import Ledger
from identity.receivers import own_receiver_edges
from identity.records import TOUCHPOINT
from identity.resolve import edges_of_accounts, edges_of_contacts

OF_ACCOUNTS = {rule: rule for rule in IDENTIFIER_RULES} | {
    rules.ORDER: "order_id",
    rules.OWNER_IS_RECEIVER: "order_id",
}
"""Rule → the column whose value both ends share."""
OF_CONTACTS = {
    rules.PHONE_NAME: "phone",
    rules.PHONE_MASKED_NAME: "phone",
    rules.PHONE_ALONE: "phone",
    rules.MASK_NAME: "phone_mask",
    rules.MASK_DISTRICT: "phone_mask",
    rules.HOME_NAME: "home",
    rules.HOME_MASKED_NAME: "home",
    rules.MEMBER_NO: "member_no",
    rules.ADDRESSEE: "addressee_id",
    rules.QUOTED_ORDER: "quoted_id",
    rules.DEVICE: "device_id",
}
"""The same; of a quoted order the column of a record that quotes it."""
ORDERS = ("order_id", "parent_id")
VALUES = tuple(sorted({*OF_ACCOUNTS.values(), *OF_CONTACTS.values(), *ORDERS}))
"""The columns whose values a change may touch."""
IN_HOMES = ("phone", "phone_mask", "member_no", "addressee_id", "device_id")
"""Where people meet, of whom the names at their homes tell more."""
TIE = ("l", "r", "rule")

Touched = dict[str, pl.Series]
"""Column → its touched values."""


@dataclass(frozen=True)
class Layer:
    """Edges that are made of records in one view and kept in one table: rule → column, how they are made,
    the facts that they are made of, and the label of the accounts that the rules ask about
    (`make` is then given their edges)."""

    view: str
    table: str
    columns: dict[str, str]
    make: Callable[..., pl.DataFrame]
    facts: tuple[str, ...]
    accounts: str | None = None

    @property
    def rules(self) -> str:
        """The condition of its edges."""
        return "rule in (" + ", ".join(f"'{rule}'" for rule in self.columns) + ")"


HOLDERS = Layer(AS_TOLD, TIES, OF_ACCOUNTS, edges_of_accounts, FACTS)
OWNERS = Layer(AS_OWNED, EDGES, OF_ACCOUNTS, edges_of_accounts, FACTS)


def people(by_device: bool) -> Layer:
    """The layer of places where accounts meet, devices among them where they are one person's."""
    columns = {rule: column for rule, column in OF_CONTACTS.items() if by_device or rule != rules.DEVICE}
    make = partial(edges_of_contacts, by_device=by_device)
    return Layer(AS_OWNED, EDGES, columns, make, contacts.FACTS, accounts="owner")


def refreshed(ledger: Ledger, changed: pl.DataFrame, layer: Layer) -> pl.DataFrame:
    """Brings the edges of a layer up to date; those that came or went (l, r, rule).

    `changed`: rows with the columns of VALUES that are touched, those that went among them. The ledger's
    records are the new ones.
    """
    touched = _touched(ledger, changed, layer)
    tags = pl.concat(
        [values.rename("value").to_frame().select(_tag(column)) for column, values in touched.items()]
    )
    old = ledger.ask(
        f"select edges.* from {layer.table} as edges semi join tags using (keyed) where {layer.rules}",
        tags=tags,
    )
    around = ledger.records(_around(ledger, touched, layer), layer.view, layer.facts)
    known = [] if layer.accounts is None else [accounts(ledger, around, layer.accounts)]
    made = tagged(layer.make(around, *known), around)
    return replaced(ledger, old, made.join(tags, on="keyed", how="semi"), layer.table)


def accounts(ledger: Ledger, records: pl.DataFrame, label: str) -> pl.DataFrame:
    """The accounts of these records (by `label`) as edges. Not made of the records themselves: whether an
    identifier is above its caps is a matter of all who have it, and these may be a few of them."""
    asked = records.select("rid")
    told = ledger.ask(f"select rid, {label} as account from member semi join asked using (rid)", asked=asked)
    return rules.star(records.select("node", "rid").join(told, on="rid"), ["account"], rules.ACCOUNT)


def tagged(edges: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Edges between nodes as the ledger keeps them: between rids, with the value that they hang on."""
    known = OF_ACCOUNTS | OF_CONTACTS
    by_rule = {rule: column for rule, column in known.items() if column in records.columns}
    rid = records["rid"]
    parts = [edges.filter(~pl.col("rule").is_in(list(by_rule))).with_columns(keyed=pl.lit(""))]
    for column in sorted(set(by_rule.values())):
        of_column = [rule for rule, hung_on in by_rule.items() if hung_on == column]
        some = edges.filter(pl.col("rule").is_in(of_column))
        value = _quoted(some, records) if column == "quoted_id" else records[column].gather(some["right"])
        keyed = value.alias("value").to_frame().select(_tag(column)).to_series()
        parts.append(some.with_columns(keyed.fill_null("")))
    told = pl.concat(parts)
    ends = {"l": rid.gather(told["left"]), "r": rid.gather(told["right"])}
    return told.with_columns(**ends, accepted=pl.lit(True)).select(*TIE, "probability", "accepted", "keyed")


def _quoted(edges: pl.DataFrame, records: pl.DataFrame) -> pl.Series:
    """The order that one end of each edge quotes."""
    quoting = records.select(pl.when(pl.col("record_kind") == TOUCHPOINT).then("quoted_id")).to_series()
    left, right = (quoting.gather(edges[side]).alias(side) for side in ("left", "right"))
    return pl.select(pl.coalesce(left, right)).to_series()


def replaced(ledger: Ledger, old: pl.DataFrame, new: pl.DataFrame, table: str = EDGES) -> pl.DataFrame:
    """Puts the edges `new` in the place of `old`, where they differ; those that came or went."""
    same = [*TIE, "probability"]
    gone = old.join(new, on=same, how="anti", nulls_equal=True)
    come = new.join(old, on=same, how="anti", nulls_equal=True)
    if gone.height:
        ledger.do(
            f"delete from {table} as edges using gone "
            "where edges.l = gone.l and edges.r = gone.r and edges.rule = gone.rule",
            gone=gone.select(TIE),
        )
    ledger.put(table, come)
    return pl.concat([gone.select(TIE), come.select(TIE)])


def _touched(ledger: Ledger, changed: pl.DataFrame, layer: Layer) -> Touched:
    """The values of the changed records, all numbers of their orders, and where people of their homes
    meet."""
    touched = {column: _distinct(changed[column]) for column in sorted(set(layer.columns.values()))}
    if "home" in touched:
        meeting = [column for column in IN_HOMES if column in touched]
        found = _holding(ledger, layer.view, {"home": touched["home"]}, meeting)
        touched |= {column: _distinct(pl.concat([touched[column], found[column]])) for column in meeting}
    orders = _orders(ledger, _distinct(pl.concat([changed[column] for column in ORDERS])))
    for column in ("order_id", "quoted_id"):
        if column in touched:
            touched[column] = _distinct(pl.concat([touched[column], orders]))
    return touched


def _orders(ledger: Ledger, numbers: pl.Series) -> pl.Series:
    """The numbers of these orders and of all that belong to one with them: parents and parts."""
    while True:
        parts = _holding(ledger, AS_TOLD, dict.fromkeys(ORDERS, numbers), ORDERS)
        more = _distinct(pl.concat([numbers, *(parts[column] for column in ORDERS)]))
        if more.len() == numbers.len():
            return numbers
        numbers = more


def _around(ledger: Ledger, touched: Touched, layer: Layer) -> pl.Series:
    """The records whose facts the rules ask about these values."""
    asked = dict(touched)
    orders = [touched[column] for column in ("order_id", "quoted_id") if column in touched]
    asked |= dict.fromkeys(ORDERS, _distinct(pl.concat(orders)))
    rids = _holding(ledger, layer.view, asked, ("rid",))["rid"]
    if layer.accounts is None:
        return rids
    rids = ledger.with_accounts(rids, layer.accounts)
    homes = _distinct(ledger.facts(rids, ("home",))["home"])
    return pl.concat([rids, _holding(ledger, layer.view, {"home": homes}, ("rid",))["rid"]])


def _holding(ledger: Ledger, view: str, asked: Touched, columns: Sequence[str]) -> pl.DataFrame:
    """These columns of the records that have any of these values."""
    wanted = ", ".join(columns)
    found = [
        ledger.ask(
            f"select {wanted} from {view} where {column} in (select v from asked)",
            asked=v.rename("v").to_frame(),
        )
        for column, v in asked.items()
        if v.len()
    ]
    return pl.concat(found or [ledger.ask(f"select {wanted} from {view} limit 0")])


def own_receivers(ledger: Ledger) -> pl.DataFrame:
    """Brings the edges to the buyers' own receivers up to date; those that came or went (l, r, rule).

    Looked at as a whole: whom an account mostly orders for is a matter of all of its orders and of all that
    order for the same.
    """
    old = ledger.ask("select * from edge where rule = ?", [rules.OWN_RECEIVER])
    has_orders = not ledger.ask("select 1 from record where record_kind = 'order' limit 1").is_empty()
    return replaced(ledger, old, _to_own_receivers(ledger) if has_orders else old.clear())


def _to_own_receivers(ledger: Ledger) -> pl.DataFrame:
    records = ledger.records(ledger.ask("select rid from record")["rid"])
    late = [rules.OWN_RECEIVER, rules.QUOTED_ORDER, rules.MODEL, rules.STEWARD, APART]
    known = ledger.ask("select l, r from edge where not list_contains(?, rule)", [late])
    component = components_of(records.height, local(records, known))
    return tagged(own_receiver_edges(records, component), records)


def local(records: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """Edges between rids (l, r) as edges between the nodes of these records, the lesser first."""
    node = records.select("rid", "node")
    both = edges.join(node.rename({"rid": "l", "node": "a"}), on="l").join(
        node.rename({"rid": "r", "node": "b"}), on="r"
    )
    ends = both.with_columns(left=pl.min_horizontal("a", "b"), right=pl.max_horizontal("a", "b"))
    return ends.drop("a", "b")


def _tag(column: str) -> pl.Expr:
    return pl.concat_str(pl.lit(f"{column}="), "value").alias("keyed")


def _distinct(values: pl.Series) -> pl.Series:
    return values.drop_nulls().unique()
