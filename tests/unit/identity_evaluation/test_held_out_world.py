"""Rule: the held-out world is the same for the same seed, has the columns of the feed and every touchpoint,
and is as harsh as its page says: about 70 of 100 pairs that share eleven clear digits are one person's.

Does not prove that any merchant is like it. No test may link it: it is there to report, never to choose.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import polars as pl
import pytest

from benchmarks import held_out_world
from benchmarks.held_out_world import __main__ as command
from benchmarks.held_out_world import describe, rates
from dagster_project.lib import feeds

RECORDS = 20_000
PACKAGE = Path(held_out_world.__file__).parent
TOUCHPOINTS = {
    "wechat_oa_follow", "wechat_miniprogram_login", "wecom_external_contact", "wechat_shop_order",
    "wechat_pay_receipt", "app_register_login", "app_device_push", "app_order_checkout", "pos_member_scan",
    "pos_receipt_payment", "cs_im_session", "cs_phone_ticket",
}  # fmt: skip


@pytest.fixture(scope="module")
def made() -> held_out_world.World:
    """A world of twenty thousand records."""
    return held_out_world.world(RECORDS, seed=7)


def test_the_same_seed_gives_the_same_world(made: held_out_world.World) -> None:
    again = held_out_world.world(RECORDS, seed=7)
    assert again.records.equals(made.records)
    assert again.truth.equals(made.truth)
    assert not held_out_world.world(RECORDS, seed=8).records.equals(made.records)


def test_the_columns_are_those_of_the_feed(made: held_out_world.World) -> None:
    columns = feeds.load_feeds()["customer_records"].columns
    assert made.records.columns == ["source", *columns]


def test_every_touchpoint_is_there_in_unequal_volumes(made: held_out_world.World) -> None:
    volumes = dict(made.records["touchpoint"].value_counts().rows())
    assert set(volumes) == TOUCHPOINTS
    assert max(volumes.values()) > 10 * min(volumes.values())


def test_the_truth_knows_every_record_once(made: held_out_world.World) -> None:
    key = ["source", "source_record_id"]
    assert made.truth.columns == [*key, "person_id"]
    assert made.truth.select(key).equals(made.records.select(key))
    assert made.truth["source_record_id"].is_unique().all()
    assert made.truth.null_count().sum_horizontal().item() == 0


def test_people_and_pairs_are_as_harsh_as_the_page_says(made: held_out_world.World) -> None:
    """Bounds wide enough for any seed, narrow enough to notice a rule of the world that fell out."""
    figures = describe.describe(made)
    people = figures["people_by_records"]
    assert (people["1+"] - people["3+"]) / people["1+"] > 0.45
    assert 60 <= people["most"] <= 600
    share = {name: of["one_person"] for name, of in figures["one_person_among_pairs_sharing"].items()}
    assert 0.68 <= share["full_phone"] <= 0.90
    assert 0.55 <= share["eleven_digits_as_written"] <= 0.85
    assert share["masked_phone"] < share["masked_phone_and_masked_name"] < 0.995
    assert share["address_as_written"] < 0.5
    assert 0.97 <= share["unionid"] < 1
    assert 0.95 <= share["member_no"] < 1
    assert set(figures["phones"]) == {"none", "full", "masked", "virtual", "cipher", "dummy"}


def test_what_a_person_shows_is_broken_now_and_then(made: held_out_world.World) -> None:
    phone = made.records["phone"].drop_nulls()
    for pattern in (
        r"^1\d{2}\*{4}\d{4}",
        r"^1\*{6}\d{4}",
        r"^\*{7}\d{4}",
        r"^18\d{9}[-转,_]\d{4}",
        r"\$\$",
        r"^\+86",
        "[０-９]",
        r"\s$",
    ):
        assert phone.str.contains(pattern).any(), pattern
    name = made.records["name"].drop_nulls()
    for pattern in (r"^.\*$", r"^.\*\*$", r"^\*.+[^*]$", "女士", "^小.$", "[A-Za-z]{2} [A-Za-z]", "##"):
        assert name.str.contains(pattern).any(), pattern


def test_every_rate_has_a_reason_and_is_used() -> None:
    with (PACKAGE / "rates.csv").open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines))
    code = "".join(path.read_text("utf-8") for path in PACKAGE.glob("*.py"))
    asked = {*re.findall(r'"(\w+)"', code)}
    assert [row["rate"] for row in table if row["rate"] not in asked] == []
    assert all(len(row["reason"]) > 10 for row in table)
    with pytest.raises(KeyError):
        rates.rate("of nothing")


def test_the_command_writes_both_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the page tells a reader to type, on a small world."""
    assert command.main(["--records", "2000", "--out", str(tmp_path / "w"), "--seed", "3", "--describe"]) == 0
    assert json.loads(capsys.readouterr().out)["records"] == 2000
    assert len(pl.read_parquet(tmp_path / "w" / "records.parquet")) == 2000
    assert len(pl.read_parquet(tmp_path / "w" / "truth.parquet")) == 2000


@pytest.mark.parametrize("arguments", [["--records", "10", "--describe"], []])
def test_the_command_says_what_it_cannot_do(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(arguments)
    assert ended.value.code == 2
    assert "held_out_world: error: " in capsys.readouterr().err
