"""`luyue identity evaluate`: an assignment of records to customers against the truth. The measures are in
`identity/evaluate.py`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.lib.errors import LuyueError
from dagster_project.lib.identity_files.reading import KEY

if TYPE_CHECKING:
    import polars as pl


def score_files(members: Path, truth: Path) -> dict[str, Any]:
    """The scores, and how many records of the truth the assignment does not know (`truth_only`).

    LuyueError where a column is missing, or the files share no record.
    """
    from identity.evaluate import scores

    found, known = _read(members, "customer_id"), _read(truth, "person_id")
    key = ["source", KEY] if "source" in found.columns and "source" in known.columns else [KEY]
    both = found.unique(key).join(known.drop_nulls("person_id").unique(key), on=key)
    if both.is_empty():
        raise LuyueError(f"{truth}: shares no {' and '.join(key)} with {members}")
    missing = known.join(found, on=key, how="anti").height
    return {**scores(both["customer_id"], both["person_id"]).as_dict(), "truth_only": missing}


def _read(path: Path, value: str) -> pl.DataFrame:
    import polars as pl

    from dagster_project.lib.address_files import reading

    table = reading.open_table(path, KEY)
    for column in (KEY, value):
        if column not in table.columns:
            raise LuyueError(f"{path}: has no column {column}; it has {', '.join(table.columns[:12])}")
    names = [name for name in ("source", KEY, value) if name in table.columns]
    return pl.concat([chunk.select(pl.col(names).cast(pl.String)) for chunk in table.chunks])
