"""How functions are compiled: by numba, kept beside the code, without the interpreter's lock and without
counts of references. What is compiled belongs in the modules that use it.

Where a compiled function uses an array it counts a reference, with a locked instruction: without them the
walk takes 0.80 instead of 1.15 µs a row. A function compiled so may make no array: it is given the room.
"""

from __future__ import annotations

from typing import Any

from numba import njit

import identity.no_blas  # noqa: F401 (by being imported)

Array = Any
"""An array of NumPy's, as compiled functions are given it."""
compiled = njit(cache=True, nogil=True, _nrt=False)
inlined = njit(cache=True, nogil=True, _nrt=False, inline="always")
