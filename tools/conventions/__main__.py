"""`python -m tools.conventions [--quick]`: feeds the repository to the linters and prints what they find.

`--quick` leaves out what needs dbt to compile (layers, portability): a second instead of ten. No rule here.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.conventions import imports, sizes
from tools.conventions.findings import Finding

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("app", "benchmarks", "dagster_project", "dbt", "identity", "tests", "tools")
SUFFIXES = frozenset({".py", ".sql", ".yml", ".yaml"})
SKIPPED = frozenset({"__pycache__", "target", "logs"})


def main() -> int:
    """1 if any convention is broken, else 0."""
    parser = argparse.ArgumentParser(prog="python -m tools.conventions")
    parser.add_argument("--quick", action="store_true", help="only what needs no dbt")
    quick = parser.parse_args().quick
    found = [finding for path in _files() for finding in _check_file(path)]
    if (ROOT / "dbt" / "__init__.py").exists():
        found.append(
            Finding("dbt/__init__.py", 1, "layout", "this file hides dbt itself from Python: delete it")
        )
    models = 0
    if not quick:
        of_dbt, models = _check_dbt()
        found += of_dbt
    for finding in sorted(found):
        sys.stdout.write(f"{finding}\n")
    what = "files" if quick else f"files and {models} compiled SQL texts"
    sys.stdout.write(f"conventions: {len(found)} broken in {sum(1 for _ in _files())} {what}\n")
    return int(bool(found))


def _files() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in SUFFIXES and not SKIPPED & set(path.parts):
                yield path


def _check_file(path: Path) -> list[Finding]:
    name = path.relative_to(ROOT).as_posix()
    text = path.read_text("utf-8")
    return sizes.check(name, text) + (imports.check(name, text) if path.suffix == ".py" else [])


def _check_dbt() -> tuple[list[Finding], int]:
    from tools.conventions import compiled, layers, portability

    with tempfile.TemporaryDirectory(prefix="luyue-compile-") as scratch:
        try:
            project = compiled.compile_for_spark(ROOT / "dbt", Path(scratch))
        except compiled.CompileError as error:
            return [Finding("dbt", 1, "compile", str(error))], 0
    found = layers.check(project.manifest)
    for path, sql in project.sql.items():
        found += portability.check(path, sql)
    return found, len(project.sql)


if __name__ == "__main__":
    raise SystemExit(main())
