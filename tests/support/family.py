"""A mother and her son on one phone, as files in landing/: for tests of what belongs to whom.

Each has a touchpoint record and an order of their own; the numbers are nobody's.
"""

from __future__ import annotations

import json
from pathlib import Path

from dagster_project import settings as settings_module
from dagster_project.lib import stages
from dagster_project.lib.session import open_session
from dagster_project.settings import Settings

MOTHER = {"name": "张文秀兰", "phone": "13912340001", "email": "wen@example.cn"}
SON = {"name": "张小明山", "phone": "13912340001", "email": "ming@example.cn"}
HOME = {"province": "浙江省", "city": "杭州市", "district": "西湖区", "address": "文三路391号2幢1单元503室"}
REMARK = "请打13912340001找张文秀兰"


def lines(*rows: dict[str, str]) -> str:
    """Rows as JSON lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def touch(number: str, person: dict[str, str], unionid: str, account: str) -> dict[str, str]:
    """A registration in the app."""
    told = {"touchpoint": "app_register_login", "source_record_id": number, "unionid": unionid}
    return {**told, "channel": "app", "buyer_account": account, **person}


def order(number: str, person: dict[str, str], account: str) -> dict[str, str]:
    """An order of this account to this person at HOME."""
    receiver = {f"receiver_{k}": v for k, v in {**person, **HOME}.items() if k != "email"}
    at = "2026-01-02 10:00:00"
    return {
        "channel": "app",
        "channel_order_id": number,
        "buyer_account": account,
        "ordered_at": at,
        **receiver,
    }


def land(settings: Settings, feed: str, name: str, text: str) -> None:
    """Puts a file of the feed into landing/."""
    path = settings.landing / f"luyue_{feed}" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def run_stages(settings: Settings) -> None:
    """A run up to the customers, without dbt."""
    with open_session(settings, say=lambda _: None) as session:
        stages.ingest(session)
        stages.addresses(session)
        stages.customers(session)


def family_in(data: Path) -> Settings:
    """The family's data folder after its first run."""
    made = settings_module.load(data=data, env={})
    told = lines(touch("m1", MOTHER, "oUnionMother", "mother88"), touch("s1", SON, "oUnionSon", "son99"))
    land(made, "customer_records", "luyue_customer_records_20260103080000.jsonl", told)
    orders = [order("A1", MOTHER, "mother88") | {"buyer_message": REMARK}, order("A2", SON, "son99")]
    land(made, "orders", "luyue_orders_20260103080000.jsonl", lines(*orders))
    event = {"event_id": "e1", "channel": "app", "channel_order_id": "A1", "event_code": "order_paid"}
    event |= {
        "occurred_at": "2026-01-02 10:00:00",
        "payload": json.dumps({"note": REMARK}, ensure_ascii=False),
    }
    land(made, "order_events", "luyue_order_events_20260103080000.jsonl", lines(event))
    run_stages(made)
    return made
