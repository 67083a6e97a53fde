"""Every way in which a division is written, and which division each way means after what was read before.

A form is a text (`浦东新区`, `浦东`, `闸北区`); a context is the division read so far, or the root. The
tables made here are what `lexicon.py` keeps and `kernel.py` follows; text is folded in `fold.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from identity.addresses.reference.names import short_name
from identity.addresses.seeds import Seeds

EXPLICIT, LEGACY, ALIAS = 0, 1, 2
PROVINCE, CITY, DISTRICT, TOWN = 1, 2, 3, 4
_LEVELS = {"province": PROVINCE, "city": CITY, "district": DISTRICT}
SHORT_FORM_SINCE = "2000-01"
"""Old names that went out of force since then are still written without their kind (南汇, 闸北)."""

_PROVINCE_BYNAMES = {
    "内蒙": "150000", "内蒙古省": "150000", "广西省": "450000", "广西自治区": "450000", "西藏省": "540000",
    "宁夏省": "640000", "宁夏自治区": "640000", "新疆省": "650000", "新疆自治区": "650000",
    "香港特区": "810000", "澳门特区": "820000",
}  # fmt: skip
_MUNICIPALITIES = {"北京": "110000", "天津": "120000", "上海": "310000", "重庆": "500000"}
OWN_CITIES = tuple(f"{name}市" for name in _MUNICIPALITIES)
"""Provinces that are their own city."""
_ZONES = (
    "高新区", "高新技术开发区", "高新技术产业开发区", "高新开发区", "经开区", "经济开发区", "经济技术开发区",
    "开发区", "保税区", "工业园区", "新城区", "示范区",
)  # fmt: skip


@dataclass(frozen=True)
class Divisions:
    """All divisions, by index; 0 is the root (the whole country)."""

    table: pl.DataFrame
    """entity (i32), code, name, level (0–4), parent (i32), short."""

    ancestors: pl.DataFrame
    """entity, ancestor: every pair, the entity itself and the root included."""


def divisions(seeds: Seeds) -> Divisions:
    """The root, the regions and the towns of the reference, numbered in code order."""
    region = seeds.region.select(
        pl.col("adcode").alias("code"),
        "name",
        pl.col("level").replace_strict(_LEVELS, return_dtype=pl.Int8),
        pl.col("parent").fill_null(""),
        pl.col("short_name").alias("short"),
    )
    towns = seeds.township.select(
        pl.col("town_code").alias("code"),
        "name",
        pl.lit(TOWN, dtype=pl.Int8).alias("level"),
        pl.col("adcode").alias("parent"),
        pl.col("short_name").alias("short"),
    )
    root = pl.DataFrame(
        {"code": [""], "name": [""], "level": [0], "parent": [None], "short": [""]}, schema=region.schema
    )
    numbered = pl.concat([root, region.sort("code"), towns.sort("code")]).with_row_index("entity")
    numbered = numbered.with_columns(pl.col("entity").cast(pl.Int32))
    codes = numbered.select(pl.col("code").alias("parent"), pl.col("entity").alias("above"))
    table = numbered.join(codes, on="parent", how="left", maintain_order="left").select(
        "entity", "code", "name", "level", pl.col("above").fill_null(0).alias("parent"), "short"
    )
    up = table.select("entity", pl.col("entity").alias("ancestor"))
    steps = [up]
    for _ in range(TOWN):
        parents = table.select(pl.col("entity").alias("ancestor"), pl.col("parent"))
        up = up.join(parents, on="ancestor").select("entity", pl.col("parent").alias("ancestor"))
        steps.append(up)
    return Divisions(table, pl.concat(steps).unique(maintain_order=True))


def surface_forms(seeds: Seeds, known: Divisions) -> pl.DataFrame:
    """Rows (form, entity, method, weak, context): a null context means every ancestor of the entity.

    `weak`: the form lacks its kind (浦东) and is not believed where it may be the name of a road.
    """
    table = known.table.filter(pl.col("entity") > 0)
    name, short, level = pl.col("name"), pl.col("short"), pl.col("level")
    cut = short != name

    def rows(form: pl.Expr, where: pl.Expr, method: int = EXPLICIT, weak: bool = False) -> pl.DataFrame:
        return table.filter(where).select(
            form.alias("form"),
            "entity",
            pl.lit(method, dtype=pl.Int8).alias("method"),
            pl.lit(weak).alias("weak"),
        )

    autonomous = name.str.contains("自治[州县旗]$")
    street = (level == TOWN) & name.str.ends_with("街道")
    made = [
        rows(name, level > 0),
        rows(short, cut & (level < TOWN), weak=True),
        rows(short + name.str.slice(-1), cut & autonomous),
        rows(short + "区", cut & name.str.ends_with("新区")),
        rows(name + "办事处", street),
        rows(short + "街道办", street),
        rows(short + "街办", street),
        rows(short + "办事处", street),
        rows(short + "街道", (level == TOWN) & cut & ~street, ALIAS),
        rows(short + "镇", (level == TOWN) & cut & ~name.str.ends_with("镇"), ALIAS),
        rows(short + "乡", (level == TOWN) & cut & ~street & ~name.str.ends_with("乡"), ALIAS),
    ]
    everywhere = pl.concat(made).with_columns(pl.lit(None, dtype=pl.Int32).alias("context"))
    # A district under another kind (麟游区 for 麟游县) is read where something above it was read before.
    above = known.ancestors.filter((pl.col("ancestor") > 0) & (pl.col("ancestor") != pl.col("entity")))
    other_kinds = (
        pl.concat(
            rows(short + kind, (level == DISTRICT) & cut & ~name.str.ends_with(kind), ALIAS)
            for kind in ("区", "县", "市")
        )
        .join(above, on="entity")
        .rename({"ancestor": "context"})
    )
    made_of_seeds = [_aliases(seeds, known), _legacy(seeds, known)]
    return pl.concat([everywhere, other_kinds, *made_of_seeds]).unique(maintain_order=True)


def _aliases(seeds: Seeds, known: Divisions) -> pl.DataFrame:
    """Bynames; development zones (after their city, and under their full names anywhere); 市辖区 and the
    like."""
    code = known.table.select("code", "entity")
    plain = {
        "form": [
            *_PROVINCE_BYNAMES,
            *(f"{m}{kind}" for m in _MUNICIPALITIES for kind in ("城区", "郊县", "郊区")),
        ],
        "code": [*_PROVINCE_BYNAMES.values(), *(c for c in _MUNICIPALITIES.values() for _ in range(3))],
    }
    listed = seeds.alias.select(pl.col("alias").alias("form"), pl.col("adcode").alias("code"))
    weak = pl.col("form").is_in(seeds.alias.filter(pl.col("kind") != "zone")["alias"].implode())
    named = pl.concat([pl.DataFrame(plain), listed]).join(code, on="code").select(
        "form", "entity", pl.lit(ALIAS, dtype=pl.Int8).alias("method"), weak.alias("weak"),
        pl.lit(None, dtype=pl.Int32).alias("context"),
    )  # fmt: skip
    above = known.table.filter(pl.col("level").is_in([PROVINCE, CITY])).select("entity")
    empty = [
        "市辖区",
        "省直辖县级行政区划",
        "自治区直辖县级行政区划",
        "直辖县",
        "省直辖县",
        "其它区",
        "其他区",
    ]
    fillers = pl.DataFrame(
        {
            "form": [*_ZONES, *empty],
            "method": [ALIAS] * len(_ZONES) + [EXPLICIT] * len(empty),
        },
        schema_overrides={"method": pl.Int8},
    )
    here = above.filter(pl.col("entity") > 0).join(fillers, how="cross")
    cities = known.table.filter(pl.col("level") == CITY)["entity"]
    usable = here.filter(~pl.col("form").is_in(_ZONES) | pl.col("entity").is_in(cities.implode()))
    after = usable.select(
        "form", "entity", "method", pl.lit(False).alias("weak"), pl.col("entity").alias("context")
    )
    return pl.concat([named, after])


def _legacy(seeds: Seeds, known: Divisions) -> pl.DataFrame:
    """Old names, known after every ancestor of today's division and after the old parent, where it still is.

    A name that is a mere kind (郊区, 城区) is known after its old parent only.
    """
    code = known.table.select("code", "entity")
    shorts = pl.Series("short", [short_name(name) for name in seeds.legacy["old_name"]], dtype=pl.String)
    old = seeds.legacy.with_columns(shorts).join(code, left_on="adcode", right_on="code")
    living = known.table.select(pl.col("code").alias("old_parent"), pl.col("entity").alias("context"))
    renamed = old.select(pl.col("old_code").alias("old_parent"), pl.col("entity").alias("context"))
    parents = pl.concat([living, renamed]).unique(maintain_order=True)
    proper = pl.col("short") != pl.col("old_name")

    def rows(frame: pl.DataFrame, form: str, context: pl.Expr, weak: bool = False) -> pl.DataFrame:
        return frame.select(
            pl.col(form).alias("form"),
            "entity",
            pl.lit(LEGACY, dtype=pl.Int8).alias("method"),
            pl.lit(weak).alias("weak"),
            context.cast(pl.Int32).alias("context"),
        )

    anywhere = pl.lit(None, dtype=pl.Int32)
    under = old.join(parents, on="old_parent")
    recent = old.filter(proper & (pl.col("valid_to") >= SHORT_FORM_SINCE))
    return pl.concat(
        [
            rows(old.filter(proper), "old_name", anywhere),
            rows(under, "old_name", pl.col("context")),
            rows(recent, "short", anywhere, weak=True),
        ]
    )
