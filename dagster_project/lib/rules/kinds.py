"""The declared kinds of rules, typed: what kinds.yml says. Holding files against them stands elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from dagster_project.lib.errors import LuyueError

KINDS_FILE = Path(__file__).with_name("kinds.yml")
TYPES = ("text", "whole", "number", "amount")
VALIDITY = ("valid_from", "valid_to")


@dataclass(frozen=True)
class Column:
    """What a column's cells may be."""

    name: str
    type: str
    least: str | None = None
    most: str | None = None
    is_optional: bool = False
    one_of: str | None = None
    """The reference that its cells come from."""
    words: tuple[str, ...] = ()
    """The words that its cells may be, where they come from no reference."""
    or_word: str | None = None


@dataclass(frozen=True)
class Band:
    """A span of values, from (included) and below (excluded); two rows of a day must not share a value."""

    from_column: str
    below_column: str
    is_whole: bool = False
    """Whether each day's rows leave no value out, from `first` on."""
    first: str = "0"


@dataclass(frozen=True)
class Kind:
    """One kind of rule: the seed of the same name."""

    name: str
    title_zh: str
    title_en: str
    day: str
    key: tuple[str, ...]
    columns: dict[str, Column]
    band: Band | None = None
    is_whole_time: bool = False
    may_end: bool = False
    """Whether a key may have no row any more: a general row, or none, then holds."""
    must_have: dict[str, Any] = field(default_factory=dict)
    sum_column: str | None = None
    sum_to: str | None = None
    meets_all: str | None = None
    fixed: tuple[str, ...] = ()
    """Columns that are no rule: a row's cells there, together, are one of `fixed_as`."""
    fixed_as: str | None = None
    moves: tuple[str, ...] = ()
    """The marts that a trial builds anew."""
    unmoved: tuple[str, ...] = ()
    """Tables below the rule whose rows do not change in what these marts read of them."""

    @property
    def header(self) -> tuple[str, ...]:
        """The columns of a file, in order."""
        return (*self.columns, *VALIDITY)


@cache
def all_kinds() -> dict[str, Kind]:
    """Every kind, by name."""
    import yaml

    document = yaml.safe_load(KINDS_FILE.read_text(encoding="utf-8"))
    return {name: _kind(name, entry) for name, entry in document.items()}


def kind(name: str) -> Kind:
    """One kind. Raises LuyueError that names all where there is none of that name."""
    found = all_kinds().get(name)
    if found is None:
        raise LuyueError(f"{name}: no kind of rule; the kinds are {', '.join(sorted(all_kinds()))}")
    return found


def _kind(name: str, entry: dict[str, Any]) -> Kind:
    band, sums, fixed = entry.get("band"), entry.get("sums") or {}, entry.get("fixed") or {}
    return Kind(
        name=name,
        title_zh=entry["title_zh"],
        title_en=entry["title_en"],
        day=entry["day"],
        key=tuple(entry["key"]),
        columns={column: _column(column, said) for column, said in entry["columns"].items()},
        band=band and Band(band["from"], band["below"], band.get("whole", False), band.get("first", "0")),
        is_whole_time=entry.get("whole_time", False),
        may_end=entry.get("may_end", False),
        must_have=entry.get("must_have", {}),
        sum_column=sums.get("column"),
        sum_to=sums.get("to"),
        meets_all=entry.get("meets_all"),
        fixed=tuple(fixed.get("columns", ())),
        fixed_as=fixed.get("as"),
        moves=tuple(entry["moves"]),
        unmoved=tuple(entry.get("unmoved", ())),
    )


def _column(name: str, said: dict[str, Any]) -> Column:
    least, most = (None if said.get(end) is None else str(said[end]) for end in ("from", "to"))
    one_of = said.get("one_of")
    return Column(
        name,
        said["type"],
        least,
        most,
        said.get("optional", False),
        one_of if isinstance(one_of, str) else None,
        tuple(one_of or ()) if isinstance(one_of, list) else (),
        said.get("or"),
    )
