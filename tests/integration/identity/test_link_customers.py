"""The linking stage over a small lake and vault: members, ids that last, nothing done twice, nothing
personal kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from support.identity_lake import add_batch, settings_in

from dagster_project.lib import customer_records, customers
from dagster_project.lib.customers import link_customers
from dagster_project.settings import Settings
from identity.ids import MEMBER_SCHEMA
from identity.vault import VaultKey

ZHANG = {"receiver_name": "张伟文", "receiver_phone": "13912345670"}
DAY_1, DAY_2, DAY_3 = datetime(2026, 1, 1), datetime(2026, 1, 2), datetime(2026, 1, 3)


def _order(number: str, channel: str, **facts: str) -> dict[str, Any]:
    return {"channel": channel, "channel_order_id": number, "ordered_at": DAY_1, **facts}


@pytest.fixture
def place(tmp_path: Path) -> tuple[Settings, VaultKey]:
    settings, key = settings_in(tmp_path)
    add_batch(
        settings, key, "orders", "douyin_orders", exported_at=DAY_1, rows=[_order("d1", "douyin", **ZHANG)]
    )
    add_batch(
        settings,
        key,
        "orders",
        "taobao_orders",
        exported_at=DAY_1,
        rows=[_order("t1", "taobao", buyer_account="tb1", **ZHANG)],
    )
    touch = {
        "source_record_id": "r1",
        "touchpoint": "pos_member_scan",
        "member_no": "8",
        "phone": "13912345670",
    }
    add_batch(
        settings,
        key,
        "customer_records",
        "luyue_customer_records",
        exported_at=DAY_2,
        rows=[{**touch, "name": "张伟文"}],
    )
    till = _order("s1-20260101-1", "pos", buyer_account="8")
    add_batch(settings, key, "orders", "pos_receipts", exported_at=DAY_2, rows=[till])
    return settings, key


def _members(settings: Settings) -> pl.DataFrame:
    return pl.read_parquet(settings.identity / (settings.identity / "CURRENT").read_text().strip())


def _ids(settings: Settings) -> dict[tuple[str, str], str]:
    told = _members(settings).select("source_record_id", "role", "customer_id")
    return {(record, role): customer for record, role, customer in told.iter_rows()}


def test_one_person_on_four_channels_is_one_customer(place: tuple[Settings, VaultKey]) -> None:
    settings, key = place
    counts = link_customers(settings, key, DAY_3)
    members = _members(settings)
    assert members.schema == pl.Schema(MEMBER_SCHEMA)
    assert members["customer_id"].n_unique() == 1
    assert counts["records"] == members.height == 6
    assert set(members["role"]) == {"owner", "recipient"}


def test_rows_exported_after_as_of_wait(place: tuple[Settings, VaultKey]) -> None:
    settings, key = place
    link_customers(settings, key, DAY_1)
    assert set(_members(settings)["source"]) == {"douyin_orders", "taobao_orders"}


def test_nothing_new_does_nothing(place: tuple[Settings, VaultKey], monkeypatch: pytest.MonkeyPatch) -> None:
    settings, key = place
    first = link_customers(settings, key, DAY_2)
    monkeypatch.setattr(customer_records, "_values", lambda *_: pytest.fail("the vault was opened"))
    assert link_customers(settings, key, DAY_3) == {**first, "is_unchanged": 1}


def test_ids_last_when_records_come_and_old_files_go(place: tuple[Settings, VaultKey]) -> None:
    settings, key = place
    link_customers(settings, key, DAY_2)
    before = _ids(settings)
    for number in range(4):
        add_batch(
            settings,
            key,
            "orders",
            "jd_orders",
            exported_at=DAY_3,
            rows=[_order(f"j{number}", "jd", **ZHANG)],
        )
        link_customers(settings, key, DAY_3)
    after = _ids(settings)
    assert before.items() <= after.items()
    assert after[("j3", "owner")] == before[("d1", "owner")]
    assert len(list(settings.identity.glob("members-*.parquet"))) == 3
    assert len(list(settings.identity.glob("events-*.parquet"))) == 5


@pytest.mark.parametrize("stop_at", ["members-2", "events-2", "edges-2", "state-2", "CURRENT"])
def test_a_kill_leaves_the_version_before_and_the_next_run_mends_it(
    place: tuple[Settings, VaultKey], monkeypatch: pytest.MonkeyPatch, stop_at: str
) -> None:
    settings, key = place
    link_customers(settings, key, DAY_1)
    before, replace = _ids(settings), customers._replace

    def killed(path: Path, write: Callable[[Path], object]) -> None:
        if path.name.startswith(stop_at):
            raise KeyboardInterrupt
        replace(path, write)

    with monkeypatch.context() as patched:
        patched.setattr(customers, "_replace", killed)
        with pytest.raises(KeyboardInterrupt):
            link_customers(settings, key, DAY_2)
    assert _ids(settings) == before
    link_customers(settings, key, DAY_2)
    assert before.items() <= _ids(settings).items()
    assert customers.current_version(settings) == 2


def test_nothing_personal_is_written(place: tuple[Settings, VaultKey]) -> None:
    settings, key = place
    link_customers(settings, key, DAY_3)
    secrets = ("张伟文", "13912345670", "1395670", "zhangweiwen", "tb1")
    written = b"".join(path.read_bytes() for path in settings.identity.iterdir() if path.is_file())
    assert not [secret for secret in secrets if secret.encode() in written]
    for path in set(settings.identity.glob("*.parquet")) - set(settings.identity.glob("names-*")):
        cells = pl.read_parquet(path).select(pl.col(pl.String)).unpivot()["value"].drop_nulls()
        assert not [secret for secret in secrets if cells.str.contains(secret, literal=True).any()], path.name


def test_no_files_at_all_give_no_members(tmp_path: Path) -> None:
    settings, key = settings_in(tmp_path)
    assert link_customers(settings, key, DAY_1)["records"] == 0
    assert _members(settings).is_empty()


def test_a_lost_or_damaged_ledger_costs_time_alone(place: tuple[Settings, VaultKey]) -> None:
    settings, key = place
    link_customers(settings, key, DAY_2)
    before = _members(settings)
    (settings.identity / "ledger.duckdb").write_bytes(b"no database" * 1000)
    link_customers(settings, key, DAY_3)
    kept = before.join(
        _members(settings), on=["source", "channel", "source_record_id", "role"], nulls_equal=True
    )
    assert kept["customer_id"].to_list() == kept["customer_id_right"].to_list()
    assert kept.height > 0
