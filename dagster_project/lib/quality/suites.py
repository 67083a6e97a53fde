"""The one place where Great Expectations runs: a suite over the newest rows of its entity, in this process.

It is imported inside (3.6 s of a core, once), on pandas batches (a DuckDB source there is none), with its
usage statistics off. What a failing row's finding is belongs in `findings.py`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dagster_project.lib.quality import findings
from dagster_project.lib.quality.facts import FACTS, Masters
from dagster_project.lib.quality.rules import Rule, Suite

if TYPE_CHECKING:
    import polars as pl
    from great_expectations.expectations import Expectation

DATA_SOURCE = "masters"
_COMPLETE = {"result_format": "COMPLETE", "return_unexpected_index_query": False}


@dataclass(frozen=True)
class Checked:
    """What a suite found: columns of `findings.TEXTS`, and of `findings.COUNTED` one row a rule and
    source."""

    found: pl.DataFrame
    checked: pl.DataFrame


def check(suite: Suite, rows: pl.DataFrame, masters: Masters) -> Checked:
    """The suite over `rows` (columns of its feed, `source`). `masters`: the newest rows of other feeds by
    name.

    Without rows nothing is imported and nothing found.
    """
    if rows.is_empty():
        return Checked(findings.none(), findings.none_checked())
    import polars as pl

    if "key_doubled" not in rows.columns:
        rows = rows.with_columns(key_doubled=pl.lit(None, pl.String))
    judged = FACTS[suite.entity](rows, masters)
    failing = _failing(suite, judged)
    found = [findings.of_rule(suite, rule, judged, failing[rule.code]) for rule in suite.rules]
    return Checked(findings.joined(found), findings.checked(suite, judged))


def _failing(suite: Suite, judged: pl.DataFrame) -> Mapping[str, list[int]]:
    """By rule code the places of the rows that fail. Raises what a broken expectation raised."""
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    columns = {_column(rule) for rule in suite.rules}
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas(DATA_SOURCE).add_dataframe_asset(suite.entity)
    frame = judged.select(_plain(judged, name) for name in sorted(columns)).to_pandas()
    batch = asset.add_batch_definition_whole_dataframe("newest").get_batch({"dataframe": frame})
    expected = gx.ExpectationSuite(suite.entity, expectations=[_expectation(rule) for rule in suite.rules])
    failing = {}
    for result in batch.validate(expected, result_format=_COMPLETE).results:
        assert result.expectation_config is not None, "each result tells of its expectation"
        rule = result.expectation_config.meta["rule"]
        if result.exception_info.get("raised_exception"):
            raise RuntimeError(
                f"suite {suite.entity}, rule {rule}: {result.exception_info['exception_message']}"
            )
        failing[rule] = list(result.result.get("unexpected_index_list") or ())
    return failing


def _column(rule: Rule) -> str:
    return rule.code if rule.expect == "sound" else rule.field


def _plain(judged: pl.DataFrame, name: str) -> pl.Expr:
    """A column as pandas compares it: amounts as doubles, an empty text as none."""
    import polars as pl

    if judged.schema[name].is_decimal():
        return pl.col(name).cast(pl.Float64)
    if judged.schema[name] == pl.String:
        return pl.when(pl.col(name).str.strip_chars() != "").then(pl.col(name)).alias(name)
    return pl.col(name)


def _expectation(rule: Rule) -> Expectation:
    """The expectation of a rule, which it carries as `meta`; a share of failing rows within its tolerance is
    a success of the suite, and each of them a finding all the same."""
    import great_expectations.expectations as gxe

    shared: dict[str, Any] = {
        "column": _column(rule),
        "mostly": 1 - rule.tolerance,
        "severity": "critical" if rule.severity == "critical" else "warning",
        "meta": {"rule": rule.code, "owner": rule.owner, "dimension": rule.dimension},
    }
    told = rule.arguments
    match rule.expect:
        case "regex":
            return gxe.ExpectColumnValuesToMatchRegex(regex=told["regex"], **shared)
        case "known":
            return gxe.ExpectColumnValuesToNotBeNull(**shared)
        case "one_of":
            return gxe.ExpectColumnValuesToBeInSet(value_set=list(told["values"]), **shared)
        case "between":
            return gxe.ExpectColumnValuesToBeBetween(
                min_value=told["least"], max_value=told["most"], **shared
            )
        case _:
            return gxe.ExpectColumnValuesToBeNull(**shared)
