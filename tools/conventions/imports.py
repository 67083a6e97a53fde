"""Which part may import what, and who reads the environment: the walls between the rooms of the house.

A wall is a line of the table `WALLS`. What a model may read is in `layers`; nothing about style belongs here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tools.conventions.findings import Finding


@dataclass(frozen=True)
class Wall:
    """Files under `inside` (and not in `doors`) import none of `out`."""

    inside: str
    out: tuple[str, ...]
    why: str
    doors: tuple[str, ...] = ()


WALLS = (
    Wall("identity/", ("dagster", "dagster_dbt", "dbt", "streamlit"), "identity is a pure library"),
    Wall("identity/", ("dagster_project", "app"), "identity knows nothing of what calls it"),
    Wall(
        "dagster_project/lib/", ("dagster", "dagster_dbt", "streamlit"), "lib is plain Python for the stages"
    ),
    Wall("dagster_project/lib/", ("dagster_project.defs", "dagster_project.definitions"), "stages call lib"),
    Wall("app/", ("dagster", "dagster_dbt", "dbt", "splink"), "the app reads the published file only"),
    Wall("app/", ("identity", "dagster_project.defs", "dagster_project.lib"), "the app reads marts only"),
    Wall("", ("splink",), "only identity/link.py knows Splink", ("identity/link.py", "benchmarks/")),
    Wall(
        "",
        ("dagster_project.demo",),
        "the pipeline does not know the simulated merchant",
        ("dagster_project/demo/", "dagster_project/cli/", "tests/", "benchmarks/"),
    ),
    Wall("", ("tools",), "tools ship with nothing", ("tools/", "tests/")),
)

ENVIRONMENT_READERS = ("dagster_project/settings.py", "tests/", "benchmarks/", "tools/")
"""Settings read the environment; tests, benchmarks and tools run beside the program, not in it."""

_LAYER_IN_SQL = re.compile(r"\b(?:from|join)\s+(staging|intermediate|lake|reference)\.(\w+)", re.IGNORECASE)


def check(path: str, text: str) -> list[Finding]:
    """Findings of one Python file; a file that does not parse has none (`sizes` says so)."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return []
    found = list(_broken_walls(path, tree))
    if not path.startswith(ENVIRONMENT_READERS):
        found += _environment(path, tree)
    if path.startswith("app/"):
        found += _layers_in_sql(path, tree)
    return found


def _broken_walls(path: str, tree: ast.AST) -> Iterator[Finding]:
    walls = [w for w in WALLS if path.startswith(w.inside) and not path.startswith(w.doors or ("\0",))]
    for line, module in _imports(path, tree):
        for wall in walls:
            name = next((o for o in wall.out if module == o or module.startswith(o + ".")), None)
            if name:
                yield Finding(path, line, "import", f"may not import {name}: {wall.why}")


def _imports(path: str, tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, full module name) of each import; `from a import b` gives `a.b`, relative ones are resolved."""
    package = path.split("/")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield node.lineno, f"{module}.{alias.name}"


def _environment(path: str, tree: ast.AST) -> list[Finding]:
    """Reads of the environment: os.environ["X"], os.environ.get, os.getenv. A copy for a child is none."""
    text = "only dagster_project/settings.py reads the environment: take a Settings instead"
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _is_os(node.value):
            if node.attr == "getenv" or (node.attr == "environ" and _reads_one(parents.get(node))):
                found.append(Finding(path, node.lineno, "environment", text))
        elif isinstance(node, ast.ImportFrom) and node.module == "os":
            taken = {alias.name for alias in node.names} & {"environ", "getenv"}
            found += [Finding(path, node.lineno, "environment", text)] * bool(taken)
    return found


def _is_os(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "os"


def _reads_one(parent: ast.AST | None) -> bool:
    if isinstance(parent, ast.Subscript):
        return isinstance(parent.ctx, ast.Load)
    if isinstance(parent, ast.Attribute):
        return parent.attr in {"get", "pop", "setdefault"}
    return isinstance(parent, ast.Compare)


def _layers_in_sql(path: str, tree: ast.AST) -> list[Finding]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for layer, name in _LAYER_IN_SQL.findall(node.value):
                text = f"reads {layer}.{name}: the app reads marts only"
                found.append(Finding(path, node.lineno, "app-layer", text))
    return found
