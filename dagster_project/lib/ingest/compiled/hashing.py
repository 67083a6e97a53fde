"""HMAC-SHA256 of many short texts at once (RFC 2104, FIPS 180-4), compiled: sixteen of them in step, so
that the processor works on several at a time. What a token is made of, and what it looks like, is the
vault's to say.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import polars as pl

from dagster_project.lib.ingest.compiled.machine import Array, Word, byte_at, compiled, inlined
from dagster_project.lib.ingest.compiled.texts import (
    Texts,
    arrow_of,
    bits_of,
    is_filled,
    length_at,
    text_at,
    texts,
)
from dagster_project.lib.ingest.compiled.views import VIEW_BYTES, write_view

LANES = 16
_BLOCK = 64
_WORDS = 16
_LEAST_PADDING = 9
"""A byte of 0x80 and the length in bits behind every message."""
_DIGEST_BYTES = 32
_U = np.uint32
_DIGIT, _LETTER = 48, 87


def hex_digests(values: pl.Series, key: bytes, before: bytes, shown: str, digits: int) -> pl.Series:
    """For each text: `shown` and the first hex digits of HMAC-SHA256(key, before + text); null for null."""
    import pyarrow as pa

    column, held = texts(values)
    inner, outer, rounds = _states(key)
    blocks = _block_counts(column, len(before))
    order = np.argsort(blocks, kind="stable").astype(np.int32)
    first = np.frombuffer(before + b"\0", np.uint8)
    begin = np.frombuffer(shown.encode() + b"\0", np.uint8)
    room = np.zeros((LANES, int(blocks.max(initial=1)) * _BLOCK), np.uint8)
    work, state = np.empty((64, LANES), np.uint32), np.empty((2, 8, LANES), np.uint32)
    length = len(shown) + digits
    text = np.zeros(column.rows * length + _BLOCK, np.uint8)
    views, bits = np.zeros((column.rows + 1) * VIEW_BYTES, np.uint8), bits_of(column.rows)
    lanes = np.empty(LANES, np.int64)
    _hashed(
        column,
        order,
        blocks,
        first,
        begin,
        digits,
        inner,
        outer,
        rounds,
        room,
        work,
        state,
        lanes,
        text,
        views,
        bits,
    )
    del held
    made = arrow_of(pa.string_view(), column.rows, bits, views, text)
    return made.alias(values.name)


@lru_cache(maxsize=4)
def _states(key: bytes) -> tuple[Array, Array, Array]:
    """The states after the padded key, inside and outside, and the constants of the rounds."""
    rounds, first = _constants()
    padded = np.frombuffer(key.ljust(_BLOCK, b"\0"), np.uint8)
    states = []
    for pad in (0x36, 0x5C):
        state = np.empty((2, 8, LANES), np.uint32)
        state[0] = first[:, None]
        work = np.empty((64, LANES), np.uint32)
        work[:_WORDS] = (padded ^ pad).view(">u4").astype(np.uint32)[:, None]
        _compress(state, work, rounds, np.full(LANES, 1, np.int64), 0)
        states.append(state[0, :, 0].copy())
    return states[0], states[1], rounds


def _constants() -> tuple[Array, Array]:
    """Fractional parts of the cube roots of the first 64 primes, and of the square roots of the first
    eight."""
    primes = [n for n in range(2, 312) if all(n % d for d in range(2, int(n**0.5) + 1))]
    roots = ([_root(prime, 3) for prime in primes], [_root(prime, 2) for prime in primes[:8]])
    return np.array(roots[0], np.uint32), np.array(roots[1], np.uint32)


def _root(number: int, degree: int) -> int:
    """The first 32 bits of the fraction of a root, by halving."""
    wanted, low, high = number << (32 * degree), 0, number << 32
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**degree <= wanted else (low, middle - 1)
    return low & 0xFFFFFFFF


@compiled
def _counted(column: Texts, before: int, blocks: Array) -> None:
    for row in range(column.rows):
        if is_filled(column.bits, column.bit + row):
            length = length_at(column.views + row * VIEW_BYTES) + before
            blocks[row] = (length + _LEAST_PADDING + _BLOCK - 1) // _BLOCK


def _block_counts(column: Texts, before: int) -> Array:
    """How many blocks of SHA-256 each message fills; 0 for null."""
    blocks = np.zeros(column.rows, np.int64)
    _counted(column, before, blocks)
    return blocks


@inlined
def _turned(word: Word, by: int) -> Word:
    return _U((word >> _U(by)) | (word << _U(32 - by)))


@compiled
def _compress(state: Array, work: Array, rounds: Array, blocks: Array, block: int) -> None:
    """One block of each lane that has so many: `state[0]` is the hash so far, `work` has 16 words of each
    lane."""
    for at in range(_WORDS, 64):
        for lane in range(LANES):
            two, fifteen = work[at - 2, lane], work[at - 15, lane]
            low = _turned(fifteen, 7) ^ _turned(fifteen, 18) ^ _U(fifteen >> _U(3))
            high = _turned(two, 17) ^ _turned(two, 19) ^ _U(two >> _U(10))
            work[at, lane] = _U(work[at - 16, lane] + low + work[at - 7, lane] + high)
    for each in range(8):
        for lane in range(LANES):
            state[1, each, lane] = state[0, each, lane]
    for at in range(64):
        a, b, c, d = (0 - at) & 7, (1 - at) & 7, (2 - at) & 7, (3 - at) & 7
        e, f, g, h = (4 - at) & 7, (5 - at) & 7, (6 - at) & 7, (7 - at) & 7
        constant = rounds[at]
        for lane in range(LANES):
            one, five = state[1, a, lane], state[1, e, lane]
            chosen = _U((five & state[1, f, lane]) ^ (~five & state[1, g, lane]))
            turned = _turned(five, 6) ^ _turned(five, 11) ^ _turned(five, 25)
            first = _U(state[1, h, lane] + turned + chosen + constant + work[at, lane])
            two, three = state[1, b, lane], state[1, c, lane]
            most = _U((one & two) ^ (one & three) ^ (two & three))
            second = _U((_turned(one, 2) ^ _turned(one, 13) ^ _turned(one, 22)) + most)
            state[1, d, lane] = _U(state[1, d, lane] + first)
            state[1, h, lane] = _U(first + second)
    for each in range(8):
        for lane in range(LANES):
            if block < blocks[lane]:
                state[0, each, lane] = _U(state[0, each, lane] + state[1, each, lane])


@inlined
def _write(room: Array, lane: int, at: int, first: Array, column: Texts, count: int) -> None:
    """The padded message of a row into a lane's room; the key's block counts for its length."""
    length = length_at(at)
    text = text_at(at, length, column.buffers)
    begin = len(first) - 1
    for step in range(begin):
        room[lane, step] = first[step]
    for step in range(length):
        room[lane, begin + step] = byte_at(text + step)
    end = begin + length
    size = count * _BLOCK
    room[lane, end] = 0x80
    for step in range(end + 1, size):
        room[lane, step] = 0
    bits = (_BLOCK + end) * 8
    for step in range(4):
        room[lane, size - 1 - step] = (bits >> (8 * step)) & 255


@compiled
def _hashed(  # noqa: PLR0912 (one loop: sixteen messages, from bytes to hex digits)
    column: Texts, order: Array, counts: Array, first: Array, begin: Array, digits: int, inner: Array,
    outer: Array, rounds: Array, room: Array, work: Array, state: Array, blocks: Array, text: Array, views:
    Array, bits: Array, ) -> None:  # fmt: skip
    shown = len(begin) - 1
    at = 0
    while at < len(order) and not counts[order[at]]:
        at += 1
    while at < len(order):
        lanes = min(LANES, len(order) - at)
        most = counts[order[at + lanes - 1]]
        for lane in range(LANES):
            for each in range(8):
                state[0, each, lane] = inner[each]
        for lane in range(lanes):
            row = order[at + lane]
            _write(room, lane, column.views + row * VIEW_BYTES, first, column, counts[row])
        for block in range(most):
            for lane in range(lanes):
                place = block * _BLOCK
                if block < counts[order[at + lane]]:
                    for each in range(_WORDS):
                        word = _U(room[lane, place]) << _U(24) | _U(room[lane, place + 1]) << _U(16)
                        work[each, lane] = _U(
                            word | _U(room[lane, place + 2]) << _U(8) | _U(room[lane, place + 3])
                        )
                        place += 4
            for lane in range(lanes):
                blocks[lane] = counts[order[at + lane]]
            _compress(state, work, rounds, blocks, block)
        for lane in range(LANES):
            for each in range(8):
                work[each, lane] = state[0, each, lane]
                state[0, each, lane] = outer[each]
                work[8 + each, lane] = _U(0)
            work[8, lane] = _U(0x80000000)
            work[15, lane] = _U((_BLOCK + _DIGEST_BYTES) * 8)
            blocks[lane] = 1
        _compress(state, work, rounds, blocks, 0)
        for lane in range(lanes):
            row = order[at + lane]
            to = row * (shown + digits)
            for step in range(shown):
                text[to + step] = begin[step]
            for step in range(digits):
                digit = np.int64(state[0, step >> 3, lane] >> _U(28 - 4 * (step & 7))) & 15
                text[to + shown + step] = _DIGIT + digit if digit < 10 else _LETTER + digit
            write_view(views, row * VIEW_BYTES, text, to, shown + digits, 0, to)
            bits[row >> 3] |= np.uint8(1 << (row & 7))
        at += lanes
