"""Erasing a customer, over real files: values leave vault and lake, others keep theirs, none comes back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from support.family import HOME, MOTHER, REMARK, SON, family_in, land, lines, order, run_stages, touch

from dagster_project import settings as settings_module
from dagster_project.lib.erasing import doing, removing, requests, sweeping
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.vault_store import key_of
from dagster_project.settings import Settings
from identity import vault


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return family_in(tmp_path_factory.mktemp("family") / "data").data


@pytest.fixture
def settings(family: Path, tmp_path: Path) -> Settings:
    return settings_module.load(data=shutil.copytree(family, tmp_path / "data"), env={})


def _members(settings: Settings) -> pl.DataFrame:
    name = (settings.identity / "CURRENT").read_text("utf-8").strip()
    return pl.read_parquet(settings.identity / name)


def _customer(settings: Settings, record: str) -> str:
    return str(_members(settings).filter(source_record_id=record)["customer_id"][0])


def _values(settings: Settings) -> set[str]:
    rows = vault.read(sorted(settings.vault.glob("*/batch=*.parquet")), key_of(settings))
    return set(rows["value"].drop_nulls())


def _cells(settings: Settings, feed: str, key: str, value: str) -> dict[str, object]:
    rows = pl.read_parquet(
        str(settings.lake / feed / "source=*" / "batch=*.parquet"), hive_partitioning=False
    )
    found = rows.filter(pl.col(key) == value).unique()
    assert found.height >= 1
    assert found.drop("batch_id", "source_file", "source_line", "exported_at").unique().height == 1
    return {name: cell for name, cell in found.row(0, named=True).items() if cell is not None}


def _erase(settings: Settings, customer: str) -> doing.Erased:
    return doing.erase(settings, customer, say=lambda _: None)


def _assert_gone(settings: Settings) -> None:
    """Nothing of the mother but numbers; her son has his phone, home and name."""
    values = _values(settings)
    assert not {MOTHER["name"], MOTHER["email"], "mother88", REMARK} & values
    assert not [value for value in values if "张文秀兰" in value]
    assert {SON["name"], SON["phone"], SON["email"], "son99", HOME["address"]} <= values
    assert set(_members(settings)["source_record_id"]) == {"s1", "A2"}
    hers = _cells(settings, "orders", "channel_order_id", "A1")
    assert not [
        name for name in hers if name.endswith(("_token", "_mask")) or name in ("buyer_message", "unionid")
    ]
    assert hers["receiver_district"] == HOME["district"]
    assert "unionid" not in _cells(settings, "customer_records", "source_record_id", "m1")
    assert "payload_token" not in _cells(settings, "order_events", "event_id", "e1")
    his = _cells(settings, "orders", "channel_order_id", "A2")
    assert {"receiver_phone_token", "receiver_name_token", "receiver_address_token"} <= his.keys()


def test_values_leave_and_what_the_family_shares_stays(settings: Settings) -> None:
    assert REMARK in _values(settings)
    done = _erase(settings, _customer(settings, "m1"))
    _assert_gone(settings)
    assert done.records == 3
    assert done.shared >= 2
    assert done.values >= 4
    assert sorted(Path(path).parent.name for path in done.files) == [
        "luyue_customer_records",
        "luyue_order_events",
        "luyue_orders",
    ]
    kept = next((settings.inbox / requests.KIND).glob("*.jsonl")).read_text("utf-8")
    for secret in (*MOTHER.values(), "mother88", "oUnionMother", "A1", "m1"):
        assert f'"{secret}"' not in kept


def test_who_else_has_a_part_in_the_orders_is_named(settings: Settings) -> None:
    """What the son orders for her names her as the receiver: he stays, and whoever erases is told of him."""
    land(settings, "orders", "luyue_orders_20260104090000.jsonl", lines(order("A3", MOTHER, "son99")))
    run_stages(settings)
    his = _customer(settings, "s1")
    assert doing.preview(settings, _customer(settings, "m1")).also == (his,)
    assert _erase(settings, _customer(settings, "m1")).also == (his,)
    left = _members(settings).filter(source_record_id="A3").select("role", "customer_id").rows()
    assert left == [("owner", his)]


def test_the_last_of_the_family_takes_the_phone_along(settings: Settings) -> None:
    for record in ("m1", "s1"):
        _erase(settings, _customer(settings, record))
    assert not {SON["phone"], SON["name"], HOME["address"], "son99"} & _values(settings)
    assert _members(settings).is_empty()
    addresses = pl.read_parquet(str(settings.addresses / "addresses-*.parquet"))
    assert addresses.is_empty()


def test_the_next_run_and_a_file_taken_again_do_not_bring_her_back(settings: Settings) -> None:
    """The same export with one more row is another file: all of it is taken again, she is not."""
    _erase(settings, _customer(settings, "m1"))
    run_stages(settings)
    _assert_gone(settings)
    again = lines(touch("m1", MOTHER, "oUnionMother", "mother88"), touch("s1", SON, "oUnionSon", "son99"))
    land(settings, "customer_records", "luyue_customer_records_20260104080000.jsonl", again)
    orders = [order("A1", MOTHER, "mother88") | {"buyer_message": REMARK}, order("A2", SON, "son99")]
    land(settings, "orders", "luyue_orders_20260104080000.jsonl", lines(*orders))
    run_stages(settings)
    _assert_gone(settings)


def test_what_she_buys_later_is_a_new_customer(settings: Settings) -> None:
    """Erasing forgets; it does not forbid. Nothing ties the new customer to the old one."""
    before = _customer(settings, "m1")
    _erase(settings, before)
    land(settings, "orders", "luyue_orders_20260105080000.jsonl", lines(order("A9", MOTHER, "mother88")))
    run_stages(settings)
    assert _customer(settings, "A9") != before
    assert set(_members(settings)["source_record_id"]) == {"s1", "A2", "A9"}


STEPS: list[tuple[object, str, int]] = [
    (doing, "sweep", 0),
    (removing, "_without", 0),
    (removing, "_without", 4),
    (removing, "from_addresses", 0),
    (sweeping, "_clear", 0),
    (sweeping, "_clear", 1),
    (sweeping, "write_text", 0),
    (doing.customers, "link_customers", 0),
    (doing, "_drop_derived", 0),
    (doing.requests, "acknowledge", 0),
]


@pytest.mark.parametrize(("module", "step", "after"), STEPS, ids=[f"{step}-{n}" for _, step, n in STEPS])
def test_a_kill_at_any_step_is_made_good_by_the_next_call(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, module: object, step: str, after: int
) -> None:
    """Killed before the step was done, or after it was done a few times: the next call ends it."""
    customer = _customer(settings, "m1")
    with monkeypatch.context() as patched:
        patched.setattr(module, step, _killing(getattr(module, step), after))
        with pytest.raises(KeyboardInterrupt):
            _erase(settings, customer)
    done = _erase(settings, customer)
    assert done.records == 3
    assert len(done.files) == 3
    _assert_gone(settings)
    assert len(requests.requests(settings)) == 1


def _killing(real: Callable[..., object], after: int) -> Callable[..., object]:
    done: list[object] = []

    def killed(*given: object, **named: object) -> object:
        if len(done) == after:
            raise KeyboardInterrupt
        done.append(real(*given, **named))
        return done[-1]

    return killed


def test_a_killed_erasure_is_done_by_the_next_run_too(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = _customer(settings, "m1")
    with monkeypatch.context() as patched:
        patched.setattr(doing, "sweep", _killing(sweeping.sweep, 0))
        with pytest.raises(KeyboardInterrupt):
            _erase(settings, customer)
    run_stages(settings)
    _assert_gone(settings)


def test_a_second_request_changes_nothing_and_an_unknown_customer_is_one_line(settings: Settings) -> None:
    customer = _customer(settings, "m1")
    first = _erase(settings, customer)
    files = {path: path.read_bytes() for path in settings.lake.rglob("*.parquet")}
    again = _erase(settings, customer)
    assert again.was_done
    assert (again.rows, again.values, again.files) == (first.rows, first.values, first.files)
    assert files == {path: path.read_bytes() for path in settings.lake.rglob("*.parquet")}
    with pytest.raises(LuyueError, match="no such customer"):
        _erase(settings, "C0")
    assert len(requests.requests(settings)) == 1
