"""Records without their personal values: tokens stand for them, and names are kept encrypted beside the
ledger.

Linking asks of a number, a home, an account, an e-mail or a birthday only whether two are equal, which tokens
answer too. Of names it also compares characters, so those are read back from their encrypted files.
"""

from __future__ import annotations

import secrets
from pathlib import Path

import polars as pl

from identity import vault
from identity.ledger.schema import NAME_FORMS, TOKEN_OF
from identity.vault_key import VaultKey

SEALED = {
    "phone": "phone",
    "phone_mask": "phone",
    "email": "email",
    "birthday": "birthday",
    "home": "address",
}
"""Column → kind of its tokens."""
ACCOUNT = "account"
BYTES = 9
"""Of a token: twelve characters."""
SEGMENTS_LIMIT = 16
"""Files of names, above which they are made one."""
_SCHEMA = {"name_token": pl.String, **dict.fromkeys(NAME_FORMS, pl.String)}


def seal(records: pl.DataFrame, key: VaultKey) -> pl.DataFrame:
    """The record table with tokens for values, and with NAME_TOKENS (null where nothing is known); names stay
    as they are.

    Linking the sealed table gives what linking the plain one gives.
    """
    named = records.select(
        pl.when(pl.any_horizontal(pl.col(form).is_not_null() for form in NAME_FORMS)).then(
            pl.concat_str((pl.col(form).fill_null("") for form in NAME_FORMS), separator=vault.SEPARATOR)
        )
    ).to_series()
    pair = records[ACCOUNT].str.splitn("|", 2).struct
    number = _tokens(pair.field("field_1"), ACCOUNT, key)
    return records.with_columns(
        *(_tokens(records[column], kind, key).alias(column) for column, kind in SEALED.items()),
        (pair.field("field_0") + "|" + number).alias(ACCOUNT),
        _tokens(named, "name", key).alias("name_token"),
        *(_tokens(records[form], form, key).alias(token) for form, token in TOKEN_OF.items()),
    )


def _tokens(values: pl.Series, kind: str, key: VaultKey) -> pl.Series:
    """Tokens of twelve characters, which tables and frames hold in place: 72 bits, all of which two values
    among a thousand million share in one ledger of ten thousand."""
    digits = vault.tokens(values, kind, key).str.tail(vault.TOKEN_HEX_DIGITS).str.head(BYTES * 2)
    return digits.str.decode("hex").bin.encode("base64")


def fresh_names(records: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The names of sealed records that are not among the known ones."""
    told = records.select(_SCHEMA.keys()).drop_nulls("name_token").unique("name_token")
    return told.join(known, on="name_token", how="anti").sort("name_token")


def keep(fresh: pl.DataFrame, known: pl.DataFrame, folder: Path, key: VaultKey) -> None:
    """Writes names to a file more, or all to one where there are many.

    Written before the ledger names them: a file that a kill left holds names that are asked for again or
    never.
    """
    segments = sorted(folder.glob("names-*.sealed"))
    is_many = len(segments) >= SEGMENTS_LIMIT
    rows = pl.concat([known, fresh]) if is_many else fresh
    vault.write_table(rows, folder / f"names-{secrets.token_hex(8)}.sealed", key)
    if is_many:
        for path in segments:
            path.unlink()


def keep_only(folder: Path, key: VaultKey, used: pl.DataFrame) -> None:
    """Takes out the names whose tokens (`name_token`) are not in use."""
    segments = sorted(folder.glob("names-*.sealed"))
    known = names(folder, key)
    left = known.join(used, on="name_token", how="semi")
    if left.height < known.height:
        vault.write_table(left, folder / f"names-{secrets.token_hex(8)}.sealed", key)
        for path in segments:
            path.unlink()


def names(folder: Path, key: VaultKey) -> pl.DataFrame:
    """name_token and the forms of NAME_FORMS, each token once."""
    parts = [vault.read_table(path, key) for path in sorted(folder.glob("names-*.sealed"))]
    return pl.concat([pl.DataFrame(schema=_SCHEMA), *parts]).unique("name_token", maintain_order=True)
