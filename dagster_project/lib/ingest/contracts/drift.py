"""Headers that a contract does not know: new columns, and old ones under a new name.

Only likeness of names is judged here. A suggestion never changes what is read: a person adds it to
column_map.csv.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dagster_project.lib.ingest.contracts.contract import Contract
from dagster_project.lib.ingest.personal.quoting import quoted
from dagster_project.lib.ingest.readers.headers import canonical_header

LIKE = 0.6
"""Least likeness at which a header is suggested: 标题 and 商品标题 have 0.67, 快递单号 and 物流公司 none."""
COMPARED_HEADERS = 100
"""Unmapped headers that are compared with the missing columns: a table of thousands is no renamed export."""
_BRACKETS = re.compile(r"[\(\[【{][^)\]】}]*[\)\]】}]|[\d_\-]+$")
LONGEST_NAME = 100
"""Characters; what is longer is no name of a column but a cell that ran away."""
_LISTED = 12


@dataclass(frozen=True)
class Suggestion:
    """An unmapped header, and what it most likely is."""

    header: str
    """As the file writes it."""
    column: str
    """The mapped column that the file has no header for."""
    like: str
    """The known header that it resembles, in canonical form."""
    likeness: float
    """0 to 1; 1 where another contract of the feed maps this very header to the column."""


@dataclass(frozen=True)
class Drift:
    """What a file's headers have that its contract does not know."""

    suggestions: tuple[Suggestion, ...]
    """At most one a header and one a column, the likeliest first."""
    new: tuple[str, ...]
    """The other unmapped headers, as written; their cells stay in `extras`."""

    def notices(self, source: str) -> list[str]:
        """At most one line for the renamed columns and one for the new ones."""
        told = []
        if self.suggestions:
            named = ", ".join(
                f"{quoted([s.header])[0]} looks like {s.like} ({s.column})" for s in self.suggestions
            )
            told.append(f"renamed columns? {named}; if so, add them to channels/{source}/column_map.csv")
        if self.new:
            more = f" and {len(self.new) - _LISTED} more" if len(self.new) > _LISTED else ""
            word = "column" if len(self.new) == 1 else "columns"
            told.append(f"new {word} {', '.join(quoted(self.new[:_LISTED]))}{more} kept in extras")
        return told


def drift(headers: Sequence[str], contract: Contract, elsewhere: Mapping[str, str] | None = None) -> Drift:
    """Compares a file's headers with its contract.

    `elsewhere`: canonical header → column, as other contracts of the feed map it (column_maps.known_headers).
    """
    known = contract.known_headers()
    named = {canonical_header(header): header for header in reversed(headers) if header.strip()}
    strange = {name: header for name, header in named.items() if name not in known}
    unknown = {name: header for name, header in strange.items() if name not in contract.known_extras}
    missing = {column: names for column, names in contract.headers.items() if not named.keys() & set(names)}
    suggestions = tuple(_likeliest(unknown, missing, elsewhere or {}))
    taken = {suggestion.header for suggestion in suggestions}
    order = {name: position for position, name in enumerate(map(canonical_header, headers))}
    new = sorted((name for name in unknown if unknown[name].strip() not in taken), key=order.__getitem__)
    return Drift(suggestions, tuple(unknown[name].strip() for name in new))


def likeness(header: str, other: str) -> float:
    """How alike two canonical headers are, 0 to 1. Units in brackets and numbers at the end count little."""
    if max(len(header), len(other)) > LONGEST_NAME:
        return 0.0
    bare, other_bare = _BRACKETS.sub("", header), _BRACKETS.sub("", other)
    if bare and bare == other_bare:
        return 1.0 if header == other else 0.95
    return difflib.SequenceMatcher(None, bare or header, other_bare or other, autojunk=False).ratio()


def likeliest(header: str, known: Mapping[str, str]) -> Suggestion | None:
    """The column of the known header (canonical → column) that a header resembles most, from LIKE on."""
    name = canonical_header(header)
    ranked = sorted(((likeness(name, other), other) for other in known), key=lambda pair: (-pair[0], pair[1]))
    if not ranked or ranked[0][0] < LIKE:
        return None
    return Suggestion(header.strip(), known[ranked[0][1]], ranked[0][1], round(ranked[0][0], 2))


def _likeliest(
    unknown: Mapping[str, str], missing: Mapping[str, Iterable[str]], elsewhere: Mapping[str, str]
) -> list[Suggestion]:
    first = list(unknown.items())[-COMPARED_HEADERS:]
    pairs = [
        Suggestion(header.strip(), column, other, round(likeness(name, other), 2))
        for name, header in first
        for column, names in missing.items()
        for other in names
    ]
    pairs += [
        Suggestion(header.strip(), elsewhere[name], name, 1.0)
        for name, header in unknown.items()
        if elsewhere.get(name) in missing
    ]
    found: list[Suggestion] = []
    for pair in sorted(pairs, key=lambda pair: (-pair.likeness, pair.header, pair.column)):
        free = all(pair.header != other.header and pair.column != other.column for other in found)
        if pair.likeness >= LIKE and free:
            found.append(pair)
    return found
