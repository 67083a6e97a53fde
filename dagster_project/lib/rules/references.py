"""What rules may refer to (channels, events, KPIs …), from contracts, seeds and a merchant's own rows.

Only names are told here; whether a cell names one is the matter of cells.py.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from dagster_project.lib import seed_rows
from dagster_project.lib.seed_rows import SEEDS
from dagster_project.settings import Settings

EVENT_NODE = ("event_code", "seq", "stage", "occurs")
"""What an event of the catalogue is on every day."""


def all_references(settings: Settings) -> dict[str, frozenset[str]]:
    """Known names by what they name. Raises LuyueError where a merchant's rows cannot be read."""
    from dagster_project.lib import feeds
    from dagster_project.lib.ingest.contracts.contract import canonical_words

    events = list(_rows(settings, "event_codes"))
    return {
        "channels": frozenset(canonical_words()["channel"]) | _channels(settings),
        "events": frozenset(row["event_code"] for row in events),
        "event_nodes": frozenset("/".join(row.get(column) or "" for column in EVENT_NODE) for row in events),
        "anomalies": frozenset(row["event_code"] for row in events if row.get("is_anomaly") == "true"),
        "derived_anomalies": frozenset(row["event_code"] for row in _read(SEEDS / "anomaly_rules.csv")),
        "kpis": frozenset(row["kpi"] for row in _rows(settings, "kpis")),
        "parts": frozenset(row["kpi"] for row in _read(SEEDS / "index_weights.csv")),
        "feeds": frozenset(feeds.load_feeds()),
        "penalties": frozenset(row["penalty_code"] for row in _rows(settings, "penalty_labels")),
        "statuses": frozenset(row["status"] for row in _rows(settings, "order_states")),
    }


def _rows(settings: Settings, seed: str) -> Iterator[Mapping[str, str]]:
    for folder in (SEEDS, *seed_rows.folders(settings)):
        path = folder / f"{seed}.csv"
        if path.is_file():
            yield from _read(path)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _channels(settings: Settings) -> frozenset[str]:
    import yaml

    from dagster_project.lib.ingest.contracts.folders import CONTRACT_FILE, source_folders

    named = set()
    for folder in source_folders(settings.channels).values():
        document = yaml.safe_load((folder / CONTRACT_FILE).read_text(encoding="utf-8"))
        if isinstance(document, dict) and isinstance(document.get("channel"), str):
            named.add(document["channel"])
    return frozenset(named)
