"""How well and how fast addresses are standardised, by kind of noise: python -m benchmarks.addresses
[--each N].

Prints JSON with --json. `right`: the deepest level known is the true one (for a kind whose truth is no
district: no district was given, with all candidates where there are any). `wrong`: another one was
given. Same door, two spellings: how often the keys agree, and how often the keys of two doors agree.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any

import polars as pl

from benchmarks import address_noise
from benchmarks.address_world import Case, World
from identity.addresses import standardise

_FIELDS = {
    "road": "road",
    "road_no": "number",
    "building": "building",
    "unit": "unit",
    "floor": "floor",
    "room": "room",
}
_PARTS = ("province", "city", "district", "town", "address")
_SPELLINGS = (
    "{b}号楼{u}单元{r}室",
    "{b}栋{u}单元{r}",
    "{b}幢{u}单元{r}房",
    "{b}-{u}-{r}",
    "{b}座{u}门{r}室",
    "{b}#楼{u}单元{r}",
)


def evaluate(each: int, seed: int) -> dict[str, Any]:
    """The table by kind, F1 by field on the clean kinds, key agreement, and rows a second."""
    cases = World(seed).cases(each)
    frame = pl.DataFrame([case.columns for case in cases], schema=dict.fromkeys(_PARTS, pl.String))
    standardise(frame.head(10))
    begun = time.perf_counter()
    found = standardise(frame)
    seconds = time.perf_counter() - begun
    scored = found.with_columns(
        pl.Series("kind", [case.kind for case in cases]),
        pl.Series("truth", [case.adcode for case in cases], dtype=pl.String),
        pl.Series("wanted", [sorted(case.candidates) for case in cases], dtype=pl.List(pl.String)),
        pl.Series("true_town", [_written_town(case) for case in cases], dtype=pl.String),
    )
    return {
        "kinds": _kinds(scored),
        "fields": _fields(scored, cases),
        "keys": _keys(World(seed + 1), each),
        "rows_per_second": round(frame.height / seconds),
    }


def _written_town(case: Case) -> str | None:
    """The town's code where the case names the town."""
    written = case.place.town and case.place.town in "".join(case.columns.values())
    return case.place.town_code if written else None


def _kinds(scored: pl.DataFrame) -> dict[str, dict[str, float]]:
    given = pl.when(pl.col("district").is_not_null() | pl.col("truth").str.ends_with("00")).then("adcode")
    covered = pl.col("wanted").list.set_difference("candidates").list.len() == 0
    right = (
        pl.when(pl.col("truth").is_null())
        .then(pl.col("district").is_null() & covered)
        .otherwise(given == pl.col("truth"))
    )
    table = (
        scored.with_columns(right.fill_null(False).alias("right"), given.is_not_null().alias("given"))
        .group_by("kind", maintain_order=True)
        .agg(
            pl.col("right").mean().round(4),
            (pl.col("given") & ~pl.col("right")).mean().round(4).alias("wrong"),
            (pl.col("town_code").fill_null("") == pl.col("true_town")).mean().round(4).alias("town"),
        )
    )
    return {
        row["kind"]: {name: row[name] for name in ("right", "wrong", "town")}
        for row in table.iter_rows(named=True)
    }


def _fields(scored: pl.DataFrame, cases: list[Case]) -> dict[str, float]:
    plain = scored["kind"].is_in(["clean", "platform_columns", "no_town", "person_in_front", "spaces"])
    truth = pl.DataFrame([{f: getattr(case.place, f) or None for f in _FIELDS.values()} for case in cases])
    scores = {}
    for field, true_name in _FIELDS.items():
        got, want = scored.filter(plain)[field], truth.filter(plain)[true_name]
        hit = int((got == want).sum())
        scores[field] = round(
            2 * hit / max(1, got.len() - got.null_count() + want.len() - want.null_count()), 4
        )
    return scores


def _keys(world: World, each: int) -> dict[str, float]:
    """Recall of equal doors over spellings; precision among the keys of many doors of few compounds."""
    rows = []
    for door in range(each * 4):
        place = world.place()
        for style in _SPELLINGS:
            tail = style.format(b=place.building or "7", u=place.unit or "2", r=place.room)
            rows.append(
                {"door": door, "address": f"{place.chain}{place.town}{place.road}{place.number}号{tail}"}
            )
    frame = pl.DataFrame(rows)
    keyed = (
        standardise(frame.select("address"))
        .with_columns(frame["door"])
        .filter(pl.col("visible_to") == "room")
    )
    doors = keyed.group_by("door").agg(pl.col("address_key").n_unique().alias("keys"), pl.len().alias("rows"))
    agreed = doors.filter((pl.col("keys") == 1) & (pl.col("rows") == len(_SPELLINGS))).height / (each * 4)
    shared = keyed.group_by("address_key").agg(pl.col("door").n_unique().alias("doors"))
    return {"agreed": round(agreed, 4), "keys_of_two_doors": round((shared["doors"] > 1).mean() or 0.0, 5)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    assert address_noise.KINDS
    result = evaluate(arguments.each, arguments.seed)
    if arguments.json:
        sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
        return
    for kind, row in sorted(result["kinds"].items(), key=lambda item: item[1]["right"]):
        town = "     " if row["town"] is None else f"{row['town']:.3f}"
        sys.stdout.write(f"{kind:32} right {row['right']:.3f}  wrong {row['wrong']:.3f}  town {town}\n")
    for name in ("fields", "keys", "rows_per_second"):
        sys.stdout.write(f"{name}: {result[name]}\n")


if __name__ == "__main__":
    main()
