"""The grammar as arrays, kept between processes (`keeping.py`)."""

from __future__ import annotations

import hashlib
import io
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from identity.addresses import grammar, lexicon, seeds
from identity.addresses.keeping import Arrays, kept

_HERE = Path(__file__).resolve().parent
_MADE_BY = ("forms.py", "grammar.py", "groups.py", "hashing.py", "lexicon.py", "reference/names.py")
_FRAMES = ("nodes", "table")


@lru_cache(maxsize=1)
def load() -> grammar.Grammar:
    """The grammar of the committed seeds."""
    return _of_arrays(kept("grammar", _digest(), lambda: _arrays(grammar.build())))


def _digest() -> str:
    digest = hashlib.sha256(seeds.fingerprint().encode())
    for name in _MADE_BY:
        digest.update((_HERE / name).read_bytes())
    return digest.hexdigest()[:16]


def _arrays(built: grammar.Grammar) -> Arrays:
    """All of it, frames as their IPC bytes."""
    arrays = {
        f"lexicon_{field.name}": getattr(built.lexicon, field.name) for field in fields(lexicon.Lexicon)
    }
    for field in fields(grammar.Grammar):
        if field.name in _FRAMES:
            stream = io.BytesIO()
            getattr(built, field.name).write_ipc(stream)
            arrays[field.name] = np.frombuffer(stream.getvalue(), dtype=np.uint8)
        elif field.name != "lexicon":
            arrays[field.name] = np.asarray(getattr(built, field.name))
    return arrays


def _of_arrays(arrays: Arrays) -> grammar.Grammar:
    words = lexicon.Lexicon(
        **{field.name: arrays[f"lexicon_{field.name}"] for field in fields(lexicon.Lexicon)}
    )
    frames: dict[str, Any] = {name: pl.read_ipc(io.BytesIO(arrays[name].tobytes())) for name in _FRAMES}
    plain: dict[str, Any] = {
        field.name: arrays[field.name]
        for field in fields(grammar.Grammar)
        if field.name not in (*_FRAMES, "lexicon", "first_group")
    }
    return grammar.Grammar(lexicon=words, first_group=int(arrays["first_group"]), **plain, **frames)
