"""Which column of a feed each header of an unknown file fills, how sure that is, and which feed it is.

Nothing is decided by position. A guess by likeness is told as one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dagster_project.lib.channel.content import fits, is_nested, personal_kind
from dagster_project.lib.channel.profile import Profile
from dagster_project.lib.channel.vocabulary import Vocabulary, plain
from dagster_project.lib.feeds import Feed, load_feeds
from dagster_project.lib.ingest.contracts.contract import PAID_HELPER
from dagster_project.lib.ingest.contracts.drift import likeliest
from dagster_project.lib.ingest.readers.headers import canonical_header

SURE_LIKENESS = 0.8
"""From here on a header that only resembles a known one is mapped, and marked."""
NEEDED_WEIGHT, MISSING_WEIGHT = 6, 2
"""Of a required column, there or missing, against another: an export of after-sale cases shows ten columns of
their orders, too."""
_LEAST_END = 2
_ANOTHERS = re.compile(
    "退|仓|商家|卖家|寄|发件|供应|采购|成本|门店|平台|主播|达人|佣金|服务费|税|赠|预|配送员|骑手|快递员|司机"
)
"""Words that make a header tell of someone or something else than the order and its receiver."""
_PARTED = frozenset({"discount_cny"})
"""Columns that exports part into several: one of them is not the whole."""
RECEIVER = {"phone": "receiver_phone", "name": "receiver_name", "address": "receiver_address"}
PERSON = {"phone": "phone", "name": "name", "address": "address", "email": "email"}
_BEST_FEED_FIRST = ("orders", "aftersales", "fund_entries", "stock_counts", "stock_movements", "tracks")


@dataclass(frozen=True)
class Match:
    """One header of the file. `how`: known (a contract or the feed names it so), synonym, like, content."""

    position: int
    header: str
    column: str
    how: str
    note: str = ""

    @property
    def is_guess(self) -> bool:
        return self.how in ("like", "content")


@dataclass(frozen=True)
class Matching:
    """The headers of one file. `maybe` resemble a known header, too little to be mapped; `misfits` have the
    name of a column and cells that are none."""

    feed: Feed
    matches: tuple[Match, ...]
    maybe: tuple[Match, ...]
    misfits: tuple[Match, ...]

    @property
    def columns(self) -> dict[str, Match]:
        """The best match of each column."""
        found: dict[str, Match] = {}
        for match in self.matches:
            found.setdefault(match.column, match)
        return found


def choose_feed(profile: Profile, vocabularies: Mapping[str, Vocabulary]) -> str:
    """The feed whose columns most headers name; a required one counts for more, present or missing."""

    def score(name: str) -> tuple[int, int]:
        feed, vocabulary = load_feeds()[name], vocabularies[name]
        named = {column for header in profile.headers if (column := _named(header, vocabulary))}
        needed = set(feed.required) - {"channel"}
        rank = _BEST_FEED_FIRST.index(name) if name in _BEST_FEED_FIRST else len(_BEST_FEED_FIRST)
        missing = MISSING_WEIGHT * len(needed - named)
        return len(named) + NEEDED_WEIGHT * len(named & needed) - missing, -rank

    return max(vocabularies, key=score)


def match_headers(profile: Profile, feed: Feed, vocabulary: Vocabulary) -> Matching:
    """Every header once: mapped, maybe, a misfit, or none of them."""
    sure, maybe, misfits = [], [], []
    for position, header in enumerate(profile.headers):
        found = _match(position, header, vocabulary)
        if found is None:
            continue
        cells = profile.cells[f"c{position}"]
        if is_nested(cells):
            continue
        if not fits(cells, type_of(feed, found.column)):
            misfits.append(found)
        elif found.how == "maybe":
            maybe.append(found)
        else:
            sure.append(found)
    taken = {match.column for match in sure if not match.is_guess}
    guesses = {
        match.column: match for match in reversed(sure) if match.is_guess and match.column not in taken
    }
    kept = [match for match in sure if not match.is_guess or match in guesses.values()]
    maybe += [match for match in sure if match not in kept]
    kept += _by_content(profile, feed, kept, {match.position for match in [*kept, *maybe, *misfits]})
    order = ("known", "synonym", "like", "content")
    kept.sort(key=lambda match: (order.index(match.how), match.position))
    return Matching(feed, tuple(kept), tuple(maybe), tuple(misfits))


def type_of(feed: Feed, column: str) -> str:
    """Feed type of a column; the paid amount is money."""
    return "money" if column == PAID_HELPER else feed.columns[column].type


def _named(header: str, vocabulary: Vocabulary) -> str | None:
    return vocabulary.exact.get(canonical_header(header)) or vocabulary.plain.get(plain(header))


def _match(position: int, header: str, vocabulary: Vocabulary) -> Match | None:
    if column := vocabulary.exact.get(canonical_header(header)):
        return Match(position, header, column, "known")
    if column := vocabulary.plain.get(plain(header)):
        return Match(position, header, column, "synonym")
    if ending := _by_its_end(header, vocabulary):
        return Match(position, header, ending[0], "like", f"ends in {ending[1]}")
    near = likeliest(header, vocabulary.exact) if header.strip() else None
    if near is None:
        return None
    how = "like" if near.likeness >= SURE_LIKENESS else "maybe"
    return Match(position, header, near.column, how, f"like {near.like}, {near.likeness:.2f}")


def _by_its_end(header: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """The column whose known header a longer one ends in (实际发货时间), unless it begins with another's."""
    name = plain(header)
    if _ANOTHERS.search(name):
        return None
    ends = [
        known for known in vocabulary.plain if _LEAST_END <= len(known) < len(name) and name.endswith(known)
    ]
    ends = [known for known in ends if not known.isascii()]
    longest = max(ends, key=len, default=None)
    if longest is None or vocabulary.plain[longest] in _PARTED:
        return None
    return vocabulary.plain[longest], longest


def _by_content(profile: Profile, feed: Feed, kept: list[Match], known: set[int]) -> list[Match]:
    """Personal columns that no header told, where one column alone looks like it."""
    wanted = RECEIVER if feed.name == "orders" else PERSON if feed.name == "customer_records" else {}
    taken = {match.column for match in kept}
    seen: dict[str, list[int]] = {}
    for position in range(len(profile.headers)):
        if position not in known and (kind := personal_kind(profile.cells[f"c{position}"])):
            seen.setdefault(kind, []).append(position)
    return [
        Match(
            places[0],
            profile.headers[places[0]],
            wanted[kind],
            "content",
            f"its cells look like this kind: {kind}",
        )
        for kind, places in seen.items()
        if kind in wanted and wanted[kind] not in taken and len(places) == 1
    ]
