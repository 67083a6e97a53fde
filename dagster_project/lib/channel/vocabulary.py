"""What is known of headers and words: from every contract, and from synonyms.yml.

A contract's header counts before a synonym. Comparing with a file is matching.py's work.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dagster_project.lib.feeds import load_feeds
from dagster_project.lib.ingest.contracts.contract import (
    PAID_HELPER,
    Contract,
    canonical_words,
    load_contract,
)
from dagster_project.lib.ingest.contracts.folders import source_folders
from dagster_project.lib.ingest.errors import ContractError
from dagster_project.lib.ingest.readers.headers import canonical_header
from dagster_project.lib.ingest.rules.word_rules import canonical_word

SYNONYMS_FILE = Path(__file__).with_name("synonyms.yml")
_BRACKETED = re.compile(r"[(\[【{][^)\]】}]*[)\]】}]")
_RECORDS = re.compile(r"^.*\[\]\.")
_MARKS = re.compile(r"[\s_\-./:;#*'\"\\]+")


RAW = {"status": "status_raw", "node": "node_raw"}
"""Columns of canonical words, and those of the platform's words that they are made of: files fill these."""


@dataclass(frozen=True)
class Vocabulary:
    """Of one feed: header (canonical form, and plain form) → column."""

    exact: Mapping[str, str]
    plain: Mapping[str, str]


def plain(header: str) -> str:
    """A header without brackets, units in them, punctuation, and the list of JSON records that it is of:
    `Order No.` and `order_no` are one."""
    name = _RECORDS.sub("", canonical_header(header))
    bare = _MARKS.sub("", _BRACKETED.sub("", name))
    return bare or _MARKS.sub("", name)


def all_contracts(channels: Iterable[Path]) -> list[Contract]:
    """Every contract that can be used; one that cannot is its owner's matter."""
    found = []
    for folder in source_folders(channels).values():
        try:
            found.append(load_contract(folder))
        except ContractError:
            continue
    return found


def vocabularies(contracts: Iterable[Contract]) -> dict[str, Vocabulary]:
    """By feed; columns are those of the feed, and `paid_amount` of orders.

    A header that a contract names first for a column counts before a synonym, one that it names as a second
    choice after all.
    """
    votes: dict[str, dict[str, Counter[str]]] = {}
    second: dict[str, dict[str, str]] = {}
    for contract in contracts:
        said, spare = votes.setdefault(contract.feed.name, {}), second.setdefault(contract.feed.name, {})
        for column, (first, *others) in contract.headers.items():
            if column in contract.feed.columns or column == PAID_HELPER:
                said.setdefault(first, Counter())[column] += 1
                spare |= {plain(header): column for header in others if plain(header) not in spare}
    made = {}
    for name, feed in load_feeds().items():
        voted = {
            header: min(columns, key=lambda column: (-columns[column], column))
            for header, columns in votes.get(name, {}).items()
        }
        exact = {column: column for column in feed.columns} | voted
        exact |= {word: RAW[word] for word in RAW.keys() & exact.keys() if RAW[word] in feed.columns}
        synonyms = {
            header: column
            for column, headers in _synonyms()["headers"].get(name, {}).items()
            for header in headers
        }
        named = {plain(header): column for header, column in exact.items()}
        made[name] = Vocabulary(exact, second.get(name, {}) | named | synonyms)
    return made


def header_words(known: Mapping[str, Vocabulary]) -> set[str]:
    """All known headers, to find the row of a file that holds them."""
    return {header for each in known.values() for header in (*each.exact, *each.plain)}


def meanings(contracts: Iterable[Contract], list_name: str) -> dict[str, str]:
    """Word (canonical form) → canonical word of a list, as most contracts say; synonyms where none does."""
    votes: dict[str, Counter[str]] = {}
    for contract in contracts:
        for rule in contract.get("words", ()):
            if rule["list"] == list_name:
                for word, meaning in rule.get("map", {}).items():
                    votes.setdefault(canonical_word(str(word)), Counter())[meaning] += 1
    known = {
        canonical_word(word).lower(): meaning
        for meaning, words in _synonyms()["words"].get(list_name, {}).items()
        for word in words
    }
    known |= {word: min(said, key=lambda m: (-said[m], m)) for word, said in votes.items()}
    return known | {word: word for word in canonical_words()[list_name]}


def meaning_of(word: str, known: Mapping[str, str]) -> str | None:
    """What a word means: as it stands, else without case and punctuation."""
    name = canonical_word(word)
    return known.get(name) or known.get(name.lower()) or known.get(_MARKS.sub("", name.lower()))


@cache
def _synonyms() -> dict[str, Any]:
    return yaml.load(SYNONYMS_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
