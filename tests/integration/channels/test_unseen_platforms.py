"""How well a draft reads a platform that no contract knows: each built-in source, its own contract left out.

The floors lie a little below what was measured (499 headers right, 15 wrong, 30 not found); a wrong header is
worse than one that is not found, since a person is told of the latter.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from dagster_project.lib.channel import drafting
from dagster_project.lib.channel.draft import Draft
from dagster_project.lib.channel.vocabulary import all_contracts
from dagster_project.lib.ingest.contracts.contract import PAID_HELPER, Contract
from dagster_project.lib.ingest.readers.headers import canonical_header
from dagster_project.settings import BUILT_IN_CHANNELS

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "channels"
LEAST_RIGHT, MOST_WRONG, MOST_MISSED = 480, 20, 40


def judged(made: Draft, own: Contract) -> Counter[str]:
    """How many headers that the platform's own contract maps are right, wrong, missed."""
    mine = {canonical_header(match.header): match.column for match in made.matching.matches}
    told: Counter[str] = Counter()
    for header in {canonical_header(header) for header in made.profile.headers}:
        columns = {column for column, headers in own.headers.items() if header in headers}
        if not columns & {*own.feed.columns, PAID_HELPER}:
            told["wrong"] += header in mine and bool(columns)
        elif header not in mine:
            told["missed"] += 1
        else:
            told["right" if mine[header] in columns else "wrong"] += 1
    return told


def test_drafts_of_unseen_platforms_are_mostly_right(monkeypatch: pytest.MonkeyPatch) -> None:
    contracts = all_contracts((BUILT_IN_CHANNELS,))
    told: Counter[str] = Counter()
    feeds = []
    for folder in sorted(FIXTURES.iterdir()):
        others = [contract for contract in contracts if contract.source != folder.name]
        own = next(contract for contract in contracts if contract.source == folder.name)
        monkeypatch.setattr(drafting, "all_contracts", lambda _, others=others: others)
        for file in sorted(folder.iterdir()):
            if not file.name.endswith((".yml", ".rows.json")):
                made = drafting.draft("unseen", file, (BUILT_IN_CHANNELS,))
                told += judged(made, own)
                feeds.append((own.feed.name, made.matching.feed.name))
    assert told["right"] >= LEAST_RIGHT, told
    assert told["wrong"] <= MOST_WRONG, told
    assert told["missed"] <= MOST_MISSED, told
    assert all(drafted == "orders" for own, drafted in feeds if own == "orders")
