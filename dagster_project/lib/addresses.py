"""The address stage: standardises the vault's new addresses and leaves their tokens, divisions and key
tokens outside.

Incremental by vault file: a ledger beside the Parquets names the files read by the present version of
reference and rules; another version reads everything again and then replaces what the old one wrote.
How an address is read belongs in `identity/addresses/`.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.settings import Settings
from identity import vault

if TYPE_CHECKING:
    import polars as pl

PARTS = ("province", "city", "district", "town", "address")
"""The parts of an address in the vault, in their order; the last stands in the column `value`."""

COLUMNS = (
    "address_token", "adcode", "province", "city", "district", "town_code", "town",
    "address_key_token", "visible_to", "match_method", "confidence", "candidates", "reference_as_of",
)  # fmt: skip


def standardise_new(settings: Settings, key: vault.VaultKey, as_of: datetime | None = None) -> dict[str, int]:
    """Standardises the addresses of vault files not yet read; counts: files, addresses, written, placed.

    `as_of` is every stage's argument and changes nothing here: what an address is does not depend on
    the run's time.

    `written` are the addresses that no file in data/addresses had, `placed` those of them with a
    district. There is always at least one Parquet afterwards, be it empty.
    """
    version = _version()
    folder = settings.addresses
    ledger = folder / f"_read-{version}.json"
    known: set[str] = set(json.loads(ledger.read_text(encoding="utf-8"))) if ledger.exists() else set()
    files = {
        str(path.relative_to(settings.vault)): path for path in settings.vault.glob("[!_]*/batch=*.parquet")
    }
    new = sorted(files.keys() - known)
    kept = sorted(folder.glob(f"addresses-*-{version}-*.parquet"))
    counts = {"files": len(new), "addresses": 0, "written": 0, "placed": 0}
    if new or not kept:
        folder.mkdir(parents=True, exist_ok=True)
        counts |= _write_new([files[name] for name in new], kept, folder, version, key)
        _replace(ledger, json.dumps(sorted(known | set(new)), indent=0).encode("utf-8"))
    for path in folder.glob("*"):
        if version not in path.name and path.name.startswith(("addresses-", "_read-")):
            path.unlink()
    return counts


def _write_new(
    paths: list[Path], kept: list[Path], folder: Path, version: str, key: vault.VaultKey
) -> dict[str, int]:
    """Writes one Parquet for what is new in the files; nothing if nothing is and a Parquet stands already."""
    import polars as pl

    columns = ["token", *PARTS[:-1], pl.col("value").alias(PARTS[-1])]
    found = vault.read(paths, key, kinds=["address"]).select(columns).unique("token").sort("token")
    fresh = found
    if kept:
        done = pl.scan_parquet(kept).select(pl.col("address_token").alias("token")).collect()
        fresh = found.join(done, on="token", how="anti", maintain_order="left")
    rows = _standardised(fresh, key)
    if rows.height or not kept:
        as_of = rows.item(0, "reference_as_of") if rows.height else "none"
        content = hashlib.sha256("\n".join(fresh["token"]).encode("utf-8")).hexdigest()[:16]
        path = folder / f"addresses-{as_of}-{version}-{content}.parquet"
        temporary = path.with_suffix(".tmp")
        rows.write_parquet(temporary, compression="zstd")
        temporary.replace(path)
    placed = rows["district"].is_not_null().sum()
    return {"addresses": found.height, "written": rows.height, "placed": int(placed)}


def _standardised(addresses: pl.DataFrame, key: vault.VaultKey) -> pl.DataFrame:
    """The rows of `COLUMNS` for tokens and values; the plain key becomes its token here and goes no
    further."""
    import polars as pl

    from identity.addresses import standardise

    if addresses.is_empty():
        return pl.DataFrame(schema=_schema())
    found = standardise(addresses.select(PARTS))
    tokens = vault.tokens(found["address_key"], "address_key", key)
    return found.with_columns(
        addresses["token"].alias("address_token"), tokens.alias("address_key_token")
    ).select(COLUMNS)


def _schema() -> dict[str, pl.DataType]:
    import polars as pl

    texts: dict[str, pl.DataType] = {name: pl.String() for name in COLUMNS}
    other = {"confidence": pl.Float64(), "candidates": pl.List(pl.String()), "reference_as_of": pl.Date()}
    return texts | other


def _version() -> str:
    """Eight hex digits over the reference and the rules that read it: another version standardises anew."""
    import identity.addresses

    digest = hashlib.sha256()
    package = Path(identity.addresses.__file__).parent
    for path in sorted([*package.glob("*.py"), *(package / "reference").glob("*.csv*"), Path(__file__)]):
        digest.update(path.name.encode("utf-8") + path.read_bytes())
    return digest.hexdigest()[:8]


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_suffix(".tmp")
    temporary.write_bytes(content)
    temporary.replace(path)
