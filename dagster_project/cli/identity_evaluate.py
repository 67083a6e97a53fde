"""`luyue identity evaluate`: how good an assignment of records to customers is. The lines for people are
here, the measures in `identity/evaluation/`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from dagster_project.cli.base import AsJson, out, print_result
from dagster_project.cli.identity import identity

_RATES = {"precision": "precise", "recall": "recall", "b3_precision": "B³ prec", "b3_recall": "B³ rec"}


@identity.command()
def evaluate(
    *,
    members: Annotated[Path, typer.Option(help="What link wrote: source, source_record_id, customer_id.")],
    truth: Annotated[
        Path, typer.Option(help="The truth: source_record_id and person_id; source where ids repeat.")
    ],
    records: Annotated[
        Path | None, typer.Option(help="What was linked: gives slices and the ceiling of recall.")
    ] = None,
    edges: Annotated[
        Path | None, typer.Option(help="The links that link wrote: are their probabilities right?")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Score an assignment: precision and recall by pairs and B³, over the records that both files know."""
    from dagster_project.lib.identity_files.scoring import score_files

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


def _cells(part: dict[str, Any]) -> str:
    rates = [f"{part[name]:>9.4f}" if part[name] is not None else f"{'-':>9}" for name in _RATES]
    return f"{part['records']:>9}" + "".join(rates)
