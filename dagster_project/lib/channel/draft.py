"""What a drafted contract will say: the decisions alone, without how they were made or are written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from dagster_project.lib.channel.matching import Matching
from dagster_project.lib.channel.profile import Profile


@dataclass(frozen=True)
class Words:
    """The words of one column. `known`: word → canonical; `strange`: words that nobody knows."""

    column: str
    into: str
    list_name: str
    known: dict[str, str]
    strange: tuple[str, ...]


@dataclass
class Draft:
    """What the contract will say. `look`: one sentence for each thing that a person should check."""

    source: str
    file: Path
    profile: Profile
    matching: Matching
    channel: str | None
    grain: str | None = None
    key: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    paid_scope: str | None = None
    ordinals: bool = False
    exported_at: tuple[str, str] | None = None
    null_words: tuple[str, ...] = ()
    words: tuple[Words, ...] = ()
    private: dict[str, str] = field(default_factory=dict)
    extras: tuple[str, ...] = ()
    look: list[str] = field(default_factory=list)

    def cells(self, column: str) -> pl.Series | None:
        """The cells of a mapped column; None where no header fills it."""
        match = self.matching.columns.get(column)
        return None if match is None else self.profile.cells[f"c{match.position}"]
