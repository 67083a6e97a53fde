"""Proposing, approving and revoking corrections: checked, then written to the inbox. The next run applies
them.

All functions check and write under one lock, so that two stewards cannot contradict each other.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib import due, inbox, lock, publish
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.ingest.personal.typed import masked
from dagster_project.lib.stewardship import entries
from dagster_project.lib.stewardship.entities import SAME_AS
from dagster_project.settings import Settings, account

if TYPE_CHECKING:
    import polars as pl

_LOCK_SECONDS = 30.0
_one_thread = threading.Lock()
"""The lock of the file is one process's, and a dashboard has many people in one."""


@dataclass(frozen=True)
class Outcome:
    """What became of a list of proposals: `taken` with correction_id and status, `refused` with `why`."""

    taken: pl.DataFrame
    refused: pl.DataFrame


def propose(
    settings: Settings,
    proposals: pl.DataFrame,
    *,
    reason: str,
    by: str | None = None,
    valid_from: datetime | None = None,
    approve: bool = True,
    all_or_none: bool = False,
    now: datetime | None = None,
) -> Outcome:
    """Takes the proposals (columns of checking.PROPOSED) that pass, as one person's corrections for one
    reason.

    They are approved at once, unless `approve` is false or the settings want four eyes: then they wait for
    `approve`. They count from the cut-off of the published file on, or from `valid_from`. With `all_or_none`
    a single refusal refuses the list. `by`: who it is, else the account. Raises LuyueError without a reason
    or a published file.
    """
    import polars as pl

    from dagster_project.lib.stewardship import checking

    why = _reason(reason)
    file = published(settings)
    who = by or account()
    with _deciding(settings) as standing:
        wanted = cleaned(proposals)
        told = checking.checked(file, wanted, standing)
        refused = told.drop_nulls("why")
        taken = told.filter(pl.col("why").is_null()).drop("why")
        if all_or_none and refused.height:
            taken = taken.head(0)
        is_approved = approve and not settings.four_eyes
        taken = taken.with_columns(
            pl.Series("correction_id", [f"c{secrets.token_hex(6)}" for _ in range(taken.height)], pl.String),
            valid_from=pl.lit(due.format_time(valid_from) if valid_from else _cut_off(settings)),
            reason=pl.lit(why),
            proposer=pl.lit(who),
            approver=pl.lit(who if is_approved else None, pl.String),
            status=pl.lit("approved" if is_approved else "proposed"),
        )
        if taken.height:
            inbox.append_all(settings, entries.KIND, _with_by(taken, who), now)
    return Outcome(taken, refused)


def approve(
    settings: Settings, ids: Sequence[str], *, by: str | None = None, now: datetime | None = None
) -> Outcome:
    """Approves what was proposed, if it still passes: the record may have changed since.

    Under four eyes nobody approves what they proposed. Raises LuyueError that names an id that is not
    proposed.
    """
    import polars as pl

    from dagster_project.lib.stewardship import checking

    file, who = published(settings), by or account()
    with _deciding(settings) as standing:
        wanted = _of_status(standing, ids, ("proposed",))
        own = wanted.filter(proposer=who)
        if settings.four_eyes and own.height:
            raise LuyueError(f"{own['correction_id'][0]}: proposed by {who}; somebody else has to approve it")
        others = standing.join(wanted, on="correction_id", how="anti")
        told = wanted.with_columns(checking.checked(file, wanted, others)["why"])
        refused = told.drop_nulls("why")
        taken = told.filter(pl.col("why").is_null()).drop("why")
        taken = taken.with_columns(status=pl.lit("approved"), approver=pl.lit(who))
        if taken.height:
            inbox.append_all(settings, entries.KIND, _with_by(taken, who), now)
    return Outcome(taken, refused)


def revoke(
    settings: Settings, ids: Sequence[str], *, reason: str, by: str | None = None, now: datetime | None = None
) -> pl.DataFrame:
    """Takes corrections back: the next run shows what the source says. The corrections as they now stand.

    Raises LuyueError without a reason, or with an id that is neither proposed nor approved.
    """
    import polars as pl

    why, who = _reason(reason), by or account()
    with _deciding(settings) as standing:
        wanted = _of_status(standing, ids, ("proposed", "approved", "replaced"))
        taken = wanted.with_columns(status=pl.lit("revoked"), reason=pl.lit(why))
        inbox.append_all(settings, entries.KIND, _with_by(taken, who), now)
    return taken


def published(settings: Settings) -> Path:
    """The published file in force. Raises LuyueError where there is none."""
    file = publish.current(settings)
    if file is None:
        raise LuyueError(f"{settings.serving}: nothing is published yet; run `luyue run` first")
    return file


def as_frame(proposals: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    """Proposals as a frame with the columns of checking.PROPOSED, all of them texts."""
    import polars as pl

    from dagster_project.lib.stewardship.checking import PROPOSED

    rows = [
        {name: None if row.get(name) is None else str(row[name]) for name in PROPOSED} for row in proposals
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(PROPOSED, pl.String))


@contextmanager
def _deciding(settings: Settings) -> Iterator[pl.DataFrame]:
    folder = settings.inbox / entries.KIND
    folder.mkdir(parents=True, exist_ok=True)
    with _one_thread, lock.hold(folder / ".lock", wait_seconds=_LOCK_SECONDS):
        yield entries.standing(entries.read(settings).frame)


def cleaned(proposals: pl.DataFrame) -> pl.DataFrame:
    """The proposals with blanks around values removed, nothing for an empty text, an entity under its own
    name."""
    import polars as pl

    from dagster_project.lib.stewardship.checking import PROPOSED

    texts = (pl.col(name).cast(pl.String).str.strip_chars().replace("", None) for name in PROPOSED)
    return proposals.select(texts).with_columns(pl.col("entity").replace(SAME_AS))


def _of_status(standing: pl.DataFrame, ids: Sequence[str], statuses: Sequence[str]) -> pl.DataFrame:
    import polars as pl

    wanted = standing.filter(pl.col("correction_id").is_in(list(ids)))
    missing = sorted(set(ids) - set(wanted["correction_id"]))
    if missing:
        raise LuyueError(f"{missing[0]}: there is no such correction; `luyue master list` names them")
    other = wanted.filter(~pl.col("status").is_in(statuses))
    if other.height:
        correction_id, status = other.select("correction_id", "status").row(0)
        raise LuyueError(f"{correction_id}: is {status}, not {' or '.join(statuses[:2])}")
    return wanted


def _with_by(rows: pl.DataFrame, who: str) -> list[dict[str, str | None]]:
    """The rows as entries of the inbox, times as texts."""
    import polars as pl

    at = pl.col("valid_from")
    text = at if rows.schema["valid_from"] == pl.String else at.dt.to_string("%Y-%m-%d %H:%M:%S")
    return rows.select(*entries.TEXTS, text, pl.lit(who).alias("by")).to_dicts()


def _cut_off(settings: Settings) -> str:
    state = due.read_state(settings)
    if state is None or state.as_of is None:
        raise LuyueError(
            f"{settings.data}: no run has a cut-off yet; run `luyue run`, or say from when it counts"
        )
    return state.as_of


def _reason(reason: str) -> str:
    told = " ".join(reason.split())
    if not told:
        raise LuyueError("a correction needs a reason, which is kept with it")
    return masked(told)
