"""Text cells → typed columns: numbers, times, yes and no. Each rule says which cells it could not read.

Every rule takes a text Series (null where the cell is empty) and returns it, less the cells that count as
empty, and the typed Series of the same length, null where the cell is empty or unreadable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from dagster_project.lib.feeds import polars_types
from dagster_project.lib.ingest.compiled import is_loaded

SHANGHAI = "Asia/Shanghai"
USUAL_TIME = "%Y-%m-%d %H:%M:%S%.f"
QUICK_TIME = "%Y-%m-%d %H:%M:%S"
"""Without a fraction, Polars reads a time four times as fast; whatever it reads so, it reads equally by the
usual format."""
TIME_FORMATS = (
    "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%dT%H:%M", "%Y.%m.%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M", "%Y%m%d%H%M%S",
)  # fmt: skip
DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")
ZONED_FORMATS = ("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z")
NO_TIME = r"^0000[-/]00[-/]00"
EXCEL_EPOCH_DAYS = 25569
"""Days from 1899-12-30, the spreadsheet's day 0, to 1970-01-01."""
_SERIAL = r"^[2-7]\d{4}(\.\d+)?$"
_EPOCH_SECONDS = r"^1\d{9}(\.\d+)?$"
_EPOCH_MILLISECONDS = r"^1\d{12}$"
_TRUE, _FALSE = ("true", "1", "1.0", "是", "y", "yes", "t"), ("false", "0", "0.0", "否", "n", "no", "f")
CODES = {"ts": "bad_time", "date": "bad_time", "bool": "bad_boolean"}


def type_columns(
    frame: pl.DataFrame, types: Mapping[str, str]
) -> tuple[pl.DataFrame, dict[str, tuple[pl.Series, str]]]:
    """The typed columns, and per column with unreadable cells: where they are, and the reason code.

    The usual form of each type is tried on all columns at once; only columns with another form are read
    again.
    """
    usual = _usual(frame, types) if is_loaded() else {}
    quick = frame.select(_quick(name, types[name]) for name in frame.columns if name not in usual)
    columns, unread = [], {}
    for name in frame.columns:
        cells, typed = frame[name], usual[name] if name in usual else quick[name]
        if typed.null_count() > cells.null_count():
            cells, typed = RULES[types[name]](cells)
            wrong = typed.is_null() & cells.is_not_null()
            if wrong.any():
                unread[name] = (wrong, CODES.get(types[name], "bad_number"))
        columns.append(typed.alias(name))
    return pl.DataFrame(columns), unread


def _usual(frame: pl.DataFrame, types: Mapping[str, str]) -> dict[str, pl.Series]:
    """Times and numbers that compiled code reads: the columns all of whose cells have the usual form."""
    from dagster_project.lib.ingest.compiled.reading import amounts, times

    made = {}
    for name in frame.columns:
        dtype = polars_types()[types[name]]
        if types[name] == "ts":
            typed = times(frame[name])
        elif types[name] in ("qty", "money") and isinstance(dtype, pl.Decimal):
            typed = amounts(frame[name], dtype.scale)
        else:
            continue
        if typed is not None:
            made[name] = typed
    return made


def _quick(name: str, type_name: str) -> pl.Expr:
    cells, dtype = pl.col(name), polars_types()[type_name]
    if type_name == "ts":
        return cells.str.to_datetime(QUICK_TIME, strict=False, time_unit="us", cache=False)
    if type_name in ("qty", "money"):
        return cells.cast(dtype, strict=False)
    return cells if type_name in ("text", "json") else pl.lit(None, dtype).alias(name)


def _on_rest(cells: pl.Series, typed: pl.Series, read: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Reads once more, with `read`, the distinct cells that are still unread."""
    left = cells.filter(typed.is_null()).drop_nulls().unique()
    if not left.len():
        return typed
    found = pl.DataFrame({"cell": left, "value": read(left)}).drop_nulls()
    if not found.height:
        return typed
    again = cells.replace_strict(found["cell"], found["value"], default=None, return_dtype=typed.dtype)
    return typed.to_frame("a").with_columns(again.alias("b")).select(pl.coalesce("a", "b")).to_series()


def times(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Wall clock of Asia/Shanghai: usual formats, spreadsheet serials, epoch seconds and milliseconds,
    zoned times."""
    cells = _nulled(cells, NO_TIME)
    typed = cells.str.to_datetime(USUAL_TIME, strict=False, time_unit="us")
    return cells, _on_rest(cells, typed, _unusual_times)


def dates(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Dates; of a time its day."""
    cells, typed = times(cells)
    return cells, typed.dt.date()


def _unusual_times(cells: pl.Series) -> pl.Series:
    column = pl.col("c")
    readings = [column.str.to_datetime(form, strict=False, time_unit="us") for form in TIME_FORMATS]
    readings += [column.str.to_date(form, strict=False).cast(pl.Datetime("us")) for form in DATE_FORMATS]
    readings += [
        column.str.to_datetime(form, strict=False, time_unit="us", time_zone="UTC")
        .dt.convert_time_zone(SHANGHAI)
        .dt.replace_time_zone(None)
        for form in ZONED_FORMATS
    ]
    number = column.cast(pl.Float64, strict=False)
    day_microseconds = 86_400_000_000
    serial = ((number - EXCEL_EPOCH_DAYS) * 86_400).round() * 1_000_000
    readings.append(_where(_SERIAL, serial))
    shanghai = 8 * day_microseconds // 24
    readings.append(_where(_EPOCH_SECONDS, number * 1_000_000 + shanghai))
    readings.append(_where(_EPOCH_MILLISECONDS, number * 1_000 + shanghai))
    return cells.to_frame("c").select(pl.coalesce(readings)).to_series()


def _where(pattern: str, microseconds: pl.Expr) -> pl.Expr:
    return (
        pl.when(pl.col("c").str.contains(pattern)).then(microseconds).cast(pl.Int64).cast(pl.Datetime("us"))
    )


def decimals(scale: int) -> Callable[[pl.Series], tuple[pl.Series, pl.Series]]:
    """Numbers with `scale` decimals; ¥, 元, thousands separators and a remark in brackets are taken off.

    A cell of Chinese words alone (无退款申请) is empty; (12.00) is negative.
    """
    dtype = pl.Decimal(18, scale)

    def read(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
        typed = cells.cast(dtype, strict=False)
        if typed.null_count() == cells.null_count():
            return cells, typed
        cells = _nulled(cells, r"^[\p{Han}，。、]+$")
        return cells, _on_rest(cells, typed, lambda rest: clean_numbers(rest).cast(dtype, strict=False))

    return read


def clean_numbers(cells: pl.Series) -> pl.Series:
    """Number text without what surrounds it; (x) becomes -x."""
    return (
        cells.str.replace_all(r"[¥￥元\s,，']", "")
        .str.replace(r"^[（(](\d+(?:\.\d+)?)[)）]$", "-${1}")
        .str.replace(r"^(-?[\d.]+)[（(].*$", "${1}")
        .str.replace(r"^([+-]?)\.", "${1}0.")
        .str.strip_prefix("+")
    )


def integers(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Whole numbers; 9.0 is 9, 9.5 is none."""
    number = cells.cast(pl.Decimal(18, 6), strict=False)
    whole = number.cast(pl.Int64)
    return cells, whole.set(whole.cast(pl.Decimal(18, 6)) != number, None)


def floats(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Finite floating-point numbers."""
    typed = cells.cast(pl.Float64, strict=False)
    return cells, typed.set(~typed.is_finite(), None)


def booleans(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """True, 1, 是, yes, Y and their opposites."""
    words = dict.fromkeys(_TRUE, True) | dict.fromkeys(_FALSE, False)
    return cells, cells.str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.Boolean)


def _nulled(cells: pl.Series, pattern: str) -> pl.Series:
    matches = cells.str.contains(pattern).fill_null(False)
    return cells.set(matches, None) if matches.any() else cells


RULES: dict[str, Callable[[pl.Series], tuple[pl.Series, pl.Series]]] = {
    "qty": decimals(3),
    "money": decimals(2),
    "ts": times,
    "date": dates,
    "int": integers,
    "float": floats,
    "bool": booleans,
}
