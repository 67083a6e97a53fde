"""The address stage: standardises the vault's new addresses and leaves their tokens, divisions and key
tokens outside.

Incremental by vault file: a ledger beside the Parquets names the files read by the present version of
reference and rules. Other rules read everything again; another reference reads again what it touches
(`address_versions.py`), and `_moved-<version>.json` says which addresses came to lie elsewhere. How an
address is read belongs in `identity/addresses/`.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib import address_versions as versions
from dagster_project.settings import Settings
from identity import vault

if TYPE_CHECKING:
    import polars as pl

PARTS = ("province", "city", "district", "town", "address")
"""The parts of an address in the vault, in their order; the last stands in the column `value`."""

COLUMNS = (
    "address_token", "adcode", "province", "city", "district", "town_code", "town",
    "address_key_token", "visible_to", "match_method", "confidence", "candidates", "has_conflict",
    "province_written", "city_written", "district_written", "reference_as_of",
)  # fmt: skip


def standardise_new(settings: Settings, key: vault.VaultKey, as_of: datetime | None = None) -> dict[str, int]:
    """Standardises the addresses of vault files not yet read; counts: files, addresses, written, placed,
    moved.

    `as_of` is every stage's argument and changes nothing here: what an address is does not depend on
    the run's time.

    `written` are the addresses that were standardised now, `placed` those of them with a district, `moved`
    those that another reference gave another division. There is always at least one Parquet afterwards, be it
    empty.
    """
    version = versions.present()
    folder = settings.addresses
    ledger = folder / f"_read-{version}.json"
    counts = {"files": 0, "addresses": 0, "written": 0, "placed": 0, "moved": 0}
    if not ledger.exists() and (then := versions.before(folder, version)) is not None:
        counts |= _carry_over(settings, then, version, key)
    known: set[str] = set(json.loads(ledger.read_text(encoding="utf-8"))) if ledger.exists() else set()
    files = {
        str(path.relative_to(settings.vault)): path for path in settings.vault.glob("[!_]*/batch=*.parquet")
    }
    new = sorted(files.keys() - known)
    kept = sorted(folder.glob(f"addresses-*-{version}-*.parquet"))
    if new or not kept:
        folder.mkdir(parents=True, exist_ok=True)
        done = _write_new([files[name] for name in new], kept, folder, version, key)
        counts |= {"files": len(new), "addresses": done["addresses"]}
        counts |= {name: counts[name] + done[name] for name in ("written", "placed")}
        versions.keep_forms(folder, version)
        _replace(ledger, json.dumps(sorted(known | set(new)), indent=0).encode("utf-8"))
    _drop_others(folder, version)
    return counts


def _write_new(
    paths: list[Path], kept: list[Path], folder: Path, version: versions.Version, key: vault.VaultKey
) -> dict[str, int]:
    """Writes one Parquet for what is new in the files; nothing if nothing is and a Parquet stands already."""
    import polars as pl

    found = _vault_addresses(paths, key)
    fresh = found
    if kept:
        done = pl.scan_parquet(kept).select(pl.col("address_token").alias("token")).collect()
        fresh = found.join(done, on="token", how="anti", maintain_order="left")
    rows = _standardised(fresh, key)
    if rows.height or not kept:
        _write(rows, folder, version)
    placed = rows["district"].is_not_null().sum()
    return {"addresses": found.height, "written": rows.height, "placed": int(placed)}


def _carry_over(
    settings: Settings, then: versions.Version, now: versions.Version, key: vault.VaultKey
) -> dict[str, int]:
    """Takes over what the reference of `then` wrote, standardises anew what the present one touches, and says
    what moved. The ledger appears last: a crash before it begins again."""
    import polars as pl

    from identity.addresses import fold, seeds

    folder = settings.addresses
    read = json.loads((folder / f"_read-{then}.json").read_text(encoding="utf-8"))
    paths = [path for name in read if (path := settings.vault / name).exists()]
    written = pl.read_parquet(sorted(folder.glob(f"addresses-*-{then}-*.parquet")))
    found = _vault_addresses(paths, key).join(written, left_on="token", right_on="address_token", how="semi")
    there = found.select(pl.col("token").alias("address_token")).join(
        written, on="address_token", maintain_order="left"
    )
    texts = fold.folded(found.select(PARTS)).to_series()
    hit = versions.touched(folder, then, texts, there)
    anew = _standardised(found.filter(hit), key)
    moved = _moved(there.filter(hit), anew)
    untouched = there.filter(~hit).with_columns(pl.lit(seeds.load().as_of).alias("reference_as_of"))
    _write(pl.concat([untouched.select(COLUMNS), anew]).sort("address_token"), folder, now)
    _replace(folder / f"_moved-{now}.json", json.dumps(moved, ensure_ascii=False, indent=1).encode("utf-8"))
    versions.keep_forms(folder, now)
    _replace(folder / f"_read-{now}.json", json.dumps(sorted(read), indent=0).encode("utf-8"))
    placed = int(anew["district"].is_not_null().sum())
    count = sum(int(row["addresses"]) for row in moved)
    return {"written": anew.height, "placed": placed, "moved": count}


def _moved(before: pl.DataFrame, after: pl.DataFrame) -> list[dict[str, str | int]]:
    """From which division to which addresses moved, and how many; an unknown one is an empty text."""
    import polars as pl

    pairs = pl.DataFrame({"was": before["adcode"].fill_null(""), "is": after["adcode"].fill_null("")})
    counted = (
        pairs.filter(pl.col("was") != pl.col("is")).group_by("was", "is").agg(pl.len().alias("addresses"))
    )
    return counted.sort("addresses", "was", "is", descending=[True, False, False]).to_dicts()


def _vault_addresses(paths: list[Path], key: vault.VaultKey) -> pl.DataFrame:
    """Token and parts of every address in the vault's files, each once, by token."""
    import polars as pl

    columns = ["token", *PARTS[:-1], pl.col("value").alias(PARTS[-1])]
    return vault.read(paths, key, kinds=["address"]).select(columns).unique("token").sort("token")


def _standardised(addresses: pl.DataFrame, key: vault.VaultKey) -> pl.DataFrame:
    """The rows of `COLUMNS` for tokens and values; the plain key becomes its token here and goes no
    further."""
    import polars as pl

    from identity.addresses import standardise

    if addresses.is_empty():
        return pl.DataFrame(schema=_schema())
    found = standardise(addresses.select(PARTS), with_written=True)
    tokens = vault.tokens(found["address_key"], "address_key", key)
    return found.with_columns(
        addresses["token"].alias("address_token"), tokens.alias("address_key_token")
    ).select(COLUMNS)


def _schema() -> dict[str, pl.DataType]:
    import polars as pl

    texts: dict[str, pl.DataType] = {name: pl.String() for name in COLUMNS}
    other = {
        "confidence": pl.Float64(), "candidates": pl.List(pl.String), "reference_as_of": pl.Date(),
        "has_conflict": pl.Boolean(),
    }  # fmt: skip
    return texts | other


def _write(rows: pl.DataFrame, folder: Path, version: versions.Version) -> None:
    as_of = rows.item(0, "reference_as_of") if rows.height else "none"
    content = hashlib.sha256("\n".join(rows["address_token"]).encode("utf-8")).hexdigest()[:16]
    path = folder / f"addresses-{as_of}-{version}-{content}.parquet"
    temporary = path.with_suffix(".tmp")
    rows.write_parquet(temporary, compression="zstd")
    temporary.replace(path)


def _drop_others(folder: Path, version: versions.Version) -> None:
    """Drops what other versions wrote, once the present one's ledger stands."""
    for path in folder.glob("*"):
        ours = f"{version}" in path.name or path.name == f"_forms-{version.reference}.ipc"
        if not ours and path.name.startswith(("addresses-", "_read-", "_forms-", "_moved-")):
            path.unlink()


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_suffix(".tmp")
    temporary.write_bytes(content)
    temporary.replace(path)
