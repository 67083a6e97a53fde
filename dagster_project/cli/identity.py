"""`luyue identity …`: customers out of files of records."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from dagster_project import settings as settings_module
from dagster_project.cli.base import AsJson, Data, existing, group, out, print_result, say

identity = group("identity", "Customers: link the records of any file, score what was linked.")


@identity.command()
def link(
    *,
    input_file: Annotated[
        Path,
        typer.Option("--input", help="CSV, XLSX or Parquet with source_record_id and other columns."),
    ],
    output: Annotated[Path, typer.Option(help="Gets source, source_record_id, customer_id.")],
    state: Annotated[
        Path | None, typer.Option(help="Folder that keeps records and ids: a later file joins them.")
    ] = None,
    edges: Annotated[Path | None, typer.Option(help="Gets the links that were found, with tier.")] = None,
    model: Annotated[Path | None, typer.Option(help="Folder with model.json; else the shipped one.")] = None,
    allow_merges: Annotated[
        int | None, typer.Option(min=0, help="Let this file merge so many customers into others.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Give every record its customer (columns of the feed customer_records, any of them); never trains."""
    from dagster_project.lib.identity_files import link_file

    key_hex = settings_module.load().vault_key
    done = link_file(
        input_file, output, state=state, edges=edges, model=model, key_hex=key_hex, merges_limit=allow_merges
    )
    for notice in done.notices:
        say(f"{'identity':<10} {notice}")
    if as_json:
        print_result(asdict(done), as_json)
    else:
        happened = ", ".join(f"{kind} {count}" for kind, count in done.events.items()) or "nothing changed"
        told = f"{done.records} records, {done.customers} customers ({happened})"
        out(f"{done.output}: {told} in {done.seconds} s")


State = Annotated[Path | None, typer.Option(help="Folder of linked files; else that of --data.")]
override = typer.Typer(help="What stewards decide about two records; it wins over every rule and the model.")
identity.add_typer(override, name="override")
Why = Annotated[str, typer.Option(help="Why: kept with the decision, with who and when.")]


def kept_in(state: Path | None, data: Path | None) -> tuple[settings_module.Settings, Path]:
    """The settings whose inbox holds the decisions, and the folder that holds the members in force."""
    if state is not None:
        return existing(state), state
    settings = existing(data)
    return settings, settings.identity


@override.command("must-link")
def must_link(left: str, right: str, *, why: Why, state: State = None, data: Data = None) -> None:
    """Two records are one person: linked by the next run."""
    from dagster_project.lib.identity_files import deciding

    settings, folder = kept_in(state, data)
    event = deciding.decide(settings, folder, "must_link", left, right, why)
    out(f"kept as {event}; the next run links them")


@override.command("cannot-link")
def cannot_link(left: str, right: str, *, why: Why, state: State = None, data: Data = None) -> None:
    """Two records are two people: parted by the next run."""
    from dagster_project.lib.identity_files import deciding

    settings, folder = kept_in(state, data)
    event = deciding.decide(settings, folder, "cannot_link", left, right, why)
    out(f"kept as {event}; the next run parts them")


@override.command("revoke")
def revoke(event_id: str, *, why: Why, state: State = None, data: Data = None) -> None:
    """Take a decision back: the rules and the model decide again."""
    from dagster_project.lib.identity_files import deciding

    out(f"kept as {deciding.revoke(kept_in(state, data)[0], event_id, why)}; the next run decides anew")


@override.command("list")
def list_decisions(state: State = None, data: Data = None, as_json: AsJson = False) -> None:
    """The decisions in force."""
    from dagster_project.lib.identity_files import deciding

    standing = deciding.standing(kept_in(state, data)[0])
    if as_json:
        print_result(standing, as_json)
        return
    for row in standing:
        ends = [f"{row[f'{side}_source']}/{row[f'{side}_source_record_id']}" for side in ("left", "right")]
        out(f"{row['event_id']}  {row['kind']}  {' '.join(ends)}")


@identity.command()
def explain(
    left: Annotated[str, typer.Argument(help="A record, as SOURCE/ID or its id alone.")],
    right: Annotated[str, typer.Argument(help="Another record.")],
    state: State = None,
    data: Data = None,
    html: Annotated[
        Path | None, typer.Option(help="Draws it as a page, masked: FILE.html (zh) and FILE.en.html.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Why two records are one customer: the chain of links between them; or which links were refused."""
    from dagster_project.lib.identity_files.asking import explained

    if html is not None:
        from dagster_project.lib.identity_files import picturing

        settings, folder = kept_in(state, data)
        drawn = picturing.draw(settings, folder, html, left, right, in_state=state is not None)
        print_result({"html": [str(file) for file in drawn]}, as_json)
        return
    told = explained(state or existing(data).identity, left, right)
    if as_json:
        print_result(told, as_json)
        return
    is_one = "one customer" if told["one_customer"] else "two customers"
    out(f"{is_one}: {', '.join(dict.fromkeys(told['customers'].values()))}")
    for name in ("path", "refused"):
        for step in told[name] or ():
            sure = "" if step["probability"] is None else f", {step['probability']:.4f}"
            out(f"  {name:<8} {step['left']} - {step['right']}: {step['rule']}{sure}")
    if not told["one_customer"] and not told["refused"]:
        out("  no link between them was found")


@identity.command()
def history(
    customer_id: Annotated[str, typer.Argument(help="A customer id, in force or not.")],
    state: State = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """What became of a customer id: created, joined, merged, split, restored, retired; the one in force."""
    from dagster_project.lib.identity_files.asking import life

    told = life(state or existing(data).identity, customer_id)
    if as_json:
        print_result(told, as_json)
        return
    out(f"{customer_id}: now {told['in_force'] or 'without any record'}")
    for event in told["events"]:
        before = f" from {event['previous_customer_id']}" if event["previous_customer_id"] else ""
        of = f" {event['source']}/{event['source_record_id']}" if event["source_record_id"] else ""
        count = f"{event['records']} record{'s' * (event['records'] != 1)}"
        what = f"{event['event_type']} {event['customer_id']}{before}{of}"
        out(f"  {event['happened_at']:%Y-%m-%d %H:%M:%S}  {what}: {count}, {event['cause']}")
