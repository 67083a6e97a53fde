"""Which file is shown, and why none is: missing, damaged and outdated files each have their reason."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from support import app_serving

from app import published
from app.access.policy import Policy, acting_as
from app.queries import reader

AS_OF = datetime(2026, 1, 31, 7, 40)


def _reason(serving: Path) -> str:
    with pytest.raises(published.UnavailableError) as caught:
        reader.check(published.current(serving))
    return caught.value.reason


def test_the_published_file_is_found_and_holds_what_is_needed(tmp_path: Path) -> None:
    """Passes if CURRENT leads to the file, and a newer CURRENT to the newer one."""
    first = app_serving.write(tmp_path, AS_OF)
    version = published.current(tmp_path / "serving")
    reader.check(version)
    assert version.path == first
    second = app_serving.write(tmp_path, AS_OF, name="serve_r2.duckdb")
    assert published.current(tmp_path / "serving").path == second
    assert published.version_of(first) == version


def test_no_folder_and_no_pointer_mean_nothing_published(tmp_path: Path) -> None:
    """Passes if both are `nothing`."""
    assert _reason(tmp_path / "serving") == "nothing"
    (tmp_path / "serving").mkdir()
    assert _reason(tmp_path / "serving") == "nothing"


def test_a_pointer_to_nowhere_is_missing(tmp_path: Path) -> None:
    """Passes if the named file need not exist."""
    (tmp_path / "CURRENT").write_text("serve_gone.duckdb\n")
    assert _reason(tmp_path) == "missing"


@pytest.mark.parametrize("pointer", [b"", b"../other.duckdb", b"/etc/passwd", b"\xff\xfe\x00"])
def test_a_pointer_outside_the_folder_is_damaged(tmp_path: Path, pointer: bytes) -> None:
    """Passes if CURRENT can name nothing but a file beside it."""
    (tmp_path / "CURRENT").write_bytes(pointer)
    assert _reason(tmp_path) == "damaged"


@pytest.mark.parametrize("kept_bytes", [0, 5_000])
def test_a_cut_file_is_damaged(tmp_path: Path, kept_bytes: int) -> None:
    """Passes if an empty and a short file are both `damaged`, never a stack trace."""
    path = app_serving.write(tmp_path, AS_OF, days=10, anomalies=50)
    path.write_bytes(path.read_bytes()[:kept_bytes])
    assert _reason(tmp_path / "serving") == "damaged"


def test_damage_that_only_reading_finds_is_damaged_too(tmp_path: Path) -> None:
    """Passes if data blocks overwritten behind a sound catalogue end in `damaged` when a page reads them."""
    path = app_serving.write(tmp_path, AS_OF)
    whole = bytearray(path.read_bytes())
    for at in range(len(whole) // 3, 2 * len(whole) // 3, 4096):
        whole[at : at + 512] = b"\x5a" * 512
    path.write_bytes(whole)
    version = published.current(tmp_path / "serving")
    with pytest.raises(published.UnavailableError) as caught, acting_as(Policy("auditor")):
        reader.check(version)
        for table in published.NEEDED:
            reader.read(version, f"select * from marts.{table}")
    assert caught.value.reason == "damaged"


def test_an_older_file_names_what_it_lacks(tmp_path: Path) -> None:
    """Passes if a lost table and a lost column are both named."""
    import duckdb

    path = app_serving.write(tmp_path, AS_OF, days=10, anomalies=50)
    with duckdb.connect(path) as con:
        con.execute("drop table marts.rpt_kpi_trust")
        con.execute("alter table marts.rpt_experience_index drop column target")
    with pytest.raises(published.UnavailableError) as caught:
        reader.check(published.version_of(path))
    assert caught.value.reason == "outdated"
    assert caught.value.detail == "rpt_experience_index.target, rpt_kpi_trust"
