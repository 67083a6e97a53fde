"""Rule: each linked pair is told once, however many edges tie it and whichever end they begin at; it is
accepted where one of them is."""

from __future__ import annotations

import polars as pl

from dagster_project.lib.identity_files.writing import Told, pairs
from identity.link import load_model
from identity.rules import MODEL, PHONE_NAME


def test_a_pair_with_edges_from_either_end_is_told_once() -> None:
    edges = pl.DataFrame(
        {
            "left": ["b", "a", "a"],
            "right": ["a", "b", "c"],
            "rule": [MODEL, PHONE_NAME, PHONE_NAME],
            "probability": [0.9, None, None],
            "accepted": [False, True, False],
        }
    )
    told = pairs(Told(pl.DataFrame(), edges), load_model())
    assert told.select("left_record_id", "right_record_id", "tier", "accepted").rows() == [
        ("a", "b", "exact", True),
        ("a", "c", "exact", False),
    ]
