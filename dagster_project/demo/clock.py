"""Time in the simulated world: epoch seconds of the Shanghai wall clock, and who exports when.

What happens when belongs to the modules that make things happen; this one only says what an export can see.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import polars as pl

HOUR = 3600
DAY = 24 * HOUR
EXPORT_EVERY_DAYS = 3
EXPORT_WINDOW = 9 * DAY
"""A platform export holds every order that was placed or changed in this time before it."""
FEED_WINDOW = 4 * DAY
"""An incremental feed file holds what is new or changed in this time: a day more than its rhythm."""
FREEZE = 23 * HOUR
"""Nothing happens after this second of the last day, so that the last exports show everything."""

EXPORT_MINUTE = {
    "douyin_orders": 5,
    "taobao_orders": 8,
    "taobao_items": 8,
    "jd_orders": 11,
    "pos_receipts": 14,
    "luyue_orders": 17,
    "luyue_aftersales": 20,
    "luyue_order_events": 23,
    "luyue_anomaly_cases": 26,
    "luyue_change_requests": 29,
    "luyue_sla_offers": 29,
    "luyue_customer_records": 32,
    "jst_stock_movements": 38,
    "jst_stock_counts": 41,
    "kuaidi100_tracks": 44,
    "luyue_tracks": 47,
}
"""Minutes after 23:00 at which a source is exported; a source not named here is exported at 23:35."""


@dataclass(frozen=True)
class Calendar:
    """The days of one world. Times are int seconds since 1970 of the wall clock, without a zone."""

    first_day: date
    days: int
    seed: int

    @property
    def start(self) -> int:
        return int(datetime(*self.first_day.timetuple()[:3], tzinfo=UTC).timestamp())

    @property
    def freeze(self) -> int:
        return self.start + (self.days - 1) * DAY + FREEZE

    def exports(self, source: str, every: int = EXPORT_EVERY_DAYS) -> list[int]:
        """Export times of a source, oldest first; the last one is late on the last day."""
        minute = EXPORT_MINUTE.get(source, 35)
        last = self.days - 1
        return [self.start + d * DAY + FREEZE + minute * 60 + 7 for d in range(last % every, last + 1, every)]

    @property
    def as_of(self) -> int:
        return max(self.exports(source)[-1] for source in EXPORT_MINUTE)

    def rng(self, topic: str) -> np.random.Generator:
        """A generator of its own for each topic, so that one change does not move all the others."""
        return np.random.default_rng([self.seed, zlib.crc32(topic.encode())])


def stamp(seconds: int, pattern: str = "%Y%m%d%H%M%S") -> str:
    """An export time as it stands in a file name."""
    return datetime.fromtimestamp(seconds, UTC).strftime(pattern)


def text(column: str | pl.Expr, pattern: str = "%Y-%m-%d %H:%M:%S") -> pl.Expr:
    """Epoch seconds as text; null stays null."""
    expr = pl.col(column) if isinstance(column, str) else column
    return pl.from_epoch(expr, time_unit="s").dt.strftime(pattern)


def seen(column: str, at: int) -> pl.Expr:
    """The time in `column` where it lies at or before `at`, else null."""
    return pl.when(pl.col(column) <= at).then(pl.col(column))


def before(frame: pl.DataFrame, columns: list[str], limit: int) -> pl.DataFrame:
    """Times after `limit` have not happened: they become null."""
    return frame.with_columns(seen(c, limit).alias(c) for c in columns)


def changed_within(frame: pl.DataFrame, columns: list[str], at: int, window: int) -> pl.DataFrame:
    """Rows that exist at `at` (first column) and whose newest of `columns` lies within `window` before it."""
    newest = pl.max_horizontal([seen(c, at) for c in columns])
    return frame.filter((pl.col(columns[0]) <= at) & (newest > at - window))
