"""`luyue identity review`: the queue of a folder, what is shown of a case, and answering it.

What is asked and shown is decided in `identity/review*.py`; the answers are read in review_answers.py. `same`
or `different` is one entry among the decisions of stewards (`identity_files/deciding.py`), label and override
at once, or neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.lib import inbox, review_answers
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.identity_files import asking, deciding
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

SAME, DIFFERENT, UNSURE = "same", "different", "unsure"
ANSWERS = (SAME, DIFFERENT, UNSURE)
UNSURE_DAYS = 30
"""A case that nobody could tell comes back after so many days, when more may be known."""
_KEPT = ("case_id", "kind", "rule", "probability", "accepted")
"""What an answer keeps of its case: what the pair was when it was asked."""


@dataclass(frozen=True)
class Queue:
    """`waiting`: the cases to ask, the next one first (`review.CASE_SCHEMA`), and what they come from."""

    waiting: pl.DataFrame
    members: pl.DataFrame
    edges: pl.DataFrame
    labels: pl.DataFrame


def queue(settings: Settings, folder: Path, now: datetime | None = None) -> Queue:
    """The queue over the members and edges in force in `folder`."""
    import polars as pl

    from identity import overrides, review

    members, edges = asking.newest(folder, "members"), asking.newest(folder, "edges")
    known = review.cases(members, edges, _worth(settings))
    ends = [f"{side}_{name}" for side in review.SIDES for name in review.KEY]
    standing = overrides.in_force(deciding.decisions(settings)).select(ends)
    told = review_answers.labels(settings)
    since = (now or datetime.now()) - timedelta(days=UNSURE_DAYS)
    early = review_answers.unsure(settings, since).select(ends)
    settled = pl.concat([standing, early]).unique()
    return Queue(review.waiting(known, members, settled, decided=told.height), members, edges, told)


def shown(queue: Queue, told: pl.DataFrame, count: int) -> list[dict[str, Any]]:
    """The next `count` cases as a steward sees them: case_id, left and right (records, met_at, first, last),
    facts (field, masks of both sides, verdict). Neither score nor rule.

    `told`: `golden_statements.statements` of these members (see `records_of`).
    """
    from identity import review, review_facts

    keyed = told.with_columns(key=review.key_of())
    rows = []
    for case in queue.waiting.head(count).iter_rows(named=True):
        sides = review_facts.sides(case, queue.members, queue.edges)
        facts = [keyed.join(side.select("key"), on="key", how="semi") for side in sides]
        rows.append(
            {
                "case_id": case["case_id"],
                "left": review_facts.outline(sides[0]),
                "right": review_facts.outline(sides[1]),
                "facts": review_facts.compared(*facts),
            }
        )
    return rows


def records_of(queue: Queue, count: int) -> pl.DataFrame:
    """The members of the customers that the next `count` cases are about."""
    import polars as pl

    cases = queue.waiting.head(count)
    customers = pl.concat([cases["left_customer"], cases["right_customer"]]).unique()
    return queue.members.filter(pl.col("customer_id").is_in(customers.implode()))


def decide(
    settings: Settings,
    folder: Path,
    case_id: str,
    answer: str,
    why: str,
    now: datetime | None = None,
    by: str | None = None,
) -> str:
    """Keeps the answer to a case; its event id. The next linking does what `same` and `different` say.

    `by`: who answered, where it is not the account that runs this. LuyueError where there is no such
    case in the queue, or other decisions say the opposite.
    """
    if answer not in ANSWERS:
        raise LuyueError(f"{answer}: is no answer; give one of {', '.join(ANSWERS)}")
    asked = queue(settings, folder, now)
    found = asked.waiting.filter(case_id=case_id).to_dicts()
    if not found:
        raise LuyueError(f"{case_id}: no such case waits; `luyue identity review list` names those that do")
    case = found[0]
    ends = {
        name: case[name] for name in case if name.startswith(("left_", "right_")) and "customer" not in name
    }
    kept = {"case": {name: case[name] for name in _KEPT}, "why": why, **ends, **({"by": by} if by else {})}
    if answer == UNSURE:
        return inbox.append(settings, review_answers.UNSURE_KIND, {"answer": answer, **kept}, now)
    return deciding.keep(settings, asked.members, {"kind": _OVERRIDE[answer], **kept})


def listing(settings: Settings, folder: Path, now: datetime | None = None) -> dict[str, Any]:
    """How many cases wait and how many were answered, the ids of the next ones, and what the sample says."""
    asked = queue(settings, folder, now)
    right, hit = estimates(asked)
    return {
        "waiting": asked.waiting.height,
        "answered": asked.labels.height,
        "unsure": review_answers.unsure(settings, datetime.min).height,
        "next": asked.waiting["case_id"].head(20).to_list(),
        "precision": right.value,
        "precision_pairs": right.sample,
        "recall_of_found": hit.value,
    }


def estimates(asked: Queue) -> tuple[Any, Any]:
    """Precision and recall by the blindly drawn answers: two `review_labels.Estimate`."""
    from identity import review_labels

    linked, band = review_labels.found(asked.edges)
    return review_labels.precision(asked.labels), review_labels.recall(asked.labels, linked, band)


_OVERRIDE = {SAME: "must_link", DIFFERENT: "cannot_link"}


def _worth(settings: Settings) -> pl.DataFrame:
    """customer_id, worth: what was paid, as the published file says; nobody's where nothing is published."""
    import duckdb
    import polars as pl

    from dagster_project.lib import publish

    path = publish.current(settings)
    if path is not None:
        with duckdb.connect(str(path), read_only=True) as connection:
            known = connection.sql(
                "from marts.dim_customers select customer_id, paid_amount_cny as worth"
            ).pl()
        return known.cast({"worth": pl.Float64})
    return pl.DataFrame(schema={"customer_id": pl.String, "worth": pl.Float64})
