"""A small lake and vault that name people, written as ingestion hands them over; for tests of the linking
stage."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from dagster_project.lib.customer_records import FEEDS
from dagster_project.settings import Settings
from identity import vault
from identity.newest import ORDER_KEY, TOUCHPOINT_KEY
from identity.records import ORDER_COLUMNS, TOUCHPOINT_COLUMNS

TIMES = ("ordered_at", "paid_at", "occurred_at")
KINDS = {
    "receiver_phone": "phone",
    "receiver_name": "name",
    "receiver_address": "address",
    "buyer_account": "account",
}


def add_batch(
    settings: Settings,
    key: vault.VaultKey,
    feed: str,
    source: str,
    *,
    exported_at: datetime,
    rows: list[dict[str, Any]],
) -> str:
    """One accepted batch of plain rows (personal values under their feed names); returns its batch_id."""
    assert feed in FEEDS
    columns = ORDER_COLUMNS if feed == "orders" else TOUCHPOINT_COLUMNS
    names = list(dict.fromkeys([*(ORDER_KEY if feed == "orders" else TOUCHPOINT_KEY), *columns]))
    number = len(list((settings.lake / "_batches").glob("*.parquet"))) + 1
    batch_id = f"{number:016x}"
    secret: list[pl.DataFrame] = []
    told: dict[str, pl.Series] = {}
    for name in names:
        plain = name.removesuffix("_token")
        values = pl.Series(
            name, [row.get(plain) for row in rows], dtype=pl.Datetime("us") if name in TIMES else pl.String
        )
        if name.endswith("_token"):
            kind = KINDS.get(plain, plain)
            tokens = vault.tokens(values, kind, key).rename(name)
            secret.append(pl.DataFrame({"token": tokens, "value": values}).with_columns(kind=pl.lit(kind)))
            values = tokens
        told[name] = values
    frame = pl.DataFrame(told).with_columns(
        source=pl.lit(source),
        batch_id=pl.lit(batch_id),
        exported_at=pl.lit(exported_at).cast(pl.Datetime("us")),
        source_line=pl.int_range(2, pl.len() + 2),
    )
    path = settings.lake / feed / f"source={source}" / f"batch={batch_id}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(path)
    hidden = pl.concat(secret).drop_nulls("token").unique("token", maintain_order=True)
    empty = [pl.lit(None, pl.String).alias(part) for part in ("province", "city", "district", "town")]
    vault.write(hidden.with_columns(*empty), settings.vault / feed / f"batch={batch_id}.parquet", key)
    carried = sorted({name for row in rows for name in row})
    ledger = pl.DataFrame(
        {
            "batch_id": [batch_id],
            "source": [source],
            "feed": [feed],
            "exported_at": pl.Series([exported_at], dtype=pl.Datetime("us")),
            "arrival_seq": [number],
            "carried_columns": [f",{','.join(carried)},"],
            "state": ["accepted"],
        }
    )
    (settings.lake / "_batches").mkdir(parents=True, exist_ok=True)
    ledger.write_parquet(settings.lake / "_batches" / f"{batch_id}.parquet")
    return batch_id


def settings_in(folder: Path) -> tuple[Settings, vault.VaultKey]:
    settings = Settings(data=folder, landing=folder / "landing", vault_key_file=folder / "keys" / "vault.key")
    return settings, vault.load_or_create_key(settings.vault_key_file)
