"""The grammar, kept between processes: built once for a reference and its rules, then read in a moment.

It stands beside the compiled modules, under the digest of all that it is made from; where that folder
cannot be written, every process builds its own.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from identity.addresses import grammar, lexicon, seeds

_HERE = Path(__file__).resolve().parent
_CACHE = _HERE / "__pycache__"
_MADE_BY = ("forms.py", "grammar.py", "groups.py", "hashing.py", "lexicon.py", "reference/names.py")
_FRAMES = ("nodes", "table")


@lru_cache(maxsize=1)
def load() -> grammar.Grammar:
    """The grammar of the committed seeds."""
    path = _CACHE / f"grammar-{_digest()}.npz"
    if path.exists():
        with contextlib.suppress(OSError, ValueError, KeyError, pl.exceptions.PolarsError):
            return _read(path)
    built = grammar.build()
    with contextlib.suppress(OSError):
        _write(path, built)
    return built


def _digest() -> str:
    digest = hashlib.sha256(seeds.fingerprint().encode())
    for name in _MADE_BY:
        digest.update((_HERE / name).read_bytes())
    return digest.hexdigest()[:16]


def _write(path: Path, built: grammar.Grammar) -> None:
    """All arrays in one file, frames as their IPC bytes; older ones of the folder go."""
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
    path.parent.mkdir(exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        np.savez(file, **arrays)
    temporary.replace(path)
    for other in path.parent.glob("grammar-*.npz"):
        if other != path:
            other.unlink(missing_ok=True)


def _read(path: Path) -> grammar.Grammar:
    with np.load(path, allow_pickle=False) as kept:
        words = lexicon.Lexicon(
            **{field.name: kept[f"lexicon_{field.name}"] for field in fields(lexicon.Lexicon)}
        )
        frames: dict[str, Any] = {name: pl.read_ipc(io.BytesIO(kept[name].tobytes())) for name in _FRAMES}
        plain: dict[str, Any] = {
            field.name: kept[field.name]
            for field in fields(grammar.Grammar)
            if field.name not in (*_FRAMES, "lexicon", "first_group")
        }
        return grammar.Grammar(lexicon=words, first_group=int(kept["first_group"]), **plain, **frames)
