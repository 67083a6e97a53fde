"""Which SQL a page may run: one select over tables of the schema `marts`, and nothing that could go around
it.

Read from DuckDB's own parse of the text. The rows and columns behind a name are policy.py's to say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

SCHEMA = "marts"
FUNCTIONS = frozenset({"unnest", "range", "generate_series"})
"""Table functions that read nothing."""
_TABLES = frozenset({"BASE_TABLE", "TABLE_FUNCTION", "SHOW_REF", "COLUMN_DATA", "DELIM_GET"})
REMEMBERED = 1024
"""Parsed texts kept; a page has about ten, and no text depends on what a reader enters."""


class ForbiddenSqlError(Exception):
    """This SQL reads something other than marts."""


@lru_cache(maxsize=REMEMBERED)
def tables_of(sql: str) -> frozenset[str]:
    """The marts that one select reads. Raises `ForbiddenSqlError` for anything else."""
    tree = _parsed(sql)
    if tree["error"]:
        raise ForbiddenSqlError(f"{tree['error_message']}: {sql[:80]}")
    if len(tree["statements"]) != 1:
        raise ForbiddenSqlError(f"{len(tree['statements'])} statements: {sql[:80]}")
    named = set(_names_of_ctes(tree))
    found = set()
    for node in _nodes(tree):
        if node.get("type") not in _TABLES:
            continue
        if node["type"] == "BASE_TABLE":
            name = _mart(node, named)
            if name:
                found.add(name)
        elif node["type"] != "TABLE_FUNCTION" or _function(node) not in FUNCTIONS:
            raise ForbiddenSqlError(f"reads {_function(node) or node['type']}: {sql[:80]}")
    return frozenset(found)


def _mart(node: dict[str, Any], ctes: set[str]) -> str:
    """The mart's name; empty for a common table expression."""
    catalog, schema, table = (node.get(f"{part}_name") or "" for part in ("catalog", "schema", "table"))
    if not catalog and schema.lower() == SCHEMA:
        return str(table.lower())
    if not catalog and not schema and table.lower() in ctes:
        return ""
    raise ForbiddenSqlError(f"reads {'.'.join(filter(None, (catalog, schema, table)))}: it is no mart")


def _function(node: dict[str, Any]) -> str:
    function = node.get("function") or {}
    return str(function.get("function_name") or "").lower()


def _names_of_ctes(tree: dict[str, Any]) -> Iterator[str]:
    for node in _nodes(tree):
        for entry in (node.get("cte_map") or {}).get("map", []):
            yield entry["key"].lower()


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 (a JSON tree)
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            yield node
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)


def _parsed(sql: str) -> dict[str, Any]:
    import duckdb

    with duckdb.connect() as con:
        (text,) = con.execute("select json_serialize_sql($sql)", {"sql": sql}).fetchall()[0]
    parsed: dict[str, Any] = json.loads(text)
    return parsed
