"""`luyue rules check`: a rule file held against its kind, from its bytes to what its rows mean together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dagster_project.lib.errors import LuyueError
from dagster_project.lib.rules import cells, kinds, reading, spans
from dagster_project.lib.rules.faults import Fault
from dagster_project.lib.rules.kinds import Kind

References = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Checked:
    """A rule file, its kind, its rows that could be read, and all that is wrong with it."""

    file: str
    kind: Kind
    rows: tuple[reading.Row, ...]
    rules: tuple[cells.Rule, ...]
    faults: tuple[Fault, ...]

    def as_json(self) -> dict[str, Any]:
        """The result as JSON has it."""
        return {
            "file": self.file,
            "kind": self.kind.name,
            "rows": len(self.rows),
            "ok": not self.faults,
            "faults": [fault.as_json() for fault in self.faults],
        }

    def lines(self) -> list[str]:
        """The result as lines to read: one a fault, or one that says that there is none."""
        if self.faults:
            return [fault.text for fault in self.faults]
        return [f"ok     {self.file}: {len(self.rows)} rows of {self.kind.name} ({self.kind.title_en})"]


def check_content(content: bytes, file: str, kind: Kind, references: References) -> Checked:
    """Checks the bytes of a file. Rows are held against each other only where each of them could be read."""
    rows, found = reading.read(content, file, kind)
    rules, of_cells = cells.typed(rows, file, kind, references)
    found += of_cells
    if not found:
        found = spans.faults(rules, file, kind, references)
    return Checked(file, kind, tuple(rows), tuple(rules), tuple(sorted(set(found), key=_place)))


def check_file(path: Path, references: References, kind: str | None = None) -> Checked:
    """Checks a file, of the kind named or that of its own name. Raises LuyueError where it has none."""
    return check_content(content_of(path), str(path), kind_of(path, kind), references)


def kind_of(path: Path, kind: str | None = None) -> Kind:
    """The kind of a file: as named, else by the file's name. Raises LuyueError where there is none."""
    if kind is None and path.stem not in kinds.all_kinds():
        known = ", ".join(sorted(kinds.all_kinds()))
        raise LuyueError(f"{path}: the name is no kind of rule; rename it, or give --kind, one of: {known}")
    return kinds.kind(kind or path.stem)


def content_of(path: Path) -> bytes:
    """The bytes of a file, at most a little more than may be read. Raises LuyueError where there is none."""
    if not path.is_file():
        raise LuyueError(f"{path}: there is no such file")
    with path.open("rb") as source:
        return source.read(reading.MOST_BYTES + 1)


def _place(fault: Fault) -> tuple[int, str, str]:
    return fault.line, fault.column or "", fault.code


def refuse(checked: Sequence[Checked]) -> None:
    """Raises LuyueError with the first fault where there is one."""
    faults = [fault for one in checked for fault in one.faults]
    if faults:
        more = f" (and {len(faults) - 1} more: luyue rules check)" if len(faults) > 1 else ""
        raise LuyueError(f"{faults[0].text}{more}")
