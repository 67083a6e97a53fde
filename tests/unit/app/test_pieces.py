"""The pieces of the pages: hostile text, missing data, the place of each event, doors, the rollback."""

from __future__ import annotations

import csv
import json
import multiprocessing
import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from app import columns, formats
from app.charts import event_graph
from app.charts.event_graph import Edge, Node
from app.components import answer, grid, listed, tracks
from app.components.answer import Answer, Figure
from app.components.doors import Doors
from app.components.listed import Head
from app.components.tracks import Row, Scale
from app.labels import Labels
from app.queries.behind import door
from dagster_project import operating, settings
from dagster_project.lib import lock

SEEDS = Path(__file__).resolve().parents[3] / "dbt" / "seeds"
HOSTILE = "\"><img src=x onerror=alert(1)>'&"


def _catalogue() -> tuple[list[Node], list[Edge]]:
    def rows(name: str) -> list[dict[str, str]]:
        with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    nodes = [
        Node(r["event_code"], int(r["seq"]), r["event_code"], "1", r["event_code"], r["is_anomaly"] == "true")
        for r in rows("event_codes")
    ]
    edges = [Edge(r["from_event"], r["to_event"], r["edge_kind"], 3, "") for r in rows("event_edges")]
    return nodes, edges


def test_every_event_of_the_catalogue_has_a_place_of_its_own() -> None:
    """Passes if no two boxes lie on each other, the main way is one row, and anomalies lie below it."""
    nodes, edges = _catalogue()
    at = event_graph.places(nodes, edges)
    assert set(at) == {node.code for node in nodes}
    assert len(set(at.values())) == len(nodes)
    way = event_graph.main_way(edges)
    assert [at[code] for code in way] == [(column, 0) for column in range(len(way))]
    assert all(at[node.code][1] > 0 for node in nodes if node.is_anomaly)


def test_a_new_event_and_a_circle_of_edges_are_drawn_all_the_same() -> None:
    """Passes if an event without edges finds a place, and edges that lead round in a circle end."""
    nodes, edges = _catalogue()
    nodes.append(Node("brand_new", 99, "brand_new", "0", "brand new", False))
    circle = [*edges, Edge("order_completed", "order_created", "main", 0, "")]
    assert "brand_new" in event_graph.places(nodes, edges)
    assert len(event_graph.main_way(circle)) <= len(nodes)
    assert event_graph.places([], []) == {}


def test_what_comes_from_data_is_escaped_everywhere() -> None:
    """Passes if a hostile name comes out of each piece as text."""
    say, doors = Labels("en"), Doors()
    hung = doors.hang(HOSTILE, door(HOSTILE, "select 1 as one", "one", "one", {}))
    figure = Figure(HOSTILE, HOSTILE, HOSTILE, hung)
    row = Row(HOSTILE, 0.5, HOSTILE, HOSTILE, to=0.7, door=hung)
    scale = Scale(0, 1, 0.9, (HOSTILE, HOSTILE), HOSTILE)
    node = Node(HOSTILE, 1, HOSTILE, HOSTILE, HOSTILE, False, hung)
    edges = [Edge(HOSTILE, "b", "main", 1, HOSTILE)]
    made = [
        answer.html(Answer(HOSTILE, figure, [HOSTILE, HOSTILE], HOSTILE), [figure], say),
        *(draw([row], scale, say) for draw in (tracks.dots, tracks.spans, tracks.bars)),
        tracks.panel(HOSTILE, HOSTILE, "", 4, HOSTILE),
        grid.html([(HOSTILE, grid.KEY), ("b", grid.FIGURE)], [[HOSTILE, HOSTILE]], [hung], say),
        listed.html([Head(HOSTILE, grid.KEY, "ascending")], [[HOSTILE]], 0, say),
        listed.choices([Head(HOSTILE, grid.WORDS)], [[HOSTILE]], {0}, say),
        event_graph.svg([node, Node("b", 2, "b", "1", "b", False)], edges, HOSTILE, "en"),
    ]
    for html in made:
        assert "<img" not in html
        assert "&lt;img" in html


@pytest.mark.parametrize(
    "pressed", [None, "", "row", "row/", "row/2", "row/-1", "row/٣", "by/0", "row/0x1", HOSTILE]
)
def test_a_press_that_is_no_row_is_none(pressed: str | None) -> None:
    """Passes if whatever the browser says beside a row that is there means nothing."""
    assert listed.place(pressed, "row", 2) is None
    assert listed.place("row/1", "row", 2) == 1


def test_pages_show_the_ends_and_those_near() -> None:
    """Passes if one page offers none, and of many the first, the last and two on each side are there."""
    say = Labels("en")
    assert listed.pages(1, 1, say) == ""
    html = listed.pages(9, 40, say)
    assert re.findall(r'data-open="page/(\d+)"', html) == ["1", "7", "8", "9", "10", "11", "40"]
    assert re.findall(r'aria-label="Page (\d+) of 40" aria-current', html) == ["9"]
    assert html.count("…") == 2


def test_values_read_as_people_write_them() -> None:
    """Passes if keys are monospace, numbers, money, rates and times are formatted, codes are words, and what
    is not there is a dash."""
    frame = pl.DataFrame(
        {
            "channel": ["jd", None],
            "channel_order_id": ["A1234567…89abcdef0", "A1"],
            "paid_amount_cny": [Decimal("1234.5"), None],
            "utilisation_rate": [0.523, None],
            "is_fresh": [True, False],
            "paid_at": [datetime(2026, 1, 31, 7, 40), None],
            "orders_touched": [12345, 0],
        }
    )
    first, second = columns.cells(frame, Labels("zh"))
    assert first == ("京东", "A123…def0", "1,234.50", "52.3%", "是", "2026-01-31 07:40", "12,345")
    assert second == ("—", "A1", "—", "—", "否", "—", "0")
    kinds = [columns.kind(name, dtype) for name, dtype in frame.schema.items()]
    assert kinds == [grid.WORDS, grid.KEY, grid.FIGURE, grid.FIGURE, grid.WORDS, grid.FIGURE, grid.FIGURE]


def test_no_data_is_never_zero() -> None:
    """Passes if a row without a value draws no dot and reads as no data, and a panel without rows says so."""
    say = Labels("zh")
    scale = Scale(0, 1, None, ("0%", "100%"))
    html = tracks.dots([Row("京东", None, formats.percent(None))], scale, say)
    assert "ly-dot" not in html
    assert formats.NO_DATA in html
    assert say("room.none") in tracks.bars([], scale, say)
    none = {formats.hours(None, "zh"), formats.seconds(None, "en"), formats.quantity(None)}
    assert none == {formats.NO_DATA}


def test_a_scale_holds_all_values_its_line_and_its_top() -> None:
    """Passes if no value falls outside, and a value beyond is drawn at the edge."""
    low, high = tracks.reach([0.8, None, 0.9], 0.95, top=1.0)
    assert low < 0.8
    assert high == 1.0
    scale = Scale(low, high, 0.95, ("", ""))
    assert 0 < scale.place(0.8) < scale.place(0.95) < 100
    assert scale.place(2.0) == 100
    assert scale.place(-1.0) == 0
    assert tracks.reach([None], None) == (0.0, 1.0)


def _kept(data: Path, *names: str) -> settings.Settings:
    serving = data / "serving"
    serving.mkdir(parents=True)
    for name in names:
        (serving / name).write_bytes(b"")
    (serving / "CURRENT").write_text(f"{names[-1]}\n", encoding="utf-8")
    return settings.load(data=data)


def test_a_rollback_moves_the_pointer_and_says_who_and_why(tmp_path: Path) -> None:
    """Passes if the wanted version is in force, and the inbox holds person, reason and both versions."""
    here = _kept(tmp_path, "serve_a.duckdb", "serve_b.duckdb")
    assert operating.versions(here) == ["serve_b.duckdb", "serve_a.duckdb"]
    operating.roll_back(here, "serve_a.duckdb", "wrong prices", "li")
    assert operating.in_force(here) == "serve_a.duckdb"
    (log,) = (here.inbox / "rollbacks").glob("*.jsonl")
    told = json.loads(log.read_text(encoding="utf-8"))
    assert (told["by"], told["from"], told["to"], told["reason"]) == (
        "li",
        "serve_b.duckdb",
        "serve_a.duckdb",
        "wrong prices",
    )
    with pytest.raises(operating.LuyueError, match="no version serve_z"):
        operating.roll_back(here, "serve_z", "typo", "li")


def _hold(path: str, held: object, done: object) -> None:
    with lock.hold(Path(path)):
        held.set()  # type: ignore[attr-defined]
        done.wait(30)  # type: ignore[attr-defined]


def test_nothing_is_rolled_back_while_a_run_writes(tmp_path: Path) -> None:
    """Passes if the lock of another process refuses the rollback, and the pointer stays."""
    here = _kept(tmp_path, "serve_a.duckdb", "serve_b.duckdb")
    context = multiprocessing.get_context("spawn")
    held, done = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(str(here.lock_file), held, done))
    other.start()
    try:
        assert held.wait(30)
        with pytest.raises(operating.LockBusyError):
            operating.roll_back(here, "serve_a.duckdb", "try", "li")
    finally:
        done.set()
        other.join(30)
    assert operating.in_force(here) == "serve_b.duckdb"


def test_damaged_facts_of_a_run_are_left_out(tmp_path: Path) -> None:
    """Passes if a half-written file, an empty object and a list do not keep the page from its runs."""
    here = _kept(tmp_path, "serve_a.duckdb")
    here.runs.mkdir()
    (here.runs / "20260101T000000-aaaaaa.json").write_text('{"run_id": "20260101T0', encoding="utf-8")
    (here.runs / "20260102T000000-bbbbbb.json").write_text("{}", encoding="utf-8")
    (here.runs / "20260103T000000-cccccc.json").write_text("[]", encoding="utf-8")
    (known,) = operating.latest(here)
    assert (known.run_id, known.took, known.total("rows_read"), known.index) == ("", 0, 0, None)


def test_a_version_without_resources_or_scores_shows_no_zero(tmp_path: Path) -> None:
    """Passes if the pages of resources and of quality say no data, not 0, where nothing was ever told."""
    from support import app_serving
    from support.rooms import at_desk, shown

    from app.rooms import quality, resources

    app_serving.write(tmp_path, datetime(2026, 1, 31, 7, 40), days=10, anomalies=20)
    with at_desk(tmp_path / "serving") as desk:
        for page in (quality, resources):
            assert set(shown(page, desk).numbers) == {formats.NO_DATA}, page.__name__
