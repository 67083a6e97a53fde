"""A request of customer service: written once, sealed where it is personal, followed to its end."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as fast
from hypothesis import strategies as st

from dagster_project import settings
from dagster_project.lib.interventions import outbox
from dagster_project.lib.interventions.contract import CLOSED, OPEN, Intervention, RefusedError

NOW = datetime(2026, 1, 31, 9, 0)
ADDRESS = {"receiver_name": "钱多多", "receiver_phone": "13912345678", "address": "文三路 90 号 3 幢 501 室"}


def _settings(data: Path) -> settings.Settings:
    return settings.load(data=data, env={})


def _asked(action: str = "expedite", order: str = "A1", **changed: object) -> Intervention:
    told = {"reason": "客户急用", "by": "li", "role": "customer_service", **changed}
    return Intervention("jd", order, action, **told)  # type: ignore[arg-type]


def _answer(data: Path, request_id: str, state: str, at: datetime, detail: str = "") -> None:
    folder = data / "inbox" / "intervention_states"
    folder.mkdir(parents=True, exist_ok=True)
    line = {"request_id": request_id, "state": state, "at": f"{at:%Y-%m-%d %H:%M:%S}", "detail": detail}
    with (folder / "2026-01.jsonl").open("a", encoding="utf-8") as sink:
        sink.write(json.dumps(line, ensure_ascii=False) + "\n")


def _key(data: Path) -> object:
    """A key pair of the order system; the public half where it is looked for."""
    from joserfc.jwk import ECKey

    pair = ECKey.generate_key("P-256", {"kid": "oms-1"})
    path = data / "keys" / "oms.jwk"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(pair.as_dict(private=False)))
    return pair


def test_a_second_click_finds_the_first_request(tmp_path: Path) -> None:
    """Passes if the same order and action, asked twice, are one line, and another action is its own."""
    first, is_new = outbox.request(_settings(tmp_path), _asked(), NOW)
    again, is_newer = outbox.request(_settings(tmp_path), _asked(reason="又来"), NOW + timedelta(seconds=1))
    assert (is_new, is_newer) == (True, False)
    assert first.request_id == again.request_id
    assert outbox.request(_settings(tmp_path), _asked("freeze_refund"), NOW)[1]
    assert len(outbox.standing(_settings(tmp_path))) == 2


def test_two_sessions_at_once_write_one_request(tmp_path: Path) -> None:
    """Passes if sixteen writers that start together leave one line."""
    told = _settings(tmp_path)
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda n: outbox.request(told, _asked(by=f"u{n}")), range(16)))
    assert sum(is_new for _, is_new in made) == 1
    assert len({one.request_id for one, _ in made}) == 1
    lines = (next((tmp_path / "outbox" / "interventions").glob("*.jsonl"))).read_text().splitlines()
    assert len(lines) == 1


@given(states=st.lists(st.sampled_from([*OPEN, *CLOSED]), max_size=6))
@fast(deadline=None, max_examples=40)
def test_a_request_is_open_until_its_first_end_and_then_may_be_made_again(
    tmp_path_factory: pytest.TempPathFactory, states: list[str]
) -> None:
    """Passes if after any answers a new request is made exactly where one of them was an end."""
    data = tmp_path_factory.mktemp("states")
    made, _ = outbox.request(_settings(data), _asked(), NOW)
    for minute, state in enumerate(states):
        _answer(data, made.request_id, state, NOW + timedelta(minutes=minute))
    ended = [state for state in states if state in CLOSED]
    (now,) = outbox.standing(_settings(data))
    assert now.state == (ended[0] if ended else states[-1] if states else "requested")
    _, is_new = outbox.request(_settings(data), _asked(), NOW + timedelta(hours=1))
    assert is_new is bool(ended)


def test_a_new_address_leaves_sealed_and_only_the_order_system_opens_it(tmp_path: Path) -> None:
    """Passes if no file but the sealed one tells of the address, and that one opens with the private key
    alone."""
    from joserfc import jwe

    pair = _key(tmp_path)
    made, _ = outbox.request(_settings(tmp_path), _asked("change_address", address=ADDRESS), NOW)
    written = [path for path in (tmp_path / "outbox").rglob("*") if path.is_file()]
    text = b"".join(path.read_bytes() for path in written).decode()
    for part in ADDRESS.values():
        assert part not in text
    sealed = tmp_path / "outbox" / "interventions" / "sealed" / f"{made.request_id}.jwe"
    opened = json.loads(jwe.decrypt_compact(sealed.read_text().strip(), pair).plaintext)  # type: ignore[arg-type]
    assert opened == {"request_id": made.request_id, "channel": "jd", "channel_order_id": "A1", **ADDRESS}


def test_a_sealed_address_goes_with_the_end_of_its_request(tmp_path: Path) -> None:
    """Passes if it is there while the request is open, and gone at the next writing after the end."""
    _key(tmp_path)
    made, _ = outbox.request(_settings(tmp_path), _asked("change_address", address=ADDRESS), NOW)
    sealed = tmp_path / "outbox" / "interventions" / "sealed" / f"{made.request_id}.jwe"
    outbox.request(_settings(tmp_path), _asked(order="A2"), NOW)
    assert sealed.exists()
    _answer(tmp_path, made.request_id, "succeeded", NOW + timedelta(minutes=5))
    outbox.request(_settings(tmp_path), _asked(order="A3"), NOW)
    assert not sealed.exists()


def test_erasing_a_person_takes_the_sealed_address_of_their_order(tmp_path: Path) -> None:
    """Passes if only the erased person's is removed."""
    import polars as pl

    from identity import erasure

    _key(tmp_path)
    mine, _ = outbox.request(_settings(tmp_path), _asked("change_address", address=ADDRESS), NOW)
    other, _ = outbox.request(_settings(tmp_path), _asked("change_address", "A2", address=ADDRESS), NOW)
    keys = pl.DataFrame(
        {
            "record_kind": ["order"],
            "source": pl.Series([None], dtype=pl.String),
            "channel": ["jd"],
            "source_record_id": ["A1"],
            "role": ["recipient"],
        }
    )
    assert outbox.forget(_settings(tmp_path), set(erasure.digests(erasure.keys(keys)))) == 1
    left = [path.stem for path in (tmp_path / "outbox" / "interventions" / "sealed").iterdir()]
    assert left == [other.request_id] != [mine.request_id]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (_asked("delete_everything"), "action"),
        (_asked(order=""), "order"),
        (_asked(reason="  "), "reason"),
        (_asked(reason="x" * 201), "reason"),
        (_asked("change_address"), "address"),
        (_asked("change_address", address={"receiver_name": "钱"}), "address"),
        (_asked("change_address", address={"address": "文三路", "id_card": "1"}), "address"),
        (_asked("change_address", address=ADDRESS), "no_key"),
    ],
)
def test_what_cannot_be_carried_out_is_refused_before_anything_is_written(
    tmp_path: Path, asked: Intervention, code: str
) -> None:
    with pytest.raises(RefusedError) as caught:
        outbox.request(_settings(tmp_path), asked, NOW)
    assert caught.value.code == code
    assert outbox.standing(_settings(tmp_path)) == []


def test_a_phone_in_the_reason_is_masked_and_the_table_is_safe(tmp_path: Path) -> None:
    """Passes if no digit group of a phone is kept, and the CSV view runs no formula."""
    outbox.request(_settings(tmp_path), _asked(reason="=1+1 请打 13912345678"), NOW)
    folder = tmp_path / "outbox" / "interventions"
    assert "13912345678" not in (folder / "2026-01.jsonl").read_text(encoding="utf-8")
    assert "'=1+1" in (folder / "interventions.csv").read_text(encoding="utf-8-sig")


def test_damaged_lines_are_passed_over(tmp_path: Path) -> None:
    """Passes if a cut or foreign line in either folder hides no request."""
    made, _ = outbox.request(_settings(tmp_path), _asked(), NOW)
    with (tmp_path / "outbox" / "interventions" / "2026-01.jsonl").open("a") as sink:
        sink.write('{"request_id": "iv_cut", "requ\n[]\n7\n\n{"request_id": "x"}\n')
    _answer(tmp_path, made.request_id, "nonsense", NOW)
    (one,) = outbox.standing(_settings(tmp_path))
    assert one.state == "requested"
