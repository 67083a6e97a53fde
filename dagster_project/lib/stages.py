"""What each stage of a run does in the session's folders: ingest, addresses, identity, publish.

Each calls one library part, notes facts in the session and returns counts. The dbt stage is transform.py.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from dagster_project.lib import backfill, batches, checks, erasing, history, index, ledger, publish, refusals
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.ingest.generations import content_of
from dagster_project.lib.ingest.personal.walled import walled
from dagster_project.lib.quality import outcomes, standing
from dagster_project.lib.session import Session
from dagster_project.lib.stewardship import entries


def ingest(
    session: Session, feeds: Collection[str] | None = None
) -> tuple[ledger.Ledger, list[checks.Outcome]]:
    """Takes the new files of landing/, of all `feeds` or of these, into lake and vault.

    Returns the ledger, and the checks on what was taken.
    """
    from dagster_project.lib import ingest as ingestion

    facts, settings = session.facts, session.settings
    with session.stage("ingest"):
        known = batches.ids(settings)
        found = ingestion.scan(settings)
        if feeds is not None:
            found = backfill.of_feeds(settings, found, feeds)
        result = ingestion.ingest(settings, found, progress=_every_tenth(session))
        session.taken = frozenset(batches.ids(settings) - known)
        erasing.sweep(settings, session.key)
        facts.sources = result.sources
        facts.refused_files = walled(result.refused_files)
        facts.notices = walled([*result.notices, *entries.refresh(settings)])
        facts.refused_rows = refusals.rows_by_reason(settings, session.taken)
        taken = ledger.refresh(settings, anew=settings.full_refresh)
        facts.notices += walled([*_archived(session, taken), *_replayable(session)])
        has_rows = "accepted" in taken.entries["state"]
        outcomes = [
            *checks.ingestion_checks(taken, len(facts.refused_files), facts.refused_rows),
            *checks.expected_checks(settings, taken, session.as_of if has_rows else None),
        ]
        for outcome in outcomes:
            facts.count_check(outcome.result)
            if outcome.result == "warned":
                facts.warnings.append(outcome.line)
            if outcome.result == "failed":
                session.block(outcome.line)
    return taken, outcomes


def _archived(session: Session, taken: ledger.Ledger) -> tuple[str, ...]:
    """Moves what was taken out of landing/, where the settings say so; one line for each file that stays."""
    if session.settings.archive_days is None:
        return ()
    from dagster_project.lib import archive
    from dagster_project.lib.ingest import scan

    refused = {content_of(batch_id) for batch_id in taken.entries.filter(state="refused")["batch_id"]}
    moved = archive.sweep(session.settings, scan(session.settings), refused, date.today())
    session.say(f"{moved.moved} files archived, {moved.deleted} deleted after their time")
    return moved.notices


def _every_tenth(session: Session) -> Callable[[int, int, str], None]:
    """Progress of ingestion: about ten lines, however many files there are."""

    def progress(done: int, files: int, name: str) -> None:
        if done == files or done % max(files // 10, 1) == 0:
            session.say(f"{done} of {files} files, {walled([name])[0]}")

    return progress


def _replayable(session: Session) -> list[str]:
    """One line where files were refused under contracts that have changed since: none is taken unasked."""
    from dagster_project.lib.quarantine.entries import replayable_files

    files = replayable_files(session.settings)
    line = f"{files} refused files can be replayed, their contract changed: luyue quarantine replay"
    return [line] if files else []


def addresses(session: Session) -> dict[str, dict[str, int]]:
    """Standardises the addresses that are new, judges where warehouses and resources are, and puts the
    divisions beside them; the counts of each."""
    from dagster_project.lib import addresses as standardised
    from dagster_project.lib import places

    settings = session.settings
    with session.stage("addresses"):
        if settings.full_refresh:
            for path in sorted(settings.addresses.glob("*.*"), key=lambda path: path.suffix == ".parquet"):
                path.unlink()
            shutil.rmtree(places.folder(settings), ignore_errors=True)
        counts = standardised.standardise_new(settings, session.key, session.as_of)
        return {
            "addresses": counts,
            "places": places.judge_new(settings, session.as_of),
            "divisions": places.write_divisions(settings),
        }


def customers(session: Session) -> dict[str, dict[str, Any]]:
    """Gives every live record its customer id, every customer its golden record, and measures; counts."""
    from dagster_project.lib import customers as linked
    from dagster_project.lib import golden, identity_quality

    settings, key, as_of = session.settings, session.key, session.as_of
    with session.stage("identity"):
        counts = dict(linked.link_customers(settings, key, as_of))
        fields = golden.write(settings, key, as_of)
        figures = identity_quality.write(settings, as_of)
    return {"customers": counts, "golden": {"fields": fields}, "quality": {"figures": figures}}


def quality(session: Session) -> dict[str, Any]:
    """Runs the suites over master data that changed, and gathers what people said of findings; counts.

    What is wrong with a record never blocks; a master table of which files came and no row stands does.
    """
    from dagster_project.lib.quality import stage

    settings, facts = session.settings, session.facts
    with session.stage("quality"):
        if settings.full_refresh:
            stage.forget(settings)
        session.note_consumed()
        counts = stage.check_masters(settings, session.as_of)
        for feed in counts["empty"]:
            session.block(f"{feed}: files were accepted and no row stands; export this master table again")
        if counts["missing"]:
            facts.warnings.append(
                f"suites: {counts['missing']} is not installed, what changed was not checked: make setup"
            )
    return counts


def quality_outcomes(session: Session) -> list[outcomes.Outcome]:
    """The checks over master data after the build; what fails warns, one line for each entity's critical
    rules."""
    found = outcomes.outcomes(session.settings.warehouse)
    for one in found:
        session.facts.count_check("passed" if one.passed else "warned")
        if one.is_critical and not one.passed:
            session.facts.warnings.append(one.line)
    return found


def published(session: Session) -> dict[str, Any]:
    """Publishes the marts unless something blocks; the file, and the index that it shows.

    Raises LuyueError if anything blocked: the last good version then stays in force.
    """
    facts = session.facts
    with session.stage("publish"):
        if facts.blocked:
            raise LuyueError(f"not published: {facts.blocked[0]}")
        if not session.is_transformed:
            raise LuyueError("not published: this run has not built the marts; start the whole job")
        started = time.monotonic()
        path = publish.publish(session.settings, facts.run_id)
        seconds = time.monotonic() - started
        history.keep(session.settings, facts.run_id, path)
        rows = publish.rows_in(path)
        facts.publishing = {
            "rows": rows,
            "seconds": round(seconds, 3),
            "rows_a_second": round(rows / seconds),
        }
        facts.published = path.name
        facts.experience_index = index.total(path)
        standing.remember(session.settings)
        session.mark_complete()
    return {"file": path.name, "bytes": path.stat().st_size, **(facts.experience_index or {})}
