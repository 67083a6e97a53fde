"""How a text writes the divisions that were read in it: 西湖区, 西湖 or 杭州西湖.

Only spellings that the reference knows are told, so that nothing of a person leaves with them. How a division
may be written belongs in `forms.py`.
"""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from identity.addresses import forms, seeds

LEVELS = ("province", "city", "district")
COLUMNS = tuple(f"{level}_written" for level in LEVELS)


def written(heads: pl.Series, places: pl.DataFrame) -> pl.DataFrame:
    """Columns province_written, city_written, district_written: the first known spelling of the division that
    the row was found to lie in, null where the text does not name it.

    `heads` are the folded texts up to where their divisions end; `places` has adcode and district.
    """
    rows = pl.DataFrame({"head": heads, "adcode": places["adcode"], "district": places["district"]})
    codes = {
        "province": pl.col("adcode").str.slice(0, 2) + "0000",
        "city": pl.col("adcode").str.slice(0, 4) + "00",
        "district": pl.when(pl.col("district").is_not_null()).then("adcode"),
    }
    return pl.DataFrame(
        {f"{level}_written": _first(rows["head"], rows.select(codes[level])) for level in LEVELS}
    )


def _first(heads: pl.Series, code: pl.DataFrame) -> pl.Series:
    """Of each row the spelling of its code that stands first in its text, the longest of those."""
    asked = code.to_series().alias("code").to_frame().with_columns(heads.alias("head")).with_row_index("row")
    distinct = asked.group_by("head", "code", maintain_order=True).agg("row")
    found = (
        distinct.join(_spellings(), on="code")
        .with_columns(pl.col("head").str.find(pl.col("form"), literal=True).alias("at"))
        .filter(pl.col("at").is_not_null())
        .sort("at", pl.col("form").str.len_bytes(), descending=[False, True])
        .unique(["head", "code"], keep="first")
        .explode("row")
    )
    return asked.join(found.select("row", "form"), on="row", how="left", maintain_order="left")["form"]


@lru_cache(maxsize=1)
def _spellings() -> pl.DataFrame:
    """code, form: every way of writing each province, city and district.

    What stands for a city only behind its own name (开发区) is no way of writing it.
    """
    source = seeds.load()
    known = forms.divisions(source)
    upper = known.table.filter(pl.col("level").is_between(forms.PROVINCE, forms.DISTRICT))
    meant = forms.surface_forms(source, known).join(upper, on="entity")
    own = pl.col("context").is_null() | (pl.col("level") == forms.DISTRICT)
    return meant.filter(own).select("code", "form").unique()
