"""Each compiled function called once, so that it is compiled or found compiled: what costs when it is first
needed costs beside something else."""

from __future__ import annotations

import polars as pl

from dagster_project.lib.ingest.compiled import distinct, hashing, kinds, objects, phones, reading
from dagster_project.lib.ingest.compiled.lines import regular_rows
from dagster_project.lib.ingest.personal.suspects import digit_weights


def load_columns() -> None:
    """What every large text needs: cutting first, then what is done to its columns."""
    regular_rows(b"a,b \n", ",", 2, 1, ("-",))
    cells = pl.Series("a", ["1.00", None])
    distinct.numbered(cells)
    reading.times(cells)
    reading.amounts(cells, 2)
    objects.objects(cells.to_frame())
    objects.joined(cells.to_frame(), ",")
    phones.masked_phones(cells)
    kinds.suspicious(cells)
    kinds.counted(cells, digit_weights())
    hashing.hex_digests(cells, b"", b"", "", 1)


def load_all() -> None:
    """The same, and what only some texts need: GB18030, lists of JSON."""
    from dagster_project.lib.ingest.compiled import gb18030, listing

    load_columns()
    gb18030.utf8(b"a")
    list(listing.items([b"[1]"]))
