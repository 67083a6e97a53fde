"""The inventory bench on a small ledger: the steps by dbt, corrections included, equal a recomputation."""

from __future__ import annotations

import pytest

from benchmarks import inventory


@pytest.mark.long
def test_what_the_bench_builds_is_right() -> None:
    """Bars of time mean nothing at this size; the usual incremental must miss what came late."""
    figures = inventory.run(0.003)
    assert len(figures["ledgers"]) == 2
    for result in figures["ledgers"].values():
        assert result["rows_that_differ"] == 0
    assert sum(result["keys_wrong_of_usual"] for result in figures["ledgers"].values()) > 0
    assert figures["growth"]["file_mb"] > 0
