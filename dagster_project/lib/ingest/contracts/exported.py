"""When a file was exported: from its name by the contract's pattern, else its modification time.

All in Asia/Shanghai wall clock, which has had no daylight saving time since 1991.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from dagster_project.lib.ingest.contracts.contract import Contract

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
_STAMP_FORMATS = {14: "%Y%m%d%H%M%S", 12: "%Y%m%d%H%M", 8: "%Y%m%d"}


def exported_at(contract: Contract, file_name: str, mtime_ns: int) -> datetime:
    """Export time of a file. A name that does not match, or holds no possible time, leaves the modification
    time.

    The contract's format is `epoch` (seconds), `stamp` (yyyymmdd, hhmm and hhmmss optional) or a strptime
    format; the first group of the pattern is read.
    """
    rule = contract.get("exported_at")
    for match in re.finditer(rule["pattern"], file_name) if rule else ():
        try:
            return parse_time(match.group(1), rule["format"])
        except (ValueError, OverflowError, KeyError):
            continue
    return datetime.fromtimestamp(mtime_ns / 1e9, SHANGHAI).replace(tzinfo=None)


def parse_time(text: str, form: str) -> datetime:
    """A time in the form that a contract names. Raises ValueError, OverflowError or KeyError."""
    if form == "epoch":
        return datetime.fromtimestamp(int(text), SHANGHAI).replace(tzinfo=None)
    if form == "stamp":
        return datetime.strptime(text, _STAMP_FORMATS[len(text)])
    return datetime.strptime(text, form)
