"""Which records the stage of the customers reads: all of them, or those that changed since a version.

Lake, vault and addresses in, the record table out. What was read is told as `Read`; where nothing of it is
out of force, only orders and touchpoint records with a row in a batch that is new, or an address that was
standardised since, can say something else than before. No linking rule belongs here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

    from identity.vault import VaultKey

FEEDS = ("orders", "customer_records")
VAULT_KINDS = ("phone", "name", "account", "email", "birthday")


@dataclass(frozen=True)
class Read:
    """What a version was made of: batches, files of standardised addresses, whom erasures took out."""

    batches: tuple[str, ...]
    addresses: tuple[str, ...]
    erased: str

    @classmethod
    def of(cls, told: Mapping[str, Any] | None) -> Read | None:
        """What `told` wrote down; None where it is missing or of an older form."""
        try:
            read = dict((told or {})["read"])
            return cls(tuple(read["batches"]), tuple(read["addresses"]), str(read["erased"]))
        except (KeyError, TypeError):
            return None

    def told(self) -> dict[str, Any]:
        """As it is written down."""
        return asdict(self)

    def goes_on_from(self, before: Read) -> bool:
        """Whether all that `before` read is still in force, so that what came since is the whole change."""
        return (
            self.erased == before.erased
            and set(before.batches) <= set(self.batches)
            and set(before.addresses) <= set(self.addresses)
        )


def now(settings: Settings, batches: pl.DataFrame) -> Read:
    """What stands there to be read: these batches, and all that is standardised."""
    from dagster_project.lib import erasing

    erased = hashlib.sha256("\n".join(sorted(erasing.erased(settings))).encode()).hexdigest()
    files = tuple(f"{path.name} {path.stat().st_size}" for path in _address_files(settings))
    return Read(tuple(batches["batch_id"]), files, erased)


def accepted(settings: Settings, as_of: datetime | None) -> pl.DataFrame:
    """The accepted batches of the feeds that name people, exported at or before `as_of`."""
    import polars as pl

    columns = ["batch_id", "source", "feed", "exported_at", "arrival_seq", "carried_columns", "state"]
    files = sorted((settings.lake / "_batches").glob("*.parquet"))
    if not files:
        empty = pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
        return empty.cast({"exported_at": pl.Datetime("us"), "arrival_seq": pl.Int64})
    ledger = pl.read_parquet(files, columns=columns, hive_partitioning=False)
    taken = ledger.filter((pl.col("state") == "accepted") & pl.col("feed").is_in(FEEDS))
    if as_of is not None:
        taken = taken.filter(pl.col("exported_at") <= as_of)
    return taken.sort("batch_id")


def homes(settings: Settings) -> pl.DataFrame:
    """The newest standardisation of each address token."""
    import polars as pl

    columns = ["address_token", "address_key_token", "visible_to", "adcode", "reference_as_of"]
    files = _address_files(settings)
    if not files:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    known = pl.read_parquet(files, columns=columns, hive_partitioning=False)
    return known.sort("reference_as_of", "address_token").unique(
        "address_token", keep="last", maintain_order=True
    )


def build(
    settings: Settings, key: VaultKey, batches: pl.DataFrame, as_of: datetime, since: Read | None
) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """The record table of all live records, and None; or, since a version that what is there goes on from, of
    the changed ones alone, and which they are (record_kind, source, channel, source_record_id).

    The batches are those of `accepted`. An order or touchpoint record that says nothing any more is among the
    changed ones and has no row.
    """
    from dagster_project.lib import erasing
    from identity.records import build_records

    keys = {feed: _changed(settings, batches, feed, since) if since else None for feed in FEEDS}
    changed = _named(keys["orders"], keys["customer_records"])
    told = batches if changed is None else holding(settings, batches, changed)
    orders, touched = (_lake(settings, told, feed, keys[feed]) for feed in FEEDS)
    records = build_records(
        orders,
        touched,
        batches,
        _values(settings, told, key),
        homes(settings),
        as_of=as_of,
    )
    return erasing.living(settings, records), changed


def changed_keys(settings: Settings, batches: pl.DataFrame, since: Read) -> pl.DataFrame:
    """The changed records alone, as `build` tells them."""
    named = _named(*(_changed(settings, batches, feed, since) for feed in FEEDS))
    assert named is not None
    return named


def holding(settings: Settings, batches: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """The batches of which a row tells of one of `records` (record_kind, source, source_record_id)."""
    import polars as pl

    from identity.records import ORDER, TOUCHPOINT

    found = [pl.Series("batch_id", [], dtype=pl.String)]
    for feed, kind in (("orders", ORDER), ("customer_records", TOUCHPOINT)):
        named = {"source_record_id": _key(feed)[-1]}
        wanted = records.filter(record_kind=kind).select("source", "source_record_id").rename(named).unique()
        if files := _files(settings, batches, feed):
            rows = pl.scan_parquet(files, hive_partitioning=False).select(*wanted.columns, "batch_id")
            there = rows.join(wanted.lazy(), on=wanted.columns, how="semi").select("batch_id").unique()
            found.append(there.collect()["batch_id"])
    return batches.filter(pl.col("batch_id").is_in(pl.concat(found).implode()))


def _named(orders: pl.DataFrame | None, touched: pl.DataFrame | None) -> pl.DataFrame | None:
    """Keys of both feeds as keys of records; None where they are not told."""
    import polars as pl

    from identity.records import ORDER, TOUCHPOINT

    if orders is None or touched is None:
        return None
    of_orders = orders.select(
        pl.lit(ORDER).alias("record_kind"), "source", "channel", source_record_id="channel_order_id"
    )
    of_touchpoints = touched.select(
        pl.lit(TOUCHPOINT).alias("record_kind"),
        "source",
        pl.lit(None, pl.String).alias("channel"),
        "source_record_id",
    )
    return pl.concat([of_orders, of_touchpoints])


def _changed(settings: Settings, batches: pl.DataFrame, feed: str, since: Read) -> pl.DataFrame:
    """The keys of the feed that have a row in a new batch, or an address that was standardised since."""
    import polars as pl

    key = _key(feed)
    address = "receiver_address_token" if feed == "orders" else "address_token"
    keys = [pl.DataFrame(schema=dict.fromkeys(key, pl.String))]
    new = batches.filter(~pl.col("batch_id").is_in(list(since.batches)))
    if files := _files(settings, new, feed):
        keys.append(pl.read_parquet(files, columns=list(key), hive_partitioning=False))
    old = _files(settings, batches.filter(pl.col("batch_id").is_in(list(since.batches))), feed)
    placed = _placed_since(settings, since)
    if old and placed.len():
        rows = pl.scan_parquet(old, hive_partitioning=False)
        keys.append(rows.filter(pl.col(address).is_in(placed.implode())).select(key).collect())
    return pl.concat(keys).drop_nulls().unique()


def _placed_since(settings: Settings, since: Read) -> pl.Series:
    import polars as pl

    known = set(since.addresses)
    files = [path for path in _address_files(settings) if f"{path.name} {path.stat().st_size}" not in known]
    if not files:
        return pl.Series(dtype=pl.String)
    return pl.read_parquet(files, columns=["address_token"], hive_partitioning=False)[
        "address_token"
    ].unique()


def _address_files(settings: Settings) -> list[Path]:
    return sorted(settings.addresses.glob("*.parquet"))


def _key(feed: str) -> tuple[str, ...]:
    from identity.newest import ORDER_KEY, TOUCHPOINT_KEY

    return ORDER_KEY if feed == "orders" else TOUCHPOINT_KEY


def _files(settings: Settings, batches: pl.DataFrame, feed: str) -> list[Path]:
    named = batches.filter(feed=feed).select("source", "batch_id").iter_rows()
    return [settings.lake / feed / f"source={source}" / f"batch={batch}.parquet" for source, batch in named]


def _lake(settings: Settings, batches: pl.DataFrame, feed: str, keys: pl.DataFrame | None) -> pl.DataFrame:
    """The rows of these batches, of `keys` alone if any are named."""
    import polars as pl

    from identity.records import ORDER_COLUMNS, TOUCHPOINT_COLUMNS

    facts = ORDER_COLUMNS if feed == "orders" else TOUCHPOINT_COLUMNS
    columns = list(dict.fromkeys([*_key(feed), *facts, "batch_id", "exported_at", "source_line"]))
    files = _files(settings, batches, feed)
    if not files:
        empty = pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
        times = [c for c in columns if c in ("exported_at", "ordered_at", "paid_at", "occurred_at")]
        return empty.cast({**dict.fromkeys(times, pl.Datetime("us")), "source_line": pl.Int64})
    rows = pl.read_parquet(files, columns=columns, hive_partitioning=False)
    return rows if keys is None else rows.join(keys, on=_key(feed), how="semi")


def _values(settings: Settings, batches: pl.DataFrame, key: VaultKey) -> pl.DataFrame:
    from identity import vault

    named: Sequence[tuple[str, str]] = batches.select("feed", "batch_id").rows()
    paths = [settings.vault / feed / f"batch={batch}.parquet" for feed, batch in named]
    return vault.read([path for path in paths if path.exists()], key, kinds=VAULT_KINDS)
