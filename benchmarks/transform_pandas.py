"""Part of the models' work in pandas over a synthetic lake: `python -m benchmarks.transform_pandas LAKE`.

The newest state of each line, totals of orders, parcels scanned and signed for, promise and whether it was
kept, events each once. Not in it: states over time, merges, customers, stock, quality, KPIs, checks.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd

KEY = ["channel", "channel_order_id"]
_LINE = [
    *(
        "status",
        "quantity",
        "line_amount_cny",
        "paid_amount_cny",
        "ordered_at",
        "paid_at",
        "promised_ship_at",
    ),
    *("shipped_at", "signed_at", "completed_at", "waybill_no", "warehouse_code", "channel_sku_code"),
]


def main() -> None:
    """Reads, computes, prints the number of orders and how many were on time."""
    lake = Path(sys.argv[1])
    wanted = [*KEY, "channel_line_id", *_LINE, "exported_at", "source_line"]
    exported = pd.read_parquet(
        sorted((lake / "orders").glob("source=*/*.parquet")), columns=wanted, partitioning=None
    )
    exported = exported.sort_values(["exported_at", "source_line"])
    newest = exported.drop_duplicates([*KEY, "channel_line_id"], keep="last")
    orders = newest.groupby(KEY, sort=False, as_index=False).agg(
        line_count=("channel_line_id", "size"),
        paid_amount_cny=("paid_amount_cny", "max"),
        paid_at=("paid_at", "min"),
        promised_ship_at=("promised_ship_at", "min"),
        shipped_at=("shipped_at", "max"),
        waybill_no=("waybill_no", "min"),
    )
    tracks = pd.read_parquet(
        sorted((lake / "tracks").glob("source=*/*.parquet")),
        columns=["waybill_no", "node_at", "node"],
        partitioning=None,
    ).drop_duplicates()
    scans = tracks.groupby("waybill_no", as_index=False).agg(picked_up_at=("node_at", "min"))
    signed = tracks[tracks["node"] == "signed"].groupby("waybill_no", as_index=False)["node_at"].min()
    orders = orders.merge(scans, how="left").merge(
        signed.rename(columns={"node_at": "signed_at"}), how="left"
    )
    orders["is_on_time"] = orders["shipped_at"] <= orders["promised_ship_at"]
    events = pd.read_parquet(
        sorted((lake / "order_events").glob("source=*/*.parquet")),
        columns=["event_id", *KEY, "event_code", "occurred_at", "exported_at"],
        partitioning=None,
    ).sort_values("exported_at")
    events = events.drop_duplicates("event_id", keep="last")
    first = events.pivot_table(index=KEY, columns="event_code", values="occurred_at", aggfunc="min")
    orders = orders.merge(first.reset_index(), how="left", on=KEY)
    print(json.dumps({"orders": len(orders), "on_time": int(orders["is_on_time"].sum())}))


if __name__ == "__main__":
    main()
