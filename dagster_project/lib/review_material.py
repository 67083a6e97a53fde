"""What the records of review cases say, in tokens and masks: of a data folder from the lake, of linked files
from the kept records, masked here. Nothing plain is shown of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from dagster_project.lib import customer_records, golden
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

    from identity.vault_key import VaultKey


def facts(settings: Settings, members: pl.DataFrame, *, in_state: bool) -> pl.DataFrame:
    """`golden_statements.statements` of these members, with completeness and same (`golden_forms`).

    `in_state`: the folder holds linked files, no lake. VaultError without the vault's key.
    """
    from identity import vault_key

    if in_state:
        key = vault_key.load_or_create_key(settings.data / "keys" / "vault.key", settings.vault_key)
        told, forms = _of_files(settings, members, key)
    else:
        key = vault_key.load_or_create_key(settings.vault_key_file, settings.vault_key, settings.vault)
        told = golden.stated(settings, datetime.max, members)
        forms = golden.forms(settings, key, customer_records.homes(settings), told["value"])
    return told.join(forms, left_on="value", right_on="token", how="left")


def _of_files(settings: Settings, members: pl.DataFrame, key: VaultKey) -> tuple[pl.DataFrame, pl.DataFrame]:
    import polars as pl

    from dagster_project.lib.identity_files import kept, reading
    from dagster_project.lib.ingest.personal import masks
    from identity import golden_forms
    from identity.golden_statements import ORDER_STATES, PERSONAL, statements

    records = kept.load(settings.data, key, reading.columns())
    records = records.join(
        members.select("source", "source_record_id").unique(), on=["source", "source_record_id"], how="semi"
    )
    masked = [
        part
        for name in PERSONAL
        for part in (
            masks.normalise(name, pl.col(name)).alias(f"{name}_token"),
            masks.mask(name, masks.normalise(name, pl.col(name))).alias(f"{name}_mask"),
        )
    ]
    no_orders = pl.DataFrame(
        schema=dict.fromkeys(["source", "channel", "channel_order_id", *ORDER_STATES], pl.String)
    )
    rows = records.with_columns(masked)
    values = pl.concat(
        rows.select(token=f"{kind}_token", kind=pl.lit(kind), value=f"{kind}_token")
        for kind in golden_forms.KINDS
    )
    return statements(no_orders, rows, members), golden_forms.forms(values)
