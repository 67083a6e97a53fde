"""Results kept in memory up to a number of bytes; the least recently used go first.

What a key is made of is the caller's: version, policy, SQL and parameters; the version comes first.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


class FrameCache:
    """Frames by key. Frames are never changed in place, so all sessions may share one."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._frames: OrderedDict[tuple[Hashable, ...], tuple[pl.DataFrame, int]] = OrderedDict()
        self._versions: Collection[Hashable] = ()
        self._lock = Lock()

    def get(self, key: tuple[Hashable, ...], make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """The frame of `key`, made where it is not kept. One larger than a tenth of all is not kept."""
        with self._lock:
            if key in self._frames:
                self._frames.move_to_end(key)
                return self._frames[key][0]
        frame = make()
        size = int(frame.estimated_size()) + len(repr(key))
        if size * 10 > self.most_bytes:
            return frame
        with self._lock:
            if key not in self._frames:
                self._frames[key] = (frame, size)
                self.bytes += size
            while self.bytes > self.most_bytes:
                _, (_, freed) = self._frames.popitem(last=False)
                self.bytes -= freed
        return frame

    def keep(self, versions: Collection[Hashable]) -> None:
        """Lets go of the frames of all other versions."""
        with self._lock:
            if versions == self._versions:
                return
            self._versions = versions
            for key in [key for key in self._frames if key[0] not in versions]:
                self.bytes -= self._frames.pop(key)[1]

    def clear(self) -> None:
        """Lets go of all frames."""
        with self._lock:
            self._frames.clear()
            self.bytes = 0

    def __len__(self) -> int:
        return len(self._frames)
