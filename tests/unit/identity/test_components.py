"""Rule: components are those of the graph, whatever the order or repetition of its edges."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from identity.components import components

NODES = 12
EDGES = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)), max_size=20)


def _by_hand(edges: list[tuple[int, int]]) -> list[int]:
    least = list(range(NODES))
    for _ in range(NODES):
        for a, b in edges:
            least[a] = least[b] = min(least[a], least[b])
    return least


@given(EDGES, st.randoms())
def test_components_equal_those_found_by_hand(edges: list[tuple[int, int]], chance: Random) -> None:
    shuffled = edges + edges[:3]
    chance.shuffle(shuffled)
    pairs = np.array(shuffled, dtype=np.int64).reshape(-1, 2)
    assert components(NODES, pairs[:, 0], pairs[:, 1]).tolist() == _by_hand(edges)


def test_a_long_chain_is_one_component() -> None:
    chain = np.arange(50_000, dtype=np.int64)
    assert not components(50_001, chain + 1, chain).any()
