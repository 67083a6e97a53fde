"""How long a file may be and how it opens."""

from __future__ import annotations

import pytest

from tools.conventions import sizes, staged


@pytest.mark.parametrize(
    ("path", "limit"), [("a/b.py", 300), ("dbt/models/staging/s.sql", 120), ("a/c.yml", 300)]
)
def test_a_file_is_split_before_it_is_too_long(path: str, limit: int) -> None:
    """The limit itself passes; one line more is one idea too many."""
    opening = '"""Holds lines."""\n' if path.endswith(".py") else "\n"
    assert sizes.check(path, opening + "\n" * (limit - 1)) == []
    assert [f.rule for f in sizes.check(path, opening + "\n" * limit)] == ["too-long"]


def test_a_module_opens_with_what_it_holds() -> None:
    """A reader decides by the first lines whether a file is the right place."""
    assert [f.rule for f in sizes.check("a/b.py", "x = 1\n")] == ["no-docstring"]
    assert [f.rule for f in sizes.check("a/b.py", "def f(:\n")] == ["syntax"]


def test_a_mart_opens_with_its_grain() -> None:
    """Without the grain nobody knows whether a join will multiply rows."""
    path = "dbt/models/marts/core/fct_orders.sql"
    assert (
        sizes.check(path, "-- Grain: one row per (channel, channel_order_id). Nothing adds up.\nselect 1\n")
        == []
    )
    assert [f.rule for f in sizes.check(path, "select 1\n")] == ["no-grain"]
    assert sizes.check("dbt/models/staging/stg_orders.sql", "select 1\n") == []


def test_a_staged_secret_or_a_large_file_is_refused() -> None:
    """Once pushed, a key is public for ever. The sample key is made here, so that no file holds one."""
    sample = b'vault_key = "' + b"0f" * 32 + b'"\n'
    assert [f.rule for f in staged.check("a.py", b"\n" + sample)] == ["secret"]
    assert [f.line for f in staged.check("a.py", b"\n" + sample)] == [2]
    assert [f.rule for f in staged.check("a.pem", b"-----BEGIN " + b"PRIVATE KEY-----")] == ["secret"]
    assert [f.rule for f in staged.check("a.csv", b"x" * (staged.MAX_BYTES + 1))] == ["large-file"]
    assert staged.check("a.py", b'sha256 = "' + b"0f" * 32 + b'"') == []
