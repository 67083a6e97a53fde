"""How good a grouping of records into customers is: its figures, each with numerator and denominator.

Frames in, one row per figure and band out. What stewards' answers say comes in as estimates
(`review_labels`); what is kept from version to version is its caller's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from identity.review_labels import Estimate
from identity.rules import MODEL

MEASURE_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(("kpi", "band"), pl.String),
    **dict.fromkeys(("numerator", "denominator", "value"), pl.Float64),
    "sample": pl.Int64,
}
ALL = "all"
_SIZES = {"1": (1, 1), "2": (2, 2), "3-5": (3, 5), "6-10": (6, 10), ">10": (11, 1 << 31)}
"""Records of a customer, both ends included."""
WEIGHT_EDGES = (-2, 0, 2, 4, 6, 8, 10, 12)
"""Ends of the bands of the match weight, log2(p / (1 - p)), in bits: -2 is p = 0.2, 12 is p = 0.9998."""
_EVENTS = {
    "create_rate": ("create", "customers"),
    "merge_rate": ("merge", "customers"),
    "split_rate": ("split", "customers"),
    "retire_rate": ("retire", "customers"),
    "move_rate": ("move", "records"),
}
"""Figure → the events it counts, and what of the version before it counts them against."""
_SMOOTH = 0.5
"""Added to each band's count, so that an empty one does not make the index infinite."""


@dataclass(frozen=True)
class Answers:
    """What stewards did: cases that wait, pairs answered, precision and recall by the drawn ones."""

    waiting: int
    answered: int
    precision: Estimate
    recall: Estimate


def measures(
    members: pl.DataFrame,
    edges: pl.DataFrame,
    events: pl.DataFrame,
    answers: Answers,
    before: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Columns of `MEASURE_SCHEMA`, the same rows in each version.

    `events`: those of this version. `before`: the measures of the version before, if there was one.
    """
    sizes = members.group_by("customer_id").agg(n=pl.len())["n"]
    shared = int(sizes.filter(sizes > 1).sum())
    told = [
        _count("records", members.height, members.height),
        _count("customers", sizes.len(), members.height),
        _count("largest_customer", int(sizes.max() or 0), members.height),  # type: ignore[arg-type]
        _share("unification_rate", shared, members.height),
        *(
            _share("customer_size_share", int(sizes.is_between(low, high).sum()), sizes.len(), band)
            for band, (low, high) in _SIZES.items()
        ),
        *_happened(events, before),
        _cut(edges),
        *_weights(edges, before),
        _share("review_backlog", answers.waiting, answers.waiting + answers.answered),
        _estimated("label_precision", answers.precision),
        _estimated("label_recall", answers.recall),
    ]
    return pl.DataFrame(told, schema=MEASURE_SCHEMA, orient="row")


def psi(now: list[float], then: list[float]) -> float:
    """Population stability index of two counts by the same bands: Σ (p - q) ln(p / q). Under 0.1 nothing has
    changed, above 0.25 the model sees another population than it did."""
    p, q = (np.array(counts) + _SMOOTH for counts in (now, then))
    p, q = p / p.sum(), q / q.sum()
    return float(((p - q) * np.log(p / q)).sum())


_Row = tuple[str, str, float | None, float | None, float | None, int]


def _count(kpi: str, value: int, sample: int) -> _Row:
    return kpi, ALL, float(value), None, float(value), sample


def _share(kpi: str, part: int, whole: int, band: str = ALL) -> _Row:
    return kpi, band, float(part), float(whole), part / whole if whole else None, whole


def _estimated(kpi: str, found: Estimate) -> _Row:
    return kpi, ALL, found.numerator, found.denominator, found.value, found.sample


def _happened(events: pl.DataFrame, before: pl.DataFrame | None) -> list[_Row]:
    """Ids (records, of moves) that changed, against how many there were; null in the first version."""
    counts = dict(events["event_type"].value_counts().iter_rows())
    rows: list[_Row] = []
    for kpi, (event, base) in _EVENTS.items():
        count = int(counts.get(event, 0))
        was = None if before is None else before.filter(kpi=base, band=ALL)["value"].first()
        value = count / float(was) if was else None  # type: ignore[arg-type]
        rows.append((kpi, ALL, float(count), None if was is None else float(was), value, int(was or 0)))  # type: ignore[arg-type]
    return rows


def _cut(edges: pl.DataFrame) -> _Row:
    """Links of rules that were cut because a customer contradicted itself, or a steward said so."""
    exact = edges.filter(pl.col("rule") != MODEL)
    return _share("conflict_cut_rate", int((~exact["accepted"]).sum()), exact.height)


def _weights(edges: pl.DataFrame, before: pl.DataFrame | None) -> list[_Row]:
    """The pairs that the model has scored by match weight, how many of them link, the drift since before."""
    scored = edges.filter(pl.col("rule") == MODEL)
    odds = (scored["probability"].clip(1e-9, 1 - 1e-9) / (1 - scored["probability"]).clip(1e-9, 1)).log(2)
    place = np.digitize(odds.to_numpy(), WEIGHT_EDGES)
    counts = np.bincount(place, minlength=len(WEIGHT_EDGES) + 1)
    bands = _bands()
    rows = [
        _share("match_weight_share", int(n), scored.height, band)
        for band, n in zip(bands, counts, strict=True)
    ]
    rows.append(_share("model_link_rate", int(scored["accepted"].sum()), scored.height))
    drift = None
    if before is not None and scored.height:
        then = before.filter(kpi="match_weight_share")
        known = dict(then.select("band", "numerator").iter_rows())
        if sum(known.values()) > 0:
            drift = psi([float(n) for n in counts], [float(known.get(band, 0.0)) for band in bands])
    return [*rows, ("match_weight_drift", ALL, None, None, drift, scored.height)]


def _bands() -> list[str]:
    ends = [str(end) for end in WEIGHT_EDGES]
    inner = [f"{low}..{high}" for low, high in pairwise(ends)]
    return [f"<{ends[0]}", *inner, f">={ends[-1]}"]
