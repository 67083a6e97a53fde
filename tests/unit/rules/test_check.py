# ruff: noqa: E501 (a case a line)
"""Bad rule files are refused with line and reason; good ones, and all that ship, are not.

Each case is a good file with one thing wrong. Does not prove that the models read the rows as meant: their unit
tests do.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.in_process import luyue

from dagster_project import settings as settings_module
from dagster_project.lib.rules import checking, kinds, references, spans
from dagster_project.lib.rules.cells import Rule
from dagster_project.lib.seed_rows import SEEDS

KNOWN = references.all_references(settings_module.load(env={}))
ALWAYS = "2000-01-01,9999-12-31"
PROMISES = f"channel,promised_ship_hours,valid_from,valid_to\n*,48,{ALWAYS}\n"
RESPONSES = "event_code,response_sla_minutes,owner_role,valid_from,valid_to\n"
WEIGHTS = (SEEDS / "index_weights.csv").read_text("utf-8")
TIERS = (SEEDS / "value_tiers.csv").read_text("utf-8")
EVENTS = (SEEDS / "event_codes.csv").read_text("utf-8")
NEEDS = (SEEDS / "resource_needs.csv").read_text("utf-8")
PENALTIES = (SEEDS / "penalty_rules.csv").read_text("utf-8")


def _faults(kind: str, content: str | bytes) -> list[tuple[int, str | None, str]]:
    raw = content.encode() if isinstance(content, str) else content
    checked = checking.check_content(raw, "f.csv", kinds.kind(kind), KNOWN)
    return [(fault.line, fault.column, fault.code) for fault in checked.faults]


@pytest.mark.parametrize("kind", sorted(kinds.all_kinds()))
def test_what_ships_is_without_fault_and_declared_as_it_is(kind: str) -> None:
    """Every kind is a seed, with the very columns that the declaration names."""
    path = SEEDS / f"{kind}.csv"
    assert checking.check_file(path, KNOWN).faults == ()
    assert sorted(path.read_text("utf-8").splitlines()[0].split(",")) == sorted(kinds.kind(kind).header)


def test_a_seed_with_validity_is_a_kind() -> None:
    """A seed that holds from day to day but is unknown to `rules check` could be changed unchecked."""
    with_validity = {
        path.stem for path in SEEDS.glob("*.csv") if "valid_to" in path.read_text("utf-8").split("\n", 1)[0]
    }
    assert with_validity == set(kinds.all_kinds())


@pytest.mark.parametrize(
    ("kind", "content", "wanted"),
    [
        ("default_promises", PROMISES.replace(",valid_to", ""), [(1, "valid_to", "header_missing")]),
        ("default_promises", PROMISES.replace("channel", "渠道"), [(1, None, "header_unknown"), (1, "channel", "header_missing")]),
        ("default_promises", PROMISES.replace("9999-12-31", ""), [(2, "valid_to", "missing")]),
        ("default_promises", PROMISES.replace("9999-12-31", "1999-12-31"), [(2, "valid_to", "ends_before_start")]),
        ("default_promises", PROMISES.replace("9999-12-31", "9999-02-30"), [(2, "valid_to", "date")]),
        ("default_promises", PROMISES.replace("9999-12-31", "2026-12-31"), [(2, "channel", "row_missing")]),
        ("default_promises", f"{PROMISES}app,24,2026-01-01,2026-01-31\napp,24,2026-02-02,9999-12-31\n", [(3, "valid_to", "hole")]),
        ("anomaly_rules", (SEEDS / "anomaly_rules.csv").read_text("utf-8").replace("24,2000-01-01,9999", "24,2000-01-01,2026"), [(2, "valid_to", "hole")]),
        ("default_promises", PROMISES.replace("48", "-48"), [(2, "promised_ship_hours", "negative")]),
        ("default_promises", PROMISES.replace("48", "4.5"), [(2, "promised_ship_hours", "decimals")]),
        ("default_promises", PROMISES.replace("48", "=40+8"), [(2, "promised_ship_hours", "formula")]),
        ("default_promises", PROMISES.replace("48", "４８"), [(2, "promised_ship_hours", "number")]),
        ("default_promises", PROMISES.replace("48,", "48,,"), [(2, None, "cells_count")]),
        ("default_promises", PROMISES + "\n", [(3, None, "blank")]),
        ("default_promises", PROMISES.replace("*", '*,"x', 1), [(2, None, "csv")]),
        ("default_promises", PROMISES.replace("*", "app"), [(2, "channel", "row_missing")]),
        ("default_promises", PROMISES + PROMISES.splitlines()[1] + "\n", [(3, "valid_from", "duplicate")]),
        ("default_promises", f"{PROMISES}*,24,2026-01-01,9999-12-31\n", [(3, "valid_from", "overlap")]),
        ("default_promises", f"{PROMISES}amazon,24,{ALWAYS}\n", [(3, "channel", "unknown")]),
        ("default_promises", f"{PROMISES}@app,24,{ALWAYS}\n", [(3, "channel", "formula")]),
        ("default_promises", "", [(1, None, "empty")]),
        ("default_promises", PROMISES.splitlines()[0] + "\n", [(1, None, "empty")]),
        ("default_promises", PROMISES.encode("utf-16"), [(1, None, "encoding")]),
        ("shipping_pauses", f"channel,reason,valid_from,valid_to\n*,春节,{ALWAYS}\n".encode("gb18030"), [(2, None, "encoding")]),
        ("shipping_pauses", "channel,reason,valid_from,valid_to\njd,a,2026-02-01,2026-02-09\n*,b,2026-02-09,2026-02-10\n", [(3, "valid_from", "overlap")]),
        ("response_rules", f"{RESPONSES}sent_by_pigeon,5,ops,{ALWAYS}\n", [(2, "event_code", "unknown")]),
        ("event_codes", EVENTS.replace("order_created", "order_creatd"), [(2, "event_code", "unknown")]),
        ("event_codes", EVENTS.replace("order_created,1,", "order_created,2,"), [(2, "seq", "fixed")]),
        ("event_codes", EVENTS.replace("order_created,1,order,once", "order_created,1,risk,repeatedly"), [(2, "occurs", "fixed"), (2, "stage", "fixed")]),
        ("event_codes", EVENTS.replace("once", "sometimes", 1), [(2, "occurs", "unknown")]),
        ("event_codes", EVENTS.replace(",false,", ",perhaps,", 1), [(2, "is_anomaly", "unknown")]),
        ("event_codes", EVENTS.replace(",0,false", ",-5,false", 1), [(2, "same_within_minutes", "negative")]),
        ("event_codes", EVENTS.replace("9999-12-31", "2026-12-31", 1), [(2, "valid_to", "hole")]),
        ("event_codes", EVENTS.replace(EVENTS.splitlines()[1] + "\n", ""), [(2, "event_code", "row_missing")]),
        ("event_codes", EVENTS.replace("2000-01-01", "", 1), [(2, "valid_from", "missing")]),
        ("resource_needs", NEEDS.replace("anywhere", "somewhere", 1), [(2, "reach", "unknown")]),
        ("index_weights", WEIGHTS.replace("0.30", "0.31"), [(2, "weight", "sum")]),
        ("index_weights", WEIGHTS.replace("0.30", "-0.30"), [(2, "weight", "negative")]),
        ("index_weights", "\n".join(WEIGHTS.splitlines()[:-1]) + "\n", [(2, "kpi", "row_missing"), (2, "weight", "sum")]),
        ("value_tiers", TIERS.replace(",500,1", ",400,1"), [(3, "min_paid_amount_cny", "hole")]),
        ("value_tiers", TIERS.replace("high", "tall"), [(2, "value_tier", "row_missing")]),
        ("value_tiers", TIERS.replace(",500,1", ",600,1"), [(4, "valid_from", "overlap")]),
        ("penalty_rules", PENALTIES.replace("late_shipment", "bad_mood", 1), [(2, "penalty_code", "unknown")]),
        ("penalty_rules", PENALTIES.replace(",0,300,", ",0,301,"), [(3, "valid_from", "overlap")]),
        ("penalty_rules", PENALTIES.replace(",0,300,", ",300,0,"), [(2, "below_paid_cny", "band_order")]),
    ],
)  # fmt: skip
def test_a_fault_is_told_at_its_line(
    kind: str, content: str | bytes, wanted: list[tuple[int, str | None, str]]
) -> None:
    assert _faults(kind, content) == wanted


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("default_promises", f"\ufeff{PROMISES}"),
        ("default_promises", PROMISES.replace("\n", "\r\n")),
        ("default_promises", PROMISES.replace("9999-12-31", "2026-01-31") + "*,24,2026-02-01,9999-12-31\n"),
        ("default_promises", f"{PROMISES}app,24,2026-01-01,2026-01-31\n"),
        ("shipping_pauses", "channel,reason,valid_from,valid_to\njd,a,2026-02-01,2026-02-09\n*,b,2026-02-10,2026-02-10\n"),
        ("shipping_pauses", "channel,reason,valid_from,valid_to\n"),
    ],
)  # fmt: skip
def test_what_is_right_is_left_alone(kind: str, content: str) -> None:
    """A byte order mark, the line ends of a spreadsheet, a rule that follows another without a hole."""
    assert _faults(kind, content) == []


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 8)), min_size=1, max_size=6),
)
def test_days_are_judged_as_if_each_were_looked_at(lengths: list[tuple[int, int]]) -> None:
    """Overlaps and holes are found where looking at every single day finds one, and nowhere else."""
    start = date(2026, 1, 1)
    rules = [
        Rule(
            line + 2,
            {"event_code": "pickup_timeout"},
            start + timedelta(first),
            start + timedelta(first + days) if days < 8 else spans.LAST_DAY,
        )
        for line, (first, days) in enumerate(lengths)
    ]
    found = {fault.code for fault in spans.faults(rules, "f", kinds.kind("anomaly_rules"), KNOWN)}
    first = min(rule.valid_from for rule in rules)
    days = [first + timedelta(day) for day in range(60)]
    holding = [sum(rule.valid_from <= day <= rule.valid_to for rule in rules) for day in days]
    assert bool(found & {"overlap", "duplicate"}) == (max(holding) > 1)
    assert ("hole" in found) == (min(holding) == 0)


def test_the_command_says_one_line_a_fault_and_fails(tmp_path: Path) -> None:
    path = tmp_path / "default_promises.csv"
    path.write_text(PROMISES.replace("48", "-1") + "app,0,2026-01-01,9999-12-31\n", "utf-8")
    done = luyue("rules", "check", path)
    assert done.code == 1
    assert done.out.splitlines() == [
        f"{path}:2: promised_ship_hours: -1 is below 1; write 1 or more",
        f"{path}:3: promised_ship_hours: 0 is below 1; write 1 or more",
    ]
    told = luyue("rules", "check", path, "--json")
    assert '"code": "negative"' in told.out
    assert luyue("rules", "check", path.rename(tmp_path / "promises.csv")).code == 1
    good = tmp_path / "good.csv"
    good.write_text(PROMISES, "utf-8")
    assert luyue("rules", "check", good, "--kind", "default_promises").code == 0
