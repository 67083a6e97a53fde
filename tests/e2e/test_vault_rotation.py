"""After a rotation the next run gives the same marts, customer ids included: only the tokens differ."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import polars.selectors as cs
import pytest
from support import marts
from support.command import luyue, run
from support.demo_run import DemoRun

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
TOKEN = r"k\d+_[0-9a-f]{32}"
FINDING_IDS = ("finding_id", "scope_id")


def _without_tokens(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The marts without token columns and without the tokens inside texts; customer ids stay as they are."""
    return {
        name: frame.drop(column for column in frame.columns if column.endswith("_token"))
        .with_columns(cs.string().str.replace_all(TOKEN, "token"))
        # Findings on addresses are named by a digest over their token.
        .with_columns(cs.by_name(*FINDING_IDS, require_all=False).str.replace(r"^[0-9a-f]{32}$", "finding"))
        for name, frame in tables.items()
    }


def _tokens(data: Path) -> set[str]:
    frame = marts.read(marts.published_file(data))["dim_addresses"]
    return set(frame["address_token"])


def test_rotate_then_run_gives_the_same_marts(demo_run: DemoRun, tmp_path: Path) -> None:
    data = demo_run.copy(tmp_path)
    before, old_tokens = marts.read(marts.published_file(data)), _tokens(data)
    told = luyue("vault", "rotate", "--data", data, "--json", cwd=tmp_path).json
    assert told["key_version"] == 2
    assert told["tokens"] > 1000
    status = luyue("status", "--data", data, "--json", cwd=tmp_path).json
    assert status["due"] == ["the vault's key was rotated"]
    facts = run(data)
    assert sum(counts["files"] for counts in facts["sources"].values()) == 0, "no file is read again"
    after = marts.read(marts.published_file(data))
    assert marts.differences(_ordered(after), _ordered(before)) == []
    assert not old_tokens & _tokens(data)
    assert len(_tokens(data)) == len(old_tokens)
    versions = list((data / "serving").glob("*.duckdb"))
    assert [path.name for path in versions] == [facts["published"]], "no version with old tokens stays"
    assert "nothing is new" in luyue("run", "--data", data, cwd=tmp_path).err


def test_data_of_before_cannot_be_read_with_the_key_of_after(demo_run: DemoRun, tmp_path: Path) -> None:
    """And the other way round: a backup keeps the key that it was made with."""
    data = demo_run.copy(tmp_path)
    old_key = (data / "keys" / "vault.key").read_bytes()
    assert luyue("vault", "rotate", "--data", data, cwd=tmp_path).code == 0
    (data / "keys" / "vault.key").write_bytes(old_key)
    done = luyue("run", "--data", data, cwd=tmp_path)
    assert done.code == 1
    assert "was written with key" in done.err.splitlines()[-1]


def _ordered(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """In an order that does not depend on the run, run tables and columns left out, without tokens."""
    made = {}
    for name, frame in _without_tokens(tables).items():
        if name in marts.RUN_TABLES:
            continue
        plain = frame.drop(column for column in marts.RUN_COLUMNS if column in frame.columns)
        nested = [column for column, dtype in plain.schema.items() if dtype.is_nested()]
        plain = plain.with_columns(
            cs.float().round(9), *(pl.col(c).map_elements(str, pl.String) for c in nested)
        )
        made[name] = plain.sort(plain.columns, nulls_last=True)
    return made
