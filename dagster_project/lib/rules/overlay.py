"""The rules that a run takes: each seed with an approved change as one file, in DATA/rules/overlay, for dbt.

dbt loads the packaged seed, then puts this file in its place (dbt/macros/added_rows.sql). Nothing is
approved here, and nothing judged but that what comes out is without fault.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path

from dagster_project.lib import seed_rows
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.rules import changes, checking, effect, kinds, references
from dagster_project.lib.rules.changes import Change
from dagster_project.lib.rules.kinds import Kind
from dagster_project.lib.runs import write_text
from dagster_project.settings import Settings

MARKS = "rule_changes"
"""The seed that lists the changes themselves."""


def folder(settings: Settings) -> Path:
    """Where the files of this data folder stand."""
    return settings.data / "rules" / "overlay"


def in_use(settings: Settings) -> str:
    """The folder for dbt; empty where no change was ever approved."""
    target = folder(settings)
    return str(target.absolute()) if any(target.glob("*.csv")) else ""


def present_rows(settings: Settings, kind: Kind) -> list[effect.Cells]:
    """The rows of a kind without any approved change: those that ship, and those beside the contracts."""
    rows: list[effect.Cells] = []
    for place in (seed_rows.SEEDS, *seed_rows.folders(settings)):
        path = place / f"{kind.name}.csv"
        if path.is_file():
            with path.open(encoding="utf-8-sig", newline="") as lines:
                rows += [dict.fromkeys(kind.header, "") | row for row in csv.DictReader(lines)]
    return rows


def write(settings: Settings, approved: Sequence[Change] | None = None, into: Path | None = None) -> Path:
    """Writes the files of these changes (all that were approved) anew; their folder.

    Raises LuyueError where the rules in force would have a fault: then no run takes them.
    """
    told = changes.approved(settings) if approved is None else approved
    target = folder(settings) if into is None else into
    temporary = target.with_name(f"{target.name}.new")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    for kind in _to_judge(settings, told):
        live = [change for change in told if change.kind == kind.name and change.is_in_force]
        text = effect.text_of(effect.effective(present_rows(settings, kind), live), kind)
        _judge(settings, kind, text)
        if live:
            write_text(temporary / f"{kind.name}.csv", text)
    if told:
        write_text(temporary / f"{MARKS}.csv", _marks(settings, told))
    shutil.rmtree(target, ignore_errors=True)
    temporary.rename(target)
    return target


def _to_judge(settings: Settings, told: Sequence[Change]) -> list[Kind]:
    """Kinds whose rows are not only those that ship: these were judged by the tests of this version."""
    own = {path.stem for place in seed_rows.folders(settings) for path in place.glob("*.csv")}
    names = own | {change.kind for change in told}
    return [kind for name, kind in kinds.all_kinds().items() if name in names]


def _judge(settings: Settings, kind: Kind, text: str) -> None:
    known = references.all_references(settings)
    faults = checking.check_content(text.encode(), kind.name, kind, known).faults
    if faults:
        raise LuyueError(
            f"{kind.name}: the rules in force have {len(faults)} faults, the first: {faults[0].column} "
            f"{faults[0].what}; mend the rows beside the contracts, or revoke a change: luyue rules list"
        )


def _marks(settings: Settings, told: Sequence[Change]) -> str:
    """The seed rule_changes: one row a change, masked where a reason holds what looks personal."""
    from dagster_project.lib.ingest.personal.walled import walled

    columns = (
        "change_id", "kind", "title_zh", "title_en", "valid_from", "approved_at", "approver_role", "reason",
        "detail", "revoked_at", "revoked_reason",
    )  # fmt: skip
    rows = []
    for at, change in enumerate(told):
        kind = kinds.kind(change.kind)
        live = [one for one in told[:at] if one.kind == change.kind and one.is_in_force]
        before = effect.effective(present_rows(settings, kind), live)
        detail = effect.detail(before, effect.applied(before, change), change.valid_from, kind)
        texts = walled([change.reason, detail, change.revoked_for or "", change.role])
        rows.append(
            (
                change.change_id, change.kind, kind.title_zh, kind.title_en, change.valid_from,
                change.approved_at, texts[3], texts[0], texts[1], change.revoked_at or "", texts[2],
            )
        )  # fmt: skip
    return _csv([columns, *rows])


def _csv(rows: Sequence[Sequence[str]]) -> str:
    import io

    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
