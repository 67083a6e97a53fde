"""The transform stage around its one dbt command: what comes before, and what its results mean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dagster_project.lib import claims, dbt_project, increments, ledger
from dagster_project.lib.rules import overlay
from dagster_project.lib.session import Session
from dagster_project.lib.stewardship import entries


@contextmanager
def prepared(session: Session) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Arguments and environment of dbt inside the block; at its end, notes test results and what blocks.

    Waits for a dbt that a killed run left behind, and with `full_refresh` starts from an empty warehouse.
    """
    settings = session.settings
    with session.stage("transform"):
        dbt_project.await_orphan(settings)
        session.mark_consumed()
        ledger.refresh(settings)
        entries.refresh(settings)
        overlay.write(settings)
        if settings.full_refresh:
            for path in settings.data.glob(f"{settings.warehouse.name}*"):
                path.unlink()
        target = dbt_project.folder(settings) / "target"
        (target / dbt_project.RESULTS).unlink(missing_ok=True)
        try:
            yield (
                dbt_project.build_arguments(
                    full_refresh=settings.full_refresh, lasting_stands=increments.lasting_stands(settings)
                ),
                dbt_project.environment(settings, session.as_of),
            )
            session.is_transformed = True
            session.facts.built = increments.done(settings.warehouse)
            session.say(increments.line(session.facts.built))
        finally:
            manifest = dbt_project.folder(settings) / "manifest.json"
            _note_results(session, dbt_project.results(target, manifest))


def _note_results(session: Session, results: list[dbt_project.NodeResult]) -> None:
    for node in results:
        if node.is_test and node.outcome != "skipped":
            session.facts.count_check(node.outcome)
        if node.outcome == "failed":
            session.block(claims.line(node, session.settings.warehouse))
        elif node.outcome == "warned":
            session.facts.warnings.append(node.line)
