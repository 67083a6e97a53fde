"""landing/ → lake/ and vault/: one step, an asset for each feed, and the checks on what was taken.

Annotations are evaluated here, not postponed: Dagster does not resolve that of `context` from its text.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from dagster_project.lib import batches, checks, stages
from dagster_project.lib.feeds import load_feeds
from dagster_project.lib.ledger import FEEDS_WITH_STATES
from dagster_project.lib.session import Session

FEEDS = tuple(load_feeds())
LEDGER = ("batches", "quarantine", "corrections")
PUBLISHED = ("published_things", "published_steps")
"""What the last run that published left in history/ for this one to be compared with."""
_DESCRIPTIONS = {
    "batches": "The batch ledger: one row per file taken, with its row counts.",
    "quarantine": "Rows and files that were refused, with reason and place; values masked.",
    "corrections": "What stewards want of master data, as it now stands; laid over the newest rows.",
    "published_things": "What the parts of the index counted when a run last published, by digests of keys.",
    "published_steps": "How earlier runs put other figures in the place of published ones, and why.",
}
_CHECKS = (
    ("rows_add_up", "batches", True, "Rows read = accepted + refused + totals; the lake holds the accepted."),
    ("nothing_refused", "quarantine", False, "No file and no row was refused."),
    *(("states_known", feed, False, "Every state is in its map.") for feed in FEEDS_WITH_STATES),
    *((told.name, "batches", False, told.holds) for told in checks.EXPECTATIONS.values()),
)


@dg.multi_asset(
    name="ingest",
    specs=[
        dg.AssetSpec(
            ["lake", name],
            group_name="ingestion",
            description=_DESCRIPTIONS.get(name, f"Feed {name}: all rows as exported, tokens and masks."),
            owners=["team:data-engineering"],
            kinds={"python", "parquet"},
            tags={"stage": "ingestion"},
        )
        for name in (*FEEDS, *LEDGER, *PUBLISHED)
    ],
    check_specs=[
        dg.AssetCheckSpec(name, asset=["lake", asset], blocking=blocking, description=text)
        for name, asset, blocking, text in _CHECKS
    ],
    can_subset=True,
)
def ingest(
    context: dg.AssetExecutionContext, session: dg.ResourceParam[Session]
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Takes every new file once; bad rows and files go to quarantine, the rest is loaded.

    Of a selection of feeds only the sources of these are taken; the other files wait for a later run.
    """
    wanted = {key.path[-1] for key in context.selected_asset_keys}
    feeds = [name for name in FEEDS if name in wanted]
    taken, outcomes = stages.ingest(session, None if len(feeds) == len(FEEDS) else feeds)
    rows = batches.rows_by_feed(taken.entries)
    brought = batches.facts_by_feed(taken.entries, session.taken)
    for name in feeds:
        metadata = {"dagster/row_count": rows.get(name, 0), **brought.get(name, {})}
        yield dg.MaterializeResult(["lake", name], metadata=metadata)
    facts = session.facts
    refused = {"files": facts.refused_files, "rows": facts.refused_rows}
    told: dict[str, dict[str, Any]] = {name: {} for name in (*LEDGER, *PUBLISHED)}
    told |= {"batches": {"sources": facts.sources}, "quarantine": {"refused": refused}}
    for name, metadata in told.items():
        if name in wanted:
            yield dg.MaterializeResult(["lake", name], metadata=metadata)
    selected = {(key.asset_key.path[-1], key.name) for key in context.selected_asset_check_keys}
    for outcome in (one for one in outcomes if (one.asset, one.name) in selected):
        yield dg.AssetCheckResult(
            asset_key=["lake", outcome.asset],
            check_name=outcome.name,
            passed=outcome.passed,
            severity=dg.AssetCheckSeverity.ERROR if outcome.blocking else dg.AssetCheckSeverity.WARN,
            description=outcome.line,
            metadata=_table(outcome.details),
        )


def _table(details: list[dict[str, Any]]) -> dict[str, dg.MetadataValue]:
    """The figures by source as a table on the check's page."""
    records = [dg.TableRecord(row) for row in details]
    return {"by_source": dg.MetadataValue.table(records)} if records else {}
