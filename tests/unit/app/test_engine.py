"""Versions side by side: readers of an old one end on it, many threads ask at once, memory has a bound."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import app_serving

from app import published
from app.access.policy import Policy, acting_as
from app.queries import engine, reader
from app.queries.cache import FrameCache

AS_OF = datetime(2026, 1, 31, 7, 40)
ANYBODY = Policy("auditor")
SQL = "select count(*) as n from marts.fct_anomalies"


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> list[published.Version]:
    """Five versions, each with another number of anomalies."""
    data = tmp_path_factory.mktemp("versions")
    made = []
    for at in range(5):
        path = app_serving.write(data, AS_OF, name=f"serve_r{at}.duckdb", days=7, anomalies=10 + at)
        made.append(published.version_of(path))
    return made


def test_many_threads_ask_all_versions_and_each_gets_its_own(versions: list[published.Version]) -> None:
    """Passes if no answer is of another version, whichever is opened, closed and opened again meanwhile."""

    def ask(turn: int) -> bool:
        at = turn * 7 % len(versions)
        policy = Policy("auditor", channels=("jd",)) if turn % 3 == 0 else ANYBODY
        got = engine.of(versions[at]).rows(SQL, {}, policy)["n"][0]
        return bool(got == len([i for i in range(10 + at) if policy is ANYBODY or i % 3 == 2]))

    with ThreadPoolExecutor(12) as pool:
        assert all(pool.map(ask, range(30)))
    assert len(engine._open) <= engine.OPEN_VERSIONS


def test_a_version_that_is_open_answers_though_its_file_is_gone(tmp_path: Path) -> None:
    """Passes if pruning under a reader's hands breaks no query of the page that is being drawn."""
    path = app_serving.write(tmp_path, AS_OF, days=7, anomalies=33)
    version = published.version_of(path)
    with acting_as(ANYBODY):
        assert reader.read(version, "select count(*) as n from marts.fct_orders")["n"][0] == 400
        path.unlink()
        assert reader.read(version, SQL)["n"][0] == 33


@given(sizes=st.lists(st.integers(1, 400), max_size=60))
def test_the_cache_never_holds_more_than_its_bytes(sizes: list[int]) -> None:
    """Passes if after each result the sum is below the bound, and what is kept is what was made."""
    cache = FrameCache(8_000)
    for at, size in enumerate(sizes):
        frame = pl.DataFrame({"x": range(size)})
        assert cache.get((at % 5, size), lambda frame=frame: frame).equals(frame)
        assert cache.bytes <= 8_000
    assert cache.bytes == sum(size for _, size in cache._frames.values())


def test_results_go_with_their_version() -> None:
    """Passes if the frames of a version that is open no more are made anew, and all others kept."""
    cache, made = FrameCache(1_000_000), []

    def ask(version: str) -> None:
        cache.get((version, "sql"), lambda: made.append(version) or pl.DataFrame({"x": [1]}))

    ask("old")
    ask("new")
    cache.keep(frozenset({"new"}))
    ask("new")
    assert made == ["old", "new"]
    assert cache.bytes == sum(size for _, size in cache._frames.values())
    ask("old")
    assert made == ["old", "new", "old"]
