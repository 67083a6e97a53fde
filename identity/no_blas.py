"""numba without BLAS and cffi. With the first compiled function that a process loads, numba imports SciPy,
where there is one, to be able to multiply matrices (0.27 of 0.31 s), and cffi's parser, to be able to call
functions of its modules (0.05 s). No compiled function here does either.

To be imported before the first of them is called; what is compiled belongs in the modules that use it.
"""

from __future__ import annotations

import importlib
import sys

from numba.np import linalg


def _none() -> None:
    raise ImportError("no compiled function multiplies matrices")


def _forgo_cffi() -> None:
    """Has numba loaded as where cffi is not installed; who else asks for cffi gets it."""
    known = sys.modules.pop("cffi", None)
    sys.modules["cffi"] = None  # type: ignore[assignment]  # to the import system: not there
    try:
        importlib.import_module("numba.core.typing.cffi_utils")
    finally:
        del sys.modules["cffi"]
        if known is not None:
            sys.modules["cffi"] = known


linalg.ensure_blas = _none
_forgo_cffi()
