"""Road, number, building, unit, floor and room out of what stands after the divisions.

Roads are read in `roads.py`, the numbers behind them in `numbers.py`; what of it makes the key belongs in
`key.py`.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from identity.addresses import gated, numbers, numerals, roads
from identity.addresses.texts import Texts

_FIELDS = ("building", "unit", "floor", "room", "zone", "community")
"""In the order of `numbers.py`."""


def details(rest: pl.Series) -> pl.DataFrame:
    """Columns road, road_no, building, unit, floor, room, community, zone, detail, whole for each text.

    Values are null where the text does not say them. `community` is what stands between the number and the
    building (a compound, a building's name); `zone` the part of a compound (东区, 2期). What stands behind a
    mask (`*`) is not read, nor the number or name that the mask cuts. `whole`: every number in the text was
    understood and nothing is masked, so that the door is the only one of its parts.
    """
    masked = rest.str.contains("*", literal=True)
    found = roads.read(numerals.digits(gated.change(rest, masked, _cut)))
    lane = gated.having(found.after, ("弄",)) & found.after.str.contains(r"^[0-9]+弄")
    lane = lane & found.number.is_not_null()
    number = found.number.zip_with(~lane, found.number + "弄")
    # Without a numbered road the compound's name is a part of the key, with the numbers in it.
    unnamed = found.road.is_null() | number.is_null()
    fields, whole = _numbers(found.left, lane, unnamed)
    fields["floor"] = gated.change(
        fields["floor"], gated.having(fields["floor"], ("负", "下")), gated.replacing("负|下", "-")
    )
    fields["community"] = gated.change(
        fields["community"], gated.having(fields["community"], ("第",)), gated.replacing("第([0-9])", "$1")
    )
    fields["community"] = found.village.zip_with(found.village.is_not_null(), fields["community"])
    # A room of one or two characters is one of its floor, several rooms are not one.
    vague = fields["room"].str.contains("^[0-9A-Z]{1,2}$|-[0-9]{3}")
    columns = {"road": found.road, "road_no": number, **fields, "detail": found.left}
    known = pl.DataFrame(columns).with_columns(
        pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in columns
    )
    return known.with_columns((whole & ~vague & ~masked).alias("whole"))


def _numbers(
    doors_left: pl.Series, lane: pl.Series, unnamed: pl.Series
) -> tuple[dict[str, pl.Series], pl.Series]:
    """The fields of `_FIELDS`, empty where there are none, and whether nothing is left over."""
    texts = Texts.of(doors_left)
    spans = np.zeros((len(texts), len(_FIELDS), 2), dtype=np.int64)
    whole = np.zeros(len(texts), dtype=np.bool_)
    flags = (lane.to_numpy(), unnamed.to_numpy())
    parts = np.zeros((numbers.MOST_PARTS, 2), dtype=np.int64)
    numbers.read(texts.points, texts.starts, texts.stops, *flags, parts, spans, whole)
    fields = {
        name: Texts(texts.points, spans[:, place, 0], spans[:, place, 1], texts.used).to_series().alias(name)
        for place, name in enumerate(_FIELDS)
    }
    return fields, pl.Series("whole", whole)


def _cut(masked: pl.Series) -> pl.Series:
    """The texts up to their first mask, without the number that it cuts."""
    return masked.str.extract(r"^([^*]*)", 1).str.replace(r"[0-9A-Z-]+$", "")
