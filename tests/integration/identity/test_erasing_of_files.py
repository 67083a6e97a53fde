"""Rule: a customer of linked files who was erased is in none of the folder's files, stays out when a file
brings the records again, and nobody else's id changes; killed between two steps, the same command goes on."""

from __future__ import annotations

import io
import json
from pathlib import Path

import polars as pl
import pytest
from support.in_process import Done, luyue

from dagster_project.lib.erasing import of_files
from dagster_project.lib.identity_files import kept, reading
from identity.ledger import sealing, store
from identity.vault_key import VaultKey, load_or_create_key

ROWS = [
    ("1", "13800001234", "王小明", "U1"),
    ("2", None, None, "U1"),
    ("3", "13911112222", "李四光", None),
    ("4", "13911112222", "李四光", "U2"),
]


def _file(path: Path, rows: list[tuple[str | None, ...]]) -> Path:
    fields = ("source_record_id", "phone", "name", "unionid")
    pl.DataFrame(rows, schema=dict.fromkeys(fields, pl.String), orient="row").write_csv(path)
    return path


def _linked(folder: Path, rows: list[tuple[str | None, ...]]) -> dict[str, str]:
    source, output = _file(folder / "in.csv", rows), folder / "out.csv"
    done = luyue("identity", "link", "--input", source, "--output", output, "--state", folder / "state")
    assert done.code == 0, done.err
    told = pl.read_csv(output, infer_schema=False)
    return dict(told.select("source_record_id", "customer_id").iter_rows())


def _erase(folder: Path, customer: str, *more: str) -> Done:
    return luyue("erase", "--customer", customer, "--state", folder / "state", *more)


def _key(folder: Path) -> VaultKey:
    return load_or_create_key(folder / "state" / "keys" / "vault.key", None)


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "left"), [("n\n", 4), ("y\n", 2)])
def test_on_a_terminal_it_asks_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, left: int
) -> None:
    before = _linked(tmp_path, ROWS)
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    asked = _erase(tmp_path, before["1"])
    assert asked.code == 0
    assert "2 records would be erased" in asked.out
    assert kept.load(tmp_path / "state", _key(tmp_path), reading.columns()).height == left


def test_an_erased_customer_of_files_leaves_and_stays_out(tmp_path: Path) -> None:
    before = _linked(tmp_path, ROWS)
    asked = _erase(tmp_path, before["1"], "--preview")
    assert asked.code == 0
    assert "2 records would be erased" in asked.out
    done = _erase(tmp_path, before["1"], "--json")
    assert json.loads(done.out)["rows"] == 2
    state, key = tmp_path / "state", _key(tmp_path)
    told = kept.load(state, key, reading.columns())
    assert told["source_record_id"].sort().to_list() == ["3", "4"]
    assert sealing.names(state, key)["name"].drop_nulls().to_list() == ["李四光"]
    assert "no such record" in luyue("identity", "explain", "1", "3", "--state", state).err
    life = json.loads(luyue("identity", "history", before["1"], "--state", state, "--json").out)
    assert life["in_force"] is None
    after = _linked(tmp_path, [*ROWS, ("5", "13800001234", "王小明", "U1")])
    assert after.keys() == {"3", "4", "5"}
    assert (after["3"], after["4"]) == (before["3"], before["4"])
    assert after["5"] != before["1"]
    assert "erased already" in _erase(tmp_path, before["1"], "--yes").out


@pytest.mark.parametrize("step", ["_unlinked", "_forgotten", "compact"])
def test_killed_between_two_steps_the_same_command_goes_on(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _linked(tmp_path, ROWS)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store if step == "compact" else of_files, step, killed)
        assert _erase(tmp_path, before["1"], "--yes").code != 0
    assert _erase(tmp_path, before["1"], "--yes").code == 0
    told = kept.load(tmp_path / "state", _key(tmp_path), reading.columns())
    assert told["source_record_id"].sort().to_list() == ["3", "4"]
    assert _linked(tmp_path, ROWS).keys() == {"3", "4"}


def test_nobody_of_that_id_is_one_clear_line(tmp_path: Path) -> None:
    _linked(tmp_path, ROWS)
    done = _erase(tmp_path, "C00000000000000000000000000", "--yes")
    assert done.code == 1
    assert "no such customer" in done.err
