"""`luyue master …`: findings of master data, what is done about them, and suggestions taken in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dagster_project.cli.base import AsJson, Data, existing, fail, group, out, print_result, say

if TYPE_CHECKING:
    import polars as pl

    from dagster_project.lib.stewardship.deciding import Outcome

master = group("master", "Master data: what is wrong, what is suggested, and corrections of it.")

Rule = Annotated[str | None, typer.Option("--rule", help="Only findings of this rule.")]
Owner = Annotated[str | None, typer.Option("--owner", help="Only findings of this owner.")]
Findings = Annotated[list[str] | None, typer.Option("--finding", help="Only this finding; repeatable.")]
Limit = Annotated[int, typer.Option(min=1, help="Rows to print; --json prints all.")]


@master.command()
def findings(
    *,
    data: Data = None,
    rule: Rule = None,
    owner: Owner = None,
    severity: Annotated[str | None, typer.Option(help="critical, major or minor.")] = None,
    search: Annotated[str | None, typer.Option(help="In the key, the value and what was seen.")] = None,
    by: Annotated[str | None, typer.Option(help="Count open ones by owner, severity, rule_code, …")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Closed ones and accepted risks too.")] = False,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """What is wrong with master data, the costliest in KPI points first."""
    from dagster_project.lib.stewardship import deciding
    from dagster_project.lib.stewardship import findings as told

    wanted = {"rule_code": rule, "owner": owner, "severity": severity}
    chosen = {name: [value] for name, value in wanted.items() if value is not None}
    file = deciding.published(existing(data))
    if by is not None:
        counts = told.counted(file, by, **chosen)
        show(counts, tuple(counts.columns), limit, as_json)
        return
    found = told.listed(file, search=search, only_open=not everything, **chosen)
    columns = ("finding_id", "severity", "state", "rule_code", "record_key", "field", "value", "kpi_points")
    show(found, columns, limit, as_json)


@master.command()
def act(
    action: Annotated[str, typer.Argument(help="acknowledge, assign, accept_risk or reopen.")],
    ids: Annotated[list[str], typer.Argument(help="Findings, as `findings` names them.")],
    *,
    to: Annotated[str | None, typer.Option("--to", help="Whom it is assigned to.")] = None,
    why: Annotated[str | None, typer.Option("--why", help="Needed for accept_risk and reopen.")] = None,
    data: Data = None,
) -> None:
    """Acknowledge findings, assign them, accept their risk or reopen them; the next run shows it."""
    from dagster_project.lib.stewardship import deciding
    from dagster_project.lib.stewardship import findings as told

    settings = existing(data)
    count = told.act(settings, deciding.published(settings), ids, action, assignee=to, reason=why)
    out(f"{count} finding{'s' * (count != 1)}: {action}; the next run shows it")


@master.command()
def history(
    finding: Annotated[str, typer.Argument(help="A finding, as `findings` names it.")],
    *,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """What became of a finding: when it was found, who did what about it, and corrections of its value."""
    from dagster_project.lib.stewardship import deciding
    from dagster_project.lib.stewardship import findings as told

    settings = existing(data)
    show(
        told.history(settings, deciding.published(settings), finding),
        ("at", "what", "by", "detail"),
        1000,
        as_json,
    )


@master.command()
def suggest(
    *,
    data: Data = None,
    rule: Rule = None,
    owner: Owner = None,
    finding: Findings = None,
    min_confidence: Annotated[float, typer.Option(min=0, max=1, help="Not less sure than this.")] = 0.0,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """The values that the warehouse would put in place of what is wrong, with how sure it is."""
    from dagster_project.lib.stewardship import accepting, deciding

    told = accepting.suggested(
        deciding.published(existing(data)),
        rule=rule,
        owner=owner,
        finding_ids=finding or (),
        min_confidence=min_confidence,
    )
    columns = (
        "finding_id",
        "entity",
        "record_key",
        "field",
        "old_value",
        "new_value",
        "confidence",
        "why_en",
    )
    show(told, columns, limit, as_json)


@master.command()
def accept(
    *,
    data: Data = None,
    rule: Rule = None,
    owner: Owner = None,
    finding: Findings = None,
    min_confidence: Annotated[float, typer.Option(min=0, max=1, help="Not less sure than this.")] = 0.9,
    why: Annotated[str | None, typer.Option("--why", help="The reason; else that it was suggested.")] = None,
    as_json: AsJson = False,
) -> None:
    """Take suggestions in bulk as corrections; what a rule refuses is told, the rest is taken."""
    from dagster_project.lib.stewardship import accepting

    done = accepting.accept(
        existing(data),
        rule=rule,
        owner=owner,
        finding_ids=finding or (),
        min_confidence=min_confidence,
        reason=why,
    )
    told_of(done, as_json)


def told_of(done: Outcome, as_json: bool) -> None:
    """What was taken, and one line for each refusal; fails where nothing was taken."""
    if as_json:
        print_result({"taken": done.taken.to_dicts(), "refused": done.refused.to_dicts()}, as_json)
    elif done.taken.height:
        show(
            done.taken,
            ("correction_id", "status", "entity", "record_key", "field", "old_value", "new_value"),
            20,
            False,
        )
    for why in done.refused["why"].head(20):
        say(f"luyue: refused: {why}")
    if done.taken.is_empty():
        raise typer.Exit(1 if done.refused.height else fail("nothing to do"))
    say("the marts follow with the next `luyue run`")


def show(frame: pl.DataFrame, columns: tuple[str, ...], limit: int, as_json: bool) -> None:
    """A frame as JSON, or some of its columns as lines, fractions to the thousandth."""
    import polars as pl

    if as_json:
        print_result(frame.to_dicts(), as_json)
        return
    rounded = frame.head(limit).with_columns(pl.col(pl.Float64).round(3))
    shown = rounded.select(pl.col(name).cast(pl.String).fill_null("-").alias(name) for name in columns)
    widths = [max([len(name), *shown[name].str.len_chars()]) for name in columns]
    for row in [columns, *shown.iter_rows()]:
        out("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
    if frame.height > limit:
        out(f"… {frame.height - limit:,} more; --limit N or --json show them")
