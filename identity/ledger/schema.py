"""The tables of the ledger, and the columns in which its records are kept."""

from __future__ import annotations

import polars as pl

from identity.ids import ALIAS_SCHEMA, EVENT_SCHEMA
from identity.profiles import FACE_COLUMNS, FACT_COLUMNS
from identity.records import CONTACT, RECORD_SCHEMA

NAME = "name"
NAME_FORMS = (NAME, "surname", "pinyin")
"""What a name gives away; in the ledger tokens stand for it."""
NAME_TOKENS = ("name_token", "surname_token", "sound_token")
"""Tokens of all forms at once, of the surname, of the pinyin."""
RECORD_COLUMNS = (*(column for column in RECORD_SCHEMA if column not in NAME_FORMS), *NAME_TOKENS)
FACE_KEPT = (*(c for c in (*FACE_COLUMNS, *FACT_COLUMNS) if c not in NAME_FORMS), *NAME_TOKENS)
TOKEN_OF = {"surname": "surname_token", "pinyin": "sound_token"}
LABELS = ("holder", "owner", "known", "exact", "whole")
"""Of each record the least record (rid) of its component: by identifiers and orders, of records as told;
the same of records as owned; by the edges of all rules; the same, cut where they contradict; by the edges
of rules, model and stewards, uncut."""
AS_TOLD, AS_OWNED = "record", "fact"
"""Records with all that they show, and without the contacts that are another's
(`identity/own_contacts.py`)."""
TIES, EDGES = "tie", "edge"
"""Edges between records as told, which make accounts; edges between records as owned, which make
customers."""
OF_OTHERS = (*(column for column in CONTACT if column not in NAME_FORMS), "addressee_id", *NAME_TOKENS)
"""What is left out of a record whose contact is another's."""
APART = "apart"
"""The kind of a tie that keeps records apart; it stands among the edges and is none."""
HELD = "create view held as select rid, customer_id from member join customer using (customer)"
"""The id of each record. Ids stand once, by number: to write a long text in a few rows of a table costs as
much as to write it in all."""


def ddl() -> list[str]:
    """The statements that make an empty ledger."""
    return [
        f"create table record (rid bigint, is_lent boolean, {_columns(_record_types())})",
        f"create view fact as select rid, {', '.join(_owned(c) for c in RECORD_COLUMNS)} from record",
        "create table tie (l bigint, r bigint, rule varchar, probability double, accepted boolean, "
        "keyed varchar)",
        f"create table member (rid bigint, {_columns(dict.fromkeys(LABELS, 'bigint'))}, customer bigint)",
        "create table customer (customer bigint, customer_id varchar)",
        HELD,
        "create table edge (l bigint, r bigint, rule varchar, probability double, accepted boolean, "
        "keyed varchar)",
        FACES,
        f"create table alias ({_columns({c: _sql(t) for c, t in ALIAS_SCHEMA.items()})})",
        f"create table event ({_columns({c: _sql(t) for c, t in EVENT_SCHEMA.items()})})",
        "create table noted (name varchar, value varchar)",
    ]


def renewal() -> list[str]:
    """The statements that number the ids of a ledger that has them with each record."""
    return [
        "create table customer as select row_number() over () as customer, customer_id "
        "from (select distinct customer_id from member)",
        f"create table numbered as select rid, {', '.join(LABELS)}, customer "
        "from member join customer using (customer_id)",
        "drop table member",
        "alter table numbered rename to member",
        HELD,
    ]


def _record_types() -> dict[str, str]:
    return {column: _sql(RECORD_SCHEMA.get(column, pl.String)) for column in RECORD_COLUMNS}


def _owned(column: str) -> str:
    return (
        f'case when not is_lent then "{column}" end as "{column}"' if column in OF_OTHERS else f'"{column}"'
    )


def _sql(dtype: pl.DataType | type[pl.DataType]) -> str:
    kinds = {pl.String: "varchar", pl.Boolean: "boolean", pl.UInt32: "uinteger"}
    return kinds.get(dtype if isinstance(dtype, type) else type(dtype), "timestamp")


def _columns(types: dict[str, str]) -> str:
    return ", ".join(f'"{name}" {kind}' for name, kind in types.items())


FACES = f"create table face (exact bigint, {_columns(dict.fromkeys(FACE_KEPT, 'varchar'))})"
"""Of faces with other columns new ones are made: the code that wrote them is another, so all is linked
anew."""
