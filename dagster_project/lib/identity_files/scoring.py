"""`luyue identity evaluate`: files of customers, links and records against a file of the truth.

The measures are in `identity/evaluation/`; here are the files.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.lib.errors import LuyueError
from dagster_project.lib.identity_files import reading
from dagster_project.lib.identity_files.reading import KEY

if TYPE_CHECKING:
    import polars as pl

_EDGE = ("left_record_id", "right_record_id", "probability")


def score_files(
    members: Path, truth: Path, *, records: Path | None = None, edges: Path | None = None
) -> dict[str, Any]:
    """The scores, the sizes of the clusters, slices of both, and how many records of the truth the assignment
    does not know (`truth_only`). With `records` also slices by touchpoint and number, the `ceiling` of recall
    and the recall of it; with `edges` their `calibration`.

    Records are told apart by source, channel, source_record_id and role, as far as both files have them.
    LuyueError where a column is missing, or the files share no record.
    """
    import polars as pl

    from identity.evaluation.ceiling import ceiling
    from identity.evaluation.scores import ON, scores, sizes
    from identity.evaluation.slices import slices

    found, known = _read(members, "customer_id"), _read(truth, "person_id")
    key = [name for name in ON if name in found.columns and name in known.columns]
    sure = known.drop_nulls("person_id").unique(key)
    both = found.unique(key).join(sure, on=key, nulls_equal=True)
    if both.is_empty():
        raise LuyueError(f"{truth}: shares no {' and '.join(key)} with {members}")
    measured = scores(both["customer_id"], both["person_id"]).as_dict()
    told: dict[str, Any] = {
        **measured,
        "truth_only": known.join(found, on=key, how="anti", nulls_equal=True).height,
    }
    told["sizes"] = sizes(both["customer_id"])
    rows = both.rename({"customer_id": "cluster", "person_id": "person"})
    if records is not None:
        shown = reading.read(records)
        on = key if "source" in key and shown["source"].n_unique() > 1 else [KEY]
        rows = rows.join(shown.unique(on), on=on, how="left", maintain_order="left")
        told["ceiling"] = ceiling(rows.select(reading.columns()[1:]), rows["person"])
        told["recall_of_ceiling"] = measured["pairwise_recall"] / told["ceiling"] if told["ceiling"] else None
    told["slices"] = slices(rows.select(pl.col("^(cluster|person|touchpoint|phone)$")))
    if edges is not None:
        told["calibration"] = _calibrated(edges, known)
    return told


def known_persons(truth: Path) -> pl.DataFrame:
    """source (where the file has it), source_record_id and person_id of the records whose person is known."""
    import polars as pl

    known = _read(truth, "person_id").drop_nulls("person_id")
    on = [name for name in ("source", KEY) if name in known.columns]
    return known.select(pl.col([*on, "person_id"])).unique(on)


def compare_public(say: Callable[[str], None]) -> dict[str, Any]:
    """The table of `identity.evaluation.febrl`: our linking of the public sets, other tools beside it.

    LuyueError where the package that carries the sets is not installed.
    """
    from identity.evaluation.febrl import compare_all

    try:
        return compare_all(say)
    except ValueError as error:
        raise LuyueError(f"identity evaluate --public: {error}") from error


def _calibrated(edges: Path, known: pl.DataFrame) -> dict[str, Any]:
    """Calibration of the links whose two records the truth knows."""
    import polars as pl

    from identity.evaluation.calibration import by_tier

    links = _table(edges, _EDGE, (*_EDGE, "tier", "accepted")).with_columns(
        pl.col("probability").cast(pl.Float64, strict=False)
    )
    person = known.drop_nulls("person_id").select(KEY, "person_id").unique()
    if person[KEY].is_duplicated().any():
        raise LuyueError(f"{edges}: links name records without their source, and ids come again in the truth")
    for side in ("left", "right"):
        links = links.join(
            person.rename({KEY: f"{side}_record_id", "person_id": side}), on=f"{side}_record_id"
        )
    if links.is_empty():
        raise LuyueError(f"{edges}: no link has both its records in the truth")
    return by_tier(links.with_columns(right=pl.col("left") == pl.col("right")))


def _read(path: Path, value: str) -> pl.DataFrame:
    from identity.evaluation.scores import ON

    return _table(path, (KEY, value), (*ON, value))


def _table(path: Path, needed: tuple[str, ...], wanted: tuple[str, ...]) -> pl.DataFrame:
    """The columns `wanted` that the file has, as text; LuyueError where one of the `needed` is missing."""
    import polars as pl

    from dagster_project.lib.address_files import reading as tables

    table = tables.open_table(path, needed[0])
    for column in needed:
        if column not in table.columns:
            raise LuyueError(f"{path}: has no column {column}; it has {', '.join(table.columns[:12])}")
    names = [name for name in wanted if name in table.columns]
    return pl.concat([chunk.select(pl.col(names).cast(pl.String)) for chunk in table.chunks])
