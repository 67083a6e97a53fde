"""Eight bytes at a time: how compiled functions load, store and search text. What is searched for belongs in
the modules that use it.

A load reads eight bytes wherever it begins, so arrays that are read so have `PADDING` bytes to spare.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

import identity.no_blas  # noqa: F401 (by being imported)

Array = Any
"""An array of NumPy's, as compiled functions are given it."""
Word = Any
"""64 bits, signed or not: numba tells them apart, Python's types do not."""
compiled = njit(cache=True, nogil=True, _nrt=False)
"""Kept beside the code, without the interpreter's lock and without counts of references."""
inlined = njit(cache=True, nogil=True, _nrt=False, inline="always")
PADDING = 16
_TO_READ, _TO_KEEP, _DATA = 0, 3, 1
"""What LLVM's prefetch is told."""
_LOW = np.uint64(0x0101010101010101)
_HIGH = np.uint64(0x8080808080808080)


@intrinsic
def load(typing: Any, data: Any, at: Any) -> Any:  # noqa: ANN401 (numba's own types)
    """Eight bytes of `data` (uint8) from `at` on, the first one lowest."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401 (numba's own types)
        return builder.load(_place(context, builder, signature, args), align=1)

    return types.uint64(data, types.intp), generate


@intrinsic
def store(typing: Any, data: Any, at: Any, word: Any) -> Any:  # noqa: ANN401 (numba's own types)
    """Writes eight bytes into `data` (uint8) from `at` on."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401 (numba's own types)
        builder.store(args[2], _place(context, builder, signature, args), align=1)
        return context.get_dummy_value()

    return types.void(data, types.intp, types.uint64), generate


@intrinsic
def load_at(typing: Any, address: Any) -> Any:  # noqa: ANN401 (numba's own types)
    """Eight bytes from an address (int64) on."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401 (numba's own types)
        return builder.load(builder.inttoptr(args[0], ir.IntType(64).as_pointer()), align=1)

    return types.uint64(types.int64), generate


@intrinsic
def byte_at(typing: Any, address: Any) -> Any:  # noqa: ANN401 (numba's own types)
    """The byte at an address (int64)."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401 (numba's own types)
        return builder.load(builder.inttoptr(args[0], ir.IntType(8).as_pointer()), align=1)

    return types.uint8(types.int64), generate


@intrinsic
def fetch(typing: Any, address: Any) -> Any:  # noqa: ANN401 (numba's own types)
    """Has the processor bring what stands at an address (int64, any) nearer, without waiting for it."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401 (numba's own types)
        number = ir.IntType(32)
        place = ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [place, number, number, number])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        told = [number(each) for each in (_TO_READ, _TO_KEEP, _DATA)]
        builder.call(function, [builder.inttoptr(args[0], place), *told])
        return context.get_dummy_value()

    return types.void(types.int64), generate


@intrinsic
def _trailing_zeros(typing: Any, word: Any) -> Any:  # noqa: ANN401 (numba's own types)
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401 (numba's own types)
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.intp(types.uint64), generate


def _place(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401 (numba's own types)
    array = cgutils.create_struct_proxy(signature.args[0])(context, builder, args[0])
    return builder.bitcast(builder.gep(array.data, [args[1]]), ir.IntType(64).as_pointer())


@inlined
def repeated(byte: int) -> Word:
    """Eight times the same byte."""
    return np.uint64(byte) * _LOW


@inlined
def zeros(word: Word) -> Word:
    """A word whose lowest bit that is set stands in the lowest byte of `word` that is zero; 0 if none is."""
    return (word - _LOW) & ~word & _HIGH


@inlined
def first(found: Word) -> Word:
    """Which byte the lowest bit stands in, from 0; `found` is not 0."""
    return _trailing_zeros(found) >> 3


@compiled
def count(data: Array, byte: int) -> int:
    """How often a byte stands in the array."""
    found = 0
    for each in data:
        found += each == byte
    return found


@compiled
def holds(data: Array, one: int, two: int, three: int) -> bool:
    """Whether three bytes stand in the array one behind the other."""
    found = 0
    for at in range(len(data) - 2):
        found += (data[at] == one) & (data[at + 1] == two) & (data[at + 2] == three)
    return found > 0
