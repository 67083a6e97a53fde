"""Owners are told by webhook of what is critical and new: once each, to a receiver that really listens."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from integration.quality.published import OPENED, publish

from dagster_project import settings as settings_module
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.quality import telling
from dagster_project.settings import Settings


@dataclass
class Receiver:
    """A local webhook: what it was sent, by path, and how it answers."""

    url: str = ""
    status: int = 200
    got: list[tuple[str, dict]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    told = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if told.status == 200:
                told.got.append((self.path, json.loads(body)))
            self.send_response(told.status)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_port}"
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def settings(tmp_path: Path, receiver: Receiver) -> Settings:
    owners = tmp_path / "owners.yml"
    owners.write_text(f"owners: {{仓储部: '{receiver.url}/wh', default: '{receiver.url}/all'}}\n", "utf-8")
    made = settings_module.load(data=tmp_path / "data", env={"LUYUE_OWNERS": str(owners)})
    made.quality.mkdir(parents=True)
    return made


FINDINGS = [
    {"finding_id": "cheap", "kpi_points": 0.1},
    {"finding_id": "dear", "kpi_points": 3.0},
    {"finding_id": "other", "owner": "品类一部"},
    {"finding_id": "major", "severity": "major"},
    {"finding_id": "answered", "state": "assigned"},
    {"finding_id": "closed", "state": "closed", "resolved_at": datetime(2026, 1, 11)},
]


def test_each_owner_is_told_once_the_costliest_first(settings: Settings, receiver: Receiver) -> None:
    publish(settings, FINDINGS)
    assert telling.tell_new(settings).counts == {"仓储部": 2, "品类一部": 1}
    by_path = dict(receiver.got)
    assert [one["finding_id"] for one in by_path["/wh"]["findings"]] == ["dear", "cheap"]
    assert [one["finding_id"] for one in by_path["/all"]["findings"]] == ["other"]
    assert by_path["/wh"]["count"] == 2
    assert "value" not in by_path["/wh"]["findings"][0], "values stay in the report"
    assert telling.tell_new(settings).counts == {}
    assert len(receiver.got) == 2


def test_what_comes_back_is_new(settings: Settings, receiver: Receiver) -> None:
    publish(settings, FINDINGS[:1])
    telling.tell_new(settings)
    publish(settings, [FINDINGS[0] | {"opened_at": OPENED.replace(day=20)}], "serve_2.duckdb")
    assert telling.tell_new(settings).counts == {"仓储部": 1}


def test_a_webhook_that_fails_is_tried_again_and_holds_no_other(
    settings: Settings, receiver: Receiver
) -> None:
    publish(settings, FINDINGS)
    receiver.status = 503
    told = telling.tell_new(settings)
    assert told.counts == {}
    assert [line.split(":")[0] for line in told.failures] == ["仓储部", "品类一部"]
    receiver.status = 200
    assert telling.tell_new(settings).counts == {"仓储部": 2, "品类一部": 1}


def test_nobody_is_told_where_no_file_names_owners(settings: Settings, receiver: Receiver) -> None:
    publish(settings, FINDINGS)
    silent = settings_module.load(data=settings.data, env={})
    assert telling.tell_new(silent).counts == {}
    assert receiver.got == []


@pytest.mark.parametrize("text", ["", "owners: 3", "people: {}", "owners: {a: 'file:///etc/passwd'}"])
def test_a_file_that_means_nothing_is_named(settings: Settings, text: str) -> None:
    publish(settings, FINDINGS)
    assert settings.owners_file is not None
    settings.owners_file.write_text(text, "utf-8")
    with pytest.raises(LuyueError, match=r"owners\.yml: "):
        telling.tell_new(settings)
