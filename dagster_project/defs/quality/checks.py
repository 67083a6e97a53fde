"""Each suite as checks on its mart: critical rules are errors, the rest warnings; none keeps a run from
publishing.

Annotations are evaluated here, not postponed: Dagster does not resolve that of `context` from its text.
"""

from collections.abc import Iterator

import dagster as dg

from dagster_project.lib import stages
from dagster_project.lib.quality import outcomes
from dagster_project.lib.session import Session

_KINDS = {
    True: "No more records fail a critical rule than its tolerance allows.",
    False: "No more records fail another rule than its tolerance allows.",
}


@dg.multi_asset_check(
    name="master_data_rules",
    specs=[
        dg.AssetCheckSpec(
            outcomes.name(entity, is_critical=is_critical),
            asset=["marts", mart],
            description=text,
            additional_deps=[["marts", "rpt_quality_findings"], ["marts", "rpt_quality_scores"]],
            blocking=False,
        )
        for entity, mart in outcomes.ASSETS.items()
        for is_critical, text in _KINDS.items()
    ],
)
def master_data_rules(session: dg.ResourceParam[Session]) -> Iterator[dg.AssetCheckResult]:
    """Scores are metadata, so that Dagster shows them over time; the failing keys are listed, costliest
    first."""
    for one in stages.quality_outcomes(session):
        records = [dg.TableRecord(row) for row in one.findings]
        yield dg.AssetCheckResult(
            asset_key=["marts", outcomes.ASSETS[one.entity]],
            check_name=one.name,
            passed=one.passed,
            severity=dg.AssetCheckSeverity.ERROR if one.is_critical else dg.AssetCheckSeverity.WARN,
            description=one.line,
            metadata=one.figures | ({"findings": dg.MetadataValue.table(records)} if records else {}),
        )
