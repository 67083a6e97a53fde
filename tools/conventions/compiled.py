"""The dbt project as Apache Spark would get it, compiled without Spark: for the linters, never for a run.

The macros that dispatch have a `spark__` form beside the `default__` one. In a copy of the project those
forms are named `duckdb__`, which DuckDB's adapter prefers: so dbt itself compiles every model into its
Spark text, without a Spark adapter, a lake or a warehouse. What the text must look like is in `portability`.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_SPARK_MACRO = re.compile(r"(\bmacro\s+)spark__")
_SPARK_TYPES = "{% macro duckdb__type_string() %}string{% endmacro %}\n"
"""What dbt's own type macros write for Spark where DuckDB's word is another."""

_ANY_TIME = "2026-01-01 00:00:00"


class CompileError(Exception):
    """dbt could not compile the project; the text is dbt's own."""


@dataclass(frozen=True)
class Compiled:
    """dbt's manifest, and the Spark text of each model and singular test by its path in the repository."""

    manifest: Mapping[str, Any]
    sql: Mapping[str, str]


def compile_for_spark(project: Path, scratch: Path) -> Compiled:
    """Compiles a copy of the dbt project at `project` below the empty folder `scratch`.

    Raises CompileError with dbt's message.
    """
    copy = scratch / "dbt"
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns("target", "logs", ".user.yml"))
    for macro in (copy / "macros").rglob("*.sql"):
        macro.write_text(_SPARK_MACRO.sub(r"\1duckdb__", macro.read_text("utf-8")), "utf-8")
    (copy / "macros" / "spark_types.sql").write_text(_SPARK_TYPES, "utf-8")
    _write_names_without_quotes(copy / "dbt_project.yml")
    _dbt_compile(copy, scratch)
    manifest = json.loads((copy / "target" / "manifest.json").read_text("utf-8"))
    return Compiled(manifest, dict(_texts(manifest, copy)))


def _write_names_without_quotes(project_file: Path) -> None:
    project = yaml.safe_load(project_file.read_text("utf-8"))
    project["quoting"] = {"database": False, "schema": False, "identifier": False}
    project_file.write_text(yaml.safe_dump(project, allow_unicode=True), "utf-8")


def _dbt_compile(copy: Path, scratch: Path) -> None:
    dbt = Path(sys.executable).with_name("dbt")
    command = [
        *(str(dbt), "--quiet", "--no-use-colors", "compile"),
        *("--project-dir", str(copy), "--profiles-dir", str(copy)),
        *("--target-path", str(copy / "target"), "--log-path", str(copy / "logs")),
    ]
    child_env = {
        "DBT_ENV_SECRET_LUYUE_WAREHOUSE": str(scratch / "compile.duckdb"),
        "LUYUE_AS_OF": _ANY_TIME,
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(command, env=child_env, capture_output=True, text=True, check=False, cwd=copy)
    if done.returncode:
        raise CompileError(done.stdout.strip() or done.stderr.strip())


def _texts(manifest: Mapping[str, Any], copy: Path) -> list[tuple[str, str]]:
    """(path in the repository, compiled text) of the project's own models and singular tests."""
    names = [[s[part] for part in ("database", "schema", "identifier")] for s in manifest["sources"].values()]
    found = []
    for node in manifest["nodes"].values():
        is_singular = node["resource_type"] == "test" and node["original_file_path"].endswith(".sql")
        if node.get("compiled_path") and (node["resource_type"] == "model" or is_singular):
            compiled = Path(node["compiled_path"])
            text = (compiled if compiled.is_absolute() else copy / compiled).read_text("utf-8")
            for name in names:  # a source keeps its quotes whatever the project says
                text = text.replace(".".join(f'"{part}"' for part in name), ".".join(name))
            found.append((f"dbt/{node['original_file_path']}", text))
    return sorted(found)
