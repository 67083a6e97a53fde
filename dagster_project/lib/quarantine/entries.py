"""The refused rows and files of a data folder, each with an id and how it stands now.

`open`: as it was; `replayable`: its contract has changed since, and a contract can mend some of its refusals;
`superseded`: a file of the same name came later and was accepted. Values are masked throughout.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

import polars as pl

from dagster_project.lib.ingest.contracts.contract import load_contract
from dagster_project.lib.ingest.contracts.fingerprints import fingerprint
from dagster_project.lib.ingest.contracts.folders import source_folders
from dagster_project.lib.ingest.errors import ContractError
from dagster_project.lib.ingest.quarantine import list_quarantine
from dagster_project.lib.ingest.store import read_entries, read_ledger
from dagster_project.settings import Settings

STATUSES = ("open", "replayable", "superseded")
ONLY_THE_FILE = frozenset(
    {"empty_file", "unreadable", "damaged_ids", "cut_line", "cell_count", "bad_json", "cell_too_large"}
)
"""Reasons that no contract mends: the file has to be exported again."""
BY = {"source": ["source"], "file": ["source", "source_file"], "reason": ["source", "reason_code"]}


def entries(
    settings: Settings,
    *,
    source: str | None = None,
    file: str | None = None,
    reason: str | None = None,
    only_open: bool = False,
) -> pl.DataFrame:
    """Refused rows and whole files: id (`<batch id>:<line>`, a whole file's without line), the quarantine's
    columns, exported_at, status. `file` is a path below landing/, a file name or a batch id."""
    told = list_quarantine(settings, source)
    if file is not None:
        told = told.filter(matches(told, file))
    if reason is not None:
        told = told.filter(pl.col("reason_code") == reason)
    place = pl.format("{}:{}", "batch_id", "source_line")
    told = told.with_columns(
        pl.when(pl.col("source_line").is_null()).then("batch_id").otherwise(place).alias("id")
    )
    told = told.join(standing(settings), on="batch_id", how="inner", maintain_order="left")
    if only_open:
        told = told.filter(pl.col("status") != "superseded")
    return told.select("id", pl.exclude("id"))


def matches(frame: pl.DataFrame, file: str) -> pl.Series:
    """Which rows are of this file: a path below landing/, a file name, or a batch id."""
    name = PurePosixPath(file)
    path = pl.col("source_file")
    same = (path == file) | path.str.ends_with(f"/{file}") | (pl.col("batch_id") == file)
    absolute = path.map_elements(lambda told: str(name).endswith(f"/{told}"), return_dtype=pl.Boolean)
    return frame.select(same | absolute if name.is_absolute() and frame.height else same).to_series()


def standing(settings: Settings) -> pl.DataFrame:
    """batch_id, exported_at and status of every batch with refusals."""
    ledger, told = read_ledger(settings.lake), list_quarantine(settings)
    mendable = told.filter(~pl.col("reason_code").is_in(list(ONLY_THE_FILE)))["batch_id"].unique()
    accepted = ledger.filter(state="accepted")
    later = accepted.group_by("source_file").agg(pl.col("arrival_seq").max().alias("last_seq"))
    refused = ledger.filter((pl.col("rows_refused") > 0) | (pl.col("state") == "refused"))
    refused = refused.join(later, on="source_file", how="left")
    now = pl.Series(_fingerprints(settings, refused["source"]), dtype=pl.String)
    return refused.with_columns(now.alias("now")).select(
        "batch_id",
        "exported_at",
        pl.when(pl.col("last_seq") > pl.col("arrival_seq"))
        .then(pl.lit("superseded"))
        .when(
            pl.col("now").is_not_null()
            & pl.col("now").ne_missing(pl.col("contract_fingerprint"))
            & pl.col("batch_id").is_in(mendable.to_list())
        )
        .then(pl.lit("replayable"))
        .otherwise(pl.lit("open"))
        .alias("status"),
    )


def counted(told: pl.DataFrame, by: str) -> pl.DataFrame:
    """How many rows and whole files were refused, by `source`, `file` or `reason`."""
    is_file = pl.col("source_line").is_null()
    return (
        told.group_by(BY[by], maintain_order=True)
        .agg(
            (~is_file).sum().alias("rows"),
            is_file.sum().alias("files"),
            pl.col("reason_code").unique(maintain_order=True).alias("reasons"),
            pl.col("status").unique(maintain_order=True).alias("statuses"),
        )
        .sort("rows", "files", descending=True, maintain_order=True)
    )


def replayable_files(settings: Settings) -> int:
    """How many files with refusals could be replayed: their contract has changed since."""
    refused = [path.stem for path in (settings.lake / "_quarantine").glob("[!._]*.parquet")]
    entries = read_entries(settings.lake, refused)
    now = _fingerprints(settings, pl.Series([entry["source"] for entry in entries], dtype=pl.String))
    pairs = zip(entries, now, strict=True)
    if not any(changed not in (None, entry["contract_fingerprint"]) for entry, changed in pairs):
        return 0
    return standing(settings).filter(status="replayable").height


def _fingerprints(settings: Settings, sources: pl.Series) -> list[str | None]:
    """The fingerprint of each source's contract now; null where it has none that can be used."""
    folders = source_folders(settings.channels)
    known: dict[str, str | None] = {}
    for source in sources.unique().to_list():
        try:
            known[source] = fingerprint(load_contract(folders[source])) if source in folders else None
        except ContractError:
            known[source] = None
    return [known[source] for source in sources]


def lines(told: pl.DataFrame, limit: int) -> list[str]:
    """One line a refusal, at most `limit`, and how many there are in all."""
    shown = [
        f"{row['source_file']}{_line(row['source_line'])} {row['reason_code']}: {row['reason']}"
        f"{_value(row['value_mask'])}{_mark(row['status'])}"
        for row in told.head(limit).iter_rows(named=True)
    ]
    more = f", {told.height - limit} more with --limit or --json" if told.height > limit else ""
    waiting = told.filter(status="replayable")["batch_id"].n_unique()
    files = f"{waiting} file{'s' * (waiting != 1)}"
    hint = [f"{files} can be replayed: luyue quarantine replay"] if waiting else []
    return [*shown, f"{told.height} refused{more}", *hint]


def counted_lines(counts: pl.DataFrame, by: Sequence[str]) -> list[str]:
    """One line a group, with its reasons where it is not one of them."""
    return [
        f"{row['rows']:>8,} rows {row['files']:>4,} files  {' '.join(row[name] for name in by)}"
        f"{'' if 'reason_code' in by else '  ' + ', '.join(row['reasons'])}"
        for row in counts.iter_rows(named=True)
    ] or ["0 refused"]


def _line(number: int | None) -> str:
    return "" if number is None else f":{number}"


def _value(mask: str | None) -> str:
    return f" [{mask}]" if mask else ""


def _mark(status: str) -> str:
    return "" if status == "open" else f" ({status})"
