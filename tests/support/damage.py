"""Ways in which export files get damaged: on bytes, lines, cells. Each is repeatable from its random source.

`is_local` marks damage that stays inside one line: no other line may be lost to it.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

OUTSIDE_SHARE = 0.2
"""Share of damaged workbooks whose archive is hit, not a part inside it."""


@dataclass(frozen=True)
class Damage:
    """One way. `apply(data, random)` gives the damaged bytes; `data` is never empty."""

    name: str
    apply: Callable[[bytes, Random], bytes]
    is_local: bool = False


def _cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data))]


def _flip(data: bytes, random: Random) -> bytes:
    damaged = bytearray(data)
    for _ in range(random.randint(1, 8)):
        damaged[random.randrange(len(damaged))] ^= 1 << random.randrange(8)
    return bytes(damaged)


def _drop(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + data[at + random.randint(1, 40) :]


def _doubled(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + data[at : at + random.randint(1, 400)] + data[at:]


def _noise(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + random.randbytes(random.randint(1, 60)) + data[at:]


def _nul(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + b"\0" * random.randint(1, 9) + data[at:]


def _quote(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + b'"' * random.randint(1, 3) + data[at:]


def _unquote(data: bytes, random: Random) -> bytes:
    places = [at for at, byte in enumerate(data) if byte == 0x22]
    if not places:
        return _quote(data, random)
    at = random.choice(places)
    return data[:at] + data[at + 1 :]


def _other_encoding(data: bytes, random: Random) -> bytes:
    """The second half in another encoding, as a file that two programs wrote."""
    for encoding, other in (("utf-8", "gb18030"), ("gb18030", "utf-8")):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        at = random.randrange(len(text) + 1)
        return text[:at].encode(encoding) + text[at:].encode(other)
    return data


def _wide(data: bytes, random: Random) -> bytes:
    try:
        return data.decode().encode(random.choice(("utf-16", "gb18030", "utf-8-sig")))
    except UnicodeDecodeError:
        return data


def _newlines(data: bytes, random: Random) -> bytes:
    """Each line end one of the three that there are."""
    lines = data.replace(b"\r\n", b"\n").split(b"\n")
    return b"".join(line + random.choice((b"\n", b"\r\n", b"\r")) for line in lines)


def _shuffled_columns(data: bytes, random: Random) -> bytes:
    lines = data.split(b"\n")
    order = list(range(lines[0].count(b",") + 1))
    random.shuffle(order)
    return b"\n".join(
        b",".join(cells[at] for at in order) if len(cells) == len(order) else line
        for line in lines
        for cells in [line.split(b",")]
    )


def _same_header_twice(data: bytes, random: Random) -> bytes:
    head, end, rest = data.partition(b"\n")
    cells = head.split(b",")
    cells[random.randrange(len(cells))] = cells[random.randrange(len(cells))]
    return b",".join(cells) + end + rest


def _line_gone_or_twice(data: bytes, random: Random) -> bytes:
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    lines[at : at + 1] = [lines[at]] * random.choice((0, 2, 3))
    return b"\n".join(lines)


def _blank_lines(data: bytes, random: Random) -> bytes:
    lines = data.split(b"\n")
    lines.insert(random.randrange(len(lines) + 1), random.choice((b"", b"  ", b",,,", b"\t")))
    return b"\n".join(lines)


def _huge_cell(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + b"x" * random.choice((70_000, 1_100_000)) + data[at:]


def _strange_cell(data: bytes, random: Random) -> bytes:
    """One cell of one line below the first: a formula, a word, a number that is none."""
    words = (
        "=cmd|'/C calc'!A0",
        "@SUM(1)",
        "-1",
        "1e400",
        "2026-02-30",
        "\u202e",
        "9" * 400,
        "合计",
        "{}",
        "\ufffd",
    )
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    cells = lines[at].split(b",")
    cells[random.randrange(len(cells))] = random.choice(words).encode()
    lines[at] = b",".join(cells)
    return b"\n".join(lines)


def damaged(data: bytes, damage: Damage, random: Random) -> bytes:
    """The damaged file; of a workbook, more often than not a part inside the archive: the archive itself says
    of nearly every changed byte that it is broken."""
    if not data.startswith(b"PK") or random.random() < OUTSIDE_SHARE:
        return damage.apply(data, random) if data else data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            parts = {name: book.read(name) for name in book.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, zlib.error):
        return damage.apply(data, random)
    sheets = [name for name in parts if name.startswith("xl/") and name.endswith(".xml")]
    name = random.choice(sheets)
    parts[name] = damage.apply(parts[name], random)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        for each, content in parts.items():
            book.writestr(each, content)
    return out.getvalue()


DAMAGES = (
    Damage("cut", _cut),
    Damage("flipped bits", _flip),
    Damage("dropped bytes", _drop),
    Damage("doubled bytes", _doubled),
    Damage("noise", _noise),
    Damage("NUL bytes", _nul, is_local=True),
    Damage("quotes added", _quote),
    Damage("a quote gone", _unquote),
    Damage("two encodings", _other_encoding),
    Damage("another encoding", _wide, is_local=True),
    Damage("mixed newlines", _newlines),
    Damage("shuffled columns", _shuffled_columns),
    Damage("a header twice", _same_header_twice),
    Damage("a line gone or twice", _line_gone_or_twice),
    Damage("blank lines", _blank_lines),
    Damage("a huge cell", _huge_cell),
    Damage("a strange cell", _strange_cell, is_local=True),
)
