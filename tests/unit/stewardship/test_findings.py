"""What a steward sees of findings and does about many at once; corrections listed and written out."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from support.in_process import luyue
from support.stewards_desk import lay_out

from dagster_project import steward
from dagster_project.lib.stewardship import deciding, findings


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return deciding.published(lay_out(tmp_path_factory.mktemp("desk")))


def ids(found: pl.DataFrame) -> list[str]:
    return found["finding_id"].to_list()


def test_the_costliest_stands_first_and_filters_narrow(published: Path) -> None:
    assert ids(findings.listed(published)) == ["f1", "f4", "f3", "f2", "f5", "f6"]
    assert ids(findings.listed(published, only_open=True)) == ["f1", "f4", "f3", "f2", "f6"]
    assert ids(findings.listed(published, severity=["critical"], owner=["master data"], entity=[])) == [
        "f3",
        "f5",
    ]
    assert ids(findings.listed(published, search="TEA")) == ["f3"]
    assert ids(findings.listed(published, search="%")) == []
    with pytest.raises(steward.LuyueError, match="colour: findings are filtered by"):
        findings.listed(published, colour=["red"])


def test_open_ones_are_counted_by_what_is_asked(published: Path) -> None:
    told = findings.counted(published, "owner")
    assert told.select("owner", "findings", "critical", "orders_touched").rows() == [
        ("logistics", 2, 1, 125), ("master data", 3, 1, 163),
    ]  # fmt: skip


def test_an_action_on_many_is_one_entry_each(tmp_path: Path) -> None:
    settings = lay_out(tmp_path)
    file = deciding.published(settings)
    assert steward.act(settings, file, ["f1", "f2", "f1"], "assign", by="li", assignee=" wang ") == 2
    assert steward.act(settings, file, ["f1"], "accept_risk", by="li", reason="moves\nin May") == 1
    (path,) = (settings.inbox / "findings").glob("*.jsonl")
    told = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [(e["finding_id"], e["action"], e["assignee"], e["reason"], e["by"]) for e in told] == [
        ("f1", "assign", "wang", None, "li"), ("f2", "assign", "wang", None, "li"),
        ("f1", "accept_risk", None, "moves in May", "li"),
    ]  # fmt: skip
    history = steward.history(settings, file, "f1")
    assert history["what"].to_list() == ["found", "last_seen", "assign", "accept_risk"]
    assert history["detail"].to_list()[2:] == ["wang", "moves in May"]


@pytest.mark.parametrize(
    ("action", "more", "why"),
    [
        ("mend", {}, "no action on findings; choose acknowledge"),
        ("assign", {}, "assign needs a name"),
        ("accept_risk", {"reason": " "}, "accept_risk needs a reason"),
        ("acknowledge", {}, "f9: there is no such finding"),
    ],
)
def test_an_action_that_lacks_something_writes_nothing(
    tmp_path: Path, action: str, more: dict[str, str], why: str
) -> None:
    settings = lay_out(tmp_path)
    with pytest.raises(steward.LuyueError, match=why):
        steward.act(settings, deciding.published(settings), ["f1", "f9"], action, by="li", **more)
    assert not (settings.inbox / "findings").exists()


def test_a_corrections_history_and_the_file_for_the_source(tmp_path: Path) -> None:
    settings = lay_out(tmp_path)
    row = {"entity": "sku_alias", "record_key": "jd/s1/tea 0017", "field": "sku_code", "old_value": None}
    done = steward.propose(settings, [row | {"new_value": "TEA-0017"}], by="li", reason="=cmd|x")
    assert (
        steward.history(settings, deciding.published(settings), "f3")["what"].to_list()[-1]
        == "correction_approved"
    )
    text = steward.corrections_csv(settings).decode("utf-8-sig")
    assert text.splitlines()[1].startswith("sku_aliases,")
    assert "'=cmd|x" in text
    steward.revoke(settings, done.taken["correction_id"].to_list(), by="li", reason="wrong")
    assert len(steward.corrections_csv(settings).decode("utf-8-sig").splitlines()) == 1


def test_the_commands_say_in_one_line_what_they_did_or_would_not(tmp_path: Path) -> None:
    settings = lay_out(tmp_path)
    data = ("--data", settings.data)
    assert luyue("master", "findings", *data, "--severity", "critical").out.splitlines()[1].startswith("f1 ")
    counts = luyue("master", "findings", *data, "--by", "owner", "--json")
    assert [row["owner"] for row in json.loads(counts.out)] == ["logistics", "master data"]
    old = luyue("master", "correct", "sku", "K1", "name", "--from", "茶", "--to", "绿茶", "--why", "r", *data)
    assert (old.code, old.err.count("\n")) == (1, 1)
    assert "luyue: refused: sku K1, name: is 绿茶 250g now, not 茶" in old.err
    done = luyue("master", "accept", "--rule", "place_coordinates_swapped", *data, "--json")
    assert [row["new_value"] for row in done.json["taken"]] == ["31.2215", "121.5447"]
    taken = [row["correction_id"] for row in done.json["taken"]]
    assert luyue("master", "revoke", *taken, "--why", "r", *data).code == 0
    listed = luyue("master", "list", *data, "--state", "revoked", "--json")
    assert [row["entity"] for row in json.loads(listed.out)] == ["warehouse"] * 2
    assert luyue("master", "export", *data, "--out", tmp_path / "out.csv").code == 0
    assert (tmp_path / "out.csv").exists()
    assert "correction_revoked" in luyue("master", "history", "f1", *data).out
    gone = luyue("master", "approve", "c0", *data)
    assert (gone.code, gone.err) == (
        1,
        "luyue: c0: there is no such correction; `luyue master list` names them\n",
    )
