"""Looks for personal values that a demo world knows in everything that Luyue leaves outside the vault.

Known values are of two kinds of origin: phones as they stand in the exports' own text, so that a phone in a
remark counts as well, and what the vault holds. How values are masked is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import polars as pl

from identity import vault

PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
PHONE_IN_POLARS = r"(?-u:\b)1[3-9][0-9]{9}(?-u:\b)"
"""Polars' engine has no look-around; a boundary of ASCII words also stands beside a Chinese character."""
TEXT_SUFFIXES = frozenset({".csv", ".json", ".jsonl", ".txt", ".tsv"})
STORES = ("lake", "addresses", "identity")
LOGS = ("runs", "reports", "dagster", "dbt")


def personal_values(data: Path) -> dict[str, frozenset[str]]:
    """Kind of value to the values that may stand nowhere outside landing and vault.

    Names of one or two characters are left out (they occur inside words), and addresses that name no number.
    """
    key = vault.load_or_create_key(data / "keys" / "vault.key")
    files = sorted(p for p in (data / "vault").glob("[!_]*/*.parquet"))
    held = vault.read(files, key, kinds=["phone", "name", "email", "account", "address"])
    held = held.select("kind", "value").drop_nulls()
    by_kind: dict[str, set[str]] = {}
    for kind, values in held.group_by("kind").agg(pl.col("value").unique()).iter_rows():
        by_kind[kind] = set(values)
    details = {value.rsplit(vault.SEPARATOR, 1)[-1] for value in by_kind.get("address", set())}
    return {
        "phone": frozenset(_phones_in_exports(data / "landing") | _phones(by_kind.get("phone", set()))),
        "name": frozenset(v for v in by_kind.get("name", set()) if len(v) >= 3 and "*" not in v),
        "email": frozenset(v for v in by_kind.get("email", set()) if "*" not in v),
        "account": frozenset(v for v in by_kind.get("account", set()) if len(v) >= 6 and "*" not in v),
        "address": frozenset(v for v in details if len(v) >= 8 and "*" not in v and re.search(r"\d", v)),
    }


def leaks(data: Path, known: Mapping[str, frozenset[str]], printed: str = "") -> list[str]:
    """One line for each place and kind of a known value in stores, published file, logs or `printed`."""
    texts = pl.concat(
        [pl.select(place=pl.lit(place), text=series) for place, series in _places(data, printed)]
    )
    phones = texts.with_columns(pl.col("text").str.extract_all(PHONE_IN_POLARS)).explode("text")
    hits = {"phone": phones.filter(pl.col("text").is_in(list(known["phone"])))}
    for kind in ("name", "email", "account", "address"):
        if known[kind]:
            hits[kind] = texts.filter(pl.col("text").str.contains_any(sorted(known[kind])))
    return [
        f"{place}: {kind} in {count} texts"
        for kind, rows in hits.items()
        for place, count in rows.group_by("place").len().sort("place").iter_rows()
    ]


def _phones_in_exports(landing: Path) -> set[str]:
    found: set[str] = set()
    for path in landing.rglob("*"):
        if path.suffix in TEXT_SUFFIXES:
            found.update(PHONE.findall(_decoded(path.read_bytes())))
    return found


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def _phones(values: set[str]) -> set[str]:
    return {match for value in values for match in PHONE.findall(value)}


def _places(data: Path, printed: str) -> Iterator[tuple[str, pl.Series]]:
    """(place, distinct texts) of every text column of stores and published file, and of each log."""
    for store in STORES:
        folders = {path.parent for path in (data / store).rglob("*.parquet")}
        for folder in sorted(folders):
            rows = duckdb.read_parquet(f"{folder}/*.parquet", union_by_name=True, hive_partitioning=False)
            yield from _columns(folder.relative_to(data).as_posix(), rows.pl())
    published = data / "serving" / (data / "serving" / "CURRENT").read_text("utf-8").strip()
    with duckdb.connect(str(published), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts' order by all"
        ).fetchall()
        for (table,) in tables:
            yield from _columns(f"marts.{table}", connection.sql(f'select * from marts."{table}"').pl())
    for folder in LOGS:
        for path in sorted((data / folder).rglob("*")):
            if path.is_file():
                lines = path.read_bytes().decode("utf-8", errors="replace").splitlines()
                yield path.relative_to(data).as_posix(), pl.Series(lines, dtype=pl.String)
    yield "printed", pl.Series(printed.splitlines(), dtype=pl.String)


def _columns(place: str, frame: pl.DataFrame) -> Iterator[tuple[str, pl.Series]]:
    for name, dtype in frame.schema.items():
        if dtype == pl.String:
            yield f"{place}.{name}", frame[name].drop_nulls().unique()
        elif dtype == pl.List(pl.String):
            yield f"{place}.{name}", frame[name].explode().drop_nulls().unique()
