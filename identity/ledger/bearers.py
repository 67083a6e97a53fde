"""Which ids the ledger's records once had, out of the events: what `identity/restoring.py` asks."""

from __future__ import annotations

import polars as pl

from identity.ids import record_key
from identity.ledger.store import Ledger
from identity.records import TOUCHPOINT
from identity.restoring import borne

_SAME = (
    "event.source is not distinct from record.source and event.source_record_id = record.source_record_id "
    "and event.role is not distinct from record.role and (event.channel is not distinct from record.channel "
    f"or record.record_kind = '{TOUCHPOINT}')"
)
"""A move tells of a record; the channel of a touchpoint record is none of its key."""
_MOVES = f"from event join record on {_SAME} where event_type = 'move'"


def of(ledger: Ledger, asked: pl.DataFrame) -> pl.DataFrame:
    """The ids that live records moved away from (`restoring.BORNE_SCHEMA`): of those asked about (rid), and
    of all that had one of their former ids."""
    former = ledger.ask(
        f"select distinct previous_customer_id as id {_MOVES} and rid in (from asked)", asked=asked
    )
    rids = ledger.ask(
        f"select distinct rid {_MOVES} and previous_customer_id in (from former)", former=former
    )
    moves = ledger.ask(
        f"select rid, previous_customer_id as customer_id, event.rowid as place {_MOVES} "
        "and rid in (from rids) order by place",
        rids=rids,
    )
    told = ledger.ask(
        "select rid, record_kind, source, channel, source_record_id, role, customer_id "
        "from record left join held using (rid) semi join rids using (rid)",
        rids=rids,
    ).with_columns(key=record_key())
    keyed = moves.join(told.select("rid", "key"), on="rid", maintain_order="left")
    return borne(keyed, told.select("key", "customer_id"))
