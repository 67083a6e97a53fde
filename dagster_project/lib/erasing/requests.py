"""Requests to erase a customer, and their receipts: inbox/erasures/, append-only, without anything personal.

A request stands as soon as it is written; everything after it can be done again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.lib import inbox
from dagster_project.lib.errors import LuyueError
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

KIND = "erasures"
_LISTS = ("digests", "batches", "also")


@dataclass(frozen=True)
class Request:
    """`digests` of the customer's records (`identity.erasure`), `batches` that brought them, `also` the other
    customers of their orders, `receipt` where all was done."""

    event_id: str
    customer_id: str
    digests: tuple[str, ...]
    batches: tuple[str, ...]
    also: tuple[str, ...]
    receipt: dict[str, Any] | None = None


def paths(settings: Settings) -> list[Path]:
    """The files of all requests, in their order."""
    return sorted((settings.inbox / KIND).glob("*.jsonl"))


def requests(settings: Settings) -> list[Request]:
    """All requests, the oldest first. LuyueError names a line that is none."""
    asked: dict[str, dict[str, Any]] = {}
    receipts: dict[str, dict[str, Any]] = {}
    for path in paths(settings):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                entry = json.loads(line)
                if "receipt_of" in entry:
                    receipts[entry["receipt_of"]] = entry
                else:
                    asked[entry["event_id"]] = entry
                    assert entry["customer_id"] and all(isinstance(entry[name], list) for name in _LISTS)
            except (ValueError, KeyError, TypeError, AssertionError) as error:
                raise LuyueError(f"{path}, line {number}: no request to erase; restore the file") from error
    return [
        Request(
            entry["event_id"],
            entry["customer_id"],
            tuple(entry["digests"]),
            tuple(entry["batches"]),
            tuple(entry["also"]),
            receipts.get(entry["event_id"]),
        )
        for entry in asked.values()
    ]


def erased(settings: Settings) -> frozenset[str]:
    """The digests of all records of erased customers."""
    return frozenset(digest for request in requests(settings) for digest in request.digests)


def living(settings: Settings, records: pl.DataFrame) -> pl.DataFrame:
    """The record table without the records of erased customers."""
    from identity import erasure

    gone = erased(settings) if paths(settings) else frozenset()
    return erasure.living(records, gone)


def ask(
    settings: Settings,
    customer_id: str,
    digests: Collection[str],
    batches: Sequence[str],
    also: Sequence[str],
) -> Request:
    """Writes the request to erase this customer."""
    told = {"digests": sorted(digests), "batches": list(batches), "also": list(also)}
    inbox.append(settings, KIND, {"customer_id": customer_id, **told})
    return requests(settings)[-1]


def acknowledge(settings: Settings, request: Request, receipt: dict[str, Any]) -> None:
    """Writes that all of a request was done, with what it came to."""
    inbox.append(settings, KIND, {"receipt_of": request.event_id, **receipt})
