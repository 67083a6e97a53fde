"""What the first run on a machine would do once: compile what reads addresses and large files, parse dbt/.

Both are kept beside the code (in `__pycache__` and dbt/target), so that setting a machine up can do them.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from dagster_project import settings as settings_module
from dagster_project.lib import dbt_project


def warm_up() -> None:
    """Compiles and parses what is not yet, at the same time: 20 s at first, 3 s when nothing is to do.

    Raises LuyueError with dbt's first error line if the project does not parse.
    """
    with TemporaryDirectory() as scratch, ThreadPoolExecutor(1) as beside:
        # The parse is a process of its own.
        parsed = beside.submit(dbt_project.prepare_manifest, settings_module.load(data=Path(scratch), env={}))
        _compile_addresses()
        compile_reading()
        parsed.result()


def _compile_addresses() -> None:
    import polars as pl

    from identity import addresses

    addresses.standardise(pl.DataFrame({"address": ["浙江省杭州市西湖区文三路1号2幢301室"]}))


def compile_reading() -> None:
    """Has numba compile, or find compiled, what reads large files."""
    from dagster_project.lib.ingest.compiled.loading import load_all

    load_all()
