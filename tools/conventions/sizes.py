"""One idea a file: how long a file may be, and how it must open. What the code does is not judged here."""

from __future__ import annotations

import ast
import re

from tools.conventions.findings import Finding

MAX_LINES = {".py": 300, ".sql": 120, ".yml": 300, ".yaml": 300}
"""Where a file has to be split by idea; the house aims at 200, 80 and 300."""

REGISTERS = frozenset({"dagster_project/lib/feeds.yml"})
"""Lists whose one idea is to be complete in one place: the canonical feeds. Only these may be longer."""

_GRAIN = re.compile(r"^-- Grain: one row per .+")


def check(path: str, text: str) -> list[Finding]:
    """Findings of one file. `path` is relative to the project, with forward slashes."""
    suffix = path[path.rfind(".") :]
    found = _length(path, text, suffix)
    if suffix == ".py":
        found += _docstring(path, text)
    if path.startswith("dbt/models/marts/") and suffix == ".sql":
        found += _grain(path, text)
    return found


def _length(path: str, text: str, suffix: str) -> list[Finding]:
    lines = text.count("\n")
    limit = MAX_LINES.get(suffix)
    if limit is None or lines <= limit or path in REGISTERS:
        return []
    return [Finding(path, lines, "too-long", f"{lines} lines, at most {limit}: split it by idea")]


def _docstring(path: str, text: str) -> list[Finding]:
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        return [Finding(path, error.lineno or 1, "syntax", error.msg)]
    if ast.get_docstring(tree):
        return []
    text = "open the module with what it holds and what does not belong in it"
    return [Finding(path, 1, "no-docstring", text)]


def _grain(path: str, text: str) -> list[Finding]:
    first = text.split("\n", 1)[0]
    if _GRAIN.match(first):
        return []
    return [Finding(path, 1, "no-grain", "begin the mart with `-- Grain: one row per (…).`")]
