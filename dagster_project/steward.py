"""What a page may ask and do about master data: the only door of the dashboard to `lib/stewardship/`.

Asking reads the published file alone (`published`: the path that the page shows anyway) and gives Polars
frames; doing writes entries of the inbox, which the next `luyue run` reads. Nothing here knows Streamlit, and
nothing runs anything. Every error meant for the person is a `LuyueError` with one line. `by` is the name that
the entry is kept under: the signed-in user's.

    told = steward.suggestions(published, rule="district_spellings", min_confidence=0.9)
    done = steward.accept(settings, rule="district_spellings", min_confidence=0.9, by=user)
    done.taken.height, done.refused["why"]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.lib.errors import LuyueError
from dagster_project.lib.stewardship import accepting, deciding, exporting
from dagster_project.lib.stewardship import findings as of_findings
from dagster_project.lib.stewardship.deciding import Outcome
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

ACTIONS = of_findings.ACTIONS
__all__ = [
    "ACTIONS", "LuyueError", "Outcome", "accept", "act", "approve", "corrections", "corrections_csv",
    "history", "propose", "revoke", "suggestions",
]  # fmt: skip


def act(
    settings: Settings,
    published: Path,
    finding_ids: Sequence[str],
    action: str,
    *,
    by: str,
    assignee: str | None = None,
    reason: str | None = None,
) -> int:
    """`acknowledge`, `assign` (to `assignee`), `accept_risk` or `reopen` (both with `reason`) findings, all
    of the list or none; how many. The next run shows their new state."""
    return of_findings.act(settings, published, finding_ids, action, by=by, assignee=assignee, reason=reason)


def history(settings: Settings, published: Path, finding_id: str) -> pl.DataFrame:
    """What became of one finding, oldest first: at, what (found, last_seen, acknowledge, assign, …,
    correction_proposed, correction_approved, correction_revoked, resolved), by, detail."""
    return of_findings.history(settings, published, finding_id)


def suggestions(
    published: Path,
    *,
    rule: str | None = None,
    owner: str | None = None,
    finding_ids: Sequence[str] = (),
    min_confidence: float = 0.0,
) -> pl.DataFrame:
    """What the warehouse would put in place of what is wrong, for open findings of a kind that it can answer:
    finding_id, rule_code, severity, owner, entity, record_key, field, old_value, new_value, confidence (0–1),
    why_zh, why_en, orders_touched, kpi_points. Several rows a finding where several values have to change."""
    return accepting.suggested(
        published, rule=rule, owner=owner, finding_ids=finding_ids, min_confidence=min_confidence
    )


def accept(
    settings: Settings,
    *,
    by: str,
    rule: str | None = None,
    owner: str | None = None,
    finding_ids: Sequence[str] = (),
    min_confidence: float = 0.9,
    reason: str | None = None,
) -> Outcome:
    """Takes suggestions in bulk as corrections; `taken` and `refused` (with `why`) tell what became of each.

    Under four eyes they are proposed, and somebody else approves them.
    """
    return accepting.accept(
        settings,
        rule=rule,
        owner=owner,
        finding_ids=finding_ids,
        min_confidence=min_confidence,
        by=by,
        reason=reason,
    )


def propose(
    settings: Settings,
    proposals: Sequence[Mapping[str, Any]],
    *,
    by: str,
    reason: str,
    valid_from: datetime | None = None,
    approve_at_once: bool = True,
) -> Outcome:
    """Corrects values of master records, as one person's, for one reason: entity (sku, sku_alias, warehouse,
    store, resource, carrier, address), record_key (as in the finding), field, old_value (what the page
    showed), new_value. Null or an empty text is no value.

    Each is held against the rules, the present value and the other corrections (lib/stewardship/checking.py):
    `refused` says why in one line each. They are approved at once, unless asked otherwise or under four eyes.
    """
    frame = deciding.as_frame(proposals)
    return deciding.propose(
        settings, frame, reason=reason, by=by, valid_from=valid_from, approve=approve_at_once
    )


def approve(settings: Settings, correction_ids: Sequence[str], *, by: str) -> Outcome:
    """Approves proposed corrections that still pass; under four eyes not one's own."""
    return deciding.approve(settings, correction_ids, by=by)


def revoke(settings: Settings, correction_ids: Sequence[str], *, by: str, reason: str) -> pl.DataFrame:
    """Takes corrections back; the next run shows what the source says."""
    return deciding.revoke(settings, correction_ids, by=by, reason=reason)


def corrections(
    settings: Settings,
    *,
    states: Sequence[str] = (),
    entity: str | None = None,
    record_key: str | None = None,
) -> pl.DataFrame:
    """Corrections, the newest first, with `state`: proposed, awaiting_run, pending, applied, retired,
    overtaken, missing, revoked, replaced (explained in docs/stewardship.md)."""
    return exporting.listed(settings, states=states, entity=entity, record_key=record_key)


def corrections_csv(settings: Settings) -> bytes:
    """The corrections that the system of record should take over, as a CSV in which no cell runs as a
    formula."""
    return exporting.csv(settings)
