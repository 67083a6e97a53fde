"""`luyue identity link|evaluate` over files: any subset of the columns, kept state, ids that last."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polars as pl
import pytest
from support.in_process import luyue

from identity.ledger import reading

SECRETS = ("13800001234", "王小明", "文三路")
FIELDS = ("source", "source_record_id", "unionid", "phone", "name", "address")
ROWS = [
    ("crm", "1", "U1", "13800001234", "王小明", "浙江省杭州市西湖区文三路1号2幢301室"),
    ("crm", "2", "U1", None, None, None),
    ("crm", "3", None, "13800001234", "王小明", None),
    ("im", "1", None, "13911112222", "李四光", None),
    ("im", "2", None, None, None, None),
]


def write(path: Path, rows: list[tuple[str | None, ...]], fields: tuple[str, ...] = FIELDS) -> Path:
    pl.DataFrame(rows, schema=dict.fromkeys(fields, pl.String), orient="row").write_csv(path)
    return path


def groups(path: Path) -> set[frozenset[tuple[str, str]]]:
    """The records that share a customer, whatever its id is."""
    linked = pl.read_csv(path, infer_schema=False).group_by("customer_id").agg("source", "source_record_id")
    return {frozenset(zip(row[1], row[2], strict=True)) for row in linked.iter_rows()}


TOGETHER = {
    frozenset({("crm", "1"), ("crm", "2"), ("crm", "3")}),
    frozenset({("im", "1")}),
    frozenset({("im", "2")}),
}


def test_records_of_one_person_share_an_id_and_the_links_are_told(tmp_path: Path) -> None:
    source, output, edges = write(tmp_path / "in.csv", ROWS), tmp_path / "out.csv", tmp_path / "edges.parquet"
    done = luyue("identity", "link", "--input", source, "--output", output, "--edges", edges, "--json")
    assert done.code == 0, done.err
    assert groups(output) == TOGETHER
    told = json.loads(done.out)
    assert (told["rows"], told["records"], told["customers"]) == (5, 5, 3)
    links = pl.read_parquet(edges)
    assert links.columns == ["left_record_id", "right_record_id", "probability", "accepted", "tier"]
    assert links.filter("accepted").select("left_record_id", "right_record_id").rows() == [
        ("1", "2"),
        ("1", "3"),
    ]
    assert links["probability"].is_between(0, 1).all()


def test_what_cannot_be_told_apart_is_said_and_nothing_else_is_lost(tmp_path: Path) -> None:
    rows = [*ROWS, ("crm", None, "U1", None, None, None), ("im", "1", "U1", None, None, None)]
    wide = [(*row, "x") for row in rows]
    source, output = write(tmp_path / "in.csv", wide, (*FIELDS, "colour")), tmp_path / "out.csv"
    done = luyue("identity", "link", "--input", source, "--output", output)
    assert "columns of no meaning here: colour" in done.err
    assert "1 rows without source_record_id" in done.err
    assert "1 rows whose source and source_record_id come again" in done.err
    # The last row of im/1 stands: it is the person of U1.
    assert frozenset({("crm", "1"), ("crm", "2"), ("crm", "3"), ("im", "1")}) in groups(output)


@pytest.mark.parametrize(
    "parts", [[ROWS[:2], ROWS[2:]], [ROWS[3:], ROWS[:1], ROWS[1:3]], [[r] for r in ROWS]]
)
def test_files_one_by_one_come_to_what_one_file_comes_to(
    tmp_path: Path, parts: list[list[tuple[str | None, ...]]]
) -> None:
    state, output = tmp_path / "state", tmp_path / "out.csv"
    for number, rows in enumerate(parts):
        source = write(tmp_path / f"{number}.csv", rows)
        done = luyue("identity", "link", "--input", source, "--output", output, "--state", state)
        assert done.code == 0, done.err
    assert groups(output) == TOGETHER
    before = output.read_bytes()
    again = write(tmp_path / "again.csv", parts[0])
    luyue("identity", "link", "--input", again, "--output", output, "--state", state)
    assert output.read_bytes() == before, "the same records again change no id"


def test_a_record_that_is_replaced_leaves_its_customer(tmp_path: Path) -> None:
    state, output = tmp_path / "state", tmp_path / "out.csv"
    for name, rows in (("a", ROWS), ("b", [("crm", "2", "U9", None, None, None)])):
        source = write(tmp_path / f"{name}.csv", rows)
        luyue("identity", "link", "--input", source, "--output", output, "--state", state)
    assert frozenset({("crm", "2")}) in groups(output)
    events = reading.table(state, "events")
    assert events.filter(event_type="split").height == 1


def test_the_state_holds_no_person_in_the_clear_and_opens_with_its_key_alone(tmp_path: Path) -> None:
    state, output = tmp_path / "state", tmp_path / "out.csv"
    source = write(tmp_path / "in.csv", ROWS)
    luyue("identity", "link", "--input", source, "--output", output, "--state", state)
    kept = b"".join(path.read_bytes() for path in state.rglob("*") if path.is_file())
    assert [secret for secret in SECRETS if secret.encode() in kept] == []
    (state / "keys" / "vault.key").write_text("ab" * 32)
    done = luyue("identity", "link", "--input", source, "--output", output, "--state", state)
    assert done.code == 1
    assert "another key" in done.err


@pytest.mark.parametrize(
    ("content", "words"),
    [("phone\n1\n", "has no column source_record_id"), ("", "empty"), (None, "no such file")],
)
def test_a_file_that_cannot_be_linked_is_one_clear_line(
    tmp_path: Path, content: str | None, words: str
) -> None:
    source = tmp_path / "in.csv"
    if content is not None:
        source.write_text(content)
    done = luyue("identity", "link", "--input", source, "--output", tmp_path / "out.csv")
    assert done.code == 1
    assert words in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("option", ["--output", "--edges"])
def test_the_input_is_never_written_over(tmp_path: Path, option: str) -> None:
    source = write(tmp_path / "in.csv", ROWS)
    before = source.read_bytes()
    outputs = {"--output": tmp_path / "out.csv", "--edges": tmp_path / "edges.csv", option: source}
    words = [word for name, path in outputs.items() for word in (name, path)]
    done = luyue("identity", "link", "--input", source, *words)
    assert done.code == 1
    assert "is the input itself" in done.err
    assert source.read_bytes() == before


def test_an_assignment_is_scored_against_the_truth(tmp_path: Path) -> None:
    fields = ("source_record_id", "customer_id")
    members = write(tmp_path / "m.csv", [("1", "A"), ("2", "A"), ("3", "B"), ("4", "B")], fields)
    truth = write(
        tmp_path / "t.csv", [("1", "p"), ("2", "p"), ("3", "p"), ("4", "q"), ("5", "q")],
        ("source_record_id", "person_id"),
    )  # fmt: skip
    done = luyue("identity", "evaluate", "--members", members, "--truth", truth, "--json")
    scores = json.loads(done.out)
    assert (scores["records"], scores["truth_only"]) == (4, 1)
    assert (scores["pairwise_precision"], scores["pairwise_recall"]) == (0.5, pytest.approx(1 / 3))
    none = write(tmp_path / "n.csv", [("9", "p")], ("source_record_id", "person_id"))
    assert luyue("identity", "evaluate", "--members", members, "--truth", none).code == 1


def test_a_link_is_explained_by_the_chain_and_an_id_by_its_life(tmp_path: Path) -> None:
    state, output = tmp_path / "state", tmp_path / "out.csv"
    luyue(
        "identity", "link", "--input", write(tmp_path / "a.csv", ROWS), "--output", output, "--state", state
    )
    done = luyue("identity", "explain", "crm/2", "crm/3", "--state", state, "--json")
    told = json.loads(done.out)
    assert told["one_customer"]
    assert [(step["left"], step["right"]) for step in told["path"]] == [
        ("crm/2 (owner)", "crm/1 (owner)"), ("crm/1 (owner)", "crm/3 (owner)"),
    ]  # fmt: skip
    assert [step["rule"] for step in told["path"]] == ["unionid", "phone_name"]
    apart = luyue("identity", "explain", "crm/2", "im/2", "--state", state)
    assert apart.out.startswith("two customers")
    assert "no link" in apart.out
    before = pl.read_csv(output, infer_schema=False).filter(source="im", source_record_id="1")["customer_id"][
        0
    ]
    joined = write(tmp_path / "b.csv", [("im", "1", "U1", None, None, None)])
    luyue("identity", "link", "--input", joined, "--output", output, "--state", state)
    life = json.loads(luyue("identity", "history", before, "--state", state, "--json").out)
    assert [event["event_type"] for event in life["events"]] == ["create", "merge", "move", "retire"]
    after = pl.read_csv(output, infer_schema=False).filter(source="im", source_record_id="1")["customer_id"][
        0
    ]
    assert life["in_force"] == after != before


CARDED = ("source", "source_record_id", "member_no", "phone", "name", "touchpoint")
EVIL = "<script>alert(1)</script>"


def test_a_picture_shows_chain_and_weights_masked_and_asks_nobody(tmp_path: Path) -> None:
    state, page = tmp_path / "state", tmp_path / "why" / "page.html"
    rows = [
        ("crm", "1", "M1", "13800001234", None, "wechat_miniprogram_login"),
        ("crm", EVIL, "M1", None, "王小明", "pos_member_scan"),
        ("crm", "3", None, "13800001234", None, "pos_member_scan"),
    ]
    source = write(tmp_path / "a.csv", rows, CARDED)
    luyue("identity", "link", "--input", source, "--output", tmp_path / "o.csv", "--state", state)
    done = luyue("identity", "explain", f"crm/{EVIL}", "crm/1", "--state", state, "--html", page)
    assert done.code == 0, done.err
    zh, en = (path.read_text(encoding="utf-8") for path in (page, page.with_name("page.en.html")))
    assert "同一会员卡" in zh
    assert "one member card" in en
    luyue("identity", "explain", "crm/1", "crm/3", "--state", state, "--html", page)
    apart = page.read_text(encoding="utf-8")
    assert "找到但未采纳的链接" in apart
    assert "号码相同" in apart
    assert "合计" in apart
    assert "138****1234" in apart
    for text in (zh, en, apart):
        assert not any(secret in text for secret in ("13800001234", "王小明", EVIL))
        assert not re.search(r"<script|src=|https?://|@import|url\(", text)
    bad = luyue("identity", "explain", "crm/1", "crm/3", "--state", state, "--html", tmp_path / "page.txt")
    assert bad.code == 1
    assert "ends in .html" in bad.err


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("explain", "nobody", "crm/1"), "no such record"),
        (("history", "C00000000000000000000000000"), "no such customer id"),
    ],
)
def test_a_name_that_nobody_has_is_one_clear_line(
    tmp_path: Path, command: tuple[str, ...], words: str
) -> None:
    state = tmp_path / "state"
    source = write(tmp_path / "a.csv", ROWS)
    luyue("identity", "link", "--input", source, "--output", tmp_path / "o.csv", "--state", state)
    done = luyue("identity", *command, "--state", state)
    assert done.code == 1
    assert words in done.err


def test_a_steward_decides_and_takes_it_back(tmp_path: Path) -> None:
    state, output = tmp_path / "state", tmp_path / "out.csv"
    source = write(tmp_path / "a.csv", ROWS)
    link = ("identity", "link", "--input", source, "--output", output, "--state", state)
    luyue(*link)
    kept = luyue(
        "identity", "override", "cannot-link", "crm/1", "crm/3", "--why", "two sisters", "--state", state
    )
    assert kept.code == 0, kept.err
    again = luyue("identity", "override", "must-link", "im/1", "im/2", "--why", "called us", "--state", state)
    assert again.code == 0, again.err
    luyue(*link)
    assert groups(output) == {
        frozenset({("crm", "1"), ("crm", "2")}),
        frozenset({("crm", "3")}),
        frozenset({("im", "1"), ("im", "2")}),
    }
    told = luyue("identity", "explain", "crm/1", "crm/3", "--state", state)
    assert told.out.startswith("two customers")
    assert "refused" in told.out
    refused = luyue("identity", "override", "must-link", "crm/9", "im/2", "--why", "x", "--state", state)
    assert (refused.code, "no such record" in refused.err) == (1, True)
    decisions = json.loads(luyue("identity", "override", "list", "--state", state, "--json").out)
    for row in decisions:
        done = luyue("identity", "override", "revoke", row["event_id"], "--why", "mistaken", "--state", state)
        assert done.code == 0, done.err
    luyue(*link)
    assert groups(output) == TOGETHER


def test_decisions_that_contradict_each_other_are_refused_at_once(tmp_path: Path) -> None:
    state = tmp_path / "state"
    source = write(tmp_path / "a.csv", ROWS)
    luyue("identity", "link", "--input", source, "--output", tmp_path / "out.csv", "--state", state)
    where = ("--why", "x", "--state", state)
    for pair in (("crm/1", "im/1"), ("im/1", "im/2")):
        assert luyue("identity", "override", "must-link", *pair, *where).code == 0
    done = luyue("identity", "override", "cannot-link", "crm/1", "im/2", *where)
    assert done.code == 1
    assert "other decisions say the opposite" in done.err
