"""`luyue identity override`: what stewards decide about two records, kept in inbox/, read by each linking.

What a decision does belongs in `identity/overrides.py`; how entries are kept, in `lib/inbox.py`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.lib import inbox
from dagster_project.lib.errors import LuyueError
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

KIND = "identity_overrides"


def paths(settings: Settings) -> list[Path]:
    """The files of all decisions, in their order."""
    return sorted((settings.inbox / KIND).glob("*.jsonl"))


def decisions(settings: Settings) -> pl.DataFrame:
    """All decisions in the order in which they were made, columns of `overrides.SCHEMA`.

    LuyueError names a line that is none.
    """
    import polars as pl

    from identity.overrides import SCHEMA

    rows = []
    for path in paths(settings):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                entry = json.loads(line)
                rows.append({name: entry.get(name) for name in SCHEMA})
            except (ValueError, AttributeError) as error:
                raise LuyueError(f"{path}, line {number}: no decision; take the line out") from error
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def decide(settings: Settings, folder: Path, kind: str, left: str, right: str, why: str) -> str:
    """Keeps a decision of `kind` about two records (named `source/id`, or by the id); its event id.

    `folder` holds the members in force. LuyueError where a record is not there, or what was decided before
    says the opposite by a chain of other decisions.
    """
    from dagster_project.lib.identity_files.asking import newest

    members = newest(folder, "members")
    sides = {side: _record(members, name) for side, name in (("left", left), ("right", right))}
    if sides["left"] == sides["right"]:
        raise LuyueError(f"{left}: is one record; name two")
    entry = {f"{side}_{name}": value for side, record in sides.items() for name, value in record.items()}
    return keep(settings, members, {**entry, "kind": kind, "why": why})


def keep(settings: Settings, members: pl.DataFrame, entry: dict[str, Any]) -> str:
    """Keeps a decision as it is given (columns of `overrides.SCHEMA`, why, and what else it should tell); its
    event id. LuyueError where what was decided before says the opposite."""
    import polars as pl

    from identity import overrides

    told = {name: entry[name] for name in overrides.SCHEMA if name in entry}
    tried = pl.concat(
        [decisions(settings), pl.DataFrame([{"event_id": "tried", **told}], schema=overrides.SCHEMA)]
    )
    if overrides.contradiction(members.with_row_index("node"), tried) is not None:
        left, right = (f"{entry[f'{s}_source']}/{entry[f'{s}_source_record_id']}" for s in ("left", "right"))
        raise LuyueError(
            f"{left} and {right}: other decisions say the opposite; "
            "`luyue identity override list` shows them, `revoke EVENT_ID` takes one back"
        )
    return inbox.append(settings, KIND, entry)


def revoke(settings: Settings, event_id: str, why: str) -> str:
    """Takes a decision back; the event id of that. LuyueError where there is no such decision in force."""
    if event_id not in {row["event_id"] for row in standing(settings)}:
        raise LuyueError(f"{event_id}: no decision in force has this id; `luyue identity override list`")
    from identity.overrides import REVOKE

    return inbox.append(settings, KIND, {"kind": REVOKE, "revokes": event_id, "why": why})


def standing(settings: Settings) -> list[dict[str, Any]]:
    """The decisions in force."""
    from identity.overrides import in_force

    return in_force(decisions(settings)).to_dicts()


def _record(members: pl.DataFrame, name: str) -> dict[str, str]:
    """source, id and role of the record of this name; of an order the owner, where it has one."""
    from identity.explain import named

    found = named(members, name).select("source", "source_record_id", "role").unique().sort("source", "role")
    if found.is_empty():
        raise LuyueError(f"{name}: no such record; name it SOURCE/ID as `bridge_customer_records` does")
    if found["source"].n_unique() > 1:
        raise LuyueError(f"{name}: stands in {', '.join(found['source'].unique().sort())}; name it SOURCE/ID")
    return dict(found.row(0, named=True))
