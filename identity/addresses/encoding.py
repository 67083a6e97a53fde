"""Compiled: code points → UTF-8. The way back, which folds, belongs in `folding.py`."""

from __future__ import annotations

import numpy as np

from identity.addresses.compiling import Array, compiled


@compiled
def encode(points: Array, starts: Array, stops: Array, data: Array, offsets: Array) -> int:
    """Writes texts as UTF-8 to `data` and their `offsets`; how many bytes."""
    out = 0
    for row in range(starts.size):
        offsets[row] = out
        for at in range(starts[row], stops[row]):
            point = np.int64(points[at])
            if point < 0x80:
                data[out] = point
                out += 1
            elif point < 0x800:
                data[out], data[out + 1] = 0xC0 | point >> 6, 0x80 | point & 0x3F
                out += 2
            elif point < 0x10000:
                data[out], data[out + 1] = 0xE0 | point >> 12, 0x80 | (point >> 6) & 0x3F
                data[out + 2] = 0x80 | point & 0x3F
                out += 3
            else:
                data[out], data[out + 1] = 0xF0 | point >> 18, 0x80 | (point >> 12) & 0x3F
                data[out + 2], data[out + 3] = 0x80 | (point >> 6) & 0x3F, 0x80 | point & 0x3F
                out += 4
    offsets[starts.size] = out
    return out
