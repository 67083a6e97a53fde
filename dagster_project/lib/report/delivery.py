"""What is to be mended, taken to its owners: a folder in the outbox that somebody picks up, and letters.

Files first, so that a mail server that is down loses nothing. When it is done, and for whom, is set outside.
"""

from __future__ import annotations

import csv
import smtplib
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from dagster_project import safe_tables
from dagster_project.lib import due, publish
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.report.to_mend.listing import Listing, listings
from dagster_project.lib.report.to_mend.writing import contents
from dagster_project.settings import Settings

SMTP_SECONDS = 30.0
"""How long a mail server may take to answer."""
SENDER = "luyue@localhost"
_TYPES = {".html": ("text", "html"), ".csv": ("text", "csv"), ".xlsx": ("application", "octet-stream")}


def deliver(settings: Settings, now: datetime) -> dict[str, int]:
    """Writes DATA/outbox/reports/<run>/ once a published version: the pages of all and of each owner, and a
    letter (.eml) to each owner that the recipients' file names; sends the letters where a mail server is set.

    Counts: files, letters, sent; all 0 where that version was delivered before, or nothing is published.
    Raises LuyueError that names what is wrong with the recipients' file or the mail server: the files stay.
    """
    published = publish.current(settings)
    if published is None:
        return {"files": 0, "letters": 0, "sent": 0}
    folder = settings.outbox / "reports" / publish.run_id_of(published)
    told = listings(published)
    if not told or (folder / _DONE).exists():
        return {"files": 0, "letters": 0, "sent": 0}
    state = due.read_state(settings)
    files = contents(told, state.as_of if state else None, now)
    letters = _letters(told, files, _recipients(settings.report_recipients))
    for name, content in {**files, **{name: letter.as_bytes() for name, letter in letters.items()}}.items():
        safe_tables.write(folder / name, content)
    sent = _send(settings.smtp, list(letters.values())) if settings.smtp else 0
    safe_tables.write(folder / _DONE, f"{now:%Y-%m-%d %H:%M:%S}\n".encode())
    return {"files": len(files), "letters": len(letters), "sent": sent}


_DONE = ".delivered"


def _recipients(path: Path | None) -> dict[str, list[str]]:
    """Addresses by owner, of a CSV with the columns owner and address."""
    if path is None:
        return {}
    found: dict[str, list[str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            owner, address = (str(row.get(name) or "").strip() for name in ("owner", "address"))
            if not owner or "@" not in address or any(mark in address for mark in "\r\n,;"):
                raise LuyueError(f"{path}, line {number}: needs an owner and one mail address")
            found.setdefault(owner, []).append(address)
    return found


def _letters(
    told: tuple[Listing, ...], files: dict[str, bytes], recipients: dict[str, list[str]]
) -> dict[str, EmailMessage]:
    """A letter an owner, by file name: a sentence in both languages, the page and its tables attached."""
    made = {}
    for listing in told:
        addresses = recipients.get(listing.owner or "", [])
        if not addresses:
            continue
        count = listing.findings.height
        letter = EmailMessage()
        letter["From"], letter["To"] = SENDER, ", ".join(addresses)
        letter["Subject"] = f"待修正的主数据 {count:,} 项 / {count:,} findings to mend"
        letter.set_content(
            f"{listing.owner}：{count:,} 项主数据待修正，请打开附件中的网页。\n"
            f"{listing.owner}: {count:,} findings on master data are to be mended; open the page attached.\n"
        )
        for ending, (main, sub) in _TYPES.items():
            name = listing.name + ending
            letter.add_attachment(files[name], maintype=main, subtype=sub, filename=name)
        made[f"{listing.name}.eml"] = letter
    return made


def _send(server: str, letters: list[EmailMessage]) -> int:
    host, _, port = server.partition(":")
    try:
        with smtplib.SMTP(host, int(port or 25), timeout=SMTP_SECONDS) as connection:
            for letter in letters:
                connection.send_message(letter)
    except (OSError, smtplib.SMTPException) as error:
        raise LuyueError(
            f"LUYUE_SMTP {server}: {' '.join(str(error).split())}; the letters stand in outbox/"
        ) from error
    return len(letters)
