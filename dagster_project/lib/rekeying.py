"""One batch under another key: its vault file encrypted anew, the tokens of its lake file made anew.

Nothing in force is touched: both are written elsewhere. Which batches there are, and when the new files come
into force, does not belong here.
"""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from identity import vault
from identity.vault_key import VaultKey

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

TOKEN = r"^k[0-9]+_[0-9a-f]{32}$"
_IN_EXTRAS = r'^\{"_token":"(k[0-9]+_[0-9a-f]{32})"'
_PARTS = ("province", "city", "district", "town")
_LOST = "lost"
"""Kind of a token whose value no vault file holds any more: it is hashed again, so that joins on it stay."""


@dataclass(frozen=True)
class Keys:
    """The key in force and the one that takes its place."""

    old: VaultKey
    new: VaultKey


def rekey_vault_file(source: Path, target: Path, keys: Keys) -> pl.DataFrame:
    """Writes a vault file under the new key; its tokens as columns `token` and `renewed`, one row a token."""
    import polars as pl

    rows = vault.read([source], keys.old)
    kinds = rows.partition_by("kind", maintain_order=True)
    renewed = (
        pl.concat([_renewed(kind, keys) for kind in kinds]) if kinds else rows.with_columns(renewed="token")
    )
    vault.write(renewed.with_columns(token="renewed"), target, keys.new)
    keep_time(source, target)
    return renewed.select("token", "renewed").unique("token", keep="first", maintain_order=True)


def rekey_lake_file(source: Path, target: Path, mapping: pl.DataFrame | None, keys: Keys) -> int:
    """Writes a lake file with new tokens, row group by row group; a file without any is linked. Tokens made.

    `mapping`: what `rekey_vault_file` gave for the batch; None where the batch has no vault file.
    """
    import pyarrow.parquet as pq

    with pq.ParquetFile(source) as file:
        names = [name for name in file.schema_arrow.names if name.endswith("_token") or name == "extras"]
        if mapping is None and not _has_tokens(file, names):
            link(source, target)
            return 0
        count = 0
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
        try:
            options = {"compression": "zstd", "compression_level": 1}
            with pq.ParquetWriter(temporary, file.schema_arrow, **options) as sink:
                for number in range(file.num_row_groups):
                    group = file.read_row_group(number)
                    for name in names:
                        group, changed = _renew_column(group, name, mapping, keys)
                        count += changed
                    sink.write_table(group)
            keep_time(source, temporary)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    return count


def link(source: Path, target: Path) -> None:
    """The same file under another name; a copy where the file system knows no links."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        target.hardlink_to(source)
    except OSError:
        temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
        shutil.copy2(source, temporary)
        temporary.replace(target)


def keep_time(source: Path, target: Path) -> None:
    """Gives `target` the modification time of what it was made from: so a later look finds it still good."""
    stat = source.stat()
    os.utime(target, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def _renewed(rows: pl.DataFrame, keys: Keys) -> pl.DataFrame:
    """Rows of one kind with their new tokens. A token that its value does not give is hashed itself."""
    import polars as pl

    kind = rows["kind"][0]
    values = vault.address_values(rows, [*_PARTS, "value"]) if kind == "address" else rows["value"]
    return rows.with_columns(
        renewed=pl.when(vault.tokens(values, kind, keys.old) == rows["token"])
        .then(vault.tokens(values, kind, keys.new))
        .otherwise(vault.tokens(rows["token"], _LOST, keys.new))
    )


def _has_tokens(file: pa.parquet.ParquetFile, names: list[str]) -> bool:
    import polars as pl

    for number in range(file.num_row_groups):
        frame = pl.DataFrame(file.read_row_group(number, columns=names))
        marks = [pl.col(name).str.contains(_IN_EXTRAS if name == "extras" else TOKEN).any() for name in names]
        if marks and frame.select(pl.any_horizontal(marks)).item():
            return True
    return False


def _renew_column(
    group: pa.Table, name: str, mapping: pl.DataFrame | None, keys: Keys
) -> tuple[pa.Table, int]:
    import polars as pl

    cells = pl.Series(name, group.column(name)).cast(pl.String)
    token = cells.str.extract(_IN_EXTRAS) if name == "extras" else cells
    if token.null_count() == token.len():
        return group, 0
    distinct = pl.DataFrame({"token": token.drop_nulls().unique()})
    if mapping is None:
        found = distinct.with_columns(renewed=pl.lit(None, pl.String))
    else:
        found = distinct.join(mapping, on="token", how="left")
    lost = vault.tokens(found["token"], _LOST, keys.new)
    found = found.with_columns(renewed=pl.coalesce("renewed", lost))
    renewed = token.replace_strict(found["token"], found["renewed"], default=None)
    if name == "extras":
        head = len('{"_token":"')
        rest = cells.str.slice(head).str.replace(r"^k[0-9]+_[0-9a-f]{32}", "")
        whole = pl.lit('{"_token":"') + renewed + rest
        renewed = pl.select(pl.when(token.is_not_null()).then(whole).otherwise(cells)).to_series()
    place = group.schema.get_field_index(name)
    made = renewed.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(group.schema.field(name).type)
    return group.set_column(place, group.schema.field(name), made), found.height
