"""Reads the KPI dictionary (dagster_project/kpis) and the seeds beside it. No page is made here."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
ENTRIES = ROOT / "dagster_project" / "kpis"
SEEDS = ROOT / "dbt" / "seeds"
PAGES_FILE = "pages.yml"
LANGUAGES = ("zh", "en")
TEXTS = ("name", "formula", "grain", "excludes", "counts", "does_not_count", "limits")
"""What an entry says in both languages. `counts` and `does_not_count` are examples."""


class DictionaryError(ValueError):
    """An entry is not whole; the text says which, and what it lacks."""


@dataclass(frozen=True)
class Seeds:
    """The rows of the seeds that the pages show, as text, by their header."""

    kpis: list[dict[str, str]]
    weights: list[dict[str, str]]
    feeds: list[dict[str, str]]
    master_data: list[dict[str, str]]


def seeds(folder: Path = SEEDS) -> Seeds:
    """The seeds kpis, index_weights, kpi_feeds and kpi_master_data."""
    names = ("kpis", "index_weights", "kpi_feeds", "kpi_master_data")
    return Seeds(*(_rows(folder / f"{name}.csv") for name in names))


def entries(folder: Path = ENTRIES) -> dict[str, dict[str, Any]]:
    """KPI to its entry, in the order of the files. DictionaryError where one is not whole, or told twice."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("[0-9]*.yml")):
        for kpi, entry in yaml.safe_load(path.read_text("utf-8")).items():
            if kpi in found:
                raise DictionaryError(f"{path.name}: {kpi} has an entry before; keep one")
            _check(path.name, kpi, entry)
            found[kpi] = entry
    return found


def pages(folder: Path = ENTRIES) -> Mapping[str, Any]:
    """What stands around the entries."""
    return yaml.safe_load((folder / PAGES_FILE).read_text("utf-8"))


def _check(file: str, kpi: str, entry: Mapping[str, Any]) -> None:
    wanted = {*TEXTS, "owner_role"}
    if entry.keys() != wanted:
        raise DictionaryError(
            f"{file}: {kpi}: missing {sorted(wanted - entry.keys())}, unknown {sorted(entry.keys() - wanted)}"
        )
    for name in TEXTS:
        text = entry[name]
        if set(text) != set(LANGUAGES) or not all(isinstance(t, str) and t.strip() for t in text.values()):
            raise DictionaryError(f"{file}: {kpi}: {name} needs a text in each of {', '.join(LANGUAGES)}")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
