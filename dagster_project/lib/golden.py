"""The golden records of the customers in force: lake, vault, addresses in, identity/golden-<n>.parquet out.

It reads, calls `identity.golden`, writes. Nothing personal is written: tokens and masks, as the lake has
them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib import ledger
from dagster_project.lib.runs import write_text
from dagster_project.settings import KEPT_VERSIONS, Settings

if TYPE_CHECKING:
    import polars as pl

    from identity.vault import VaultKey

STATE = "golden-state.json"


def path_of(settings: Settings, version: int) -> Path:
    """Where the golden records of a version of the customers stand."""
    return settings.identity / f"golden-{version}.parquet"


def write(settings: Settings, key: VaultKey, as_of: datetime) -> int:
    """Makes the golden records of the customers in force; how many fields.

    Does nothing where those of this version stand already, made by the same rules from the same vault. Killed
    at any moment, the next call makes them anew.
    """
    import polars as pl

    from dagster_project.lib.customers import current_version, homes
    from identity import golden

    version = current_version(settings)
    wanted = {"version": version, "rules": _rules(), "key": key.id}
    target, state = path_of(settings, version), settings.identity / STATE
    if target.exists() and _told(state) == wanted:
        return int(pl.scan_parquet(target).select(pl.len()).collect().item())
    addresses = homes(settings)
    best = golden.golden(
        stated(settings, as_of), forms(settings, key, addresses), addresses.select("address_token", "adcode")
    )
    temporary = target.with_suffix(".tmp")
    best.write_parquet(temporary, compression="zstd")
    temporary.replace(target)
    write_text(state, json.dumps(wanted) + "\n")
    for path in settings.identity.glob("golden-*.parquet"):
        if int(path.stem.removeprefix("golden-")) <= version - KEPT_VERSIONS:
            path.unlink()
    return best.height


def stated(settings: Settings, as_of: datetime, members: pl.DataFrame | None = None) -> pl.DataFrame:
    """What the records of the customers in force say of them: `golden_statements.statements`.

    `members`: those of these records alone.
    """
    import polars as pl

    from dagster_project.lib.customers import current_version
    from identity.golden_statements import ORDER_STATES, RECORD_STATES, statements
    from identity.newest import ORDER_KEY, TOUCHPOINT_KEY, newest

    if members is None:
        members = pl.read_parquet(settings.identity / f"members-{current_version(settings)}.parquet")
    batches = ledger.read(settings).entries.filter(
        (pl.col("state") == "accepted") & (pl.col("exported_at") <= as_of)
    )
    states = {}
    for feed, key, columns in (
        ("orders", ORDER_KEY, ORDER_STATES),
        ("customer_records", TOUCHPOINT_KEY, RECORD_STATES),
    ):
        rows = _lake(settings, batches, feed, [*key, *columns], members, key[-1])
        states[feed] = newest(rows, batches, key, columns, as_of)
    return statements(states["orders"], states["customer_records"], members)


def _lake(
    settings: Settings, batches: pl.DataFrame, feed: str, names: list[str], members: pl.DataFrame, key: str
) -> pl.DataFrame:
    """The rows of these batches whose `key` is a record of `members`; a column that a file lacks is null."""
    import polars as pl

    schema: dict[str, pl.DataType | type[pl.DataType]] = dict.fromkeys([*names, "batch_id"], pl.String)
    schema |= {"exported_at": pl.Datetime("us"), "source_line": pl.Int64}
    of_feed = batches.filter(feed=feed).select("source", "batch_id")
    files = [settings.lake / feed / f"source={s}" / f"batch={b}.parquet" for s, b in of_feed.iter_rows()]
    files = [path for path in files if path.exists()]
    if not files:
        return pl.DataFrame(schema=schema)
    rows = pl.scan_parquet(
        files, schema=schema, missing_columns="insert", extra_columns="ignore", hive_partitioning=False
    )
    wanted = members.select(pl.col("source_record_id").alias(key)).unique().lazy()
    return rows.join(wanted, on=key, how="semi").collect()


def forms(
    settings: Settings, key: VaultKey, addresses: pl.DataFrame, tokens: pl.Series | None = None
) -> pl.DataFrame:
    """How complete the values of tokens are: `golden_forms.FORM_SCHEMA`; of `tokens` alone, if given."""
    import polars as pl

    from identity import golden_forms, vault

    paths = [
        path for feed in ("orders", "customer_records") for path in (settings.vault / feed).glob("batch=*")
    ]
    values = vault.read(sorted(paths), key, kinds=golden_forms.KINDS)
    if tokens is not None:
        values = values.filter(pl.col("token").is_in(tokens.implode()))
        addresses = addresses.filter(pl.col("address_token").is_in(tokens.implode()))
    return pl.concat([golden_forms.forms(values), golden_forms.address_forms(addresses)])


def _rules() -> str:
    """What the choice depends on beside the records: the code and the table of trust."""
    import identity

    home = Path(identity.__file__).resolve().parent
    digest = hashlib.sha256()
    for path in [*sorted(home.glob("golden*")), home / "names.py", home / "phones.py"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _told(path: Path) -> Mapping[str, object] | None:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return None
