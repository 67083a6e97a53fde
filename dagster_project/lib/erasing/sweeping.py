"""Takes everything of erased customers out of lake and vault: at the request, and again of each new batch.

Order matters, because a kill may come at any point: first it is found which values nobody else has, then they
leave the vault, and the lake rows, by which they are found, are cleared last. So doing it again does what was
left. Which cells of a row are the person's is told in clearing.py.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib.erasing import clearing, removing
from dagster_project.lib.erasing.requests import erased, requests
from dagster_project.lib.feeds import Feed, load_feeds
from dagster_project.lib.runs import write_text
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

    from identity.vault import VaultKey

STATE = "_swept.json"
"""In lake/: which requests and batches are done; losing it costs time only."""


@dataclass
class Swept:
    """Lake rows cleared, values removed from the vault, values that stay because others have them too, kept
    texts removed."""

    rows: int = 0
    values: int = 0
    shared: int = 0
    texts: int = 0


def sweep(settings: Settings, key: VaultKey) -> Swept:
    """Clears what is not done yet: all batches after a new request, else the new ones. Cheap where nobody was
    ever erased. The caller holds the lock."""
    import polars as pl

    asked = [request.event_id for request in requests(settings)]
    if not asked:
        return Swept()
    state = settings.lake / STATE
    files = {path.name: (feed, path) for feed, path in _lake_files(settings)}
    done = _done(state) if _done(state).get("requests") == asked else {"batches": []}
    known = set(done["batches"])
    gone = erased(settings)
    hits = _hits([file for name, file in files.items() if name not in known], gone)
    swept = Swept()
    if hits:
        theirs = pl.concat([_tokens_of(feed, path, gone) for feed, path in hits]).unique()
        others = _held_by_others(settings, hits, gone, theirs)
        lost = theirs.filter(~theirs.is_in(others.implode()))
        swept.values, swept.shared = lost.len(), others.len()
        swept.texts = removing.from_vault(settings, key, lost)
        removing.from_addresses(settings, lost)
        swept.rows = sum(_clear(feed, path, gone) for feed, path in hits)
    write_text(state, json.dumps({"requests": asked, "batches": sorted(files)}) + "\n")
    return swept


def holding(settings: Settings, gone: Collection[str]) -> list[str]:
    """The ids of the batches that hold anything of these records."""
    names = (path.name for _, path in _hits(_lake_files(settings), gone))
    return [name.removeprefix("batch=").removesuffix(".parquet") for name in names]


def _lake_files(settings: Settings) -> Iterator[tuple[Feed, Path]]:
    for feed in load_feeds().values():
        if clearing.key_columns(feed):
            for path in sorted((settings.lake / feed.name).glob("source=*/batch=*.parquet")):
                yield feed, path


def _done(state: Path) -> dict[str, list[str]]:
    try:
        return dict(json.loads(state.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return {}


def _hits(files: Iterable[tuple[Feed, Path]], gone: Collection[str]) -> list[tuple[Feed, Path]]:
    """The files with a row that must lose something and has not lost it yet."""
    import polars as pl

    found = []
    for feed, of_feed in groupby(files, key=lambda file: file[0]):
        paths = [str(path) for _, path in of_feed]
        scan = pl.scan_parquet(paths, include_file_paths="path", hive_partitioning=False)
        keys = scan.select(*clearing.key_columns(feed), "path").collect()
        marked = clearing.any_marked(clearing.marked(keys, feed, gone))
        for name in keys["path"].filter(marked).unique().sort():
            rows = pl.read_parquet(name, hive_partitioning=False)
            if _to_clear(rows, clearing.marked(rows, feed, gone)).any():
                found.append((feed, Path(name)))
    return found


def _to_clear(rows: pl.DataFrame, marks: dict[str, pl.Series]) -> pl.Series:
    return clearing.any_marked(
        {c: hit & rows[c].is_not_null() for c, hit in marks.items() if c in rows.columns}
    )


def _tokens_of(feed: Feed, path: Path, gone: Collection[str]) -> pl.Series:
    """The tokens in the cells that the file will lose."""
    import polars as pl

    rows = pl.read_parquet(path, hive_partitioning=False)
    marks = {c: hit for c, hit in clearing.marked(rows, feed, gone).items() if c in rows.columns}
    return clearing.tokens(clearing.cleared(rows.select(list(marks)), {c: ~hit for c, hit in marks.items()}))


def _held_by_others(
    settings: Settings, hits: Iterable[tuple[Feed, Path]], gone: Collection[str], theirs: pl.Series
) -> pl.Series:
    """Those of the tokens that stand in any cell of the lake that stays."""
    import polars as pl

    losing = {path: feed for feed, path in hits}
    found = [theirs.clear()]
    for folder in sorted(path for path in settings.lake.glob("[!_]*") if path.is_dir()):
        paths = [path for path in sorted(folder.glob("source=*/batch=*.parquet")) if path not in losing]
        found += [_held(pl.scan_parquet([path], hive_partitioning=False), theirs) for path in paths]
    for path, feed in losing.items():
        rows = pl.read_parquet(path, hive_partitioning=False)
        rows = clearing.cleared(rows, clearing.marked(rows, feed, gone))
        found.append(_held(rows.lazy(), theirs))
    return pl.concat(found).unique()


def _held(rows: pl.LazyFrame, theirs: pl.Series) -> pl.Series:
    columns = [c for c in rows.collect_schema().names() if c.endswith("_token") or c == "extras"]
    held = clearing.tokens(rows.select(columns).collect())
    return held.filter(held.is_in(theirs.implode()))


def _clear(feed: Feed, path: Path, gone: Collection[str]) -> int:
    """Rewrites a lake file without the cells of erased customers, row group by row group; rows changed."""
    import polars as pl
    import pyarrow.parquet as pq

    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    changed = 0
    options = {"compression": "zstd", "compression_level": 1}
    try:
        with pq.ParquetFile(path) as file:
            schema = file.schema_arrow
            with pq.ParquetWriter(temporary, schema, **options) as sink:
                for number in range(file.num_row_groups):
                    rows = pl.DataFrame(file.read_row_group(number))
                    marks = clearing.marked(rows, feed, gone)
                    changed += int(_to_clear(rows, marks).sum())
                    made = clearing.cleared(rows, marks).to_arrow(compat_level=pl.CompatLevel.oldest())
                    sink.write_table(made.cast(schema))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return changed
