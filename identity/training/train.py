"""Trains the shipped model on the generated world: `python -m identity.training.train [FOLDER]`.

m and u are counted on labelled pairs of faces that exact rules left apart; what chance does among
strangers is known beforehand (`settings`). The threshold is set on the clusters of other worlds, never on
single pairs.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import polars as pl

from identity.clusters import cluster
from identity.components import components_of
from identity.evaluation import Scores, scores
from identity.link import MODEL_DIR, Model, compare
from identity.profiles import profiles
from identity.resolve import decide, exact_edges, model_edges
from identity.training import settings as form
from identity.training.world import world

VERSION = "1"
TRAINING_PEOPLE, TRAINING_SEED, TEST_SEED = 20_000, 11, 21
THRESHOLD = 0.995
"""The least at which the model lowers no cluster precision: on the demo merchant's 12,000 orders 0.99 gives
0.9925, 0.995 gives 0.9938, no model 0.9938 (see model/README.md)."""
THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999, 1.0)
REPORT_FROM = 0.2
SMOOTHING = 0.5
"""Added to every count, so that what training never saw stays possible."""


def train(folder: Path = MODEL_DIR) -> Model:
    """Writes model.json to `folder` and returns the model; prints what each threshold gives."""
    told = form.settings(counted_weights(*labelled_pairs(TRAINING_PEOPLE, TRAINING_SEED)))
    measured = measure(Model(VERSION, 1.0, REPORT_FROM, told))
    for threshold, score in measured.items():
        pairwise = f"P {score.pairwise_precision:.4f} R {score.pairwise_recall:.4f}"
        sys.stdout.write(f"{threshold}: {pairwise} B3 {score.b3_precision:.4f}/{score.b3_recall:.4f}\n")
    model = Model(VERSION, THRESHOLD, REPORT_FROM, told)
    folder.mkdir(parents=True, exist_ok=True)
    content = {"version": VERSION, "threshold": model.threshold, "report_from": REPORT_FROM, "settings": told}
    (folder / "model.json").write_text(
        json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return model


def measure(model: Model) -> dict[float, Scores]:
    """The scores of each threshold on a world that the model was not trained on."""
    records, person = world(TRAINING_PEOPLE, TEST_SEED)
    records = records.with_row_index("node")
    known = exact_edges(records)
    judged = model_edges(records, cluster(records, known)[0], model)
    return {t: scores(decide(records, known, judged, t).cluster, person) for t in THRESHOLDS}


def labelled_pairs(persons: int, seed: int) -> tuple[pl.DataFrame, float, float]:
    """Compared pairs (contact, name … level labels, is_match), and how many true and false pairs there
    are in all."""
    records, person = world(persons, seed)
    records = records.with_row_index("node")
    component = components_of(records.height, exact_edges(records))
    faces = profiles(records, component)
    owner = (
        pl.DataFrame({"component": component, "person": person})
        .group_by("component")
        .agg(pl.col("person").mode().min())
    )
    faces = faces.join(owner, on="component", how="left", maintain_order="left")
    pairs = compare(faces, form.settings())
    people = faces.select(pl.col("unique_id").cast(pl.Int64), "person")
    pairs = pairs.join(people.rename({"person": "a"}), left_on="unique_id_l", right_on="unique_id")
    pairs = pairs.join(people.rename({"person": "b"}), left_on="unique_id_r", right_on="unique_id")
    labels = [_labels(comparison) for comparison in (form.CONTACT, form.NAME)]
    cells = faces.group_by("person").agg(
        n=pl.len(), own=(pl.col("component").value_counts().struct.field("count") ** 2).sum()
    )
    true_pairs = float(cells.select(((pl.col("n") ** 2).sum() - pl.col("own").sum()) / 2).item())
    return (
        pairs.select(*labels, is_match=pl.col("a") == pl.col("b")),
        true_pairs,
        faces.height**2 / 2 - true_pairs,
    )


def counted_weights(pairs: pl.DataFrame, true_pairs: float, false_pairs: float) -> form.Weights:
    """m and u of each level from compared pairs; pairs that no block brought together count as different."""
    weights: form.Weights = {}
    contact = _counts(pairs, form.CONTACT)
    scale = TRAINING_PEOPLE / form.PEOPLE
    seen = sum(contact.get(label, (0, 0))[0] for label, _ in form.CONTACT_LEVELS)
    for label in form.levels(form.CONTACT):
        right, wrong = contact.get(label, (0, 0))
        chance = form.RANDOM_U.get(label, 0.0)
        met = max((wrong + SMOOTHING) / false_pairs - chance, 0.0)
        m = (right + SMOOTHING) / true_pairs if label != "different" else max(1 - seen / true_pairs, 0.01)
        weights[(form.CONTACT, label)] = (m, min(1.0, chance + met * scale))
    names = _counts(pairs, form.NAME)
    for context in form.CONTEXTS:
        labels = [form.name_level(context, label) for label, _ in form.NAME_LEVELS]
        totals = [sum(names.get(label, (0, 0))[side] + SMOOTHING for label in labels) for side in (0, 1)]
        for label, (plain, _) in zip(labels, form.NAME_LEVELS, strict=True):
            right, wrong = names.get(label, (0, 0))
            m, u = (right + SMOOTHING) / totals[0], (wrong + SMOOTHING) / totals[1]
            weights[(form.NAME, label)] = (m, form.NAME_U[plain] if context == "none" else u)
    weights[(form.NAME, "different")] = (0.05, 0.95)
    for fact in form.FACTS:
        m, u = form.FACT_M[fact], form.FACT_U[fact]
        weights |= {(fact, f"same {fact}"): (m, u), (fact, "different"): (1 - m, 1 - u)}
    return weights


def _labels(comparison: str) -> pl.Expr:
    """Splink's level number as its label: the last level (ELSE) is 0, the null level -1."""
    names = form.levels(comparison)
    numbered = {len(names) - 1 - place: label for place, label in enumerate(names)} | {-1: "unknown"}
    return pl.col(f"gamma_{comparison}").replace_strict(numbered, return_dtype=pl.String).alias(comparison)


def _counts(pairs: pl.DataFrame, comparison: str) -> dict[str, tuple[int, int]]:
    """Level label → (matching, not matching)."""
    right = pl.col("is_match").sum()
    told = pairs.group_by(comparison).agg(right=right, wrong=pl.len() - right)
    return {label: (int(a), int(b)) for label, a, b in told.iter_rows()}


if __name__ == "__main__":
    train(*(Path(argument) for argument in sys.argv[1:2]))
