"""A gold file of simulated addresses: every kind of noise of both sets, with the truth beside it."""

from __future__ import annotations

import unicodedata

import polars as pl

from benchmarks import address_mangled, address_noise, address_strange
from benchmarks.address_world import Case, World
from identity.addresses import characters

_SIMPLE = characters.replacements()
_PARTS = ("province", "city", "district", "town", "address")


def gold(each: int, seed: int) -> pl.DataFrame:
    """`each` rows of every kind: kind, address (the columns of an export joined), adcode and town if true,
    and the parts of the door where the kind writes them whole."""
    assert address_mangled.__doc__  # importing it adds its kinds
    kinds = address_noise.KINDS | address_strange.STRANGE
    return pl.DataFrame([_row(case) for case in World(seed).cases(each, kinds)], infer_schema_length=None)


def _row(case: Case) -> dict[str, str | None]:
    text = " ".join(case.columns[name] for name in _PARTS if case.columns.get(name))
    place = case.place
    is_whole = place.door in "".join(
        _SIMPLE.get(c, c) for c in unicodedata.normalize("NFKC", text) if c != " "
    )
    return {
        "kind": case.kind,
        "address": text,
        "adcode": case.adcode,
        "town": place.town if case.adcode and place.town and place.town in text else None,
        "road": place.road if is_whole else None,
        "road_no": place.number if is_whole else None,
        "building": place.building or None if is_whole else None,
        "unit": place.unit or None if is_whole else None,
        "floor": place.floor or None if is_whole else None,
        "room": place.room or None if is_whole else None,
    }
