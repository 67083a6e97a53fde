"""The vault's promises: stable tokens, null for null, no plain text on disk, clear errors for a wrong key."""

from __future__ import annotations

import hashlib
import hmac
import stat
from pathlib import Path

import polars as pl
import pytest

from identity import vault

KEY = vault.VaultKey(encryption=b"e" * 32, token=b"t" * 32)


def rows(**columns: list[str | None]) -> pl.DataFrame:
    return pl.DataFrame(
        {c: columns.get(c, [None]) for c in vault.COLUMNS},
        schema_overrides=dict.fromkeys(vault.COLUMNS, pl.String),
    )


def test_key_file_is_private_and_read_again(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "vault.key"
    made = vault.load_or_create_key(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert vault.load_or_create_key(file) == made
    assert vault.load_or_create_key(tmp_path / "none", file.read_text()) == made
    assert made.encryption != made.token
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("text", ["", "abcd", "zz" * 32, "00" * 33])
def test_key_of_wrong_length_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "vault.key"
    file.write_text(text)
    with pytest.raises(vault.VaultError, match=r"vault.key: the vault key must be 64 hex digits"):
        vault.load_or_create_key(file)


def test_keys_are_not_shown() -> None:
    assert "eee" not in repr(KEY)


def test_token_is_hmac_of_kind_and_value() -> None:
    values = pl.Series("phone", ["13800138000", None, "13800138000", ""])
    made = vault.tokens(values, "phone", KEY)
    expected = hmac.new(KEY.token, b"phone\x1f13800138000", hashlib.sha256).hexdigest()[:32]
    assert made.name == "phone"
    assert made[0] == made[2] == f"k1_{expected}"
    assert made[1] is None
    assert made[3] is not None
    assert vault.tokens(values, "name", KEY)[0] != made[0]


def test_tokens_of_nothing() -> None:
    assert vault.tokens(pl.Series("x", [None, None], dtype=pl.String), "phone", KEY).to_list() == [None, None]
    assert vault.tokens(pl.Series("x", [], dtype=pl.String), "phone", KEY).to_list() == []


def test_address_value_joins_five_parts() -> None:
    frame = pl.DataFrame(
        {
            "p": ["浙江省", None],
            "c": ["杭州市", None],
            "d": [None, None],
            "t": [None, None],
            "a": ["文三路1号", None],
        }
    )
    assert vault.address_values(frame, list("pcdta")).to_list() == [
        "浙江省\x1f杭州市\x1f\x1f\x1f文三路1号",
        None,
    ]


def test_file_is_encrypted_and_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "orders" / "batch=1.parquet"
    frame = rows(
        token=["k1_a", "k1_b"],
        kind=["phone", "name"],
        value=["13800138000", "王小明"],
        **{c: [None, None] for c in vault.COLUMNS[3:]},
    )
    vault.write(frame, path, KEY)
    assert b"13800138000" not in path.read_bytes()
    assert vault.read([path], KEY).equals(frame)
    assert vault.read([path], KEY, kinds=["name"])["value"].to_list() == ["王小明"]
    assert vault.read([], KEY).columns == list(vault.COLUMNS)
    assert list(path.parent.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_other_key_and_damage_are_named(tmp_path: Path) -> None:
    path = tmp_path / "batch=1.parquet"
    vault.write(rows(token=["k1_a"], kind=["phone"], value=["1"]), path, KEY)
    with pytest.raises(vault.VaultError, match="another key"):
        vault.read([path], vault.VaultKey(encryption=b"x" * 32, token=b"t" * 32))
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(vault.VaultError, match="damaged"):
        vault.read([path], KEY)
