"""A file that no contract knows → the decisions of a contract, each with what a person should look at.

How they are written down is rendering.py.
"""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from dagster_project.lib.channel.content import is_nested, personal_kind, uniqueness
from dagster_project.lib.channel.draft import Draft
from dagster_project.lib.channel.draft_words import find_nothing, find_words
from dagster_project.lib.channel.matching import Matching, choose_feed, match_headers
from dagster_project.lib.channel.profile import profile
from dagster_project.lib.channel.vocabulary import all_contracts, header_words, vocabularies
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.feeds import load_feeds
from dagster_project.lib.ingest.contracts.contract import PAID_HELPER
from dagster_project.lib.ingest.personal.extras import private_kind

_TIMES_IN_NAMES = (
    (re.compile(r"(?:^|\D)(20\d{12}|20\d{6})(?:\D|$)"), "stamp"),
    (re.compile(r"(?:^|\D)(20\d{2}-\d{2}-\d{2})(?:\D|$)"), "%Y-%m-%d"),
    (re.compile(r"(?:^|\D)(20\d{2}_\d{2}_\d{2})(?:\D|$)"), "%Y_%m_%d"),
    (re.compile(r"(?:^|\D)(1\d{9})(?:\D|$)"), "epoch"),
)
_ID = re.compile(r"单号|编号|号码|流水|id|no|number|code", re.IGNORECASE)


def draft(
    source: str, file: Path, channels: tuple[Path, ...], feed: str | None = None, channel: str | None = None
) -> Draft:
    """The draft for one file. Raises LuyueError for an unknown feed or a file that is no table."""
    contracts = all_contracts(channels)
    known = vocabularies(contracts)
    if feed is not None and feed not in known:
        raise LuyueError(f"{feed}: no feed of this name; feeds are {', '.join(sorted(known))}")
    found = profile(file, header_words(known))
    name = feed or choose_feed(found, known)
    matching = match_headers(found, load_feeds()[name], known[name])
    made = Draft(source, file, found, matching, _channel(source, name, matching, channel))
    _keys(made)
    _export_time(made)
    find_words(made, contracts)
    find_nothing(made)
    _rest(made)
    return made


def _channel(source: str, feed: str, matching: Matching, given: str | None) -> str | None:
    """The channel of every row; none where the feed has no such column or the file tells it itself."""
    if "channel" not in matching.feed.columns or "channel" in matching.columns:
        return given
    return given or source.removesuffix(f"_{feed}").removesuffix("_orders")


def _keys(made: Draft) -> None:
    """Key, required columns and grain."""
    feed, columns = made.matching.feed, made.matching.columns
    constant = {"channel", "source"}
    for column in feed.required:
        if column not in columns and column not in constant:
            made.look.append(
                f"no header was found for {column}, without which every row is refused{_hint(made)}; "
                f"rows that are no {feed.name} are drafted anew with --feed"
            )
    made.required = tuple(column for column in feed.required if column in columns)
    made.key = tuple(column for column in ("channel_line_id",) if column in columns and feed.name == "orders")
    if feed.name != "orders":
        return
    orders = made.cells("channel_order_id")
    made.grain = "order" if orders is not None and uniqueness(orders) == 1.0 and not made.key else "line"
    if made.grain == "order":
        made.look.append(
            "every order stands on one row of this file: if an order can have several, grain is line"
        )
    made.ordinals = not made.key and made.grain == "line"
    if PAID_HELPER in columns:
        made.paid_scope = "order" if made.grain == "order" else _paid_scope(made)
        made.look.append(f"{columns[PAID_HELPER].header} is taken as what was paid for the {made.paid_scope}")
    else:
        made.look.append(
            "no header tells what was paid: map it to paid_amount and say paid_amount: order or line"
        )


def _paid_scope(made: Draft) -> str:
    """`order` where the amount repeats on the rows of an order that has several, else `line`."""
    orders, paid = made.cells("channel_order_id"), made.cells(PAID_HELPER)
    if orders is None or paid is None:
        return "line"
    groups = pl.DataFrame({"o": orders, "p": paid}).group_by("o").agg(pl.len(), pl.col("p").n_unique())
    several = groups.filter(pl.col("len") > 1)
    return "order" if several.height and bool((several["p"] == 1).all()) else "line"


def _hint(made: Draft) -> str:
    """The columns that could be an id, by header and uniqueness."""
    taken = {match.position for match in made.matching.matches}
    likely = [
        header
        for position, header in enumerate(made.profile.headers)
        if position not in taken
        and _ID.search(header)
        and uniqueness(made.profile.cells[f"c{position}"]) > 0.5
    ]
    return f"; perhaps {', '.join(likely[:3])}" if likely else ""


def _export_time(made: Draft) -> None:
    for pattern, form in _TIMES_IN_NAMES:
        if pattern.search(made.file.stem):
            made.exported_at = (pattern.pattern, form)
            return
    made.look.append("the file name tells no export time, so the file's modification time counts as it")


def _rest(made: Draft) -> None:
    """Unmapped columns: which are personal, which stay as they are, which may be known under a new name."""
    mapped = {match.position for match in made.matching.matches}
    extras = []
    for position, header in enumerate(made.profile.headers):
        if position in mapped or not header:
            continue
        extras.append(header)
        cells = made.profile.cells[f"c{position}"]
        if is_nested(cells):
            made.private[header] = "text"
            made.look.append(
                f"{header} holds nested values, which no contract takes apart; they are kept hidden"
            )
            continue
        kind = personal_kind(cells)
        if kind and private_kind(header, {}) is None:
            made.private[header] = "text" if kind == "address" else kind
    made.extras = tuple(dict.fromkeys(extras))
    for match in made.matching.matches:
        if match.is_guess:
            made.look.append(f"{match.header} is taken as {match.column} ({match.note})")
    for match in made.matching.maybe:
        line = f"{match.column},{match.header},1"
        made.look.append(f"{match.header} may be {match.column} ({match.note}); if so, add {line}")
    for match in made.matching.misfits:
        made.look.append(
            f"{match.header} has the name of {match.column}, but its cells cannot be read as one"
        )
