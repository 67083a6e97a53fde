"""Rule: two records of a person are within reach where they share a comparable value, or where the person's
own records lead from one to the other; another person's records never do."""

from __future__ import annotations

import polars as pl
import pytest

from identity.evaluation.ceiling import ceiling


def _reach(person: list[str], **columns: list[str | None]) -> float:
    return ceiling(pl.DataFrame(columns), pl.Series(person))


def test_a_chain_of_the_persons_own_records_leads_on() -> None:
    assert (
        _reach(["a", "a", "a"], unionid=["U", "U", None], phone=[None, "13912345678", "139****5678"]) == 1.0
    )


def test_another_persons_record_is_no_bridge() -> None:
    found = _reach(["a", "b", "a"], unionid=["U", "U", None], openid=[None, "O", "O"])
    assert found == 0.0


def test_what_shows_nothing_in_common_is_out_of_reach() -> None:
    assert _reach(["a", "a", "a"], member_no=["M", "M", None]) == pytest.approx(1 / 3)


def test_a_starred_account_is_no_value() -> None:
    assert _reach(["a", "a"], buyer_account=["小***8", "小***8"]) == 0.0


def test_a_door_written_in_two_ways_is_one() -> None:
    found = _reach(
        ["a", "a"],
        province=["广东省", None],
        city=["深圳市", None],
        district=["南山区", None],
        address=["桃园路12号明德花园3栋2单元1502室", "广东省深圳市南山区桃园路12号明德花园3号楼2单元1502"],
    )
    assert found == 1.0


def test_nobody_with_two_records_leaves_nothing_to_find() -> None:
    assert _reach(["a", "b"], unionid=["U", "U"]) == 1.0
