"""Customers day by day equal customers at once: only changed records are read, and nothing is missed.

Real files through the stages; a file may correct, blank or bring late what an earlier one said.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from support.family import land, lines, run_stages

from dagster_project import settings as settings_module
from dagster_project.lib import customer_records, golden
from dagster_project.settings import Settings

PHONES = ("13912340001", "13912340002", "")
NAMES = ("张文秀兰", "李晓东海", "张*", "")
HOMES = ("文三路391号2幢1单元503室", "龙井路1号", "")
RECORD = ["source", "channel", "source_record_id", "role"]

_orders = st.builds(
    lambda number, phone, name, home, account: {
        "channel": "app",
        "channel_order_id": f"A{number}",
        "buyer_account": account,
        "ordered_at": "2026-01-02 10:00:00",
        "receiver_phone": phone,
        "receiver_name": name,
        "receiver_province": "浙江省" if home else "",
        "receiver_city": "杭州市" if home else "",
        "receiver_district": "西湖区" if home else "",
        "receiver_address": home,
    },
    st.integers(1, 4),
    *(st.sampled_from(values) for values in (PHONES, NAMES, HOMES, ("one88", "two99", ""))),
)
_touches = st.builds(
    lambda number, phone, name, member: {
        "touchpoint": "app_register_login",
        "source_record_id": f"m{number}",
        "channel": "app",
        "phone": phone,
        "name": name,
        "member_no": member,
    },
    st.integers(1, 3),
    *(st.sampled_from(values) for values in (PHONES, NAMES, ("7", "8", ""))),
)
_days = st.lists(
    st.tuples(st.lists(_orders, max_size=3), st.lists(_touches, max_size=2)), min_size=2, max_size=4
)


def _grouped(place: Settings) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Members and golden records, customers named by the least key of their records; tokens, which each vault
    makes of its own key, left out."""
    version = int((place.identity / "CURRENT").read_text().strip()[len("members-") : -len(".parquet")])
    members = pl.read_parquet(place.identity / f"members-{version}.parquet")
    key = pl.concat_str(*RECORD, separator="|", ignore_nulls=True)
    named = members.with_columns(least=key.min().over("customer_id"))
    least = named.select("customer_id", "least").unique()
    best = pl.read_parquet(golden.path_of(place, version)).join(least, on="customer_id")
    return (
        named.drop("customer_id").sort(RECORD, nulls_last=True),
        best.drop("customer_id", "token").sort("least", "field"),
    )


def _put(place: Settings, number: int, day: tuple[list, list], stamp: int) -> None:
    for feed, rows in zip(customer_records.FEEDS, day, strict=True):
        if rows:
            land(place, feed, f"luyue_{feed}_202601{stamp:02d}08000{number}.jsonl", lines(*rows))


@settings(max_examples=4, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given(days=_days, late=st.booleans())
def test_day_by_day_equals_at_once(days: list[tuple[list, list]], *, late: bool) -> None:
    """`late`: files come in the reverse order of their export times, so that what is new changes nothing or
    fills what a later file did not carry."""
    stamps = [10 + (len(days) - number if late else number) for number in range(len(days))]
    with tempfile.TemporaryDirectory() as folder:
        grown, whole = (settings_module.load(data=Path(folder) / name, env={}) for name in ("grown", "whole"))
        for number, day in enumerate(days):
            _put(grown, number, day, stamps[number])
            _put(whole, number, day, stamps[number])
            if any(day):
                run_stages(grown)
        if not any(any(day) for day in days):
            return
        run_stages(whole)
        for one, other in zip(_grouped(grown), _grouped(whole), strict=True):
            assert one.equals(other), pl.concat([one, other]).filter(~pl.concat([one, other]).is_duplicated())


def test_only_what_changed_is_read(tmp_path: Path) -> None:
    place = settings_module.load(data=tmp_path, env={})
    first = [{"channel": "app", "channel_order_id": f"A{n}", "receiver_phone": PHONES[0]} for n in range(9)]
    land(place, "orders", "luyue_orders_20260103080000.jsonl", lines(*first))
    run_stages(place)
    batches = customer_records.accepted(place, None)
    before = customer_records.now(place, batches)
    told = {**first[3], "receiver_phone": PHONES[1]}
    land(place, "orders", "luyue_orders_20260104080000.jsonl", lines(told))
    run_stages(place)
    after = customer_records.accepted(place, None)
    changed = customer_records.changed_keys(place, after, before)
    assert changed["source_record_id"].to_list() == ["A3"]
    assert customer_records.now(place, after).goes_on_from(before)
    assert not before.goes_on_from(customer_records.now(place, after))
