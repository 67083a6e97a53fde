"""Which master data can be corrected: of each entity its feed, its mart, its key and its columns.

The types are those of feeds.yml; the same fields stand in dbt/macros/correctable.sql (a test holds them
equal).
"""

from __future__ import annotations

from dataclasses import dataclass

from dagster_project.lib.errors import LuyueError
from dagster_project.lib.feeds import load_feeds


@dataclass(frozen=True)
class Entity:
    """One kind of master record. `record_key` is `parts` joined by `/`, then `@` and `since` where it has
    one."""

    name: str
    mart: str
    """Where the published file shows its records as they stand, corrections included."""
    parts: tuple[str, ...]
    fields: tuple[str, ...]
    """The columns that may be corrected."""
    feed: str | None = None
    since: str | None = None
    """The column of the key that tells from when a version is valid."""

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of the key, in order."""
        return (*self.parts, *([self.since] if self.since else []))

    def type_of(self, field: str) -> str:
        """The feed's type of a field (feeds.yml); spellings are text."""
        return load_feeds()[self.feed].columns[field].type if self.feed else "text"


ENTITIES: dict[str, Entity] = {
    entity.name: entity
    for entity in (
        Entity(
            "sku",
            "dim_skus",
            ("sku_code",),
            ("barcode", "name", "category", "temperature_class", "weight_kg", "cost_cny", "owner"),
            "skus",
        ),
        Entity(
            "sku_alias",
            "dim_sku_aliases",
            ("channel", "shop_id", "channel_sku_code"),
            ("sku_code",),
            "sku_aliases",
        ),
        Entity(
            "warehouse",
            "dim_warehouses",
            ("warehouse_code",),
            ("name", "province", "city", "district", "latitude", "longitude", "owner"),
            "warehouses",
        ),
        Entity(
            "resource",
            "dim_resources",
            ("resource_code",),
            (
                *("resource_type", "name", "adcode", "latitude", "longitude", "service_radius_km"),
                *("skills", "temperature_zones", "capacity_per_day", "valid_to"),
            ),
            "resources",
            "valid_from",
        ),
        Entity(
            "carrier",
            "dim_carrier_areas",
            ("carrier", "adcode", "service_level"),
            ("promised_hours", "valid_to"),
            "carrier_areas",
            "valid_from",
        ),
        Entity(
            "address", "dim_addresses", ("adcode",), ("province_written", "city_written", "district_written")
        ),
    )
}
"""`address` stands for the spellings of divisions in delivery addresses: the key is the code of the province,
city or district, the old value a spelling (or none), the new one the name that it stands for. Single
addresses are their customers' to change."""
SAME_AS = {"store": "resource"}
"""Entities that are versions of another one's records."""


def entity_of(name: str) -> Entity:
    """The entity of a name. Raises LuyueError that names those that there are."""
    found = ENTITIES.get(SAME_AS.get(name, name))
    if found is None:
        raise LuyueError(
            f"{name}: no master data of that name can be corrected; choose {', '.join(ENTITIES)}"
        )
    return found


def key_parts(entity: Entity, record_key: str) -> tuple[str | None, ...]:
    """The values of `entity.parts`: the last one may hold a `/`; nothing between two is null. Raises
    LuyueError."""
    bare = record_key.rsplit("@", 1)[0] if entity.since else record_key
    parts = bare.split("/", len(entity.parts) - 1)
    if len(parts) != len(entity.parts) or not parts[-1]:
        like = "/".join(entity.parts) + (f"[@{entity.since}]" if entity.since else "")
        raise LuyueError(f"{record_key}: no key of {entity.name}; it is written {like}")
    return tuple(part or None for part in parts)


def key_sql(entity: Entity) -> str:
    """The record key as a DuckDB expression over the columns of the entity's mart."""
    text = " || '/' || ".join(f"coalesce(cast({part} as varchar), '')" for part in entity.parts)
    return text + (f" || coalesce('@' || cast({entity.since} as varchar), '')" if entity.since else "")
