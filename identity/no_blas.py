"""numba without BLAS. With the first compiled function that a process loads, numba imports SciPy, where there
is one, to be able to multiply matrices: 0.27 of 0.31 s. No compiled function here does.

To be imported before the first of them is called; what is compiled belongs in the modules that use it.
"""

from __future__ import annotations

from numba.np import linalg


def _none() -> None:
    raise ImportError("no compiled function multiplies matrices")


linalg.ensure_blas = _none
