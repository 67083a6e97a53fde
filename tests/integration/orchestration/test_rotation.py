"""A new key: what the old one wrote it opens no more, every join stays, a kill at any step loses nothing."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from support.ingest_files import DOUYIN, csv_bytes, put

from dagster_project import settings as all_settings
from dagster_project.lib import due, rotation
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.ingest import ingest
from dagster_project.lib.session import open_session
from dagster_project.lib.vault_store import ROTATION_JOURNAL, key_of
from dagster_project.settings import Settings
from identity import vault
from identity.vault_key import VaultKey, load_or_create_key, read_record

TOKENS = ("receiver_name_token", "receiver_phone_token", "receiver_address_token", "buyer_message_token")


def _order(number: int, **cells: str) -> dict[str, str]:
    ids = {"主订单编号": f"\t69179300000000{number:05d}", "子订单编号": f"\t69179300000001{number:05d}"}
    return DOUYIN | ids | {"买家留言": "", "备用电话": ""} | cells


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Two files of orders with every kind of token, one with a refused row, and a file without any."""
    made = all_settings.load(data=tmp_path / "data", env={})
    first = [_order(1, 买家留言="打13912345678"), _order(2, 备用电话="13700001111"), _order(3, 商品数量="-1")]
    put(made, "douyin_orders", "1700000000_a.csv", csv_bytes(first))
    put(made, "douyin_orders", "1700000100_b.csv", csv_bytes([_order(4), _order(5, 收件人="李四")]))
    put(made, "luyue_skus", "luyue_skus_20260101080000.csv", csv_bytes([{"sku_code": "A", "name": "挂耳"}]))
    ingest(made)
    return made


def _lake(settings: Settings, feed: str = "orders") -> pl.DataFrame:
    files = sorted((settings.lake / feed).glob("source=*/*.parquet"))
    return pl.read_parquet(files).sort("source_file", "source_line")


def _vault(settings: Settings, key: VaultKey) -> pl.DataFrame:
    return vault.read(sorted(settings.vault.glob("*/*.parquet")), key)


def _opened(settings: Settings, key: VaultKey) -> pl.DataFrame:
    """The lake's orders with every token replaced by what the vault holds for it."""
    held = _vault(settings, key).unique("token")
    whole = held.select("token", value=pl.concat_str(pl.all().exclude("token"), ignore_nulls=True))
    rows = _lake(settings).with_columns(extras_token=pl.col("extras").str.extract(r'"_token":"([^"]+)"'))
    rows = rows.with_columns(pl.col("extras").str.replace(r'"_token":"[^"]+"', ""))
    for name in (*TOKENS, "extras_token"):
        opened = rows.select(token=name).join(whole, on="token", how="left", maintain_order="left")["value"]
        assert opened.null_count() == rows[name].null_count(), f"{name}: a token that the vault does not know"
        rows = rows.with_columns(opened.alias(name))
    return rows


def _files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_every_token_is_new_and_opens_to_the_same_value(settings: Settings) -> None:
    old = key_of(settings)
    before, opened = _lake(settings), _opened(settings, old)
    golden = settings.identity / "golden-1.parquet"
    golden.parent.mkdir(exist_ok=True)
    pl.DataFrame({"token": ["k1_0"]}).write_parquet(golden)
    done = rotation.rotate(settings, say=lambda text: None)
    new = key_of(settings)
    assert (done.key_version, done.key_id) == (new.version, new.id) == (2, read_record(settings.vault).key_id)
    assert new.token != old.token
    assert _opened(settings, new).equals(opened)
    after = _lake(settings)
    assert after.schema == before.schema
    for name in TOKENS:
        assert after[name].drop_nulls().str.starts_with("k2_").all()
        assert before[name].drop_nulls().str.starts_with("k1_").all()
        assert after[name].null_count() == before[name].null_count() < before.height
    texts = "".join(after.select(pl.col(pl.String).cast(pl.String)).fill_null("").to_series(0).to_list())
    assert "k1_" not in texts + "".join(after["extras"].drop_nulls())
    assert not golden.exists(), "golden records hold tokens; the next run makes them anew"
    assert due.reasons(settings, new_files=0) == ["first run"]


def test_old_key_opens_nothing(settings: Settings) -> None:
    old, master = key_of(settings), settings.vault_key_file.read_text()
    rotation.rotate(settings, say=lambda text: None)
    paths = sorted(settings.vault.rglob("*.parquet"))
    assert len(paths) == 3, "two files of orders, one of refused rows"
    for path in paths:
        with pytest.raises(vault.VaultError, match="another key"):
            vault.read([path], old)
        assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(vault.VaultError, match="was written with key"):
        key_of(replace(settings, vault_key=master.strip()))
    kept = {path.name for path in settings.vault_key_file.parent.iterdir()}
    assert kept == {"vault.key"}
    assert settings.vault_key_file.stat().st_mode & 0o777 == 0o600
    assert not [p for p in settings.data.iterdir() if p.suffix in (".old", ".next")]


def test_the_same_file_afterwards_is_known_and_new_ones_join(settings: Settings) -> None:
    rotation.rotate(settings, say=lambda text: None)
    put(settings, "douyin_orders", "1700000200_c.csv", csv_bytes([_order(6)]))
    result = ingest(settings)
    assert result.sources["douyin_orders"]["files"] == 1
    rows = _lake(settings)
    assert rows.filter(pl.col("receiver_phone_token").is_not_null())["receiver_phone_token"].n_unique() == 1


def test_key_of_the_environment_needs_a_new_one(settings: Settings) -> None:
    master = settings.vault_key_file.read_text().strip()
    given = replace(settings, vault_key=master)
    with pytest.raises(vault.VaultError, match="LUYUE_VAULT_KEY_NEW"):
        rotation.rotate(given, say=lambda text: None)
    with pytest.raises(vault.VaultError, match="the key in force"):
        rotation.rotate(replace(given, vault_key_new=master), say=lambda text: None)
    rotation.rotate(replace(given, vault_key_new="ab" * 32), say=lambda text: None)
    assert settings.vault_key_file.read_text().strip() == master, "a key of the environment is kept nowhere"
    new = replace(settings, vault_key="ab" * 32)
    assert key_of(new).version == 2
    assert _opened(new, key_of(new)).height == 4


def test_nothing_to_rotate_is_said(tmp_path: Path) -> None:
    with pytest.raises(LuyueError, match="no vault"):
        rotation.rotate(all_settings.load(data=tmp_path, env={}), say=lambda text: None)


def test_lost_vault_file_still_leaves_no_token_of_the_old_key(settings: Settings) -> None:
    for path in (settings.vault / "orders").glob("*.parquet"):
        path.unlink()
    before = _lake(settings)
    rotation.rotate(settings, say=lambda text: None)
    after = _lake(settings)
    for name in TOKENS:
        assert not after[name].str.starts_with("k1_").any()
        pairs = pl.DataFrame({"old": before[name], "new": after[name]}).drop_nulls().unique()
        assert pairs["old"].n_unique() == pairs["new"].n_unique() == pairs.height


class KilledError(BaseException):
    """Stands for a kill: no handler of the program's catches it."""


def test_killed_at_any_step_and_run_again(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each rename, removal and link in turn is the last thing that happens; the second attempt finishes."""
    start = tmp_path / "start"
    shutil.copytree(settings.data, start)
    opened = _opened(settings, key_of(settings))
    step = 0
    while True:
        shutil.rmtree(settings.data)
        shutil.copytree(start, settings.data)
        with monkeypatch.context() as patch:
            calls = _die_at(patch, step)
            try:
                rotation.rotate(settings, say=lambda text: None)
                break
            except KilledError:
                pass
        assert calls[0] == step + 1
        if (settings.data / ROTATION_JOURNAL).exists() and step % 2:
            with pytest.raises(vault.VaultError, match="luyue vault rotate"):
                key_of(settings)
            with open_session(settings, say=lambda text: None):
                assert key_of(settings).version == 2, "a run finishes it as well"
        else:
            again = rotation.rotate(settings, say=lambda text: None)
            assert again.key_version == 2, f"killed at step {step}: one rotation, not two"
        new = load_or_create_key(settings.vault_key_file, store=settings.vault)
        assert new.version == 2
        assert _opened(settings, new).equals(opened), f"killed at step {step}"
        assert ingest(settings).sources == {}, f"killed at step {step}: a file was taken twice"
        assert not [p.name for p in settings.data.iterdir() if p.suffix in (".old", ".next")]
        assert not list(settings.data.rglob("*.tmp"))
        step += 1
    assert step > 20


def test_files_taken_between_two_attempts_are_rewritten_too(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        _die_at(patch, 4)
        with pytest.raises(KilledError):
            rotation.rotate(settings, say=lambda text: None)
    assert (settings.data / "lake.next").exists() or (settings.data / "vault.next").exists()
    put(settings, "douyin_orders", "1700000200_c.csv", csv_bytes([_order(6)]))
    ingest(settings)
    opened = _opened(settings, key_of(settings))
    rotation.rotate(settings, say=lambda text: None)
    assert _opened(settings, key_of(settings)).equals(opened)
    assert opened.height == 5


def _die_at(patch: pytest.MonkeyPatch, step: int) -> list[int]:
    """Lets `step` changes of the file system pass, then raises KilledError at the next."""
    calls = [0]
    dead = [False]

    def dying(name: str) -> None:
        real = getattr(Path, name)

        def call(self: Path, *arguments: object, **options: object) -> object:
            if dead[0]:
                raise KilledError
            calls[0] += 1
            if calls[0] > step:
                dead[0] = True
                raise KilledError
            return real(self, *arguments, **options)

        patch.setattr(Path, name, call)

    for name in ("rename", "replace", "unlink", "hardlink_to"):
        dying(name)
    return calls
