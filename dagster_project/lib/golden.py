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

from dagster_project.lib import customer_records
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

    Does nothing where those of this version stand already, made by the same rules from the same vault. Where
    those of an earlier one do, only customers are looked at whose records changed. Killed at any moment, the
    next call goes on from what stands.
    """
    import polars as pl

    from dagster_project.lib.customers import current_version

    version = current_version(settings)
    batches = customer_records.accepted(settings, as_of)
    read = customer_records.now(settings, batches)
    made_by = {"rules": _rules(), "key": key.id}
    wanted = {"version": version, **made_by, "read": read.told()}
    target, state = path_of(settings, version), settings.identity / STATE
    told = _told(state) or {}
    if target.exists() and _is_same(told, wanted):
        return int(pl.scan_parquet(target).select(pl.len()).collect().item())
    members = _members(settings, version)
    since = customer_records.Read.of(told) if _is_same({**told, "version": version}, wanted) else None
    base = _standing(settings, told) if since and read.goes_on_from(since) else None
    if since is None or base is None or settings.full_refresh:
        best = _chosen(settings, key, as_of, members)
    else:
        kept, before = base
        touched = _touched(members, before, customer_records.changed_keys(settings, batches, since))
        still = kept.join(touched, on="customer_id", how="anti").join(members, on="customer_id", how="semi")
        those = members.join(touched, on="customer_id", how="semi")
        anew = _chosen(settings, key, as_of, those, customer_records.holding(settings, batches, those))
        best = pl.concat([still, anew]).sort("customer_id", "field")
    temporary = target.with_suffix(".tmp")
    best.write_parquet(temporary, compression="zstd")
    temporary.replace(target)
    write_text(state, json.dumps(wanted) + "\n")
    for path in settings.identity.glob("golden-*.parquet"):
        if int(path.stem.removeprefix("golden-")) <= version - KEPT_VERSIONS:
            path.unlink()
    return best.height


def _is_same(told: Mapping[str, object], wanted: Mapping[str, object]) -> bool:
    return all(told.get(name) == wanted[name] for name in ("version", "rules", "key"))


def _members(settings: Settings, version: int) -> pl.DataFrame:
    import polars as pl

    return pl.read_parquet(settings.identity / f"members-{version}.parquet")


def _standing(settings: Settings, told: Mapping[str, object]) -> tuple[pl.DataFrame, pl.DataFrame] | None:
    """The golden records that the state tells of and the members that they are of; None where one is gone."""
    import polars as pl

    version = told.get("version")
    if not isinstance(version, int):
        return None
    try:
        return pl.read_parquet(path_of(settings, version)), _members(settings, version)
    except FileNotFoundError:
        return None


def _touched(members: pl.DataFrame, before: pl.DataFrame, changed: pl.DataFrame) -> pl.DataFrame:
    """The customers (customer_id) of which a record came, went, moved or says something else."""
    import polars as pl

    stated = pl.coalesce("occurred_at", "exported_at").alias("exported_at")
    now, then = (frame.with_columns(stated) for frame in (members, before))
    came = now.join(then, on=now.columns, how="anti", nulls_equal=True)
    went = then.join(now, on=now.columns, how="anti", nulls_equal=True)
    by_key = ["record_kind", "source", "source_record_id"]
    said = members.join(changed, on=by_key, how="semi")
    return pl.concat([frame.select("customer_id") for frame in (came, went, said)]).unique()


def _chosen(
    settings: Settings,
    key: VaultKey,
    as_of: datetime,
    members: pl.DataFrame,
    batches: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The golden records of these members; `batches`: those that tell of them, where not all do."""
    from identity import golden

    addresses = customer_records.homes(settings)
    told = stated(settings, as_of, members, batches)
    named = None if batches is None else told["value"]
    best = forms(settings, key, addresses, named, batches)
    return golden.golden(told, best, addresses.select("address_token", "adcode"))


def stated(
    settings: Settings,
    as_of: datetime,
    members: pl.DataFrame | None = None,
    batches: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """What the records of the customers in force say of them: `golden_statements.statements`.

    `members`: those of these records alone, of which `batches` tell, where not all do.
    """

    from dagster_project.lib.customers import current_version
    from identity.golden_statements import ORDER_STATES, RECORD_STATES, statements
    from identity.newest import ORDER_KEY, TOUCHPOINT_KEY, newest

    if members is None:
        members = _members(settings, current_version(settings))
    batches = customer_records.accepted(settings, as_of) if batches is None else batches
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
    settings: Settings,
    key: VaultKey,
    addresses: pl.DataFrame,
    tokens: pl.Series | None = None,
    batches: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """How complete the values of tokens are: `golden_forms.FORM_SCHEMA`; of `tokens` alone, if given, out of
    the vault's files of `batches`."""
    import polars as pl

    from identity import golden_forms, vault

    named = frozenset() if batches is None else frozenset(batches["batch_id"])
    paths = [
        path
        for feed in customer_records.FEEDS
        for path in (settings.vault / feed).glob("batch=*")
        if batches is None or path.stem.removeprefix("batch=") in named
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
