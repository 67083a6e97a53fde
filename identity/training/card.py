"""The card of a model: what it was made of, what it gives, what it is not good for. In Markdown."""

from __future__ import annotations

from identity.evaluation import Scores
from identity.link import Model

LIMITS = (
    "Below the threshold it mostly adds masked numbers with masked names of one home: families lend numbers.",
    "The chance of masks and names among strangers is frozen for some 300,000 people; with more, train anew.",
    "Facts too rare to be counted (birthday, e-mail, device) have weights by judgement.",
    "Figures of generated records compare versions; they do not say how good it is on a merchant's.",
)


def card(model: Model, made_of: str, pairs: int, measured: dict[float, Scores]) -> str:
    """The text. `pairs`: right pairs that it learnt from; `measured`: the scores of each threshold."""
    figures = [
        f"| {threshold} | {found.pairwise_precision:.4f} | {found.pairwise_recall:.4f} "
        f"| {found.b3_precision:.4f} | {found.b3_recall:.4f} |"
        for threshold, found in measured.items()
    ]
    rules = [
        f"| {rule} | {told['accepted']:.4f} | {told['refused']:.4f} |" for rule, told in model.rules.items()
    ]
    steps = [f"| {least} | {share} |" for least, share in model.calibration]
    return "\n".join(
        [
            f"# Identity model, version {model.version}",
            "",
            f"Splink settings with every m and u, frozen, learnt from {pairs} right pairs of faces that "
            "exact rules left apart.",
            "",
            f"- made of: {made_of}",
            f"- threshold: {model.threshold}, the least at which clusters lose no precision; pairs from "
            f"{model.report_from} on are kept",
            "",
            "## Clusters of persons that it was not trained on, all rules together",
            "| threshold | precision | recall | B³ precision | B³ recall |",
            "|---|---|---|---|---|",
            *figures,
            "",
            "1.0 is without the model.",
            "",
            "## How often a rule's links are right",
            "| rule | accepted | refused |",
            "|---|---|---|",
            *rules,
            "",
            "## How often its own pairs are right",
            "| from the score | share right |",
            "|---|---|",
            *steps,
            "",
            "## Limits",
            *(f"- {limit}" for limit in LIMITS),
            "",
        ]
    )
