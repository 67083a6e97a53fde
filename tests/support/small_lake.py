"""Writes a small lake (Parquet files as ingestion would leave them) from rows that a test spells out.

Only the shape of the stores is known here: feeds.yml and docs/architecture.md. No business rule, no dbt.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import yaml

FEEDS_FILE = Path(__file__).resolve().parents[2] / "dagster_project" / "lib" / "feeds.yml"
DEFAULT_EXPORT = datetime(2026, 1, 31)
_TYPES: dict[str, pl.DataType] = {
    "text": pl.String(),
    "json": pl.String(),
    "qty": pl.Decimal(18, 3),
    "money": pl.Decimal(18, 2),
    "ts": pl.Datetime("us"),
    "date": pl.Date(),
    "int": pl.Int64(),
    "float": pl.Float64(),
    "bool": pl.Boolean(),
}
_ROW_COLUMNS: dict[str, pl.DataType] = {
    "source": pl.String(),
    "batch_id": pl.String(),
    "source_file": pl.String(),
    "source_line": pl.Int64(),
    "exported_at": pl.Datetime("us"),
    "extras": pl.String(),
}
_BATCHES: dict[str, pl.DataType] = {
    **{c: pl.String() for c in ("batch_id", "source", "feed", "channel", "source_file", "content_sha256")},
    "exported_at": pl.Datetime("us"),
    "arrival_seq": pl.Int64(),
    **{c: pl.String() for c in ("grain", "carried_columns", "state", "reason_code", "reason")},
    **{c: pl.Int64() for c in ("rows_read", "rows_accepted", "rows_refused", "rows_totals")},
    "is_complete": pl.Boolean(),
    "window_column": pl.String(),
    "window_from": pl.Datetime("us"),
    "window_to": pl.Datetime("us"),
    "contract_version": pl.String(),
    "notices": pl.List(pl.String()),
}
_QUARANTINE: dict[str, pl.DataType] = {
    "batch_id": pl.String(),
    "source": pl.String(),
    "source_file": pl.String(),
    "source_line": pl.Int64(),
    **{c: pl.String() for c in ("column_name", "reason_code", "reason", "value_mask")},
}
_ADDRESSES: dict[str, pl.DataType] = {
    **{c: pl.String() for c in ("address_token", "adcode", "province", "city", "district", "town_code")},
    **{c: pl.String() for c in ("town", "address_key_token", "visible_to", "match_method")},
    "confidence": pl.Float64(),
    "candidates": pl.List(pl.String()),
    "has_conflict": pl.Boolean(),
    **{c: pl.String() for c in ("province_written", "city_written", "district_written")},
    "reference_as_of": pl.Date(),
}
_PLACES: dict[str, pl.DataType] = {
    **{c: pl.String() for c in ("feed", "place_code", "province", "city", "district", "address", "adcode")},
    **{c: pl.Float64() for c in ("latitude", "longitude")},
    **{c: pl.String() for c in ("found_adcode", "found_province", "match_method", "coordinate_finding")},
    "distance_km": pl.Float64(),
    "nearest_adcode": pl.String(),
    **{c: pl.Float64() for c in ("suggested_latitude", "suggested_longitude")},
    "datum": pl.String(),
    **{c: pl.Float64() for c in ("wgs84_latitude", "wgs84_longitude")},
}
_DIVISIONS: dict[str, pl.DataType] = {
    "adcode": pl.String(),
    **{c: pl.Float64() for c in ("latitude", "longitude")},
}
_CORRECTIONS: dict[str, pl.DataType] = {
    **{c: pl.String() for c in ("correction_id", "entity", "record_key", "key_1", "key_2", "key_3", "field")},
    **{c: pl.String() for c in ("old_value", "new_value", "reason", "proposer", "approver", "status")},
    **{c: pl.Datetime("us") for c in ("valid_from", "proposed_at", "decided_at")},
}
_MEMBERS: dict[str, pl.DataType] = {
    **{c: pl.String() for c in ("source", "channel", "source_record_id", "role", "record_kind")},
    **{c: pl.String() for c in ("touchpoint", "customer_id")},
    "occurred_at": pl.Datetime("us"),
    "exported_at": pl.Datetime("us"),
}
_GOLDEN: dict[str, pl.DataType] = {
    **{c: pl.String() for c in ("customer_id", "field", "token", "mask", "adcode")},
    "completeness": pl.Int8(),
    **{c: pl.String() for c in ("source", "channel", "source_record_id", "role", "touchpoint")},
    "stated_at": pl.Datetime("us"),
    "trust": pl.Int8(),
    "chosen_by": pl.String(),
    **{c: pl.UInt32() for c in ("records_agreeing", "records_differing", "values_seen")},
}
_IDENTITY_QUALITY: dict[str, pl.DataType] = {
    "version": pl.Int64(),
    "measured_at": pl.Datetime("us"),
    **{c: pl.String() for c in ("kpi", "band")},
    **{c: pl.Float64() for c in ("numerator", "denominator", "value")},
    "sample": pl.Int64(),
}


def lake_schema(feed: str) -> dict[str, pl.DataType]:
    """The physical columns of lake/<feed> and their types, in order."""
    schema: dict[str, pl.DataType] = {}
    for name, said in yaml.safe_load(FEEDS_FILE.read_text("utf-8"))[feed]["columns"].items():
        facts = said if isinstance(said, dict) else {"type": said}
        if facts.get("pii"):
            schema |= {f"{name}_token": pl.String(), f"{name}_mask": pl.String()}
            continue
        schema[name] = _TYPES[facts["type"]]
        if facts.get("free_text"):
            schema[f"{name}_token"] = pl.String()
    return schema | _ROW_COLUMNS


def write_lake(
    folder: Path,
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    grains: Mapping[str, str] | None = None,
    whole: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    arrive_by_label: bool = False,
) -> dict[str, str]:
    """Writes lake/, addresses/ and identity/ under `folder`; gives the environment that dbt needs for them.

    `rows` maps a feed, or `corrections`, `addresses`, `places`, `divisions`, `members`, `golden` or
    `identity_quality`, to its rows in file order. A row of a feed may say its `source` (default
    luyue_<feed>), `exported_at` (default DEFAULT_EXPORT) and `batch` (a label): rows that agree in these are
    one batch. Batches arrive in the order of their first rows, feed by feed. A batch carries the columns that
    its rows name. `grains` gives the ledger's grain of a source, `whole` what it says of each of the source's
    files being complete (is_complete, or the columns of its window). With `arrive_by_label` batches arrive in
    the order of their labels, which are then numbers.
    """
    lake = folder / "lake"
    ledger: list[dict[str, Any]] = []
    for feed in yaml.safe_load(FEEDS_FILE.read_text("utf-8")):
        _write(lake / feed / "_schema.parquet", [], lake_schema(feed))
        for (source, exported_at, label), batch in _batches_of(feed, rows.get(feed, [])).items():
            fact = _ledger_row(feed, source, exported_at, label, batch)
            fact |= {"grain": (grains or {}).get(source), **(whole or {}).get(source, {})}
            arrival = int(label) if arrive_by_label else len(ledger) + 1
            ledger.append(fact | {"arrival_seq": arrival})
            common = {k: fact[k] for k in ("source", "batch_id", "source_file", "exported_at")}
            lines = [{"source_line": n, **row, **common} for n, row in enumerate(batch, start=2)]
            target = lake / feed / f"source={source}" / f"batch={fact['batch_id']}.parquet"
            _write(target, lines, lake_schema(feed))
    _write(lake / "_batches" / "all.parquet", ledger, _BATCHES)
    _write(lake / "_quarantine" / "none.parquet", [], _QUARANTINE)
    _write(folder / "addresses" / "all.parquet", rows.get("addresses", []), _ADDRESSES)
    if "corrections" in rows:
        _write(lake / "_corrections.parquet", rows["corrections"], _CORRECTIONS)
    if "places" in rows:
        _write(folder / "addresses" / "places" / "all.parquet", rows["places"], _PLACES)
    if "divisions" in rows:
        _write(folder / "addresses" / "divisions" / "all.parquet", rows["divisions"], _DIVISIONS)
    _write(folder / "identity" / "members-1.parquet", rows.get("members", []), _MEMBERS)
    for name, schema in (("golden", _GOLDEN), ("identity_quality", _IDENTITY_QUALITY)):
        if name in rows:
            _write(folder / "identity" / f"{name}-1.parquet", rows[name], schema)
    return {
        "LUYUE_LAKE": str(lake),
        "LUYUE_ADDRESSES": str(folder / "addresses"),
        "LUYUE_IDENTITY_MEMBERS": str(folder / "identity" / "members-1.parquet"),
        "LUYUE_IDENTITY_GOLDEN": str(folder / "identity" / "golden-1.parquet"),
        "LUYUE_IDENTITY_QUALITY": str(folder / "identity" / "identity_quality-1.parquet"),
    }


def _batches_of(feed: str, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, datetime, str], list[Any]]:
    batches: dict[tuple[str, datetime, str], list[Any]] = {}
    for row in rows:
        source = row.get("source") or f"luyue_{feed}"
        key = (source, row.get("exported_at") or DEFAULT_EXPORT, row.get("batch", "1"))
        kept = {k: v for k, v in row.items() if k not in ("source", "exported_at", "batch")}
        batches.setdefault(key, []).append(kept)
    return batches


def _ledger_row(
    feed: str, source: str, exported_at: datetime, label: str, rows: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    digest = hashlib.sha256(f"{source}\0{exported_at}\0{label}".encode()).hexdigest()
    carried = dict.fromkeys(k.removesuffix("_token").removesuffix("_mask") for row in rows for k in row)
    return {
        "batch_id": digest[:16],
        "source": source,
        "feed": feed,
        "source_file": f"{source}/{label}_{exported_at:%Y%m%d%H%M%S}.csv",
        "content_sha256": digest,
        "exported_at": exported_at,
        "carried_columns": f",{','.join(carried)},",
        "state": "accepted",
        "rows_read": len(rows),
        "rows_accepted": len(rows),
        "rows_refused": 0,
        "rows_totals": 0,
        "is_complete": False,
    }


def _write(path: Path, rows: Sequence[Mapping[str, Any]], schema: dict[str, pl.DataType]) -> None:
    unknown = {name for row in rows for name in row} - set(schema)
    if unknown:
        raise KeyError(f"{path.parent}: no such columns {sorted(unknown)}; the feed has {sorted(schema)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = {name: [row.get(name) for row in rows] for name in schema}
    pl.DataFrame(columns, schema=schema, strict=False).write_parquet(path)
