"""Linking what is new into the ledger: records that came, changed or went, and what stewards decided since.

All in the ledger's transaction, which the caller commits. What it leaves is what `resolve` makes of all
records at once, except that ids last.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from identity import devices, rules
from identity.clusters import cluster
from identity.components import components_of
from identity.ledger import exact, faces, owning, sealing, settling, telling
from identity.ledger.schema import APART, AS_TOLD, NAME_FORMS, NAME_TOKENS, RECORD_COLUMNS
from identity.ledger.store import Ledger, in_order
from identity.link import Model, score
from identity.own_contacts import of_others
from identity.profiles import profiles
from identity.records import RECORD_KEY
from identity.resolve import AFTER_RULES, agreeing, edges_of_accounts, exact_edges
from identity.ulid import RandomSource

MADE_BY = "made_by"
"""The fact that says with which model and code the ledger was linked."""
STAMP = "exported_at"
_LINKED_BY = tuple(column for column in RECORD_COLUMNS if column != STAMP)
DEVICES = "devices_are_personal"
"""The fact whether devices link; where new records turn it, all is linked anew."""
_JUDGED = tuple(dict.fromkeys((*AFTER_RULES, *settling.JUDGED, *NAME_TOKENS)))
_OF_RULES = f"rule not in ('{rules.MODEL}', '{rules.STEWARD}', '{APART}')"


@dataclass(frozen=True)
class Change:
    """What a linking did: records that came or changed, that went, that were looked at; the events."""

    came: int
    went: int
    looked_at: int
    events: pl.DataFrame
    is_whole: bool


def link(
    ledger: Ledger,
    incoming: pl.DataFrame,
    model: Model | None,
    decisions: pl.DataFrame,
    now: datetime,
    *,
    removed: pl.DataFrame | None = None,
    made_by: str = "",
    previous: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame] | None = None,
    random_source: RandomSource = secrets.token_bytes,
) -> Change:
    """Links the records of `incoming` (a record table, plain or sealed); the same key replaces.

    `removed`: keys (RECORD_KEY) of records that are no more. `decisions`: all that stewards ever decided
    (`overrides.SCHEMA`). `made_by` names model and code: where it is not what the ledger was linked with,
    all records are linked anew and keep their ids by the largest overlap. `previous`: members, aliases
    and events whose ids an empty ledger takes over.
    """
    new, old = _taken(ledger, incoming, removed)
    went = old.join(new.select("rid"), on="rid", how="anti")
    by_device = _are_personal(ledger, new, old)
    is_whole = ledger.is_empty() or ledger.fact(MADE_BY) != made_by or ledger.fact(DEVICES) != str(by_device)
    gone = _forget(ledger, old, went)
    if previous is not None:
        ledger.put("alias", previous[1])
        ledger.put("event", previous[2])
    ledger.has_lost_names = old.height > 0
    if is_whole:
        records, customers = _all(ledger, new, model, decisions)
    else:
        ledger.put("record", new.select("rid", *RECORD_COLUMNS, is_lent=pl.lit(False)))
        known = ledger.ask("select rid from member")
        ledger.put("member", new.select("rid").join(known, on="rid", how="anti"))
        records, customers = _new(ledger, new, old, gone, model, decisions, by_device)
    ledger.note(MADE_BY, made_by)
    ledger.note(DEVICES, str(by_device))
    before = gone if previous is None else previous[0]
    events = settling.give_ids(ledger, records, customers, before, now, random_source)
    return Change(new.height, went.height, records.height, events, is_whole)


def _taken(
    ledger: Ledger, incoming: pl.DataFrame, removed: pl.DataFrame | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The sealed records that are new or changed, with their rids, and the rows that they or nothing
    replace."""
    sealed = incoming.drop("node", strict=False)
    if NAME_TOKENS[0] not in sealed.columns:
        sealed = sealing.seal(sealed, ledger.key)
    keys = sealed.select(RECORD_KEY)
    if removed is not None:
        keys = pl.concat([keys, removed.select(RECORD_KEY)]).unique(maintain_order=True)
    same = " and ".join(f"record.{name} is not distinct from keys.{name}" for name in RECORD_KEY)
    known = ledger.ask(f"select rid from record join keys on {same}", keys=keys)
    few = "" if known.height else " limit 0"
    held = ledger.ask(f"select record.* from record semi join known using (rid){few}", known=known)
    numbered = pl.int_range(pl.len(), dtype=pl.Int64) + ledger.next_rid()
    if held.is_empty():
        return sealed.with_columns(rid=numbered), held
    new = sealed.join(held.select(*RECORD_KEY, "rid"), on=list(RECORD_KEY), how="left", nulls_equal=True)
    alike = new.join(held, on=["rid", *_LINKED_BY], how="semi", nulls_equal=True)
    _stamped_anew(ledger, alike, held)
    new = new.join(alike.select("rid"), on="rid", how="anti")
    old = held.join(alike.select("rid"), on="rid", how="anti")
    return new.with_columns(rid=pl.coalesce("rid", numbered)), old


def _stamped_anew(ledger: Ledger, alike: pl.DataFrame, held: pl.DataFrame) -> None:
    """Keeps when records were exported last that say what they said before: nothing is linked by it."""
    told = alike.select("rid", STAMP)
    later = told.join(held, on=["rid", STAMP], how="anti", nulls_equal=True)
    if later.height:
        ledger.do(
            f"update record set {STAMP} = later.{STAMP} from later where record.rid = later.rid", later=later
        )


def _are_personal(ledger: Ledger, new: pl.DataFrame, old: pl.DataFrame) -> bool:
    """`devices.are_personal` of the records with `new` in the place of `old`."""
    told = " and ".join(f"{column} is not null" for column in devices.COLUMNS)
    shown = ledger.ask(f"select rid, {', '.join(devices.COLUMNS)} from record where {told}")
    stay = shown.join(old.select("rid"), on="rid", how="anti")
    return devices.are_personal(pl.concat([frame.select(devices.COLUMNS) for frame in (stay, new)]))


def _forget(ledger: Ledger, old: pl.DataFrame, went: pl.DataFrame) -> pl.DataFrame:
    """Takes the replaced records out, and the members that went; these, with their ids and labels."""
    gone = ledger.ask(
        "select record.rid, owner, exact, customer_id, record.* exclude (rid) from (select * from record "
        "semi join went using (rid)) as record join member using (rid) join held using (rid)"
        + ("" if went.height else " limit 0"),
        went=went.select("rid"),
    )
    for table, rows in (("record", old), ("member", went)):
        if rows.height:
            ledger.do(f"delete from {table} where rid in (select rid from rows_)", rows_=rows.select("rid"))
    return gone


def _new(
    ledger: Ledger,
    new: pl.DataFrame,
    old: pl.DataFrame,
    gone: pl.DataFrame,
    model: Model | None,
    decisions: pl.DataFrame,
    by_device: bool,
) -> tuple[pl.DataFrame, pl.Series]:
    """Follows the change through rules, model and decisions; the records whose customers may have changed."""
    if new.is_empty() and old.is_empty():
        ties = settling.stewards_ties(ledger, decisions)
        return settling.whole(ledger, pl.concat([ties["l"], ties["r"]]), model, decisions)
    ledger.keep_names(new)
    told, changed = _owned(ledger, new, old)
    ties = exact.refreshed(ledger, told, exact.OWNERS)
    touched = pl.concat([changed, ties["l"], ties["r"]]).unique()
    owners, _ = settling.component_of(ledger, "owner", touched, exact.OWNERS.rules)
    altered = telling.altered(ledger, owners, changed, gone["owner"].drop_nulls())
    told = pl.concat([told, ledger.facts(altered, exact.VALUES, AS_TOLD).drop("rid")])
    met = exact.refreshed(ledger, told, exact.people(by_device))
    ties = pl.concat([ties, met, exact.own_receivers(ledger)])
    touched = pl.concat([touched, ties["l"], ties["r"]]).unique()
    known, edges = settling.component_of(ledger, "known", touched, _OF_RULES)
    rows, part, were = settling.exact_parts(ledger, known["rid"], edges, changed, gone["exact"].drop_nulls())
    ties = pl.concat([ties, settling.stewards_ties(ledger, decisions)])
    if model is not None:
        ties = pl.concat([ties, faces.refreshed(ledger, rows, part, were, model)])
    touched = pl.concat([touched, ties["l"], ties["r"]]).unique()
    return settling.whole(ledger, touched, model, decisions)


def _owned(ledger: Ledger, new: pl.DataFrame, old: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """Follows the change to whose contacts are whose: rows with all values that it may have touched, and the
    records (rids) that are new or whose contact is now another's, or no longer."""
    asked = [*exact.VALUES, *(column for column in owning.SHOWN if column not in exact.VALUES)]
    told = pl.concat([old.select(asked), new.select(asked)])
    ties = exact.refreshed(ledger, told, exact.HOLDERS)
    changed = pl.concat([new["rid"], ties["l"], ties["r"]]).unique()
    accounts, _ = settling.component_of(ledger, "holder", changed, "true", exact.HOLDERS.table)
    turned = owning.refreshed(ledger, accounts["rid"], told)
    rows = ledger.facts(turned, exact.VALUES, AS_TOLD).drop("rid")
    return pl.concat([told.select(rows.columns), rows]), pl.concat([new["rid"], turned]).unique()


def _all(
    ledger: Ledger, new: pl.DataFrame, model: Model | None, decisions: pl.DataFrame
) -> tuple[pl.DataFrame, pl.Series]:
    """Links all records anew, and writes all tables."""
    told = _told(ledger, new)
    ledger.keep_names(new)
    accounts = edges_of_accounts(told)
    is_lent = of_others(told, accounts)
    held = ledger.ask("select rid, customer from member")
    for table in ("record", "member", "tie", "edge", "face"):
        ledger.do(f"delete from {table}")
    ledger.put("record", told.select("rid", *RECORD_COLUMNS, is_lent=is_lent))
    ledger.put("tie", exact.tagged(accounts, told))
    records = owning.owned(told, is_lent)
    del told
    rids = records["rid"]
    known = exact_edges(records)
    part, _ = cluster(records, known)
    of_owners = known.filter(pl.col("rule").is_in(list(exact.OF_ACCOUNTS)))
    edges = {"holder": accounts, "owner": of_owners, "known": known}
    least = {label: rids.gather(components_of(rids.len(), found)) for label, found in edges.items()}
    least["exact"] = rids.gather(part)
    settling.stewards_ties(ledger, decisions)
    ties = [exact.tagged(known, records), ledger.ask("select * from edge")]
    ledger.do("delete from edge")
    records = records.select("node", "rid", *_JUDGED)
    threshold = 1.0
    if model is not None:
        threshold = model.threshold
        profiled = profiles(records, least["exact"])
        ledger.put("face", faces.kept(profiled, records))
        ties.append(faces.ties(agreeing(score(profiled, model), records, least["exact"])))
        del profiled
    records = records.select("node", "rid", *settling.JUDGED, "pinyin")
    found = pl.concat(ties)
    customers, now = settling.decided(records, found.drop("keyed"), threshold, decisions)
    accepted = found.join(now, on=list(exact.TIE), how="left", maintain_order="left")
    ledger.put("edge", accepted.with_columns(accepted=pl.coalesce("now", "accepted")).drop("now"))
    holding = exact.local(records, ledger.ask(f"select l, r from edge where {settling.taken(threshold)}"))
    least["whole"] = rids.gather(components_of(records.height, holding))
    members = pl.DataFrame({"rid": rids, **least})
    ledger.put("member", members.join(held, on="rid", how="left", maintain_order="left"))
    return records, customers


def _told(ledger: Ledger, new: pl.DataFrame) -> pl.DataFrame:
    """All records, as they were told."""
    columns = ("rid", *RECORD_COLUMNS)
    if ledger.is_empty():
        return in_order(new.select(*columns, *NAME_FORMS))
    held = ledger.with_names(ledger.ask(f"select {', '.join(columns)} from record"))
    return in_order(pl.concat([held, new.select(held.columns)]))
