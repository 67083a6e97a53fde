"""What stewards answered of review cases, read from inbox/: labelled pairs, and those nobody could tell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dagster_project.lib.errors import LuyueError
from dagster_project.lib.identity_files import deciding
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

UNSURE_KIND = "identity_reviews"
"""Kind of the inbox entries of answers that decide nothing."""
_TIME = "%Y-%m-%d %H:%M:%S"


def labels(settings: Settings) -> pl.DataFrame:
    """The answered pairs whose answer stands, and what each was when asked: `review_labels.LABEL_SCHEMA`.

    Both records, rule and probability are there: what a calibration needs.
    """
    import polars as pl

    from identity.review_labels import LABEL_SCHEMA, in_force

    rows = [
        {**entry, **entry["case"], "is_same": entry["kind"] == "must_link"}
        | {"kind": entry["case"]["kind"], "event_id": entry["event_id"]}
        for entry in _entries(settings, deciding.KIND)
        if "case" in entry
    ]
    schema = {**LABEL_SCHEMA, "event_id": pl.String}
    told = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
    return in_force(told, deciding.decisions(settings))


def unsure(settings: Settings, since: datetime) -> pl.DataFrame:
    """The pairs that nobody could tell since then, columns of `overrides.SCHEMA`."""
    import polars as pl

    from identity.overrides import SCHEMA

    rows = [
        entry for entry in _entries(settings, UNSURE_KIND) if datetime.strptime(entry["at"], _TIME) >= since
    ]
    return pl.DataFrame([{name: row.get(name) for name in SCHEMA} for row in rows], schema=SCHEMA)


def _entries(settings: Settings, kind: str) -> Iterator[dict[str, Any]]:
    for path in sorted((settings.inbox / kind).glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                entry = json.loads(line)
                assert isinstance(entry, dict)
            except (ValueError, AssertionError) as error:
                raise LuyueError(f"{path}, line {number}: no entry; take the line out") from error
            yield entry
