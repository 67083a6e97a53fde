"""Texts are read in an order of their own, for speed: it must not be seen in any result."""

from __future__ import annotations

import numpy as np
import polars as pl

from identity.addresses import ordering, standardise, walk
from identity.addresses.texts import Texts

_CHAINS = (
    "浙江省杭州市西湖区",
    "浙江省杭州市余杭区",
    "江苏省南京市鼓楼区",
    "福建省福州市鼓楼区",
    "",
    "x",
    "杭州市",
)


def _addresses() -> pl.Series:
    """More than are read in any order, chains by turns."""
    return pl.Series("address", [f"{_CHAINS[n % len(_CHAINS)]}文三路{n}号" for n in range(1_400)])


def test_many_texts_are_read_as_few_are() -> None:
    """The rows of a long table are those of its pieces, in the same order."""
    frame = _addresses().to_frame()
    pieces = [standardise(frame.slice(at, 200)) for at in range(0, frame.height, 200)]
    assert standardise(frame).equals(pl.concat(pieces))


def test_texts_of_one_district_stand_together() -> None:
    """Every text has a place of its own, and those that begin alike follow each other."""
    texts = Texts.of(_addresses())
    counts, places = np.zeros(ordering.BUCKETS + 1, dtype=np.int64), np.empty(len(texts), dtype=np.int64)
    ordering.order(texts.points, texts.starts, texts.stops, counts, places)
    assert sorted(places) == list(range(len(texts)))
    of_one = np.sort(places[:: len(_CHAINS)])
    assert of_one[-1] - of_one[0] == len(of_one) - 1
    assert walk.chains(texts, True).node.size == len(texts)
