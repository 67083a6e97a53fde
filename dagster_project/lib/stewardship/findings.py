"""What a steward sees of findings, and does about them: list, filter, act on many at once, history.

Reads the published file and writes inbox/findings/; what a finding is, and how an action changes its state in
the next run, belongs to the marts. Correcting a value is deciding.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib import inbox
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.ingest.personal.typed import masked
from dagster_project.lib.stewardship import entries, published
from dagster_project.settings import Settings, account

if TYPE_CHECKING:
    import polars as pl

KIND = "findings"
ACTIONS = ("acknowledge", "assign", "accept_risk", "reopen")
NEEDS_REASON = ("accept_risk", "reopen")
OPEN = ("open", "acknowledged", "assigned")
"""States of a finding that somebody still has to do something about."""
FILTERS = ("finding_id", "rule_code", "entity", "owner", "dimension", "severity", "state")
_ORDER = "kpi_points desc nulls last, orders_touched desc nulls last, severity, due_at nulls last, finding_id"


def listed(
    published_file: Path, *, search: str | None = None, only_open: bool = False, **wanted: Sequence[str]
) -> pl.DataFrame:
    """The findings of a published file, the costliest first: all columns of rpt_quality_findings.

    `wanted`: columns of `FILTERS` and the values that they may have (`severity=["critical"]`); an empty list
    filters nothing. `search` looks in the key, the value and what was seen, whatever the case. Raises
    LuyueError that names a filter which is none.
    """
    import polars as pl

    unknown = sorted(set(wanted) - set(FILTERS))
    if unknown:
        raise LuyueError(f"{unknown[0]}: findings are filtered by {', '.join(FILTERS)}")
    if not is_there(published_file):
        raise LuyueError(f"{published_file.name}: no findings with an id in this version; run `luyue run`")
    found = published.query(published_file, f"select * from marts.rpt_quality_findings order by {_ORDER}")
    for name, values in wanted.items():
        if values:
            found = found.filter(pl.col(name).is_in(list(values)))
    if only_open:
        found = found.filter(pl.col("state").is_in(OPEN))
    if search and search.strip():
        texts = pl.concat_str(
            "record_key", "value", "detail_zh", "detail_en", separator="\n", ignore_nulls=True
        )
        found = found.filter(texts.str.to_lowercase().str.contains(search.strip().lower(), literal=True))
    return found


def is_there(published_file: Path) -> bool:
    """Whether a published file has findings in this form: one of a version before has not."""
    sql = "select column_name from information_schema.columns where table_name = 'rpt_quality_findings'"
    return {"finding_id", "kpi_points"} <= set(published.query(published_file, sql)["column_name"])


def counted(published_file: Path, by: str, **wanted: Sequence[str]) -> pl.DataFrame:
    """Open findings by a column of `FILTERS`, the costliest first: findings, critical, orders_touched (each
    order once a finding: an upper bound), kpi_points (a sum: findings that meet in an order count twice)."""
    import polars as pl

    if by not in FILTERS:
        raise LuyueError(f"{by}: findings are counted by {', '.join(FILTERS)}")
    found = listed(published_file, search=None, only_open=True, **wanted)
    return (
        found.group_by(by)
        .agg(
            pl.len().alias("findings"),
            (pl.col("severity") == "critical").sum().alias("critical"),
            pl.col("orders_touched").sum(),
            pl.col("kpi_points").sum(),
        )
        .sort("kpi_points", "findings", by, descending=[True, True, False], nulls_last=True)
    )


def act(
    settings: Settings,
    published_file: Path,
    finding_ids: Sequence[str],
    action: str,
    *,
    by: str | None = None,
    assignee: str | None = None,
    reason: str | None = None,
    now: datetime | None = None,
) -> int:
    """Notes one action on findings, all or none; how many. The next run shows their new state.

    `acknowledge` (seen), `assign` (needs `assignee`), `accept_risk` and `reopen` (need `reason`). Raises
    LuyueError that names a missing id, or what the action needs.
    """
    if action not in ACTIONS:
        raise LuyueError(f"{action}: no action on findings; choose {', '.join(ACTIONS)}")
    if action == "assign" and not (assignee and assignee.strip()):
        raise LuyueError("assign needs a name: to whom")
    if action in NEEDS_REASON and not (reason and reason.strip()):
        raise LuyueError(f"{action} needs a reason, which is kept with it")
    wanted = list(dict.fromkeys(finding_ids))
    known = set(listed(published_file, finding_id=wanted)["finding_id"]) if wanted else set()
    missing = [finding_id for finding_id in wanted if finding_id not in known]
    if missing:
        raise LuyueError(f"{missing[0]}: there is no such finding in the published data")
    entry = {
        "action": action,
        "assignee": assignee.strip() if assignee and action == "assign" else None,
        "reason": masked(" ".join(reason.split())) if reason else None,
        "by": by or account(),
    }
    if wanted:
        inbox.append_all(settings, KIND, [{"finding_id": finding_id, **entry} for finding_id in wanted], now)
    return len(wanted)


def history(settings: Settings, published_file: Path, finding_id: str) -> pl.DataFrame:
    """What became of a finding, oldest first: at, what, by, detail. Times of runs are those of their cut-off;
    what was done since the last run is there too. Raises LuyueError for an id that the file does not have."""
    import polars as pl

    found = listed(published_file, finding_id=[finding_id])
    if found.is_empty():
        raise LuyueError(f"{finding_id}: there is no such finding in the published data")
    finding = found.row(0, named=True)
    runs = [
        {"at": finding.get(column), "what": what, "by": None, "detail": None}
        for column, what in (
            ("first_seen_at", "found"),
            ("last_seen_at", "last_seen"),
            ("resolved_at", "resolved"),
        )
    ]
    schema = _history_schema()
    told = [
        pl.DataFrame(runs, schema=schema),
        _actions(settings, finding_id),
        _corrections(settings, finding),
    ]
    return (
        pl.concat([frame.select(*schema).cast(schema) for frame in told])
        .drop_nulls("at")
        .sort("at", maintain_order=True)
    )


def _history_schema() -> pl.Schema:
    import polars as pl

    return pl.Schema({"at": pl.Datetime("us"), "what": pl.String(), "by": pl.String(), "detail": pl.String()})


_ACTIONS = """
    select
        try_cast(json_extract_string(line, '$.at') as timestamp) as at,
        json_extract_string(line, '$.action') as what,
        json_extract_string(line, '$.by') as by,
        concat_ws(': ', json_extract_string(line, '$.assignee'), json_extract_string(line, '$.reason'))
            as detail
    from (select unnest(string_split(content, chr(10))) as line from read_text(?))
    where json_valid(line) and json_extract_string(line, '$.finding_id') = ?
"""


def _actions(settings: Settings, finding_id: str) -> pl.DataFrame:
    import duckdb
    import polars as pl

    folder = settings.inbox / KIND
    if not any(folder.glob("*.jsonl")):
        return pl.DataFrame(schema=_history_schema())
    with duckdb.connect() as connection:
        return connection.sql(_ACTIONS, params=[str(folder / "*.jsonl"), finding_id]).pl()


def _corrections(settings: Settings, finding: dict[str, object]) -> pl.DataFrame:
    """What was done about the value of a finding, or where it speaks of no one field, about its record."""
    import polars as pl

    told = entries.read(settings).frame.filter(
        pl.col("entity") == finding["entity"], pl.col("record_key") == finding["record_key"]
    )
    if finding.get("field") in told["field"]:
        told = told.filter(field=finding["field"])
    change = pl.format(
        "{}: {} → {} ({})",
        "field", pl.col("old_value").fill_null("-"), pl.col("new_value").fill_null("-"),
        pl.col("reason").fill_null("-"),
    )  # fmt: skip
    return told.select(
        "at", pl.concat_str(pl.lit("correction_"), "status").alias("what"), "by", change.alias("detail")
    )
