"""Resources beside warehouses, stores and riders: technicians, carriers, digital tools, and what they report.

What warehouses keep cold, and how far they serve, stands in `services.py`.
"""

from __future__ import annotations

import polars as pl

from dagster_project.demo.clock import HOUR, Calendar
from dagster_project.demo.words import CARRIERS

TECHNICIANS = (
    ("TC-01", "技师01", "330110", 30.2736, 119.9784, 40.0, "installation, repair"),
    ("TC-02", "技师02", "310115", 31.2214, 121.5440, None, "installation"),
    ("TC-03", "技师03", "110108", 39.9599, 116.2980, 30.0, "repair"),
    ("TC-04", "技师04", "440111", 23.1573, 113.2732, 60.0, None),
    ("TC-05", "技师05", "510107", None, None, 50.0, "installation"),
)
"""Code, name, adcode, latitude, longitude, radius in km, skills: one repairs only, one says no skill, one has
a radius and no coordinates, one serves its city."""
TOOLS = (("DT-OMS", "订单中台"), ("DT-BOT", "智能客服"))
HEADQUARTERS = "330109"
VISITS, TOOL_CALLS = 6, 20_000
"""A day."""
REPORT_EVERY = 8 * HOUR
AWAY_EVERY = 7
"""Of so many reports of a technician or tool, one says that it is not available."""
SCHEMA = {
    "resource_code": pl.String,
    "name": pl.String,
    "adcode": pl.String,
    "latitude": pl.Float64,
    "longitude": pl.Float64,
    "service_radius_km": pl.Float64,
    "skills": pl.String,
}


def resources() -> pl.DataFrame:
    """The columns of SCHEMA, resource_type, capacity_per_day. A carrier says no capacity."""
    kinds: tuple[tuple[str, list[tuple[object, ...]], int | None], ...] = (
        ("technician", list(TECHNICIANS), VISITS),
        ("carrier", [_placeless(f"CR-{com}", name) for name, com, _ in CARRIERS], None),
        ("digital_tool", [_placeless(*tool) for tool in TOOLS], TOOL_CALLS),
    )
    return pl.concat(
        pl.DataFrame(rows, schema=SCHEMA, orient="row").with_columns(
            resource_type=pl.lit(kind), capacity_per_day=pl.lit(capacity, pl.Int64)
        )
        for kind, rows, capacity in kinds
    )


def _placeless(code: str, name: str) -> tuple[object, ...]:
    return (code, name, HEADQUARTERS, None, None, None, None)


def statuses(calendar: Calendar) -> pl.DataFrame:
    """resource_code, observed_at, received_at, load, available: technicians and tools, every eight hours."""
    rng = calendar.rng("pool")
    codes = pl.DataFrame({"resource_code": [t[0] for t in (*TECHNICIANS, *TOOLS)]})
    steps = pl.DataFrame({"step": range(calendar.days * 3)})
    frame = codes.join(steps, how="cross").with_row_index("i")
    n = len(frame)
    frame = frame.with_columns(
        observed_at=calendar.start + pl.col("step") * REPORT_EVERY + pl.Series(rng.integers(0, HOUR, n)),
        load=pl.Series(rng.beta(2, 4, n).round(2)),
        available=pl.when(pl.col("i") % AWAY_EVERY == 0).then(pl.lit("否")).otherwise(pl.lit("true")),
    )
    frame = frame.with_columns(received_at=pl.col("observed_at") + pl.Series(rng.integers(1, 30, n)))
    return frame.select("resource_code", "observed_at", "received_at", "load", "available")
