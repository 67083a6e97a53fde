"""`luyue rules approve`, `show` and `list`: who changed which rule, when, why and from which day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from dagster_project.lib import inbox, publish
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.rules import changes, checking, effect, kinds, overlay, references
from dagster_project.lib.rules.changes import Change
from dagster_project.lib.rules.kinds import VALIDITY, Kind
from dagster_project.settings import Settings

ROLE = "order_experience_officer"
"""Who approves rules where no other role is named."""


def proposed(
    settings: Settings, path: Path, kind_name: str | None, valid_from: date, *, known: checking.References
) -> tuple[Change, str]:
    """The change that a file would be from a day on, and what it changes on that day.

    Raises LuyueError where the file has a fault, would leave one from that day on, or changes nothing.
    """
    checked = checking.check_file(path, known, kind_name)
    checking.refuse([checked])
    kind, content = checked.kind, checking.content_of(path).decode("utf-8-sig")
    change = Change("proposed", kind.name, str(valid_from), "", "", "", "", content)
    live = [one for one in changes.in_force(settings) if one.kind == kind.name]
    before = effect.effective(overlay.present_rows(settings, kind), live)
    after = effect.applied(before, change)
    faults = checking.check_content(effect.text_of(after, kind).encode(), str(path), kind, known).faults
    if faults:
        raise LuyueError(
            f"{path}: from {valid_from} on, {kind.name} would have a fault: {faults[0].what}; "
            "let the file's rules hold from that day on, or approve it from a later one"
        )
    if effect.is_same(before, after, kind):
        raise LuyueError(f"{path}: from {valid_from} on, these are the rules in force; nothing to approve")
    return change, effect.detail(before, after, str(valid_from), kind)


def approve(
    settings: Settings,
    path: Path,
    *,
    valid_from: date,
    reason: str,
    kind: str | None = None,
    by: str | None = None,
    role: str = ROLE,
) -> dict[str, Any]:
    """Keeps the approval of a rule file; the next run takes it. What was kept, and what it changes.

    Raises LuyueError as `proposed` does, and where no reason is given.
    """
    if not reason.strip():
        raise LuyueError("--reason is empty: say why the rule changes; it is kept with the approval")
    known = references.all_references(settings)
    change, detail = proposed(settings, path, kind, valid_from, known=known)
    entry = {
        "action": changes.APPROVE,
        "kind": change.kind,
        "valid_from": change.valid_from,
        "reason": reason.strip(),
        "approver": by,
        "role": role,
        "content": change.content,
        "content_sha256": changes.digest(change.content),
    }
    change_id = inbox.append(settings, changes.INBOX, entry)
    told = {"change_id": change_id, "kind": change.kind, "valid_from": change.valid_from, "changes": detail}
    return told | {"next": "the next `luyue run` takes it"}


def revoke(settings: Settings, change_id: str, *, reason: str, by: str | None = None) -> dict[str, Any]:
    """Takes an approval back from its first day on, by an entry of its own.

    Raises LuyueError where no such change is in force, no reason is given, or what remains has a fault.
    """
    if not reason.strip():
        raise LuyueError("--reason is empty: say why the change is taken back; it is kept")
    live = changes.in_force(settings)
    found = next((one for one in live if one.change_id == change_id), None)
    if found is None:
        raise LuyueError(f"{change_id}: no change in force has this id; luyue rules list")
    kind = kinds.kind(found.kind)
    rest = [one for one in live if one.kind == kind.name and one is not found]
    text = effect.text_of(effect.effective(overlay.present_rows(settings, kind), rest), kind)
    known = references.all_references(settings)
    checking.refuse([checking.check_content(text.encode(), f"{kind.name} without it", kind, known)])
    entry = {"action": changes.REVOKE, "revokes": change_id, "reason": reason.strip(), "approver": by}
    inbox.append(settings, changes.INBOX, entry)
    told = {"revoked": change_id, "kind": kind.name, "valid_from": found.valid_from}
    return told | {"next": "the next `luyue run` publishes without it"}


def listed(settings: Settings, day: date) -> list[dict[str, Any]]:
    """Each kind with its rows of a day and its changes; each change with its state.

    States: `in_force`, `planned` (its day is still to come), `waiting` (not published yet), `revoked`.
    """
    told, published = changes.approved(settings), _published(settings)
    return [
        {
            "kind": kind.name,
            "title_zh": kind.title_zh,
            "title_en": kind.title_en,
            "rows": _rows_on(settings, kind, told, day),
            "changes": [_listed(one, published, day) for one in told if one.kind == kind.name],
        }
        for kind in kinds.all_kinds().values()
    ]


def lines(kinds_listed: Sequence[dict[str, Any]]) -> list[str]:
    """The list to read."""
    told = []
    for kind in kinds_listed:
        told.append(f"{kind['kind']:<19} {kind['title_zh']}: {len(kind['rows'])} rows in force")
        told += [f"  {line}" for change in kind["changes"] for line in _change_lines(change)]
    return told


def shown(settings: Settings, kind_name: str) -> str:
    """All rules of a kind as a rule file, approved changes and rows beside the contracts among them."""
    kind = kinds.kind(kind_name)
    live = [one for one in changes.in_force(settings) if one.kind == kind.name]
    return effect.text_of(effect.effective(overlay.present_rows(settings, kind), live), kind)


def _change_lines(change: dict[str, Any]) -> list[str]:
    told = [
        f"{change['state']:<9} {change['change_id']} from {change['valid_from']}, approved "
        f"{change['approved_at']} by {change['approver']} ({change['role']}): {change['reason']}"
    ]
    if change["revoked_at"]:
        told.append(f"{'':<9} revoked {change['revoked_at']}: {change['revoked_for']}")
    return told


def _rows_on(settings: Settings, kind: Kind, told: Sequence[Change], day: date) -> list[effect.Cells]:
    live = [one for one in told if one.kind == kind.name and one.is_in_force]
    rows = effect.effective(overlay.present_rows(settings, kind), live)
    return [row for row in rows if row[VALIDITY[0]] <= str(day) <= row[VALIDITY[1]]]


def _listed(change: Change, published: frozenset[tuple[str, bool]], day: date) -> dict[str, Any]:
    told = {name: value for name, value in vars(change).items() if name not in ("content", "kind")}
    if (change.change_id, change.is_in_force) not in published:
        state = "waiting"
    elif not change.is_in_force:
        state = "revoked"
    else:
        state = "in_force" if change.valid_from <= str(day) else "planned"
    return {"state": state, **told}


def _published(settings: Settings) -> frozenset[tuple[str, bool]]:
    """Changes that the file in force knows, and whether it has them in force."""
    import duckdb

    path = publish.current(settings)
    if path is None:
        return frozenset()
    with duckdb.connect(str(path), read_only=True) as connection:
        query = "select change_id, revoked_at is null from marts.rpt_rule_changes"
        try:
            return frozenset(connection.execute(query).fetchall())
        except duckdb.CatalogException:
            return frozenset()
