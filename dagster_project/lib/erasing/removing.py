"""Values that leave the vault and the addresses, by their tokens. Which tokens is sweeping.py's to say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

    from identity.vault import VaultKey

SEARCHED = {"phone": 7, "email": 6, "account": 6, "address": 8}
"""Kinds of values that are looked for inside kept texts, and how long one must be to mean this person."""


def from_vault(settings: Settings, key: VaultKey, lost: pl.Series) -> int:
    """Removes the values of these tokens, and kept texts and refused rows that hold one of them, from every
    vault file; how many texts. Texts go first: the values that they are found by are needed for it."""
    import polars as pl

    from identity import vault

    files = sorted(settings.vault.glob("*/batch=*.parquet"))
    kinds = list(SEARCHED)
    known = [_telling(vault.read([path], key, kinds=kinds), lost) for path in files]
    told = pl.concat([pl.Series("value", [], dtype=pl.String), *known]).unique().to_list()
    texts = 0
    if told:
        holds = pl.col("value").str.contains_any(told).fill_null(False)
        for path in files:
            is_text = pl.lit(path.parent.name == "_quarantine") | (pl.col("kind") == "text")
            texts += _without(path, key, holds & is_text.fill_null(False))
    for path in files:
        _without(path, key, pl.col("token").is_in(lost.implode()).fill_null(False))
    return texts


def _telling(rows: pl.DataFrame, lost: pl.Series) -> pl.Series:
    """Of vault rows the values of these tokens that are long enough to mean one person."""
    import polars as pl

    least = pl.col("kind").replace_strict(SEARCHED, default=None, return_dtype=pl.Int64)
    mine = rows.filter(pl.col("token").is_in(lost.implode()))
    return mine.filter(pl.col("value").str.len_chars() >= least)["value"]


def _without(path: Path, key: VaultKey, drop: pl.Expr) -> int:
    """The vault file without these rows, be it empty: its batch had one. How many rows went."""
    from identity import vault

    rows = vault.read([path], key)
    kept = rows.filter(~drop)
    if kept.height < rows.height:
        vault.write(kept, path, key)
    return rows.height - kept.height


def from_addresses(settings: Settings, lost: pl.Series) -> None:
    """What was found of these addresses goes, too."""
    import polars as pl

    for path in settings.addresses.glob("addresses-*.parquet"):
        rows = pl.read_parquet(path)
        kept = rows.filter(~pl.col("address_token").is_in(lost.implode()))
        if kept.height < rows.height:
            temporary = path.with_suffix(".tmp")
            kept.write_parquet(temporary, compression="zstd")
            temporary.replace(path)
