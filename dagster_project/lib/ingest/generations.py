"""Batch ids over time: a file that is taken again under a mended contract keeps its content id and gets a
generation.

`<content id>` is the first taking of a content, `<content id>r<n>` its n-th again. The ledger entry of a
higher generation, appearing, puts all lower ones out of force; what they left is swept away. Ids are compared
here, nothing is read or written.
"""

from __future__ import annotations

from collections.abc import Iterable

_MARK = "r"
"""No hexadecimal digit, so that a content id never holds it."""


def content_of(batch_id: str) -> str:
    """The content id: which source and bytes the batch was made of."""
    return batch_id.partition(_MARK)[0]


def generation_of(batch_id: str) -> int:
    """0 for the first taking, n for its n-th again."""
    return int(batch_id.partition(_MARK)[2] or 0)


def following(batch_id: str) -> str:
    """The id that the same content gets when it is taken again."""
    return f"{content_of(batch_id)}{_MARK}{generation_of(batch_id) + 1}"


def in_force(batch_ids: Iterable[str]) -> dict[str, str]:
    """Content id → batch id in force, of all ids that have a ledger entry."""
    newest: dict[str, str] = {}
    for batch_id in batch_ids:
        content = content_of(batch_id)
        if content not in newest or generation_of(newest[content]) < generation_of(batch_id):
            newest[content] = batch_id
    return newest
