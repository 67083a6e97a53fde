"""A Parquet file that grows by row groups under a temporary name, and appears whole or not at all.

What is in it, and whether it is encrypted, is its caller's business.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from identity.vault_key import open_private

if TYPE_CHECKING:
    import polars as pl
    import pyarrow.parquet as pq

COMPRESSION = {"compression": "zstd", "compression_level": 1}
_BATCH_ROWS = 1 << 15
"""Rows that are written in one go: a twelfth sooner than by pyarrow's own 1,024."""
_SAMPLED_ROWS = 1000
_DISTINCT_SHARE = 0.5
"""A column whose sampled rows are more often distinct than this is written without a dictionary."""


class GrowingParquet:
    """One file. `close` renames it into place, `abandon` removes what was written; one of them is called."""

    def __init__(self, path: Path, *, is_private: bool = False, **options: Any) -> None:  # noqa: ANN401
        """`is_private`: the file has mode 0600, a folder made for it 0700. `options` of pyarrow's writer."""
        self._path, self._options = path, options
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if is_private else 0o777)
        self._temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
        self._sink = open_private(self._temporary) if is_private else self._temporary.open("xb")
        self._writer: pq.ParquetWriter | None = None

    def write(self, frame: pl.DataFrame) -> None:
        """Adds the rows as a row group; all frames have the columns of the first."""
        import polars as pl
        import pyarrow.parquet as pq

        table = frame.to_arrow(compat_level=pl.CompatLevel.newest())
        if self._writer is None:
            options = {
                **COMPRESSION,
                "use_dictionary": _repetitive(frame),
                "write_statistics": _ordered(frame),
                "store_schema": False,
                "write_batch_size": _BATCH_ROWS,
                **self._options,
            }
            self._writer = pq.ParquetWriter(self._sink, table.schema, **options)
        self._writer.write_table(table)

    def close(self) -> None:
        """Finishes the file and gives it its name. At least one frame was written."""
        assert self._writer is not None
        self._writer.close()
        self._sink.close()
        self._temporary.replace(self._path)

    def abandon(self) -> None:
        """Leaves nothing behind. Does nothing after `close`."""
        if not self._sink.closed:
            if self._writer is not None:
                self._writer.close()
            self._sink.close()
        self._temporary.unlink(missing_ok=True)


def _ordered(frame: pl.DataFrame) -> list[str]:
    """The columns whose least and greatest values a reader may skip row groups by: all but text, whose values
    stand in no order in any file."""
    import polars as pl

    return [name for name, dtype in frame.schema.items() if dtype != pl.String]


def _repetitive(frame: pl.DataFrame) -> list[str]:
    """The columns that a dictionary makes smaller, by their first rows; for others it costs time alone."""
    import polars as pl

    sample = frame.head(_SAMPLED_ROWS)
    distinct = sample.select(pl.all().n_unique()).row(0) if frame.width else ()
    most = max(sample.height * _DISTINCT_SHARE, 1)
    return [name for name, count in zip(frame.columns, distinct, strict=True) if count <= most]
