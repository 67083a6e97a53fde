"""A masked value is shown whole only with a key, a reason and a record of it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from dagster_project import settings
from dagster_project.lib import dashboard
from dagster_project.lib.reveals import NotRevealedError, reveal

PHONES = {"b1": "13800000001", "b2": "13912345678"}
"""By batch; the later one holds."""


@pytest.fixture
def told(tmp_path: Path) -> settings.Settings:
    """A data folder with one order, exported twice with another phone."""
    from identity import vault

    made = settings.load(data=tmp_path, env={"LUYUE_REVEALS": "yes"})
    key = vault.load_or_create_key(made.vault_key_file, None, made.vault)
    folder = made.lake / "orders" / "source=jd_orders"
    folder.mkdir(parents=True)
    (made.vault / "orders").mkdir(parents=True)
    for day, (batch, phone) in enumerate(PHONES.items(), start=1):
        (token,) = vault.tokens(pl.Series([phone]), "phone", key)
        row = {"channel": "jd", "channel_order_id": "A1", "batch_id": batch, "receiver_phone_token": token}
        row |= {"receiver_name_token": None, "exported_at": datetime(2026, 1, day)}
        pl.DataFrame([row], schema_overrides={"receiver_name_token": pl.String}).write_parquet(
            folder / f"batch={batch}.parquet"
        )
        value = dict.fromkeys(vault.COLUMNS) | {"token": token, "kind": "phone", "value": phone}
        schema = dict.fromkeys(vault.COLUMNS, pl.String)
        vault.write(
            pl.DataFrame([value], schema=schema), made.vault / "orders" / f"batch={batch}.parquet", key
        )
    return made


def _show(told: settings.Settings, field: str = "receiver_phone", reason: str = "回电核对") -> str | None:
    return reveal(told, "jd", "A1", field, reason=reason, by="li", role="customer_service")


def _record(told: settings.Settings) -> list[dict[str, str]]:
    return [
        json.loads(line)
        for path in (told.inbox / "reveals").glob("*")
        for line in path.read_text().splitlines()
    ]


def test_the_newest_value_is_shown_and_the_record_says_who_and_why(told: settings.Settings) -> None:
    """Passes if the record holds person, role, order, field and reason, and not the value."""
    assert _show(told) == PHONES["b2"]
    (line,) = _record(told)
    assert {name: line[name] for name in ("by", "role", "what", "reason")} == {
        "by": "li",
        "role": "customer_service",
        "what": "order jd A1 receiver_phone",
        "reason": "回电核对",
    }
    assert PHONES["b2"] not in json.dumps(line)


def test_an_absent_value_is_none_and_asking_is_recorded(told: settings.Settings) -> None:
    assert _show(told, "receiver_name") is None
    assert len(_record(told)) == 1


@pytest.mark.parametrize(
    ("field", "reason", "code"),
    [
        ("receiver_phone", " ", "reason"),
        ("receiver_phone", "x" * 201, "reason"),
        ("receiver_phone_token, * ", "why", "field"),
    ],
)
def test_without_reason_or_for_another_column_nothing_is_shown(
    told: settings.Settings, field: str, reason: str, code: str
) -> None:
    with pytest.raises(NotRevealedError) as caught:
        _show(told, field, reason)
    assert caught.value.code == code
    assert not (told.inbox / "reveals").exists()


def test_a_dashboard_without_the_key_shows_nothing(
    told: settings.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Passes if the default dashboard is told that it may not, and gets no key in its environment."""
    monkeypatch.setenv("LUYUE_VAULT_KEY", "0" * 64)
    monkeypatch.setenv("LUYUE_REVEALS", "yes")
    without = settings.load(data=told.data, env={})
    env = dashboard.environment(without)
    assert not any(name.startswith("LUYUE_VAULT") for name in env)
    with pytest.raises(NotRevealedError) as caught:
        _show(settings.load(env=env))
    assert caught.value.code == "no_key"
    assert dashboard.environment(told)["LUYUE_VAULT_KEY_FILE"] == str(told.vault_key_file)
