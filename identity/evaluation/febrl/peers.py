"""The febrl sets linked by other tools, each as its own manual does it, and by plain rules. The package
`recordlinkage` needs pandas."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import polars as pl

from identity.evaluation.febrl.sets import COLUMNS, PublicSet

BLOCKS = ("given_name", "surname", "date_of_birth", "soc_sec_id", "postcode")
LIKE = ("given_name", "surname", "address_1", "address_2", "suburb")
EXACT = ("street_number", "postcode", "state", "date_of_birth", "soc_sec_id")
LEAST_LIKE = 0.85
"""Jaro-Winkler, as in recordlinkage's guide to febrl."""
LEFT_OUT = {
    "dedupe": "not run: 3.0.3 needs a C compiler, and fails with the BTrees it installs (decision 0006)"
}
"""Tools that were tried on Python 3.11 with NumPy 2.4, and why they are not beside us."""
RULES = {
    "rule: name and birthday": (("given_name", "surname", "date_of_birth"),),
    "rule: number of social security": (("soc_sec_id",),),
    "rule: either, or name and address": (
        ("soc_sec_id",),
        ("given_name", "surname", "date_of_birth"),
        ("surname", "address_1", "street_number"),
    ),
}


def rule(keys: tuple[tuple[str, ...], ...]) -> Callable[[PublicSet], pl.DataFrame]:
    """Records are one person's where all columns of one of the `keys` agree."""

    def found(public: PublicSet) -> pl.DataFrame:
        rows = public.records.select("unique_id", "part", *COLUMNS)
        joined = [rows.join(rows, on=list(key), suffix="_r") for key in keys]
        is_pair = pl.col("unique_id") < pl.col("unique_id_r")
        if public.is_between:
            is_pair &= pl.col("part") != pl.col("part_r")
        both = [one.filter(is_pair).select(left="unique_id", right="unique_id_r") for one in joined]
        return pl.concat(both).unique()

    return found


def ecm(public: PublicSet) -> pl.DataFrame:
    """recordlinkage: blocks on five columns, expectation conditional maximisation without labels."""
    tables = _pandas(public)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import recordlinkage

        index, compared = recordlinkage.Index(), recordlinkage.Compare()
        for name in BLOCKS:
            index.block(name)
        for name in LIKE:
            compared.string(name, name, method="jarowinkler", threshold=LEAST_LIKE, label=name)
        for name in EXACT:
            compared.exact(name, name, label=name)
        features = compared.compute(index.index(*tables), *tables)
        links = recordlinkage.ECMClassifier().fit_predict(features)
    return _ordered(pl.DataFrame({side: links.get_level_values(place) for place, side in enumerate("lr")}))


def _pandas(public: PublicSet) -> list[Any]:
    import pandas as pd

    parts = public.records.partition_by("part", maintain_order=True)
    return [pd.DataFrame(part.to_dict(as_series=False)).set_index("unique_id") for part in parts]


def _ordered(pairs: pl.DataFrame) -> pl.DataFrame:
    least, most = pl.min_horizontal("l", "r"), pl.max_horizontal("l", "r")
    return pairs.select(left=least.cast(pl.Int64), right=most.cast(pl.Int64)).unique()
