"""A file's digests hold as long as it provably stands as it did when they were taken."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from dagster_project.lib.ingest.readers import digests
from dagster_project.lib.ingest.readers.digests import Stand, digests_of

CONTENT = b"a,b\n1,2\n"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
BATCH_ID = hashlib.sha256(f"s\0{DIGEST}".encode()).hexdigest()[:16]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(digests, "_WORTH_KEEPING_BYTES", 0)
    monkeypatch.setattr(digests, "_TELLING_NS", 0)
    made = tmp_path / "x.csv"
    made.write_bytes(CONTENT)
    time.sleep(0.05)
    return made


def test_both_digests_are_told_with_the_stand(path: Path) -> None:
    stand = Stand.of(path.stat())
    told = digests_of("s", path, stand)
    assert told.batch_id == BATCH_ID
    assert told.content_sha256 == DIGEST
    assert told.stand == stand


def test_a_stand_that_no_longer_is_proves_nothing(path: Path) -> None:
    stand = Stand.of(path.stat())
    path.write_bytes(CONTENT)
    assert digests_of("s", path, stand).stand is None


def test_a_write_that_hides_its_time_changes_the_stand(path: Path) -> None:
    before = path.stat()
    path.write_bytes(CONTENT.replace(b"1", b"9"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert Stand.of(path.stat()) != Stand.of(before)


def test_a_file_written_just_now_is_not_trusted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "_TELLING_NS", 60_000_000_000)
    told = digests_of("s", path, Stand.of(path.stat()))
    assert told.stand is None
    assert told.batch_id == BATCH_ID
