"""`luyue identity review …`: the pairs that a steward should look at next, and the answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from dagster_project.cli.base import AsJson, Data, out, print_result
from dagster_project.cli.identity import State, Why, identity, kept_in

review = typer.Typer(help="Pairs that a person should judge, masked, the most valuable and uncertain first.")
identity.add_typer(review, name="review")


@review.command("next")
def next_cases(
    count: Annotated[int, typer.Argument(min=1, help="How many.")] = 1,
    state: State = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Show the next cases: the masked facts of both sides, neither score nor rule."""
    from dagster_project.lib import review_material, reviewing

    settings, folder = kept_in(state, data)
    asked = reviewing.queue(settings, folder)
    told = review_material.facts(settings, reviewing.records_of(asked, count), in_state=state is not None)
    cases = reviewing.shown(asked, told, count)
    if as_json:
        print_result(cases, as_json)
        return
    for case in cases:
        out(*_lines(case), "")
    out(f"{asked.waiting.height} cases wait: luyue identity review decide CASE same|different|unsure --why …")


@review.command()
def decide(
    case_id: Annotated[str, typer.Argument(help="The case, as `next` names it.")],
    answer: Annotated[str, typer.Argument(help="same, different or unsure.")],
    *,
    why: Why,
    state: State = None,
    data: Data = None,
) -> None:
    """Keep an answer: a label, and what the next run links or parts; `unsure` comes back in 30 days."""
    from dagster_project.lib import reviewing

    settings, folder = kept_in(state, data)
    event = reviewing.decide(settings, folder, case_id, answer, why)
    then = {"same": "the next run links them", "different": "the next run keeps them apart"}
    out(f"kept as {event}; {then.get(answer, f'it comes back in {reviewing.UNSURE_DAYS} days')}")


@review.command("list")
def list_cases(state: State = None, data: Data = None, as_json: AsJson = False) -> None:
    """How many cases wait, were answered, and what the blindly drawn ones say of precision and recall."""
    from dagster_project.lib import reviewing

    told = reviewing.listing(*kept_in(state, data))
    print_result(told if as_json else {**told, "next": " ".join(told["next"])}, as_json)


def _lines(case: dict[str, Any]) -> list[str]:
    lines = [f"case {case['case_id']}"]
    for name in ("left", "right"):
        side = case[name]
        seen = [f"{at:%Y-%m-%d}" for at in (side["first"], side["last"]) if isinstance(at, datetime)]
        records = f"{side['records']} record{'s' * (side['records'] != 1)}"
        lines.append(
            f"  {name:<6} {records} at {', '.join(side['met_at'])}, {' to '.join(dict.fromkeys(seen))}"
        )
    for fact in case["facts"]:
        shown = [" ".join(fact[name]) or "-" for name in ("left", "right")]
        lines.append(f"  {fact['field']:<10} {fact['verdict']:<10} {shown[0]}  |  {shown[1]}")
    return lines
