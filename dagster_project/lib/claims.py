"""What a dbt test that did not pass found, in words: its claims, asked of the warehouse once more.

dbt keeps of a test only how many rows it gave; one wide test (dbt/tests/generic/sound.sql) has many claims.
Asked only where a test warned or failed. Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dagster_project.lib.dbt_project import NodeResult

COLUMNS = ("claim", "row_count")
"""What a test gives whose rows are claims; the rows of others are the merchant's, and are only counted."""


def line(node: NodeResult, warehouse: Path) -> str:
    """The node's line for people: each claim that failed and of how many rows, else the line of the node."""
    claims = _claims(node.query, warehouse) if node.is_test and node.query else []
    return f"{node.name}: {sentence(claims)}" if claims else node.line


def sentence(claims: Iterable[tuple[str, int]]) -> str:
    """`status is empty (3 rows); channel, entry_id occur more than once (1 row)`."""
    return "; ".join(f"{claim} ({count} row{'s' * (count != 1)})" for claim, count in claims)


def _claims(query: str, warehouse: Path) -> list[tuple[str, int]]:
    import duckdb

    try:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            found = connection.execute(query)
            if tuple(column[0] for column in found.description or ()) != COLUMNS:
                return []
            return [(str(claim), int(count)) for claim, count in found.fetchall()]
    except duckdb.Error:
        return []
