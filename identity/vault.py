"""The vault: the tokens that stand for personal values outside it, and its encrypted files.

Where the keys come from stands in vault_key.py. What a personal value is, how it is masked and when it may
be revealed does not belong here. A token cannot be turned back without the vault; equal values of one kind
have equal tokens under one key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from identity.growing_parquet import GrowingParquet
from identity.vault_key import VaultError, VaultKey, load_or_create_key

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

__all__ = [
    "VaultError",
    "VaultKey",
    "address_values",
    "growing",
    "load_or_create_key",
    "read",
    "tokens",
    "write",
]

TOKEN_HEX_DIGITS = 32
SEPARATOR = "\x1f"
COLUMNS = ("token", "kind", "value", "province", "city", "district", "town")
_REPEATED = ("kind", "province", "city", "district", "town")
"""The columns that a dictionary makes smaller; tokens and values are nearly all distinct."""
KINDS = ("phone", "name", "account", "email", "birthday", "address", "text")
_SHA256_BLOCK_BYTES = 64
_NEARLY_ALL = 0.8
"""Where a larger share of the values is distinct, hashing the rest again costs less than finding them."""


class TokenForm(NamedTuple):
    """A token is `shown` and the first hex digits of HMAC-SHA256, under the token key, of `before` and the
    value."""

    before: bytes
    shown: str
    digits: int


def token_form(kind: str, key: VaultKey) -> TokenForm:
    """What the tokens of a kind are made of."""
    return TokenForm(f"{kind}{SEPARATOR}".encode(), f"k{key.version}_", TOKEN_HEX_DIGITS)


def tokens(values: pl.Series, kind: str, key: VaultKey) -> pl.Series:
    """Tokens of text values, same length and order, null for null.

    Hashes distinct values only, but for a few repeated ones: about 0.12 s for 100,000 of them on one core.
    """
    import polars as pl

    distinct = values.drop_nulls().unique(maintain_order=True)
    if distinct.len() > values.len() * _NEARLY_ALL:
        return pl.Series(values.name, _digests(values, kind, key), dtype=pl.String)
    hashed = pl.Series(_digests(distinct, kind, key), dtype=pl.String)
    return values.cast(pl.String).replace_strict(distinct, hashed, default=None).rename(values.name)


def _digests(values: pl.Series, kind: str, key: VaultKey) -> list[str | None]:
    inner, outer = _hmac_states(key.token)
    form = token_form(kind, key)
    inner.update(form.before)
    copy_inner, copy_outer = inner.copy, outer.copy
    made: list[str | None] = []
    for value in values.to_list():
        if value is None:
            made.append(None)
            continue
        message, result = copy_inner(), copy_outer()
        message.update(value.encode())
        result.update(message.digest())
        made.append(form.shown + result.hexdigest()[: form.digits])
    return made


def address_values(frame: pl.DataFrame, parts: Sequence[str]) -> pl.Series:
    """The values that address tokens are made of: the five columns (province, city, district, town,
    address) joined by 0x1F, an absent part empty; null where all five are null."""
    import polars as pl

    joined = pl.concat_str([pl.col(part).fill_null("") for part in parts], separator=SEPARATOR)
    known = pl.any_horizontal([pl.col(part).is_not_null() for part in parts])
    return frame.select(pl.when(known).then(joined).alias("value")).to_series()


def write(frame: pl.DataFrame, path: Path, key: VaultKey) -> None:
    """Writes an encrypted file (columns of `COLUMNS`, one row per token), by temporary name and rename."""
    file = growing(path, key)
    try:
        file.write(frame.select(COLUMNS))
        file.close()
    finally:
        file.abandon()


def growing_table(path: Path, key: VaultKey) -> GrowingParquet:
    """An encrypted file that takes any frames of one form, one after the other; it has mode 0600."""
    from pyarrow.parquet import encryption

    properties = encryption.create_encryption_properties(footer_key=key.encryption)
    return GrowingParquet(path, is_private=True, encryption_properties=properties)


def write_table(frame: pl.DataFrame, path: Path, key: VaultKey) -> None:
    """Writes any frame as such a file, by temporary name and rename."""
    file = growing_table(path, key)
    try:
        file.write(frame)
        file.close()
    finally:
        file.abandon()


def read_table(path: Path, key: VaultKey) -> pl.DataFrame:
    """What `write_table` wrote. VaultError where the file is damaged or was written with another key."""
    import polars as pl

    frame = pl.from_arrow(_opened(path, key, None))
    assert isinstance(frame, pl.DataFrame)
    return frame


def growing(path: Path, key: VaultKey) -> GrowingParquet:
    """An encrypted file that takes frames of the columns of `COLUMNS`, one after the other."""
    from pyarrow.parquet import encryption

    properties = encryption.create_encryption_properties(footer_key=key.encryption)
    return GrowingParquet(
        path, is_private=True, use_dictionary=list(_REPEATED), encryption_properties=properties
    )


def read(paths: Iterable[Path], key: VaultKey, kinds: Sequence[str] | None = None) -> pl.DataFrame:
    """All rows of the vault files (columns of `COLUMNS`, text), of the given kinds if any are named.

    A token that stands in several files comes back once for each. Raises VaultError where a file is damaged
    or was written with another key.
    """
    import polars as pl

    frames = [pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))]
    for path in paths:
        frame = pl.from_arrow(_opened(path, key, list(COLUMNS)))
        assert isinstance(frame, pl.DataFrame)
        frames.append(frame if kinds is None else frame.filter(pl.col("kind").is_in(list(kinds))))
    return pl.concat(frames)


def _opened(path: Path, key: VaultKey, columns: list[str] | None) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq
    from pyarrow.parquet import encryption

    properties = encryption.create_decryption_properties(footer_key=key.encryption)
    try:
        with pq.ParquetFile(path, decryption_properties=properties) as file:
            return file.read(columns=columns)
    except (OSError, pa.ArrowException) as error:
        raise VaultError(
            f"{path}: the vault file is damaged or was written with another key; "
            "use the key file that belongs to this data folder"
        ) from error


def _hmac_states(key: bytes) -> tuple[hashlib._Hash, hashlib._Hash]:
    """Inner and outer SHA-256 states after the padded key (RFC 2104), to be copied for each message."""
    padded = key.ljust(_SHA256_BLOCK_BYTES, b"\0")
    return hashlib.sha256(bytes(b ^ 0x36 for b in padded)), hashlib.sha256(bytes(b ^ 0x5C for b in padded))
