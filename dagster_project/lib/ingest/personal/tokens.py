"""Tokens of text values, by compiled code where it is loaded: the same as the vault's own."""

from __future__ import annotations

import polars as pl

from dagster_project.lib.ingest.by_value import by_value
from dagster_project.lib.ingest.compiled import is_loaded
from identity import vault


def tokens(values: pl.Series, kind: str, key: vault.VaultKey) -> pl.Series:
    """As `vault.tokens`: same length and order, null for null."""
    if not is_loaded():
        return vault.tokens(values, kind, key)
    from dagster_project.lib.ingest.compiled.hashing import hex_digests

    distinct = by_value(values)
    form = vault.token_form(kind, key)
    made = hex_digests(distinct.values, key.token, form.before, form.shown, form.digits)
    return distinct.spread(made).alias(values.name)
