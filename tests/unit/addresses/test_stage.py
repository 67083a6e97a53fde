"""The address stage: what it writes, that it never writes twice, and that no plain address leaves the
vault."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from dagster_project.lib import address_versions as versions
from dagster_project.lib import addresses
from dagster_project.settings import Settings
from identity import vault

STREET = "文三路478号3幢2单元501室"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", landing=tmp_path / "landing")


@pytest.fixture
def key(tmp_path: Path) -> vault.VaultKey:
    return vault.load_or_create_key(tmp_path / "vault.key")


def put(settings: Settings, key: vault.VaultKey, batch: str, rows: list[tuple[str | None, ...]]) -> None:
    """Writes one vault file of addresses (province, city, district, town, address)."""
    frame = pl.DataFrame(rows, schema=dict.fromkeys(addresses.PARTS, pl.String), orient="row")
    values = vault.address_values(frame, addresses.PARTS)
    content = frame.with_columns(
        vault.tokens(values, "address", key).alias("token"),
        pl.lit("address").alias("kind"),
        pl.col("address").alias("value"),
    )
    vault.write(content, settings.vault / "orders" / f"batch={batch}.parquet", key)


def written(settings: Settings) -> pl.DataFrame:
    return pl.read_parquet(settings.addresses / "*.parquet").sort("address_token")


def test_an_empty_vault_leaves_an_empty_parquet_with_all_columns(
    settings: Settings, key: vault.VaultKey
) -> None:
    counts = addresses.standardise_new(settings, key)
    assert counts == {"files": 0, "addresses": 0, "written": 0, "placed": 0, "moved": 0}
    assert tuple(written(settings).columns) == addresses.COLUMNS
    assert written(settings).is_empty()


def test_only_new_addresses_are_written_and_each_once(settings: Settings, key: vault.VaultKey) -> None:
    first = ("浙江省", "杭州市", "西湖区", None, STREET)
    put(settings, key, "a", [first])
    assert addresses.standardise_new(settings, key)["written"] == 1
    before = {path.name: path.read_bytes() for path in settings.addresses.iterdir()}
    assert addresses.standardise_new(settings, key)["files"] == 0
    assert {path.name: path.read_bytes() for path in settings.addresses.iterdir()} == before
    put(settings, key, "b", [first, ("江苏省", "南京市", "鼓楼区", None, "汉口路22号")])
    assert addresses.standardise_new(settings, key) == {
        "files": 1,
        "addresses": 2,
        "written": 1,
        "placed": 2 - 1,
        "moved": 0,
    }
    assert written(settings)["address_token"].is_unique().all()
    assert sorted(written(settings)["adcode"]) == ["320106", "330106"]


def test_two_spellings_of_one_door_have_one_key_token_and_nothing_plain_is_written(
    settings: Settings, key: vault.VaultKey
) -> None:
    put(
        settings, key, "a",
        [("浙江省", "杭州市", "西湖区", None, STREET),
         (None, None, None, None, "浙江杭州西湖区文三路４７８号３栋二单元501")],
    )  # fmt: skip
    addresses.standardise_new(settings, key)
    found = written(settings)
    assert found["visible_to"].to_list() == ["room", "room"]
    assert found["address_key_token"].n_unique() == 1
    assert all(token.startswith("k1_") for token in found["address_key_token"])
    assert not any("文三路".encode() in path.read_bytes() for path in settings.addresses.iterdir())


def test_another_version_of_the_rules_replaces_what_the_old_one_wrote(
    settings: Settings, key: vault.VaultKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(settings, key, "a", [("浙江省", "杭州市", "西湖区", None, STREET)])
    addresses.standardise_new(settings, key)
    monkeypatch.setattr(versions, "present", lambda: versions.Version("00000000", "11111111"))
    assert addresses.standardise_new(settings, key)["written"] == 1
    assert written(settings).height == 1


def test_a_parquet_without_its_ledger_is_not_written_again(settings: Settings, key: vault.VaultKey) -> None:
    put(settings, key, "a", [("浙江省", "杭州市", "西湖区", None, STREET)])
    addresses.standardise_new(settings, key)
    for ledger in settings.addresses.glob("_read-*"):
        ledger.unlink()
    assert addresses.standardise_new(settings, key)["written"] == 0
    assert written(settings).height == 1


def fresh_reference(folder: Path) -> None:
    """Makes the seeds of the folder those in force, for this process."""
    from identity.addresses import characters, seeds, stored, tables
    from identity.addresses.standardise import _by_node

    seeds.FOLDER = folder
    for kept in (seeds.load, seeds.fingerprint, stored.load, characters.load, tables.load, _by_node):
        kept.cache_clear()


def test_another_reference_reads_again_what_it_touches_and_says_what_moved(
    settings: Settings, key: vault.VaultKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """西湖区 becomes 文三区 under another code: its address moves, that of 鼓楼区 is not even read."""
    from identity.addresses import keeping, seeds

    monkeypatch.setattr(keeping, "_CACHE", tmp_path / "cache")
    put(
        settings, key, "a",
        [("浙江省", "杭州市", "西湖区", None, STREET), ("江苏省", "南京市", "鼓楼区", None, "汉口路22号")],
    )  # fmt: skip
    addresses.standardise_new(settings, key)
    own = seeds.FOLDER
    changed = tmp_path / "reference"
    shutil.copytree(own, changed)
    region = (changed / "region.csv").read_text(encoding="utf-8")
    line = next(row for row in region.splitlines() if row.startswith("330106,"))
    new = line.replace("330106,西湖区", "330199,文三区").replace(",西湖,", ",文三,")
    (changed / "region.csv").write_text(region.replace(line, new), encoding="utf-8")
    with (changed / "legacy.csv").open("a", encoding="utf-8") as file:
        file.write("330106,西湖区,330100,330199,2026-01,test\n")
    try:
        fresh_reference(changed)
        counts = addresses.standardise_new(settings, key)
        partial = written(settings)
        moved = json.loads(next(settings.addresses.glob("_moved-*.json")).read_text(encoding="utf-8"))
        for path in settings.addresses.glob("*"):
            path.unlink()
        addresses.standardise_new(settings, key)
        whole = written(settings)
    finally:
        fresh_reference(own)
    assert (counts["written"], counts["moved"]) == (1, 1)
    assert moved == [{"was": "330106", "is": "330199", "addresses": 1}]
    assert partial.equals(whole)
