"""All tools over both public sets, in one table: seconds, and precision, recall, F1 of what is judged."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import polars as pl

from identity.evaluation.febrl import ours, peers, sets
from identity.evaluation.scores import f1, scores

BARS = {"febrl3": 0.999, "febrl4": 0.9995}
"""F1 that ours must reach: of pairs in a cluster, of links."""
OURS = "luyue"


def compare_all(say: Callable[[str], None] = lambda text: None) -> dict[str, Any]:
    """`sets` (name → records, true_pairs, judged_by, bar), `results` (set, tool, precision, recall, f1,
    seconds, or not_measured with the reason), `bars` (set → met).

    Raises ValueError where the sets are not installed."""
    tools: dict[str, Callable[[sets.PublicSet], pl.DataFrame]] = {
        OURS: ours.pairs,
        "recordlinkage, ECM": peers.ecm,
        **{name: peers.rule(keys) for name, keys in peers.RULES.items()},
    }
    told: dict[str, Any] = {"sets": {}, "results": [], "bars": {}}
    for public in sets.load():
        told["sets"][public.name] = {
            "records": public.records.height,
            "true_pairs": public.true_pairs,
            "judged_by": "links" if public.is_between else "pairs in a cluster",
            "bar": BARS[public.name],
        }
        for name, tool in tools.items():
            say(f"{public.name}: {name}")
            told["results"].append({"set": public.name, "tool": name, **_measured(public, tool)})
        for name, why in peers.LEFT_OUT.items():
            told["results"].append({"set": public.name, "tool": name, "not_measured": why})
        own = next(row for row in told["results"] if (row["set"], row["tool"]) == (public.name, OURS))
        told["bars"][public.name] = own["f1"] >= BARS[public.name]
    return told


def _measured(public: sets.PublicSet, tool: Callable[[sets.PublicSet], pl.DataFrame]) -> dict[str, Any]:
    begun = time.perf_counter()
    try:
        found = tool(public)
    except ImportError as error:
        return {"not_measured": f"cannot be imported: {error}"}
    seconds = round(time.perf_counter() - begun, 2)
    precision, recall = judged(public, found)
    return {"precision": precision, "recall": recall, "f1": f1(precision, recall), "seconds": seconds}


def judged(public: sets.PublicSet, found: pl.DataFrame) -> tuple[float, float]:
    """Precision and recall of `found` (left, right): of the links between two files, else of the pairs in
    their connected components."""
    person = public.records["person"]
    if not public.is_between:
        told = scores(ours.clusters(public, found), person)
        return told.pairwise_precision, told.pairwise_recall
    right = int((person.gather(found["left"]) == person.gather(found["right"])).sum())
    return right / found.height if found.height else 1.0, right / public.true_pairs
