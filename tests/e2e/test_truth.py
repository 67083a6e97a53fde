"""The demo merchant's figures against the simulated truth, computed without any SQL of the project."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from support import marts, true_contracts
from support.dbt_build import dbt_build
from support.demo_run import DemoRun
from support.kpi_truth import (
    OF_PEOPLE_AND_PLACES,
    compare_answers,
    compare_further,
    compare_lags,
    compare_negotiations,
    compare_paid,
    compare_promises,
    compare_slices,
    compare_stages,
)
from support.truth import as_of, compare_kpis, write_truth

from dagster_project import settings as settings_module
from dagster_project.lib import dbt_project
from tools.kpi_docs import dictionary

OF_BOTH = "cross_channel_merge_rate"
"""The one part of the index that depends on who is one customer and what is one address."""


@pytest.fixture(scope="module")
def true_build(demo_run: DemoRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse with true customers and true addresses in the place of the found ones.

    No option of the program replaces them; only this test does.
    """
    folder = tmp_path_factory.mktemp("truth")
    settings = settings_module.load(data=demo_run.copy(folder))
    write_truth(settings, demo_run.truth)
    settings.warehouse.unlink()
    cut_off = as_of(demo_run.truth)
    assert str(cut_off) == demo_run.facts["as_of"]
    return dbt_build(folder, dbt_project.environment(settings, cut_off), cut_off, "*")


def test_every_numerator_and_denominator_equals_the_truth(demo_run: DemoRun, true_build: Path) -> None:
    """Where everyone is who they are, SQL and simulation must agree."""
    assert compare_kpis(true_build, demo_run.truth) == []
    assert compare_further(true_build, demo_run.truth) == []
    assert compare_slices(true_build, demo_run.truth) == []


@pytest.mark.parametrize("table", list(true_contracts.PAIRS))
def test_contracts_and_states_equal_the_truth(demo_run: DemoRun, true_build: Path, table: str) -> None:
    """Which orders make one contract, what became of each clause, which resource could not keep one, and
    which changes of state cannot be: to the order, the clause, and the second."""
    assert true_contracts.differences(true_build, demo_run.truth, table) == []


def test_with_what_the_pipeline_found_only_the_merge_rate_differs(
    demo_run: DemoRun, capsys: pytest.CaptureFixture[str]
) -> None:
    """Four parts need neither identity nor addresses: they are exact as they are. The fifth is printed."""
    found = compare_kpis(marts.published_file(demo_run.data), demo_run.truth)
    with capsys.disabled():
        for line in found:
            if line.startswith("total"):
                print(f"\nown identity and addresses against truth: {line}")
    assert [line for line in found if OF_BOTH not in line] == []


def test_every_kpi_beside_the_index_equals_the_truth_by_day_and_channel(demo_run: DemoRun) -> None:
    """As the pipeline found it; what asks for one customer or one address is exact with true ones, above."""
    found = compare_further(marts.published_file(demo_run.data), demo_run.truth)
    assert [line for line in found if not line.startswith(OF_PEOPLE_AND_PLACES)] == []


def test_percentiles_of_lags_and_stages_equal_those_of_the_single_observations(demo_run: DemoRun) -> None:
    """Each day, channel and event, and the whole time: linear interpolation, as NumPy has it."""
    file = marts.published_file(demo_run.data)
    assert compare_lags(file, demo_run.truth) == []
    assert compare_stages(file, demo_run.truth) == []
    assert compare_promises(file, demo_run.truth) == []


def test_offers_and_what_came_of_them_equal_the_truth(demo_run: DemoRun) -> None:
    """By option and channel: answers, cost, the load of the rider at the time, the new promise then kept."""
    assert compare_negotiations(marts.published_file(demo_run.data), demo_run.truth) == []


def test_answers_to_surveys_and_their_bands_equal_the_truth(demo_run: DemoRun) -> None:
    """By day, channel, and whether the promise was kept: votes counted one by one, and the band from them."""
    assert compare_answers(marts.published_file(demo_run.data), demo_run.truth) == []


def test_the_demo_has_orders_of_every_kind_that_splitting_and_coverage_tell_apart(demo_run: DemoRun) -> None:
    """Equal to the truth is only worth something where the truth has the hard cases."""
    states = set(pl.read_parquet(demo_run.truth / "split_needs.parquet")["split_status"])
    assert states == {"as_needed", "together", "too_few", "too_many", "unseen", "open", "over"}
    coverage = set(pl.read_parquet(demo_run.truth / "resource_coverage.parquet")["coverage_status"])
    assert coverage >= {"served", "out_of_reach"}
    lost = pl.read_parquet(demo_run.truth / "further_kpis.parquet").filter(
        pl.col("kpi") == "high_value_lost_rate"
    )
    assert lost["denominator"].sum() > 0


def test_the_published_marts_hold_every_kpi_of_the_dictionary_and_no_other(demo_run: DemoRun) -> None:
    """Each over the slices that its seed names. Of matches there is nothing before a steward has answered."""
    facts = {row["kpi"]: row for row in dictionary.seeds().kpis}
    tables = marts.read(marts.published_file(demo_run.data))
    found = tables["rpt_kpis"]
    assert set(found["kpi"]) == set(facts) - {"match_precision", "match_recall"}
    assert set(tables["rpt_experience_index"]["kpi"]) == {"experience_index"} | {
        row["kpi"] for row in dictionary.seeds().weights
    }
    assert set(facts) | {"experience_index"} == set(dictionary.entries())
    for (kpi,), rows in found.group_by("kpi"):
        wanted = {*facts[kpi]["dimensions"].split(), facts[kpi]["detail_dimension"], "all"} - {""}
        assert set(rows["dimension"]) == wanted, kpi


def test_what_was_paid_sums_to_the_exports_to_the_cent(demo_run: DemoRun) -> None:
    """Per channel: every order once, and what was paid, whatever its lines repeat; every line once."""
    assert compare_paid(marts.published_file(demo_run.data), demo_run.truth) == []
