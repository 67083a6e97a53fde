"""Rule: the places of an account are looked at again where it tells something else than before, and not where
a new record of it shows what others of it do.

Does not prove that nothing is missed: `test_ledger.py` compares whole histories.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from support.identity_records import record_table
from support.ledgers import linked

from identity import overrides
from identity.ledger import telling
from identity.ledger.store import Ledger

SHOWN = {"unionid": "u", "name": "张伟", "phone": "138****1234"}


@pytest.mark.parametrize(
    ("records", "more", "altered"),
    [
        (2, {}, 0),
        (2, {"phone": "139****4321"}, 3),
        (2, {"birthday": "19800203"}, 3),
        (2, {"name": "张玮"}, 3),
        (2, {"unionid": "v"}, 1),
        (1, {}, 2),
    ],
    ids=["nothing new", "a number", "a birthday", "a name", "another account", "no longer alone"],
)
def test_accounts_that_tell_something_else(
    records: int, more: dict[str, str], altered: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[int] = []
    asked = telling.altered

    def counted(ledger: Ledger, accounts: pl.DataFrame, changed: pl.Series, parted: pl.Series) -> pl.Series:
        rids = asked(ledger, accounts, changed, parted)
        found.append(rids.len())
        return rids

    monkeypatch.setattr(telling, "altered", counted)
    first = [{**SHOWN, "source_record_id": f"{place}"} for place in range(records)]
    for rows in (first, [{**SHOWN, **more, "source_record_id": "9"}]):
        linked(tmp_path, record_table(rows).drop("node"), None, pl.DataFrame(schema=overrides.SCHEMA))
    assert found == [altered]
