"""Trains a model on records whose persons are known: generated ones, or a labelled file.

m and u are counted on labelled pairs of faces that exact rules left apart; what chance does among strangers
is known beforehand (`settings`). The threshold is set on the clusters of other persons, never on single
pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from identity.clusters import cluster
from identity.components import components_of
from identity.evaluation import Scores, scores
from identity.link import Model, compare
from identity.profiles import profiles
from identity.resolve import decide, exact_edges, model_edges, owned
from identity.training import settings as form
from identity.training.calibrate import Labelled, calibrated, generated_worlds
from identity.training.world import world

PEOPLE, TRAINING_SEED, TEST_SEED = 20_000, 11, 21
THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999, 1.0)
PRECISION_LOST = 0.0005
"""By how much the model may lower the precision of clusters: the threshold is the least that keeps to it."""
REPORT_FROM = 0.2
SMOOTHING = 0.5
"""Added to every count, so that what training never saw stays possible."""
LEAST_PAIRS = 300
"""Right pairs of faces that a training needs."""


@dataclass(frozen=True)
class Material:
    """What a model is trained, tested and calibrated on: record tables with the person of each row; no person
    stands in two of the three kinds, but that a small file's test persons calibrate, too."""

    name: str
    training: Labelled
    test: Labelled
    calibration: Sequence[Labelled]


def generated() -> Material:
    """The generated worlds."""
    name = f"generated worlds of {PEOPLE} people, seeds {TRAINING_SEED} (training), {TEST_SEED} (test)"
    worlds = generated_worlds()
    return Material(name, world(PEOPLE, TRAINING_SEED), world(PEOPLE, TEST_SEED), worlds)


def labelled(records: pl.DataFrame, person: pl.Series, name: str) -> Material:
    """Records whose persons are known: two persons of three train, the third tests and calibrates."""
    is_test = person.rank("dense") % 3 == 0
    parts = [(records.filter(mask), person.filter(mask)) for mask in (~is_test, is_test)]
    return Material(name, parts[0], parts[1], [parts[1]])


def train(material: Material, version: str) -> tuple[Model, dict[float, Scores]]:
    """The model, calibrated, and what each threshold gives on the test persons.

    Raises ValueError where the material holds too few pairs to learn from.
    """
    records, person = material.training
    pairs, true_pairs, false_pairs = labelled_pairs(records, person)
    right = int(pairs["is_match"].sum())
    if right < LEAST_PAIRS:
        raise ValueError(
            f"{material.name}: rules leave {right} pairs of one person apart, too few to learn from; "
            f"label more records, until there are {LEAST_PAIRS}"
        )
    told = form.settings(counted_weights(pairs, true_pairs, false_pairs, person.n_unique()))
    measured = measure(Model(version, 1.0, REPORT_FROM, told), material.test)
    without = measured[1.0].pairwise_precision
    fit = [t for t, found in measured.items() if found.pairwise_precision >= without - PRECISION_LOST]
    return calibrated(Model(version, min(fit), REPORT_FROM, told), material.calibration), measured


def measure(model: Model, test: Labelled) -> dict[float, Scores]:
    """The scores of each threshold on persons that the model was not trained on."""
    records, person = test
    records = owned(records)
    known = exact_edges(records)
    judged = model_edges(records, cluster(records, known)[0], model)
    return {t: scores(decide(records, known, judged, t).cluster, person) for t in THRESHOLDS}


def labelled_pairs(records: pl.DataFrame, person: pl.Series) -> tuple[pl.DataFrame, float, float]:
    """Compared pairs (contact, name … level labels, is_match), and how many true and false pairs there
    are in all."""
    records = owned(records)
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


def counted_weights(pairs: pl.DataFrame, true_pairs: float, false_pairs: float, people: int) -> form.Weights:
    """m and u of each level from compared pairs; pairs that no block brought together count as different."""
    weights: form.Weights = {}
    contact = _counts(pairs, form.CONTACT)
    scale = people / form.PEOPLE
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
