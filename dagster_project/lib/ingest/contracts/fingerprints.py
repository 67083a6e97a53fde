"""Which contract a batch was read under: a fingerprint of what decides how cells are read.

A contract's words for people (name, owner) and its expectations change no cell and are left out.
"""

from __future__ import annotations

import hashlib
import json

from dagster_project.lib.ingest.contracts.contract import Contract

DIGITS = 16
_CHANGES_NO_CELL = frozenset(
    {
        "schema_version",
        "version",
        "name",
        "description",
        "owner",
        "files",
        "extras",
        "freshness",
        "volume",
        "unknown_share",
    }
)


def fingerprint(contract: Contract) -> str:
    """First hex digits of SHA-256 over the contract's reading rules and its column map."""
    rules = {key: value for key, value in contract.body.items() if key not in _CHANGES_NO_CELL}
    told = json.dumps([rules, contract.headers], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:DIGITS]
