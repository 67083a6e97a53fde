"""`luyue warm-up` leaves compiled what a first run would compile."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from support.command import BIN

from dagster_project.lib import dbt_project

OF_LARGE_FILES = {
    "cutting.cut", "gb18030._decode", "distinct._numbered", "reading._times", "reading._amounts",
    "objects._objects", "objects._joined", "kinds._suspicious", "kinds._counted", "hashing._hashed",
    "listing._items",
}  # fmt: skip


def test_kernel_is_compiled_and_the_project_parsed(tmp_path: Path) -> None:
    env = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run([BIN / "luyue", "warm-up"], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    kept = {path.name.split("-")[0] for path in tmp_path.rglob("*.nbc")}
    assert {"kernel.chains", "folding.fold", "numbers.read"} | OF_LARGE_FILES <= kept
    assert list((dbt_project.PROJECT / "target").glob("parsed-*/partial_parse.msgpack"))
