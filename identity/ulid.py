"""Opaque customer ids: `C` and a ULID (26 characters of Crockford's base 32: 48 bits of time, 80 of chance).

Nothing about a customer goes into an id.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pyarrow as pa

RandomSource = Callable[[int], bytes]
PREFIX = "C"
_ALPHABET = np.frombuffer(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ", dtype="S1")
_TIME_BYTES, _RANDOM_BYTES, _CHARACTERS = 6, 10, 26


def customer_ids(count: int, now: datetime, random_source: RandomSource = secrets.token_bytes) -> pl.Series:
    """`count` new ids, ascending; `now` without zone is taken for UTC. Raises ValueError if two are equal."""
    moment = now if now.tzinfo else now.replace(tzinfo=UTC)
    time = np.frombuffer(int(moment.timestamp() * 1000).to_bytes(_TIME_BYTES, "big"), dtype=np.uint8)
    chance = np.frombuffer(random_source(count * _RANDOM_BYTES), dtype=np.uint8).reshape(count, _RANDOM_BYTES)
    raw = np.concatenate([np.broadcast_to(time, (count, _TIME_BYTES)), chance], axis=1)
    bits = np.unpackbits(raw, axis=1)
    padded = np.concatenate(
        [np.zeros((count, _CHARACTERS * 5 - bits.shape[1]), dtype=np.uint8), bits], axis=1
    )
    digits = np.packbits(padded.reshape(count, _CHARACTERS, 5), axis=2).reshape(count, _CHARACTERS) >> 3
    offsets = np.arange(count + 1, dtype=np.int64) * _CHARACTERS
    text = pa.py_buffer(_ALPHABET[digits].tobytes())
    frame = pl.from_arrow(
        pa.table({"customer_id": pa.LargeStringArray.from_buffers(count, pa.py_buffer(offsets), text)})
    )
    assert isinstance(frame, pl.DataFrame)
    ids = frame["customer_id"].sort()
    if ids.n_unique() != count:
        raise ValueError("the random source gave one id twice; use one that does not repeat")
    return pl.select(pl.lit(PREFIX) + ids).to_series().rename("customer_id")
