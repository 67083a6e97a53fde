"""Compiled: an order of texts in which those of one city and district follow each other.

What the walk looks up for one of them is then still in the processor's cache for the next: 0.7 instead of
1.0 µs a text. The order changes no result.
"""

from __future__ import annotations

import numpy as np

from identity.addresses.compiling import Array, compiled, inlined
from identity.addresses.hashing import MULTIPLIER

CITY_CHARACTERS, DISTRICT_CHARACTERS = 6, 9
"""How far the names of most cities and districts reach, by measurement."""
_PART_BITS = 8
BUCKETS = 1 << (2 * _PART_BITS)
"""Groups of texts: 256 by the city's characters, each with 256 by the district's."""


@inlined
def _part(hashed: Array) -> Array:
    return (hashed * MULTIPLIER) >> np.uint64(64 - _PART_BITS)


@compiled
def order(text: Array, starts: Array, stops: Array, counts: Array, places: Array) -> None:
    """Writes to `places` where each text stands when those of a group stand together. `counts` is zero and
    has one more than there are groups."""
    for row in range(starts.size):
        hashed, city = np.uint64(0), np.uint64(0)
        stop = min(stops[row], starts[row] + DISTRICT_CHARACTERS)
        for at in range(starts[row], stop):
            hashed = (hashed ^ np.uint64(text[at])) * MULTIPLIER
            hashed ^= hashed >> np.uint64(29)
            if at - starts[row] == CITY_CHARACTERS - 1:
                city = _part(hashed)
        bucket = np.int64(city << np.uint64(_PART_BITS) | _part(hashed))
        places[row] = bucket
        counts[bucket + 1] += 1
    for group in range(1, counts.size):
        counts[group] += counts[group - 1]
    for row in range(starts.size):
        group = places[row]
        places[row] = counts[group]
        counts[group] += 1
