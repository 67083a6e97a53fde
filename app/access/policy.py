"""What one person may see of each mart: the rows and columns, as SQL over the published table.

Pure: names in, SQL out. Where it is put under the queries stands in queries/engine.py; no page calls this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from app.access.roles import HIDE, MASK, Role, all_roles, of_the_whole, row_rules

Columns = Mapping[str, str]
"""Name → type of a table's columns."""
NOTHING = "false"
_KEPT = 4
_DIGITS = 16
"""Hex digits of a masked key: with 64 bits two keys of 10 million collide once in 400,000 files."""


class NoPermissionError(Exception):
    """This role may not do this. The text is for the log; a page says it in words of its own."""


@dataclass(frozen=True)
class Policy:
    """A role and, where they are restricted, the channels and warehouses that a person may see."""

    role: str
    channels: tuple[str, ...] | None = None
    warehouses: tuple[str, ...] | None = None

    @property
    def of_role(self) -> Role:
        return all_roles()[self.role]

    @property
    def is_whole(self) -> bool:
        """Whether all rows are this person's."""
        return self.channels is None and self.warehouses is None

    def may(self, what: str) -> bool:
        return what in self.of_role.may and self._concerns(what)

    def demand(self, what: str) -> None:
        """Raises `NoPermissionError` unless the role may do this."""
        if not self.may(what):
            raise NoPermissionError(f"{self.role} may not {what}")

    def may_open(self, page: str) -> bool:
        return page in self.of_role.pages and self._concerns(page)

    def _concerns(self, what: str) -> bool:
        """Whether a page or deed concerns no more than this person's rows."""
        return self.is_whole or what not in of_the_whole()


def select(
    policy: Policy,
    source: str,
    table: str,
    tables: Mapping[str, Columns],
    salt: str,
    only: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """The table as this person may see it. `source` is the schema of the published marts, quoted already.

    `salt` makes the masks of keys: equal keys stay equal in all tables of one server, so joins still hold.
    `only`: what else some of the columns must be, by their values before any mask.
    """
    role = policy.of_role
    columns = [_column(role, table, name, kind, salt) for name, kind in tables[table].items()]
    where = [condition(policy, source, table, tables) or "true"]
    where += [
        f"{quoted(name)} in {listed(kept)}" for name, kept in (only or {}).items() if name in tables[table]
    ]
    return f"select {', '.join(columns)} from {source}.{quoted(table)} where {' and '.join(where)}"


def numbers(policy: Policy, source: str, tables: Mapping[str, Columns], salt: str) -> str:
    """SQL: numbers of the person's orders that are masked as $masked, on $channel or, if empty, on any."""
    where = condition(policy, source, "fct_orders", tables) or "true"
    return (
        f"select distinct channel_order_id from {source}.fct_orders where ({where}) "
        f"and ($channel = '' or channel = $channel) and {_masked('channel_order_id', salt)} = $masked"
    )


def condition(policy: Policy, source: str, table: str, tables: Mapping[str, Columns]) -> str:
    """The rows that this person may see; empty for all, `false` for none and for a mart that no rule speaks
    of."""
    rules = row_rules()
    if policy.is_whole or table in rules["open"]:
        return ""
    columns = tables[table]
    if table in rules["via"]:
        return _via(policy, source, tables, rules["via"][table])
    if {"dimension", "member"} <= set(columns):
        return _member(policy)
    parts = []
    if policy.channels is not None and table not in rules["stock"]:
        parts.append(f"channel in {listed(policy.channels)}" if "channel" in columns else NOTHING)
    if policy.warehouses is not None:
        parts.append(_of_warehouse(policy.warehouses, source, columns, tables))
    return " and ".join(parts)


def _column(role: Role, table: str, name: str, kind: str, salt: str) -> str:
    column, treatment = quoted(name), role.treatment(f"{table}.{name}")
    if treatment == HIDE:
        return f"cast(null as {kind}) as {column}"
    if treatment == MASK:
        return f"{_masked(column, salt)} as {column}"
    return column


def _masked(column: str, salt: str) -> str:
    return (
        f"left({column}::varchar, {_KEPT}) || '…' || "
        f"left(md5({column}::varchar || {literal(salt)}), {_DIGITS})"
    )


def _via(policy: Policy, source: str, tables: Mapping[str, Columns], rule: Mapping[str, str]) -> str:
    through, key = rule["through"], quoted(rule["key"])
    if through not in tables:
        return NOTHING
    within = condition(policy, source, through, tables) or "true"
    return f"{key} in (select {key} from {source}.{quoted(through)} where {within})"


def _member(policy: Policy) -> str:
    """Sums over a dimension: a person with two restrictions gets none, for each sum runs over the other."""
    if policy.channels is not None and policy.warehouses is not None:
        return NOTHING
    if policy.channels is not None:
        return f"dimension = 'channel' and member in {listed(policy.channels)}"
    return f"dimension = 'warehouse' and member in {listed(policy.warehouses or ())}"


def _of_warehouse(
    warehouses: Sequence[str], source: str, columns: Columns, tables: Mapping[str, Columns]
) -> str:
    if "warehouse_code" in columns:
        return f"warehouse_code in {listed(warehouses)}"
    if {"channel", "channel_order_id"} <= set(columns) and "fct_orders" in tables:
        return (
            f"(channel, channel_order_id) in (select (channel, channel_order_id) from {source}.fct_orders "
            f"where warehouse_code in {listed(warehouses)})"
        )
    return NOTHING


def listed(values: Sequence[str]) -> str:
    """Values as an SQL list; one that nothing equals where there are none."""
    return f"({', '.join(literal(value) for value in values)})" if values else "(null)"


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


_acting: ContextVar[Policy | None] = ContextVar("policy", default=None)


@contextmanager
def acting_as(policy: Policy) -> Iterator[None]:
    """Queries inside run under this policy: for what is no page (the daily brief, an export, a test)."""
    token = _acting.set(policy)
    try:
        yield
    finally:
        _acting.reset(token)


def current() -> Policy:
    """The policy in force: of `acting_as`, else of the person whose page runs. Raises `NoPermissionError`."""
    stated = _acting.get()
    if stated is not None:
        return stated
    from app.access import signed_in

    return signed_in.policy()
