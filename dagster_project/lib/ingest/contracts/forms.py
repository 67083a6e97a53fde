"""Whether patterns have the groups that a contract reads, and its times forms that can be read and written.

That a pattern is one at all was checked before, in contract_names.py.
"""

from __future__ import annotations

import re
import string
from datetime import datetime
from typing import TYPE_CHECKING

from dagster_project.lib.ingest.contracts.folders import CONTRACT_FILE
from dagster_project.lib.ingest.contracts.names import Place
from dagster_project.lib.ingest.contracts.schema import problem_at
from dagster_project.lib.ingest.contracts.types import OPTIONAL

if TYPE_CHECKING:
    from dagster_project.lib.ingest.contracts.contract import Contract

NAMED_FORMS = ("epoch", "stamp")
_SAMPLE = datetime(2026, 11, 23, 14, 5, 6)


def check_forms(contract: Contract) -> None:
    """Raises ContractError for the first pattern without its group, or form of a time that cannot be used."""
    path = contract.folder / CONTRACT_FILE
    for place, told in _problems(contract):
        if told:
            raise problem_at(path, place, told)


def _problems(contract: Contract) -> list[tuple[Place, str | None]]:
    get = contract.get
    found: list[tuple[Place, str | None]] = []
    if rule := get("exported_at"):
        found.append((["exported_at", "pattern"], _lacks_a_group(rule["pattern"])))
        found.append((["exported_at", "format"], _unreadable(rule["format"], NAMED_FORMS)))
    if rule := get("window"):
        if "pattern" in rule and not {"from", "to"} <= re.compile(rule["pattern"]).groupindex.keys():
            found.append(
                (["window", "pattern"], "it has no groups from and to; write (?P<from>…) and (?P<to>…)")
            )
        found.append((["window", "format"], _unreadable(rule.get("format", "stamp"), NAMED_FORMS)))
    for target, rule in get("infer_time", {}).items():
        found.append((["infer_time", target, "pattern"], _lacks_a_group(rule["pattern"])))
        found.append((["infer_time", target, "format"], _unreadable(rule["format"])))
    for i, rule in enumerate(get("split", ())):
        if not re.compile(rule["pattern"]).groupindex:
            found.append((["split", i, "pattern"], "it has no named group; write (?P<column>…)"))
    for target, template in get("compose", {}).items():
        for _, _, form, _ in string.Formatter().parse(template):
            if form and form != OPTIONAL:
                found.append((["compose", target], _unwritable(form)))
    return found


def _lacks_a_group(pattern: str) -> str | None:
    if re.compile(pattern).groups:
        return None
    return f"{pattern} has no group; put what tells the time in round brackets"


def _unreadable(form: str, named: tuple[str, ...] = ()) -> str | None:
    """Why no date can be read by a form, or null."""
    if form in named:
        return None
    try:
        whole = datetime.strptime(_SAMPLE.strftime(form), form).date() == _SAMPLE.date()
    except ValueError:
        whole = False
    known = f"{', '.join(named)} or " if named else ""
    return None if whole else f"{form} is no form of a date; write {known}one like %Y-%m-%d"


def _unwritable(form: str) -> str | None:
    """Why no time can be written in a form, or null."""
    import polars as pl

    try:
        pl.Series([_SAMPLE]).dt.strftime(form)
    except pl.exceptions.ComputeError:
        return f"{form} is no form of a time; write one like %Y%m%d"
    return None
