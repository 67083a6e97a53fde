"""The page on the event graph says what the seeds say: what tells of each event of the catalogue."""

from __future__ import annotations

import csv
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "dbt" / "seeds"
PAGE = (ROOT / "docs" / "events.md").read_text("utf-8")
ROW = re.compile(r"^\| `(\w+)` \| ([\w, ]+) \| (.*?)\|$", re.MULTILINE)
BY_SEED = {
    "column_events": "time_column",
    "state_events": "state",
    "flag_events": "flag",
    "node_events": "track",
    "ledger_events": "ledger",
}
BY_MODEL = {
    "stock_movement": {"outbound_confirmed"},
    "address": {"address_changed"},
    "link": {"order_split_merged"},
    "suspicion": {
        *("payment_amount_mismatch", "duplicate_order_suspected", "ship_deadline_warning"),
        *("fake_shipment_suspected", "ship_overdue", "pickup_timeout", "transit_stalled"),
    },
}
"""What no seed tells: the codes that the models of dbt/models/intermediate/evidence and anomalies write."""


def _rows(seed: str) -> list[dict[str, str]]:
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _written() -> dict[str, set[str]]:
    """What the page says tells of each event."""
    return {code: set(told.replace(" ", "").split(",")) for code, told, _ in ROW.findall(PAGE)}


def _sources() -> dict[str, set[str]]:
    """What the seeds and models say. Any event may be pushed; an anomaly may be a case."""
    found: dict[str, set[str]] = {}
    for code in _rows("event_codes"):
        found[code["event_code"]] = {"case"} if code["is_anomaly"] == "true" else set()
    for seed, kind in BY_SEED.items():
        for row in _rows(seed):
            if row.get("kind") != "payment":
                found[row["event_code"]].add(kind)
    for kind, codes in BY_MODEL.items():
        for code in codes:
            found[code].add(kind)
    return {code: kinds or {"push"} for code, kinds in found.items()}


def test_each_event_is_told_by_what_the_page_says() -> None:
    written, sources = _written(), _sources()
    assert list(written) == [row["event_code"] for row in _rows("event_codes")], "in the catalogue's order"
    assert len(written) == 32
    differing = {code: (written[code], sources[code]) for code in sources if written[code] != sources[code]}
    assert differing == {}


def test_the_models_write_the_codes_that_the_page_names() -> None:
    """A code that a model stops to write, or begins to, is noticed."""
    folders = [ROOT / "dbt" / "models" / "intermediate" / name for name in ("evidence", "anomalies")]
    text = "".join(path.read_text("utf-8") for folder in folders for path in folder.glob("*.sql"))
    written = set(re.findall(r"'(\w+)' as event_code", text))
    named = set().union(*BY_MODEL.values()) | {"logistics_picked_up"}
    assert written == named


def test_every_event_can_be_reached_from_the_first() -> None:
    """The graph is one: from the creation of an order, along the edges; stock events have their own start."""
    edges = {(row["from_event"], row["to_event"]) for row in _rows("event_edges")}
    reached, last = {"order_created", "inventory_discrepancy"}, 0
    while last != len(reached):
        last = len(reached)
        reached |= {end for start, end in edges if start in reached}
    assert reached == {row["event_code"] for row in _rows("event_codes")}
