"""Texts as one array of code points, and back. What is in a text is no concern here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Points = npt.NDArray[np.uint32]
_LONGEST_POINT = 4
"""Bytes of the longest code point in UTF-8."""
PADDING = 2
"""Zeros behind the last text: what looks at the two characters behind a form stays inside the array."""


@dataclass(frozen=True)
class Texts:
    """Text i is points[starts[i]:stops[i]]; a zero stands at stops[i]."""

    points: Points
    starts: Ints
    stops: Ints
    used: int
    """How many of the points are in use; what stands behind them is room for `put`."""

    @classmethod
    def of(cls, texts: pl.Series) -> Texts:
        """The texts of a column without nulls and NUL characters."""
        points, starts = code_points(texts)
        stops = np.append(starts[1:] - 1, points.size - 1)[: starts.size]
        padded = np.append(points, np.zeros(PADDING, dtype=np.uint32))
        return cls(padded, starts, stops, padded.size)

    def __len__(self) -> int:
        return self.starts.size

    def to_series(self) -> pl.Series:
        """The texts as a column."""
        from identity.addresses import encoding

        size = int((self.stops - self.starts).sum()) * _LONGEST_POINT
        data, offsets = np.zeros(max(size, 1), dtype=np.uint8), np.zeros(len(self) + 1, dtype=np.int64)
        used = encoding.encode(self.points, self.starts, self.stops, data, offsets)
        column = pa.LargeStringArray.from_buffers(len(self), pa.py_buffer(offsets), pa.py_buffer(data[:used]))
        # A Series of an Arrow array imports pyarrow.compute (0.1 s), a frame of a table does not.
        frame = pl.from_arrow(pa.table({"text": column}))
        assert isinstance(frame, pl.DataFrame)
        return frame["text"]

    def put(self, rows: Ints, others: Texts) -> Texts:
        """The texts with those of the rows taken from others; these texts are not to be used any more, as
        the others are written into the room behind them."""
        starts, stops = self.starts.copy(), self.stops.copy()
        starts[rows], stops[rows] = others.starts + self.used, others.stops + self.used
        points, used = self.points, self.used + others.used
        if used > points.size:
            points = np.concatenate([points[: self.used], others.points[: others.used]])
        else:
            points[self.used : used] = others.points[: others.used]
        return Texts(points, starts, stops, used)

    def cut(self, lengths: Ints) -> Texts:
        """The texts' first `lengths` characters, over the same array."""
        return Texts(self.points, self.starts, np.minimum(self.starts + lengths, self.stops), self.used)

    def take(self, rows: Ints) -> Texts:
        """The texts of the rows, over the same array."""
        return Texts(self.points, self.starts[rows], self.stops[rows], self.used)


def code_points(texts: pl.Series) -> tuple[Points, Ints]:
    """The texts as one array of code points, each closed by a zero, and where each text starts."""
    if texts.is_empty():
        return np.zeros(1, dtype=np.uint32), np.zeros(0, dtype=np.int64)
    whole = texts.str.join("\x00").item()
    flat = np.frombuffer((whole + "\x00").encode("utf-32-le", "replace"), dtype=np.uint32)
    closed = np.flatnonzero(flat == 0)
    return flat, np.concatenate([[0], closed[:-1] + 1]).astype(np.int64)
