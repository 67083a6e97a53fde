"""The quality stage of a run, before dbt: the suites over the newest master rows, and what people said since.

Writes DATA/quality/: `found.parquet`, `checked.parquet`, `standing.parquet`; dbt reads them as
`lake.quality_…`. A suite runs again only where its rows, the rows it is held against, its rules or this code
changed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.lib import ledger
from dagster_project.lib.due import folder_fingerprint
from dagster_project.lib.quality import findings, standing
from dagster_project.lib.quality.newest import newest
from dagster_project.lib.quality.rules import SEED, Suite, suites
from dagster_project.lib.runs import write_text
from dagster_project.lib.stewardship import overlay
from dagster_project.lib.stewardship.entities import ENTITIES
from dagster_project.settings import Settings

if TYPE_CHECKING:
    from datetime import datetime

    import polars as pl

    from dagster_project.lib.quality.suites import Checked

HELD_AGAINST = {"sku_alias": ("skus",)}
"""Feeds that the rules of a suite look at besides its own."""


def check_masters(settings: Settings, as_of: datetime) -> dict[str, Any]:
    """Runs the suites that are due; counts: `rows` by feed, `ran` (suites), `findings`, `empty`: feeds of
    which files exported up to `as_of` were accepted and no row stands; `missing`: what is not installed, the
    suites then were not run.
    """
    import polars as pl

    entries = ledger.read(settings).entries
    corrections = overlay.in_force(settings, as_of)
    masters = {
        suite.feed: overlay.corrected(
            newest(settings, suite.feed, entries, as_of), ENTITIES[entity], corrections
        )
        for entity, suite in suites().items()
    }
    home = settings.quality
    home.mkdir(parents=True, exist_ok=True)
    code = f"{folder_fingerprint(Path(__file__).parent)} {SEED.read_text('utf-8')}"
    stamps = json.loads(_read(home / "stamps.json") or "{}")
    parts: list[list[pl.DataFrame]] = []
    ran: list[str] = []
    missing = ""
    for entity, suite in suites().items():
        feeds = (suite.feed, *HELD_AGAINST.get(entity, ()))
        stamp = _stamp([masters[feed] for feed in feeds], code)
        kept = [home / f"{kind}-{entity}.parquet" for kind in ("found", "checked")]
        if stamps.get(entity) != stamp or not all(path.exists() for path in kept):
            done, absent = _check(suite, masters)
            if done is None:
                missing = absent
                continue
            for path, frame in zip(kept, (done.found, done.checked), strict=True):
                _write(path, frame)
            stamps[entity] = stamp
            ran.append(entity)
        parts.append([pl.read_parquet(path) for path in kept])
    taken = set(entries.filter(pl.col("state") == "accepted", pl.col("exported_at") <= as_of)["feed"])
    write_text(home / "stamps.json", json.dumps(stamps))
    found = pl.concat([findings.none(), *(part[0] for part in parts)])
    _write(home / "found.parquet", found.sort("rule_code", "entity", "record_key"))
    _write(home / "checked.parquet", pl.concat([findings.none_checked(), *(part[1] for part in parts)]))
    _write(home / "standing.parquet", standing.now(settings, as_of))
    return {
        "rows": {feed: frame.height for feed, frame in masters.items()},
        "ran": ran,
        "findings": found.height,
        "empty": [feed for feed, frame in masters.items() if frame.is_empty() and feed in taken],
        "missing": missing,
    }


def forget(settings: Settings) -> None:
    """Has every suite run again; what became of findings is kept."""
    (settings.quality / "stamps.json").unlink(missing_ok=True)


def _check(suite: Suite, masters: dict[str, pl.DataFrame]) -> tuple[Checked | None, str]:
    """What the suite found; or nothing and the name of the package that an environment of before lacks."""
    from dagster_project.lib.quality.suites import check

    try:
        return check(suite, masters[suite.feed], masters), ""
    except ModuleNotFoundError as error:
        return None, str(error.name)


def _stamp(frames: list[pl.DataFrame], code: str) -> str:
    """Tells the content of frames, in whatever order their rows are."""
    import hashlib

    sums = [f"{frame.height} {frame.hash_rows(seed=1).sort().hash().sum()}" for frame in frames]
    return hashlib.sha256(" ".join([*sums, code]).encode()).hexdigest()


def _write(path: Path, frame: pl.DataFrame) -> None:
    temporary = path.with_suffix(".tmp")
    frame.write_parquet(temporary)
    temporary.replace(path)


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
