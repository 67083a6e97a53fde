"""Splits personal values off the accepted rows: tokens and masks for the lake, the values for the vault."""

from __future__ import annotations

import polars as pl

from dagster_project.lib.feeds import Feed
from dagster_project.lib.ingest.personal import masks
from dagster_project.lib.ingest.personal.free_text import CANDIDATE, PHONE, PHONE_DIGITS, mask_free_text
from identity import vault

NEARLY_ALL = 0.8
"""Where a larger share of a column's cells is distinct, all are masked: that is sooner done than joined."""
PARTS = ("province", "city", "district", "town")
_NOT_WORDS = ("_token", "_id", "_no", "_code", "id", "adcode")
"""Ends of the names of columns that hold no words: long digits there are ids."""


def split_private(
    frame: pl.DataFrame, feed: Feed, key: vault.VaultKey
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """The frame with <column>_token and <column>_mask instead of each personal column, free text masked
    with <column>_token beside it, and the vault's rows, one frame per column."""
    rows: list[pl.DataFrame] = []
    texts = [name for name, column in feed.columns.items() if column.free_text and name in frame.columns]
    suspect = frame.select(pl.col(texts).str.contains(CANDIDATE).any())
    for column in feed.columns.values():
        if column.name not in frame.columns and not (column.parts and set(column.parts) & set(frame.columns)):
            continue
        if column.pii == "address":
            frame = _split_address(frame, column.name, list(column.parts), key, rows)
        elif column.pii:
            frame = _split_value(frame, column.name, column.pii, key, rows)
        elif column.free_text and suspect[column.name][0]:
            frame = _split_text(frame, column.name, key, rows)
    return _walled(frame, feed, key, rows), rows


def _walled(frame: pl.DataFrame, feed: Feed, key: vault.VaultKey, rows: list[pl.DataFrame]) -> pl.DataFrame:
    """The frame without phones in columns of words, as a row brings them whose cells are shifted by one. The
    whole cell goes to the vault; the row stays, for nobody can tell what else in it is wrong."""
    words = [
        name
        for name, dtype in frame.schema.items()
        if dtype == pl.String and name not in feed.key and not name.endswith(_NOT_WORDS)
    ]
    longest = frame.select(pl.col(words).str.len_bytes().max()).row(0, named=True) if words else {}
    words = [name for name in words if (longest[name] or 0) >= PHONE_DIGITS]
    suspect = frame.select(pl.col(words).str.contains(PHONE).any())
    for name in words:
        if suspect[name][0]:
            text = frame[name]
            masked = mask_free_text(text)
            whole = text.filter((masked != text).fill_null(False))
            rows.append(vault_rows(vault.tokens(whole, "text", key), "text", whole))
            frame = frame.with_columns(masked.alias(name))
    return frame


def vault_rows(
    token: pl.Series, kind: str, value: pl.Series, parts: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Rows in the vault's columns, one per distinct token, none for null."""
    empty = pl.Series([None], dtype=pl.String).new_from_index(0, len(token))
    frame = pl.DataFrame(
        {
            "token": token,
            "kind": pl.Series([kind]).new_from_index(0, len(token)),
            "value": value,
            **({part: empty if parts is None else parts[part] for part in PARTS}),
        }
    )
    return frame.filter(pl.col("token").is_not_null()).unique("token", keep="first", maintain_order=True)


def _split_value(
    frame: pl.DataFrame, name: str, kind: str, key: vault.VaultKey, rows: list[pl.DataFrame]
) -> pl.DataFrame:
    if frame[name].null_count() == frame.height:
        return frame.drop(name)
    cells = frame.select(cell=name)
    made = cells.drop_nulls().unique(maintain_order=True)
    if made.height > frame.height * NEARLY_ALL:
        made = cells
    made = made.with_columns(masks.normalised(kind, "cell").alias("value"))
    made = made.with_columns(masks.masked(kind, "value").alias(f"{name}_mask"))
    made = made.with_columns(vault.tokens(made["value"], kind, key).alias(f"{name}_token"))
    rows.append(vault_rows(made[f"{name}_token"], kind, made["value"]))
    if made.height < frame.height:
        made = cells.join(made, on="cell", how="left", maintain_order="left")
    return frame.drop(name).hstack(made.drop("cell", "value"))


def _split_address(
    frame: pl.DataFrame, name: str, parts: list[str], key: vault.VaultKey, rows: list[pl.DataFrame]
) -> pl.DataFrame:
    frame = frame.with_columns(
        pl.lit(None, pl.String).alias(part) for part in parts if part not in frame.columns
    )
    token = vault.tokens(vault.address_values(frame, parts), "address", key)
    named = frame.select(pl.col(part).alias(plain) for part, plain in zip(parts, PARTS, strict=False))
    rows.append(vault_rows(token, "address", frame[name], named))
    shown = frame.select(masks.mask_address(parts)).to_series()
    return frame.drop(name).with_columns(token.alias(f"{name}_token"), shown.alias(f"{name}_mask"))


def _split_text(
    frame: pl.DataFrame, name: str, key: vault.VaultKey, rows: list[pl.DataFrame]
) -> pl.DataFrame:
    text = frame[name]
    masked = mask_free_text(text)
    changed = (masked != text).fill_null(False)
    if not changed.any():
        return frame
    whole = text.set(~changed, None)
    token = vault.tokens(whole, "text", key)
    rows.append(vault_rows(token, "text", whole))
    return frame.with_columns(masked.alias(name), token.alias(f"{name}_token"))
