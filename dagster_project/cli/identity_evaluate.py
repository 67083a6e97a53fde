"""`luyue identity evaluate`: how good an assignment of records to customers is. The lines for people are
here, the measures in `identity/evaluation/`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from dagster_project.cli.base import AsJson, out, print_result, say
from dagster_project.cli.identity import identity
from dagster_project.lib.errors import LuyueError

_RATES = {"precision": "precise", "recall": "recall", "b3_precision": "B³ prec", "b3_recall": "B³ rec"}


@identity.command()
def evaluate(
    *,
    members: Annotated[
        Path | None, typer.Option(help="What link wrote: source, source_record_id, customer_id.")
    ] = None,
    truth: Annotated[
        Path | None, typer.Option(help="The truth: source_record_id and person_id; source where ids repeat.")
    ] = None,
    records: Annotated[
        Path | None, typer.Option(help="What was linked: gives slices and the ceiling of recall.")
    ] = None,
    edges: Annotated[
        Path | None, typer.Option(help="The links that link wrote: are their probabilities right?")
    ] = None,
    public: Annotated[
        bool,
        typer.Option("--public", help="Link febrl3 and febrl4, with other tools beside; no file needed."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Score an assignment: precision and recall by pairs and B³, over the records that both files know."""
    from dagster_project.lib.identity_files.scoring import compare_public, score_files

    if public:
        table = compare_public(lambda text: say(f"{'identity':<10} {text}"))
        if as_json:
            print_result(table, as_json)
        else:
            out(*_public_lines(table))
        if not all(table["bars"].values()):
            raise typer.Exit(1)
        return
    if members is None or truth is None:
        raise LuyueError("identity evaluate: name --members and --truth, or --public")
    scores = score_files(members, truth, records=records, edges=edges)
    if as_json:
        print_result(scores, as_json)
        return
    out(*_lines(scores))


def _lines(scores: dict[str, Any]) -> list[str]:
    told = [f"{scores['records']} records, {scores['truth_only']} more only in the truth"]
    for name, key in (("pairwise", "pairwise"), ("B³", "b3")):
        three = [f"{what} {scores[f'{key}_{what}']:.4f}" for what in ("precision", "recall", "f1")]
        told.append(f"{name:<9} {'  '.join(three)}")
    if "ceiling" in scores:
        of = scores["recall_of_ceiling"]
        told.append(f"ceiling   {scores['ceiling']:.4f}  recall of it {'-' if of is None else f'{of:.4f}'}")
    told.append("customers " + ", ".join(f"{name}: {count}" for name, count in scores["sizes"].items()))
    for kind, parts in scores["slices"].items():
        rates = "".join(f"{name:>9}" for name in _RATES.values())
        told.append(f"{'by ' + kind:<26}{'records':>9}{rates}")
        told += [f"  {name:<24}{_cells(part)}" for name, part in parts.items()]
    for tier, figures in scores.get("calibration", {}).items():
        told.append(f"links, {tier}: {figures['pairs']}, calibration error {figures['ece']:.4f}")
        told += [
            f"  {bin['from']:.1f}-{bin['to']:.1f} {bin['pairs']:>9}  told {bin['probability']:.4f}  "
            f"right {bin['right']:.4f}"
            for bin in figures["bins"]
        ]
    return told


def _public_lines(table: dict[str, Any]) -> list[str]:
    told = []
    for name, facts in table["sets"].items():
        is_met = "met" if table["bars"][name] else "NOT MET"
        judged = f"judged by {facts['judged_by']}: bar {facts['bar']} {is_met}"
        told.append(f"{name}: {facts['records']} records, {facts['true_pairs']} true pairs, {judged}")
        for row in (row for row in table["results"] if row["set"] == name):
            if "not_measured" in row:
                told.append(f"  {row['tool']:<36}{row['not_measured']}")
                continue
            rates = "  ".join(f"{rate} {row[rate]:.4f}" for rate in ("precision", "recall", "f1"))
            told.append(f"  {row['tool']:<36}{rates}  {row['seconds']:>6.1f} s")
    return told


def _cells(part: dict[str, Any]) -> str:
    rates = [f"{part[name]:>9.4f}" if part[name] is not None else f"{'-':>9}" for name in _RATES]
    return f"{part['records']:>9}" + "".join(rates)
