"""`luyue report`: every page as HTML in both languages, its tables as CSV, all of them in one workbook; and
of what is to be mended one file an owner."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl

from dagster_project import safe_tables
from dagster_project.lib import due, publish
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.report import html, ingestion, master_data
from dagster_project.lib.report.page import LANGUAGES, Page, Table
from dagster_project.lib.report.to_mend import writing as to_mend
from dagster_project.lib.report.to_mend.listing import listings
from dagster_project.settings import Settings

BOOK = "report.xlsx"
INDEX = {"zh": "index.html", "en": "index.en.html"}


def pages(settings: Settings, owner: str | None = None) -> tuple[Page, ...]:
    """All pages of the report, in their order: that of the marts only where some were published."""
    published = publish.current(settings)
    of_marts = master_data.page(published, owner) if published is not None else None
    return (ingestion.page(settings, owner), *([of_marts] if of_marts is not None else []))


def write(settings: Settings, out: Path, *, now: datetime, owner: str | None = None) -> list[Path]:
    """Writes the report into `out`; the files, the one to open first. Files of the same name are replaced.

    Raises LuyueError where nobody is called `owner`: an empty report would say that all is well.
    """
    if owner is not None and owner not in (known := owners(settings)):
        raise LuyueError(f"no source, rule or finding has the owner {owner!r}; there are: {', '.join(known)}")
    made = pages(settings, owner)
    contents: dict[str, bytes] = {}
    for language in LANGUAGES:
        for page in made:
            contents[html.file_name(page, language)] = html.document(page, made, language, now).encode()
        contents[INDEX[language]] = contents[html.file_name(made[0], language)]
    tables = [table for page in made for table in page.tables]
    for table in tables:
        contents[f"{table.key}.csv"] = safe_tables.csv_bytes(_exported(table))
    contents[BOOK] = safe_tables.xlsx_bytes({table.key: _exported(table) for table in tables})
    contents |= of_owners(settings, now=now, owner=owner)
    for name, content in contents.items():
        safe_tables.write(out / name, content)
    first = INDEX["zh"]
    return [out / first, *(out / name for name in sorted(contents) if name != first)]


def owners(settings: Settings) -> list[str]:
    """Who answers for a source, a rule or a finding, by name."""
    published = publish.current(settings)
    of_marts = master_data.owners(published) if published is not None else set()
    return sorted(ingestion.owners(settings) | of_marts)


def of_owners(settings: Settings, *, now: datetime, owner: str | None = None) -> dict[str, bytes]:
    """By name the files of what is to be mended: all together and one of each kind an owner, or `owner`
    alone."""
    published = publish.current(settings)
    if published is None:
        return {}
    state = due.read_state(settings)
    return to_mend.contents(listings(published, owner), state.as_of if state else None, now)


def _exported(table: Table) -> pl.DataFrame:
    """The table's columns under their plain names, texts in both languages."""
    names = [
        name
        for column in table.columns
        for name in (column.name, *(f"{column.name}_{language}" for language in LANGUAGES))
        if name in table.frame.columns
    ]
    return table.frame.select(names)
