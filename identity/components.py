"""Connected components of an undirected graph, by vectorised label propagation.

What a node or an edge stands for does not belong here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

Labels = npt.NDArray[np.int64]


def components(node_count: int, left: Labels, right: Labels) -> Labels:
    """The least node of each node's component; nodes are 0 … node_count-1, edges the pairs (left, right).

    A function of the graph alone: neither the order nor the repetition of edges changes it. Hooks the larger
    root of each edge onto the smaller one and halves the paths, so that it takes about log(node_count)
    rounds.
    """
    labels = np.arange(node_count, dtype=np.int64)
    while left.size:
        a, b = labels[left], labels[right]
        open_edges = a != b
        if not open_edges.any():
            break
        left, right, a, b = left[open_edges], right[open_edges], a[open_edges], b[open_edges]
        np.minimum.at(labels, np.maximum(a, b), np.minimum(a, b))
        while True:
            shorter = labels[labels]
            if np.array_equal(shorter, labels):
                break
            labels = shorter
    return labels


def components_of(node_count: int, edges: pl.DataFrame) -> pl.Series:
    """`components` over the columns `left` and `right` of an edge table, as a series named `component`."""
    left = edges["left"].to_numpy().astype(np.int64)
    right = edges["right"].to_numpy().astype(np.int64)
    return pl.Series("component", components(node_count, left, right))
