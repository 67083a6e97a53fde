"""A gold file of simulated addresses: every kind of noise of all sets, with the truth beside it."""

from __future__ import annotations

import unicodedata

import polars as pl

from benchmarks import address_mangled, address_noise, address_strange, address_unplanned
from benchmarks.address_world import Case, Place, World
from identity.addresses import characters
from identity.addresses.reference.names import short_name

_SIMPLE = characters.replacements()
_PARTS = ("province", "city", "district", "town", "address")


def gold(each: int, seed: int) -> pl.DataFrame:
    """`each` rows of every kind: kind, address (the columns of an export joined), adcode and town if true,
    and the parts of the door where the kind writes them."""
    assert address_mangled.__doc__  # importing it adds its kinds
    kinds = address_noise.KINDS | address_strange.STRANGE | address_unplanned.UNPLANNED
    return pl.DataFrame([_row(case) for case in World(seed).cases(each, kinds)], infer_schema_length=None)


def _row(case: Case) -> dict[str, str | None]:
    text = " ".join(case.columns[name] for name in _PARTS if case.columns.get(name))
    place = case.place
    plain = "".join(_SIMPLE.get(c, c) for c in unicodedata.normalize("NFKC", text) if c != " ")
    is_whole, is_numbered = place.door in plain, f"{place.road}{place.number}号" in plain
    return {
        "kind": case.kind,
        "address": text,
        "adcode": case.adcode,
        "town": place.town if case.adcode and _is_written(place, plain) else None,
        "road": place.road if is_numbered else None,
        "road_no": place.number if is_numbered else None,
        "building": place.building or None if is_whole else None,
        "unit": place.unit or None if is_whole else None,
        "floor": place.floor or None if is_whole else None,
        "room": place.room or None if is_whole else None,
    }


def _is_written(place: Place, text: str) -> bool:
    """Whether the text names the town, in full or without its kind behind the district."""
    stem = short_name(place.town)
    return bool(place.town) and (place.town in text or (len(stem) > 1 and place.district + stem in text))
