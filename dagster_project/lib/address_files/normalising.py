"""One file of addresses into another: every row and column kept, what was found beside it.

Reading and writing files belong in `reading.py` and `writing.py`, addresses in `identity/addresses/`.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from dagster_project.lib.address_files import reading, writing
from dagster_project.lib.errors import LuyueError
from identity.addresses import COLUMNS, standardise_distinct

_SECONDS_BETWEEN_LINES = 2.0
_RENAMED = "input_{}"
"""What an input column is called that has the name of one that is added."""


@dataclass
class Normalised:
    """What came of a file."""

    output: str
    rows: int = 0
    placed: int = 0
    """Rows with a district, or the city of one that has none."""
    methods: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    rows_per_second: int = 0
    notices: list[str] = field(default_factory=list)


def normalise_file(
    source: Path,
    column: str,
    output: Path,
    evidence: Mapping[str, str | None] | None = None,
    infer_town: bool = True,
    progress: Callable[[int, int | None, float], None] = lambda rows, total, seconds: None,
) -> Normalised:
    """Writes the rows of `source` with the columns of the standardised address to `output`.

    `evidence` names the columns that hold province, city, district and town, where the file has them.
    `progress` is told rows done, rows in all (None if the file does not say) and seconds, now and then.
    Raises LuyueError where a file or a column is not there or cannot be used.
    """
    writing.checked(output)
    if source.exists() and output.exists() and source.samefile(output):
        raise LuyueError(f"{output}: is the input itself; name another file with --output")
    table = reading.open_table(source, column)
    used = {"address": column} | {part: name for part, name in (evidence or {}).items() if name}
    for name in used.values():
        if name not in table.columns:
            raise LuyueError(f"{source}: has no column {name}; it has {_listed(table.columns)}")
    new_names, told = _renamed(table.columns)
    done, methods = Normalised(str(output)), Counter[str]()
    begun = said = time.monotonic()
    with writing.opened(output) as sink:
        for chunk in table.chunks:
            parts = chunk.select(pl.col(name).cast(pl.String).alias(part) for part, name in used.items())
            found = standardise_distinct(parts, infer_town=infer_town)
            sink.write(pl.concat([chunk.rename(new_names), found], how="horizontal"))
            done.rows += chunk.height
            done.placed += int(found["match_method"].is_in(["ambiguous", "none"]).not_().sum())
            methods.update(dict(found["match_method"].value_counts().iter_rows()))
            if (now := time.monotonic()) - said > _SECONDS_BETWEEN_LINES:
                said = now
                progress(done.rows, table.rows, now - begun)
    done.methods = dict(methods.most_common())
    done.seconds = round(time.monotonic() - begun, 3)
    done.rows_per_second = round(done.rows / max(done.seconds, 0.001))
    done.notices = [*table.notices, *told]
    return done


def _listed(columns: list[str], most: int = 12) -> str:
    return ", ".join(columns[:most]) + (f" and {len(columns) - most} more" if len(columns) > most else "")


def _renamed(columns: list[str]) -> tuple[dict[str, str], list[str]]:
    """New names for input columns that are called like one that is added, and what to say of them."""
    taken = {*columns, *COLUMNS}
    names: dict[str, str] = {}
    for column in columns:
        if column in COLUMNS:
            name, count = _RENAMED.format(column), 1
            while name in taken:
                count += 1
                name = _RENAMED.format(f"{column}_{count}")
            taken.add(name)
            names[column] = name
    return names, [
        f"the input's column {old} is called {new}: {old} is what was found" for old, new in names.items()
    ]
