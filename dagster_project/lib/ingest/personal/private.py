"""Splits personal values off the accepted rows: tokens and masks for the lake, the values for the vault."""

from __future__ import annotations

import polars as pl

from dagster_project.lib.feeds import Feed
from dagster_project.lib.ingest.by_value import by_value
from dagster_project.lib.ingest.compiled import is_loaded
from dagster_project.lib.ingest.personal import masks
from dagster_project.lib.ingest.personal.free_text import CANDIDATE, PHONE, PHONE_DIGITS, mask_free_text
from dagster_project.lib.ingest.personal.suspects import digit_weights
from dagster_project.lib.ingest.personal.tokens import tokens
from identity import vault

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
    shown = feed.lake_schema()
    words = [
        name
        for name, dtype in frame.schema.items()
        if dtype == pl.String and name in shown and name not in feed.key and not name.endswith(_NOT_WORDS)
    ]
    longest = frame.select(pl.col(words).str.len_bytes().max()).row(0, named=True) if words else {}
    words = [name for name in words if (longest[name] or 0) >= PHONE_DIGITS]
    for name in words:
        text = frame[name]
        if _may_hold_phone(text):
            masked = mask_free_text(text)
            whole = text.filter((masked != text).fill_null(False))
            rows.append(vault_rows(tokens(whole, "text", key), "text", whole))
            frame = frame.with_columns(masked.alias(name))
    return frame


def _may_hold_phone(text: pl.Series) -> bool:
    """Whether a cell holds a phone; compiled code clears the columns without enough digits sooner."""
    if is_loaded():
        from dagster_project.lib.ingest.compiled.kinds import counted

        enough = counted(text, digit_weights(), PHONE_DIGITS) >= PHONE_DIGITS
        if not enough.any():
            return False
        text = by_value(text.filter(pl.Series(enough))).values
    return bool(text.str.contains(PHONE).any())


def vault_rows(
    token: pl.Series, kind: str, value: pl.Series, parts: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Rows in the vault's columns, none for null; a token may stand in several."""
    empty = pl.Series([None], dtype=pl.String).new_from_index(0, len(token))
    frame = pl.DataFrame(
        {
            "token": token,
            "kind": pl.Series([kind]).new_from_index(0, len(token)),
            "value": value,
            **({part: empty if parts is None else parts[part] for part in PARTS}),
        }
    )
    return frame.filter(pl.col("token").is_not_null()) if token.null_count() else frame


def _split_value(
    frame: pl.DataFrame, name: str, kind: str, key: vault.VaultKey, rows: list[pl.DataFrame]
) -> pl.DataFrame:
    if frame[name].null_count() == frame.height:
        return frame.drop(name)
    distinct = by_value(frame[name])
    value, mask = _normalised_and_masked(distinct.values, kind)
    token = tokens(value, kind, key)
    rows.append(vault_rows(token, kind, value))
    return frame.drop(name).with_columns(
        distinct.spread(mask).alias(f"{name}_mask"), distinct.spread(token).alias(f"{name}_token")
    )


def _normalised_and_masked(cells: pl.Series, kind: str) -> tuple[pl.Series, pl.Series]:
    """As masks.py says; phones of the usual forms stay as they are, and compiled code masks them."""
    if kind == "phone" and is_loaded():
        from dagster_project.lib.ingest.compiled.phones import masked_phones

        shown, others = masked_phones(cells)
        places = others.arg_true()
        if not places.len():
            return cells, shown
        value, mask = _plainly_masked(cells.gather(places), kind)
        return cells.clone().scatter(places, value), shown.scatter(places, mask)
    return _plainly_masked(cells, kind)


def _plainly_masked(cells: pl.Series, kind: str) -> tuple[pl.Series, pl.Series]:
    made = cells.to_frame("cell").select(masks.normalised(kind, "cell").alias("value"))
    return made["value"], made.select(masks.masked(kind, "value")).to_series()


def _split_address(
    frame: pl.DataFrame, name: str, parts: list[str], key: vault.VaultKey, rows: list[pl.DataFrame]
) -> pl.DataFrame:
    frame = frame.with_columns(
        pl.lit(None, pl.String).alias(part) for part in parts if part not in frame.columns
    )
    distinct = by_value(_address_values(frame, parts))
    token = tokens(distinct.values, "address", key)
    first = distinct.first(frame.select({*parts, name}))
    named = first.select(pl.col(part).alias(plain) for part, plain in zip(parts, PARTS, strict=False))
    rows.append(vault_rows(token, "address", first[name], named))
    shown = first.select(masks.mask_address(parts)).to_series()
    return frame.drop(name).with_columns(
        distinct.spread(token).alias(f"{name}_token"), distinct.spread(shown).alias(f"{name}_mask")
    )


def _address_values(frame: pl.DataFrame, parts: list[str]) -> pl.Series:
    """As `vault.address_values`, by compiled code where it is loaded."""
    if is_loaded():
        from dagster_project.lib.ingest.compiled.objects import joined

        if (made := joined(frame.select(parts), vault.SEPARATOR)) is not None:
            return made
    return vault.address_values(frame, parts)


def _split_text(
    frame: pl.DataFrame, name: str, key: vault.VaultKey, rows: list[pl.DataFrame]
) -> pl.DataFrame:
    text = frame[name]
    masked = mask_free_text(text)
    changed = (masked != text).fill_null(False)
    if not changed.any():
        return frame
    whole = text.set(~changed, None)
    token = tokens(whole, "text", key)
    rows.append(vault_rows(token, "text", whole))
    return frame.with_columns(masked.alias(name), token.alias(f"{name}_token"))
