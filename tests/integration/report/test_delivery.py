"""Findings taken to their owners: files in the outbox once a version, letters, and a mail server that may
fail."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from support.stewards_desk import lay_out

from dagster_project.lib.errors import LuyueError
from dagster_project.lib.report import delivery

NOW = datetime(2026, 2, 2, 7, 30)


class _Mailbox(socketserver.StreamRequestHandler):
    """Just enough of a mail server: it takes what it is sent."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                text = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    text += part
                self.server.taken.append(text)  # type: ignore[attr-defined]
            if word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 well\r\n")


@contextmanager
def mailbox() -> Iterator[tuple[str, list[bytes]]]:
    with socketserver.TCPServer(("127.0.0.1", 0), _Mailbox) as server:
        server.taken = taken = []  # type: ignore[attr-defined,var-annotated]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}", taken
        server.shutdown()


def test_each_owner_gets_a_letter_with_their_page_once(tmp_path: Path) -> None:
    settings = lay_out(tmp_path)
    recipients = tmp_path / "recipients.csv"
    recipients.write_text(
        "owner,address\nlogistics,a@example.invalid\nlogistics,b@example.invalid\nnobody,c@example.invalid\n"
    )
    with mailbox() as (server, taken):
        settings = replace(settings, report_recipients=recipients, smtp=server)
        assert delivery.deliver(settings, NOW) == {"files": 9, "letters": 1, "sent": 1}
        assert delivery.deliver(settings, NOW) == {"files": 0, "letters": 0, "sent": 0}
    (letter,) = [message_from_bytes(text, policy=policy.default) for text in taken]
    assert letter["To"] == "a@example.invalid, b@example.invalid"
    names = [part.get_filename() for part in letter.iter_attachments()]
    assert names == ["to_mend-logistics.html", "to_mend-logistics.csv", "to_mend-logistics.xlsx"]
    folder = settings.outbox / "reports" / "1"
    assert {path.name for path in folder.glob("*.eml")} == {"to_mend-logistics.eml"}
    assert (folder / "to_mend.html").exists()


def test_without_recipients_it_is_a_folder_of_files(tmp_path: Path) -> None:
    assert delivery.deliver(lay_out(tmp_path), NOW) == {"files": 9, "letters": 0, "sent": 0}


def test_a_mail_server_that_is_down_loses_nothing_and_is_asked_again(tmp_path: Path) -> None:
    recipients = tmp_path / "recipients.csv"
    recipients.write_text("owner,address\nlogistics,a@example.invalid\n")
    settings = replace(lay_out(tmp_path), report_recipients=recipients, smtp="127.0.0.1:1")
    with pytest.raises(LuyueError, match=r"LUYUE_SMTP 127\.0\.0\.1:1: .*; the letters stand in outbox/"):
        delivery.deliver(settings, NOW)
    assert (settings.outbox / "reports" / "1" / "to_mend-logistics.eml").exists()
    with mailbox() as (server, taken):
        assert delivery.deliver(replace(settings, smtp=server), NOW)["sent"] == 1
    assert len(taken) == 1


def test_a_recipient_that_is_none_is_named(tmp_path: Path) -> None:
    recipients = tmp_path / "recipients.csv"
    recipients.write_text("owner,address\nlogistics,nowhere\n")
    settings = replace(lay_out(tmp_path), report_recipients=recipients)
    with pytest.raises(LuyueError, match=r"recipients\.csv, line 2: needs an owner and one mail address"):
        delivery.deliver(settings, NOW)
