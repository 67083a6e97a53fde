"""What the cells of a column look like: times, money, numbers, phones, e-mails, names, addresses.

Only a sample is judged, by shares; what a column is then called is matching.py's work.
"""

from __future__ import annotations

import polars as pl

from dagster_project.lib.ingest.personal.free_text import mask_free_text
from dagster_project.lib.ingest.rules.typing_rules import type_columns

MOST_WRONG = 0.2
"""Largest share of unreadable cells at which a column still counts as of a type."""
LIKE_A_PERSON = 0.6
"""Least share of cells that look like personal values of one kind."""
_PHONE = r"^(\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(-\d{1,6})?$|^1\d{2}\*{4}\d{4}$"
_EMAIL = r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$"
_ADDRESS = r"[路街道巷弄村镇乡组]|小区|花园|大厦|公寓|号楼|单元|\d+室|\d+号"
_PLACE = r"[省市区县旗镇乡州盟]$|^(北京|上海|天津|重庆)"
_NAME_LENGTH = r"^\p{Han}{2,4}$"
_LABEL = "收件人:"


def fits(cells: pl.Series, type_name: str) -> bool:
    """Whether the cells can be read as this type of a feed; a column without a cell fits any.

    Words among times and numbers (未发货, N/A) stand for nothing and do not count against it.
    """
    filled = cells.drop_nulls()
    if type_name in ("text", "json") or not filled.len():
        return True
    filled = filled.filter(filled.str.contains(r"\d")) if type_name != "bool" else filled
    if not filled.len():
        return False
    _, unread = type_columns(filled.to_frame("cell"), {"cell": type_name})
    wrong = unread["cell"][0].sum() if "cell" in unread else 0
    return wrong <= MOST_WRONG * filled.len()


def personal_kind(cells: pl.Series) -> str | None:
    """phone, email, address or name, where most cells look like one."""
    filled = cells.drop_nulls().unique()
    if not filled.len():
        return None
    for kind, looks in (
        ("phone", filled.str.contains(_PHONE)),
        ("email", filled.str.contains(_EMAIL)),
        (
            "address",
            (filled.str.len_chars() > 6) & filled.str.contains(_ADDRESS) & filled.str.contains(r"\p{Han}"),
        ),
        ("name", _names(filled)),
    ):
        if looks.sum() >= LIKE_A_PERSON * filled.len():
            return kind
    return None


def is_nested(cells: pl.Series) -> bool:
    """Whether the cells are JSON objects or lists, which no contract takes apart."""
    filled = cells.drop_nulls()
    return bool(filled.len()) and bool(filled.str.contains(r"^\s*[\[{].*[\]}]\s*$").all())


def uniqueness(cells: pl.Series) -> float:
    """Distinct cells as a share of the filled ones; 0 without any."""
    filled = cells.drop_nulls()
    return filled.n_unique() / filled.len() if filled.len() else 0.0


def stray_words(cells: pl.Series, type_name: str, most: int = 5) -> list[str]:
    """Words in a column of this type that are none of it, the most frequent first."""
    filled = cells.drop_nulls()
    if type_name in ("text", "json") or not filled.len():
        return []
    _, unread = type_columns(filled.to_frame("cell"), {"cell": type_name})
    if "cell" not in unread:
        return []
    counts = filled.filter(unread["cell"][0]).alias("cell").value_counts(sort=True)
    return [str(word) for word in counts["cell"].head(most)]


def _names(filled: pl.Series) -> pl.Series:
    """Two to four Chinese characters of which the first is a family name, and no place."""
    short = filled.str.contains(_NAME_LENGTH) & ~filled.str.contains(_PLACE)
    labelled = pl.select(pl.lit(_LABEL) + filled).to_series()
    return short & (mask_free_text(labelled) != labelled)
