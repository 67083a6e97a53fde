"""The roles and what each may open, do and see: read once from roles.yml and columns.yml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent
SHOW, MASK, HIDE = "show", "mask", "hide"


@dataclass(frozen=True)
class Role:
    """One role. `columns` says of a class of columns whether it is shown (also where absent), masked or
    hidden."""

    name: str
    columns: Mapping[str, str]
    may: frozenset[str]
    pages: tuple[str, ...]

    def treatment(self, column: str) -> str:
        """`show`, `mask` or `hide`: what becomes of a column of this name."""
        return self.columns.get(class_of(column) or "", SHOW)


@cache
def all_roles() -> Mapping[str, Role]:
    """The roles by name, in the order of roles.yml."""
    told = _read("roles.yml")
    return {
        name: Role(
            name,
            of.get("columns", {}),
            frozenset(of.get("may", [])),
            tuple(page for page, names in told["pages"].items() if name in names),
        )
        for name, of in told["roles"].items()
    }


@cache
def pages() -> Sequence[str]:
    """All pages, in the order of the navigation."""
    return tuple(_read("roles.yml")["pages"])


@cache
def hidden_pages() -> frozenset[str]:
    """Pages without a link of their own."""
    return frozenset(_read("roles.yml")["hidden"])


@cache
def of_the_whole() -> frozenset[str]:
    """Pages and deeds that concern all channels and warehouses."""
    told = _read("roles.yml")["whole"]
    return frozenset([*told["pages"], *told["may"]])


@cache
def class_of(column: str) -> str | None:
    """The class of a column's name, with its mart before a point or without; None where it is open."""
    names = (column, column.rpartition(".")[2])
    for name, patterns in _read("columns.yml").items():
        if any(fnmatchcase(each, pattern) for each in names for pattern in patterns):
            return str(name)
    return None


@cache
def row_rules() -> Mapping[str, Any]:
    """rows.yml: `open`, `stock` and `via`."""
    return _read("rows.yml")


def _read(name: str) -> Any:  # noqa: ANN401 (a YAML document)
    import yaml

    return yaml.safe_load((_HERE / name).read_text(encoding="utf-8"))
