"""Arrays kept between processes: built once from what they are made of, then read in a moment.

They stand beside the compiled modules, under the digest of all that they are made from; where that folder
cannot be written, every process builds its own.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_CACHE = Path(__file__).resolve().parent / "__pycache__"

Arrays = dict[str, npt.NDArray[Any]]


def kept(name: str, digest: str, build: Callable[[], Arrays]) -> Arrays:
    """The arrays of this name and digest; built where they are not there. Those of other digests go."""
    path = _CACHE / f"{name}-{digest}.npz"
    with contextlib.suppress(OSError, ValueError, KeyError), np.load(path, allow_pickle=False) as found:
        return dict(found)
    built = build()
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        with temporary.open("wb") as file:
            np.savez(file, **built)  # type: ignore[arg-type]
        temporary.replace(path)
        for other in set(path.parent.glob(f"{name}-*.npz")) - {path}:
            other.unlink(missing_ok=True)
    return built
