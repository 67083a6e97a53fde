"""Exports whose every cell, header and name holds a made-up person, to see what leaves by the side doors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from support.ingest_files import DOUYIN, csv_bytes, put

from dagster_project.settings import Settings

PHONE, NAME, ADDRESS = "13900008765", "欧阳示例", "示例路199号7幢301室"
PERSON = f"{NAME} {PHONE} {ADDRESS}"


def write(settings: Settings) -> None:
    """Orders with the person in each column in turn, in the header, in the file's name; tracks in JSON."""
    rows = [
        DOUYIN | {"子订单编号": f"69179300000000{number:05d}", column: PERSON}
        for number, column in enumerate(DOUYIN)
        if column not in ("主订单编号", "子订单编号")
    ]
    put(settings, "douyin_orders", "1700000000_cells.csv", csv_bytes(rows))
    put(settings, "douyin_orders", "1700000001_header.csv", csv_bytes([DOUYIN | {PERSON: "x"}]))
    put(settings, "douyin_orders", "1700000002_no_header.csv", f"{PERSON},b\n{PERSON},2\n".encode())
    put(settings, "douyin_orders", "1700000003_cut.csv", csv_bytes(rows)[:-40])
    put(settings, "douyin_orders", f"1700000004_{PERSON}.csv", csv_bytes([DOUYIN | {"商品数量": "2"}]))
    node = {"context": PERSON, "time": PERSON, "status": PERSON}
    told = {
        "message": PERSON,
        "nu": "SF1",
        "com": "sf",
        "state": "3",
        "data": [node, node | {"time": "2026-01-05"}],
    }
    put(settings, "kuaidi100_tracks", "tracks.json", json.dumps(told, ensure_ascii=False).encode())
    put(settings, PERSON, "x.csv", b"a,b\n1,2\n")


def found_in(texts: dict[str, str]) -> list[str]:
    """Where the person's phone or address is told, or the name beside them; escaped as in JSON or not."""
    forms = {part: (part, json.dumps(part)[1:-1]) for part in (PHONE, ADDRESS)}
    return sorted(
        f"{place}: {part}"
        for place, text in texts.items()
        for part, shown in forms.items()
        if any(s in text for s in shown)
    )


def texts_of(*folders: Path) -> Iterator[tuple[str, str]]:
    """Name and content of every file below; bytes that are no text are passed over."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield f"{folder.name}/{path.name}", path.read_bytes().decode("utf-8", errors="ignore")
