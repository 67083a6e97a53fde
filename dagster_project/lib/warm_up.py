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
    import polars as pl

    from dagster_project.lib.ingest.compiled import (
        distinct,
        gb18030,
        hashing,
        kinds,
        listing,
        objects,
        reading,
    )
    from dagster_project.lib.ingest.compiled.lines import regular_rows
    from dagster_project.lib.ingest.personal.suspects import digit_weights

    regular_rows(b"a,b \n", ",", 2, 1, ("-",))
    gb18030.utf8(b"a")
    list(listing.items([b"[1]"]))
    cells = pl.Series("a", ["1.00", None])
    distinct.numbered(cells)
    reading.times(cells)
    reading.amounts(cells, 2)
    objects.objects(cells.to_frame())
    objects.joined(cells.to_frame(), ",")
    kinds.suspicious(cells)
    kinds.counted(cells, digit_weights())
    hashing.hex_digests(cells, b"", b"", "", 1)
