"""The pages' bodies without Streamlit's server: their HTML and doors over a published file, for one role."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from app import periods, published
from app.access import people, policy
from app.access.policy import Policy
from app.components.doors import Doors
from app.frame import Desk
from app.labels import Labels
from app.queries import index, listing, trust
from app.queries.listing import Wanted
from app.queries.scope import Scope

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

CELL = re.compile(r"<td[^>]*>(?:<button[^>]*>)?([^<]*)")
FIGURE = re.compile(r'data-testid="(answer|figure)"[^>]*>([^<]*)<')


@dataclass(frozen=True)
class Shown:
    """A page's HTML and doors, and what the reader picked."""

    desk: Desk
    html: str
    doors: Doors

    @property
    def numbers(self) -> list[str]:
        """The one number of the page, then its figures, as they are read."""
        return [text for _, text in FIGURE.findall(self.html)]

    def rows(self, door: str) -> int:
        """How many rows stand behind a door."""
        return listing.count(self.desk.version, self.doors.behind[door].rows, Wanted())


@contextmanager
def at_desk(
    serving: Path, role: str = "auditor", lang: str = "zh", kind: str = "total", channel: str = "all"
) -> Iterator[Desk]:
    """A desk over the file in force, for one role, channel and kind of period (the latest complete one)."""
    mine = Policy(role)
    with policy.acting_as(mine):
        version = published.current(serving)
        as_of = trust.as_of(version)
        offered = periods.from_rows(index.periods(version, channel, as_of).to_dicts())
        period = periods.default_start(offered, kind)
        yield Desk(
            version=version,
            as_of=as_of,
            scope=Scope(channel, kind, period.start),
            period=period,
            offered=offered,
            warehouse="all",
            say=Labels(lang),
            person=people.local("tester"),
            policy=mine,
        )


def shown(page: ModuleType, desk: Desk, **changed: object) -> Shown:
    """The page's body at this desk; `changed`: other fields of it (warehouse, say)."""
    doors = Doors()
    desk = replace(desk, **changed)  # type: ignore[arg-type]
    return Shown(desk, page.body(desk, doors), doors)


def tables(page: AppTest) -> list[list[list[str]]]:
    """The tables that can be pressed on a page that Streamlit's own test runs: rows of cells, headings left
    out."""
    told = [json.loads(element.proto.json).get("html", "") for element in page.get("bidi_component")]
    return [
        [
            re.findall(r"<td[^>]*>(?:<button[^>]*>)?([^<]*)", row)
            for row in re.findall("<tr.*?</tr>", each)[1:]
        ]
        for each in told
        if "<table" in each
    ]
