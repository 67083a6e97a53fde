"""Every header and word that is known of a platform's export is mapped as it is known, or kept on purpose.

The facts stand in tests/fixtures/channels/<source>/facts.yml. What the files look like as bytes is tested in
test_sources_files.py.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from support.ingest_files import batch, contract, csv_bytes, rows

from dagster_project.lib.ingest.contracts.contract import PAID_HELPER, Contract
from dagster_project.lib.ingest.readers.headers import canonical_header
from dagster_project.lib.ingest.rules.cells import NULL_WORDS
from dagster_project.lib.ingest.rules.word_rules import map_words

FOLDER = Path(__file__).parents[2] / "fixtures" / "channels"
TRACKS = ("kuaidi100_tracks", "kdniao_tracks", "cainiao_tracks")


@cache
def facts(source: str) -> dict[str, Any]:
    return yaml.safe_load((FOLDER / source / "facts.yml").read_text(encoding="utf-8"))


SOURCES = sorted(path.parent.name for path in FOLDER.glob("*/facts.yml"))
VARIANTS = [(source, name) for source in SOURCES for name in facts(source).get("variants", {})]
MAPS = [
    (source, column, header)
    for source in SOURCES
    for column, headers in facts(source).get("maps", {}).items()
    for header in headers
]
WORDS = [
    (source, kind, word, meaning)
    for source in SOURCES
    for kind in ("status_map", "aftersale_status_map")
    for word, meaning in facts(source).get(kind, {}).items()
]


def columns_of(told: str) -> set[str]:
    """`ordered_at, paid_at` and `carrier + waybill_no (split)`, as the facts name columns."""
    return set(re.split(r"[,+\s]+", re.sub(r"\(.*?\)", "", told).strip()))


def reached(source: str, header: str) -> set[str]:
    """Every canonical column that a header can reach: mapped, or made of what it is mapped to."""
    of, name = contract(source), canonical_header(header)
    reached = {column for column, names in of.headers.items() if name in names}
    for _ in range(2):
        for key in ("sums", "copies", "compose", "on_newest", "signed_by", "words", "split"):
            rules = of.get(key, {})
            for target, rule in rules.items() if isinstance(rules, dict) else enumerate(rules):
                used = set(re.findall(r"\w+", json.dumps(rule, ensure_ascii=False)))
                if reached & used:
                    reached |= {target} if isinstance(target, str) else used & set(of.feed.columns)
    return reached


@pytest.mark.parametrize(("source", "variant"), VARIANTS)
def test_each_header_is_mapped_or_known_to_stay_in_extras(source: str, variant: str) -> None:
    of = contract(source)
    names = {canonical_header(header) for header in facts(source)["variants"][variant]}
    assert names - of.known_headers().keys() - of.known_extras == set(), "neither mapped nor known"
    assert of.known_headers().keys() & of.known_extras == set(), "both mapped and kept"


@pytest.mark.parametrize(("source", "told", "header"), MAPS)
def test_header_fills_the_column_that_is_known(source: str, told: str, header: str) -> None:
    assert columns_of(told) <= reached(source, header)


@pytest.mark.parametrize("source", [source for source in SOURCES if "paid" in facts(source)])
def test_paid_amount_comes_from_the_header_that_is_known(source: str) -> None:
    known = contract(source).headers[PAID_HELPER]
    for header in re.split(r"\s*/\s*|\s*…", facts(source)["paid"]):
        assert not header or canonical_header(header) in known


@pytest.mark.parametrize(("source", "variant"), VARIANTS)
def test_variant_is_taken_whole_and_keeps_what_no_column_holds(source: str, variant: str) -> None:
    """A row with every header filled is accepted without a notice, and what is kept is under its header."""
    headers = facts(source)["variants"][variant]
    of = contract(source)
    name = "库存_W1_20260105090000.csv"
    made = batch(csv_bytes([{header: _cell(of, header) for header in headers}]), source, name)
    row = rows(made).row(0, named=True)
    assert made.notices == []
    kept = json.loads(row["extras"]) if row["extras"] else {}
    for header in set(facts(source).get("to_extras", ())) & {header.strip() for header in headers}:
        assert header in kept
    for column in made.carried:
        shown = [row[name] for name in of.feed.columns[column].physical]
        assert any(cell is not None for cell in shown), column


@pytest.mark.parametrize(("source", "kind", "word", "meaning"), WORDS)
def test_word_has_the_meaning_that_is_known(source: str, kind: str, word: str, meaning: str) -> None:
    of = contract(source)
    aftersale = kind == "aftersale_status_map"
    wanted = "track" if source in TRACKS else "aftersale" if aftersale else "status"
    rule = next(rule for rule in of.get("words") if rule["list"] == wanted)
    cell = None if word in (*NULL_WORDS, *of.get("null_words", ())) else word
    frame = pl.DataFrame({rule["from"]: [cell]}, schema={rule["from"]: pl.String})
    assert map_words(frame, rule, {})[rule["into"]].to_list() == [meaning]


@pytest.mark.parametrize("source", [source for source in SOURCES if "null_words" in facts(source)])
def test_null_words_are_empty(source: str) -> None:
    told = {word for word in facts(source)["null_words"] if word != '=""'}
    assert told <= {*NULL_WORDS, *contract(source).get("null_words", ())}


def _cell(of: Contract, header: str) -> str:
    """A cell that every column it fills can read."""
    columns = [column for column, names in of.headers.items() if canonical_header(header) in names]
    words = [rule for rule in of.get("words", ()) if rule["from"] in columns]
    if words:
        return list(words[0].get("map", {"京东": ""}))[-1]
    if "shipping_info" in columns:
        return "示例快递-SF0001"
    kinds = {of.type_of(column) for column in columns}
    for kind, cell in (("ts", "2026-01-02 10:00:00"), ("money", "12.50"), ("qty", "2")):
        if kind in kinds:
            return cell
    return f"甲{len(header)}"
