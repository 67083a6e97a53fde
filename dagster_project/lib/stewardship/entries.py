"""The corrections as the inbox tells them: every entry, what each now stands at, and the file that dbt reads.

An entry of inbox/corrections/ is a whole correction at one of its states; the last one of an id counts. Which
entries may be written belongs in checking.py; a line that somebody spoilt by hand is left out and named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dagster_project.lib.stewardship.entities import ENTITIES
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

KIND = "corrections"
FILE = "_corrections.parquet"
STATUSES = ("proposed", "approved", "revoked")
TEXTS = (
    "correction_id", "entity", "record_key", "field", "old_value", "new_value", "reason", "proposer",
    "approver", "status",
)  # fmt: skip
_NEEDED = ("correction_id", "entity", "record_key", "field", "status", "valid_from", "at")
_LINES = """
    with lines as (
        select
            parse_filename(filename) as file,
            unnest(string_split(content, chr(10))) as line,
            generate_subscripts(string_split(content, chr(10)), 1) as line_no
        from read_text(?)
    ),

    entries as (
        select
            file,
            line_no,
            case when json_valid(line) then line end as entry
        from lines
        where trim(line) <> ''
    )

    select
        file,
        line_no,
        {texts},
        try_cast(json_extract_string(entry, '$.valid_from') as timestamp) as valid_from,
        try_cast(json_extract_string(entry, '$.at') as timestamp) as at,
        json_extract_string(entry, '$.by') as by
    from entries
    order by file, line_no
"""


@dataclass(frozen=True)
class Entries:
    """All entries in order, and one line for each that was left out."""

    frame: pl.DataFrame
    """file, line_no, the columns of `TEXTS`, valid_from, at (when it was written), by (which account)."""
    notices: tuple[str, ...]


def read(settings: Settings) -> Entries:
    """All entries of the inbox; those without an id, a known entity and field, a status and times are left
    out."""
    import duckdb
    import polars as pl

    texts = ", ".join(f"json_extract_string(entry, '$.{name}') as {name}" for name in TEXTS)
    folder = settings.inbox / KIND
    if any(folder.glob("*.jsonl")):
        with duckdb.connect() as connection:
            told = connection.sql(_LINES.format(texts=texts), params=[str(folder / "*.jsonl")]).pl()
    else:
        told = pl.DataFrame(
            schema=dict.fromkeys(("file", "line_no", *TEXTS, "valid_from", "at", "by"), pl.String)
        )
        told = told.cast({"line_no": pl.Int64, "valid_from": pl.Datetime("us"), "at": pl.Datetime("us")})
    fields = [f"{entity.name}/{field}" for entity in ENTITIES.values() for field in entity.fields]
    is_known = pl.concat_str("entity", pl.lit("/"), "field").is_in(fields)
    is_whole = pl.all_horizontal(*(pl.col(name).is_not_null() for name in _NEEDED))
    is_good = (is_whole & is_known & pl.col("status").is_in(STATUSES)).fill_null(False)
    bad = told.filter(~is_good).select(
        pl.format("inbox/{}/{}, line {}: no correction; left out", pl.lit(KIND), "file", "line_no")
    )
    return Entries(told.filter(is_good), tuple(bad.to_series().to_list()))


def standing(entries: pl.DataFrame) -> pl.DataFrame:
    """One row per correction, as it now stands: the columns of `TEXTS`, valid_from, proposed_at, decided_at.

    Of two approved ones that change the same value of the same field, the later one counts; the other is
    `replaced`.
    """
    import polars as pl

    first = entries.group_by("correction_id").agg(pl.col("at").first().alias("proposed_at"))
    last = entries.unique("correction_id", keep="last", maintain_order=True)
    joined = last.join(first, on="correction_id", how="left").with_columns(
        pl.when(pl.col("status") != "proposed").then("at").alias("decided_at")
    )
    same = ["entity", "record_key", "field", "old_value", "status"]
    is_later = pl.struct(same).is_last_distinct()
    return joined.with_columns(
        pl.when((pl.col("status") == "approved") & ~is_later)
        .then(pl.lit("replaced"))
        .otherwise("status")
        .alias("status")
    ).select(*TEXTS, "valid_from", "proposed_at", "decided_at")


def refresh(settings: Settings) -> tuple[str, ...]:
    """Writes what stands for dbt to read, lake/_corrections.parquet; one line for each entry left out."""
    import polars as pl

    from dagster_project.lib.ingest.personal.free_text import mask_free_text

    told = read(settings)
    rows = standing(told.frame)
    parts = pl.col("record_key").str.splitn("/", 3).struct
    is_split = pl.col("entity") == "sku_alias"
    keys = [
        pl.when(is_split).then(parts.field(f"field_{at}").replace("", None)).alias(f"key_{at + 1}")
        for at in range(3)
    ]
    path = settings.lake / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    rows.with_columns(*keys, reason=mask_free_text(rows["reason"])).write_parquet(temporary)
    temporary.replace(path)
    return told.notices
