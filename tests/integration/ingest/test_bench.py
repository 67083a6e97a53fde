"""`luyue bench`: a small run of the ingestion benchmark measures every reader and judges every bar."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from dagster_project.cli.base import app


def test_a_small_run_measures_every_reader() -> None:
    """Figures of a small run say nothing about speed, so no bar is asserted."""
    done = CliRunner().invoke(app, ["bench", "ingest", "--scale", "0.002", "--json"])
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout[done.stdout.index("{") :])
    assert set(figures["cases"]) == {"csv_utf8", "csv_gb18030", "xlsx"}
    for case in figures["cases"].values():
        assert case["luyue"]["rows_per_second"] > 0
        assert case["times_slower_than"]
    assert len(figures["bars"]) >= 7


def test_an_unknown_benchmark_names_those_there_are() -> None:
    done = CliRunner().invoke(app, ["bench", "nothing"])
    assert done.exit_code != 0
    _, named = str(done.exception).split("no such benchmark; there are: ")
    assert {"addresses", "identity", "ingest"} <= set(named.split(", "))
