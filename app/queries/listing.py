"""A table of rows behind a number: one page of it, searched and sorted by the database, and all of it to
export.

Which rows, a page says with a select of its own (`Rows`); search, order and place are bound or checked here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.access.policy import quoted
from app.queries.reader import Parameter, read, read_once

if TYPE_CHECKING:
    import polars as pl

    from app.published import Version

FROM_FRAME = "select * from told"
PAGE_ROWS = 50
MOST_EXPORTED = 100_000
"""Rows of one export: what a spreadsheet still opens at once; more is a matter for the published file."""
_ESCAPED = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


@dataclass(frozen=True)
class Rows:
    """`sql`: a select over marts with `$name`s of `parameters`, without order or limit.

    `columns`: what is shown, in this order, keys first. `order`: the column sorted by at first, `-` before it
    for descending. `frame`: rows that stand in no mart (runs, rule files); `sql` then is `FROM_FRAME`.
    """

    sql: str
    columns: Sequence[str]
    order: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    frame: pl.DataFrame | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Wanted:
    """What of the rows: a text to search for, codes that it means by column, the order, rows to skip."""

    search: str = ""
    meant: Mapping[str, Sequence[str]] = field(default_factory=dict)
    order: str = ""
    skip: int = 0


def count(version: Version, rows: Rows, wanted: Wanted) -> int:
    """How many rows match."""
    sql = f"with picked as ({rows.sql}) select count(*) as n from picked where {_match(rows, wanted)}"
    return int(_asked(version, rows, sql, _bound(rows, wanted))["n"][0])


def page(version: Version, rows: Rows, wanted: Wanted) -> pl.DataFrame:
    """The rows of one page.

    First the last value that it may hold, of the column it is sorted by alone; then what comes up to it. So
    the other columns, some of which are masked as they are read, are made for a page and not for all rows.
    """
    bound, first = _bound(rows, wanted), _order(rows, wanted).removeprefix("-")
    is_falling = _order(rows, wanted).startswith("-")
    last = (
        f"with picked as ({rows.sql}) select {quoted(first)} as edge from picked "
        f"where {_match(rows, wanted)} order by edge {'desc' if is_falling else 'asc'} nulls last "
        "limit 1 offset $last"
    )
    edges = _asked(version, rows, last, {**bound, "last": wanted.skip + PAGE_ROWS - 1})["edge"].to_list()
    within = "true"
    if edges and edges[0] is not None:
        within, bound["edge"] = f"{quoted(first)} {'>=' if is_falling else '<='} $edge", edges[0]
    sql = f"{_ordered(rows, wanted, within)} limit $size offset $skip"
    return _asked(version, rows, sql, {**bound, "size": PAGE_ROWS, "skip": wanted.skip})


def everything(version: Version, rows: Rows, wanted: Wanted) -> pl.DataFrame:
    """All rows that match, at most `MOST_EXPORTED`, in the same order."""
    sql = f"{_ordered(rows, wanted)} limit $size"
    return _asked(version, rows, sql, {**_bound(rows, wanted), "size": MOST_EXPORTED}, keep=False)


def _asked(
    version: Version, rows: Rows, sql: str, parameters: Mapping[str, Parameter], *, keep: bool = True
) -> pl.DataFrame:
    """From the published file under the reader's policy, or from the frame that the page made."""
    if rows.frame is None:
        return (read if keep else read_once)(version, sql, **parameters)
    import duckdb
    import polars as pl

    with duckdb.connect(config={"enable_external_access": False}) as con:
        con.register("told", rows.frame.to_arrow())
        bound = {name: list(v) if isinstance(v, tuple) else v for name, v in parameters.items()}
        return pl.DataFrame(con.sql(sql, params=bound).to_arrow_table())


def is_order(rows: Rows, order: str) -> bool:
    """Whether `order` names a column that is shown."""
    return order.removeprefix("-") in rows.columns


def _order(rows: Rows, wanted: Wanted) -> str:
    return wanted.order if is_order(rows, wanted.order) else rows.order


def _ordered(rows: Rows, wanted: Wanted, within: str = "true") -> str:
    order = _order(rows, wanted)
    first = order.removeprefix("-")
    ways = [f"{quoted(first)} {'desc' if order.startswith('-') else 'asc'} nulls last"]
    ways += [f"{quoted(column)} nulls last" for column in rows.columns if column != first]
    shown = ", ".join(quoted(column) for column in rows.columns)
    return (
        f"with picked as ({rows.sql}) select {shown} from picked "
        f"where {within} and {_match(rows, wanted)} order by {', '.join(ways)}"
    )


def _match(rows: Rows, wanted: Wanted) -> str:
    if not wanted.search:
        return "true"
    texts = ", ".join(f"{quoted(column)}::varchar" for column in rows.columns)
    parts = [f"concat_ws(chr(31), {texts}) ilike '%' || $search || '%' escape '\\'"]
    parts += [
        f"list_contains($meant_{at}, {quoted(column)})"
        for at, column in enumerate(rows.columns)
        if wanted.meant.get(column)
    ]
    return f"({' or '.join(parts)})"


def _bound(rows: Rows, wanted: Wanted) -> dict[str, Parameter]:
    bound = dict(rows.parameters)
    if wanted.search:
        bound["search"] = wanted.search.translate(_ESCAPED)
        bound |= {
            f"meant_{at}": tuple(wanted.meant[column])
            for at, column in enumerate(rows.columns)
            if wanted.meant.get(column)
        }
    return bound
