"""Charts from known frames: levels that add up, gaps that stay gaps; and style sheets that get through."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from app.charts import palette, sparkline, trend, waterfall

DAYS = [date(2026, 1, 1) + timedelta(days=i) for i in range(4)]


def _trend(values: list[float | None], target: float | None = 90.0) -> dict[str, Any]:
    return trend.option(list(zip(DAYS, values, strict=True)), target, "Target", "Index", palette.LIGHT)


def test_a_day_without_an_index_is_a_gap() -> None:
    """Passes if None is drawn as nothing, not as 0, and the last known value is labelled."""
    line = _trend([80.04, None, 82.06, None])["series"][0]
    assert [point["value"] for point in line["data"]] == [80.0, None, 82.1, None]
    assert line["connectNulls"] is False
    assert line["markPoint"]["data"] == [{"coord": ["01-03", 82.1]}]


def test_a_value_between_gaps_is_seen() -> None:
    """Passes if only a value that no line reaches is drawn as a point."""
    sizes = [point["symbolSize"] for point in _trend([80.0, None, 82.0, 83.0])["series"][0]["data"]]
    assert sizes == [trend.ALONE, 0, 0, 0]


def test_the_axis_holds_the_data_and_the_target() -> None:
    """Passes if neither line nor target is cut off, with a target and without."""
    axis = _trend([70.0, 71.0, 72.0, 73.0])["yAxis"]
    assert axis["min"] <= 70
    assert axis["max"] >= 90
    assert "markLine" not in _trend([70.0, 71.0, 72.0, 73.0], target=None)["series"][0]


def test_the_waterfall_runs_from_level_to_level() -> None:
    """Passes if each bar begins where the last one ended and the last ends at this period's index."""
    steps = [("a", 0.5, "+0.50"), ("b", -0.3, "−0.30"), ("c", 0.2, "+0.20")]
    base, rise, ends = waterfall.option(80.0, 80.4, steps, ("before", "now"), palette.LIGHT)["series"]
    first, last = ends["data"][0]["value"][1], ends["data"][1]["value"][1]
    lows = base["data"][1:4]
    heights = [bar["value"] for bar in rise["data"][1:4]]
    assert lows[0] == first
    assert abs(lows[0] + heights[0] - (lows[1] + heights[1])) < 1e-9
    assert abs(lows[1] - lows[2]) < 1e-9
    assert abs(lows[2] + heights[2] - last) < 1e-9
    assert [bar["label"]["formatter"] for bar in rise["data"][1:4]] == ["+0.50", "−0.30", "+0.20"]


def test_a_quiet_week_stays_small() -> None:
    """Passes if the axis spans at least a point, and a change of nothing is still seen."""
    option = waterfall.option(80.0, 80.0, [("a", 0.0, "0.00")], ("x", "y"), palette.DARK)
    assert option["yAxis"]["max"] == waterfall.LEAST_RANGE
    assert option["series"][1]["data"][1]["value"] > 0


def test_a_sparkline_needs_two_points_and_escapes_its_description() -> None:
    """Passes if one value draws nothing and a description cannot break out of its attribute."""
    assert sparkline.html([0.5], "x") == ""
    assert sparkline.html([None, 0.5], "x") == ""
    drawn = sparkline.html([0.5, None, 0.6], '"><script>')
    assert "<script>" not in drawn
    assert "--mask:url(data:image/svg+xml;base64," in drawn


def test_both_themes_have_their_own_colours() -> None:
    """Passes if an unknown theme is light."""
    assert palette.of("dark") is palette.DARK
    assert palette.of("light") is palette.of(None) is palette.LIGHT


def test_no_style_sheet_holds_what_a_browser_takes_for_markup() -> None:
    """Passes if no sheet has `<` before a letter: the page's sanitiser would drop the whole sheet."""
    folder = Path(palette.__file__).resolve().parents[1] / "styles"
    sheets = sorted(folder.glob("*.css"))
    assert sheets
    assert [path.name for path in sheets if re.search(r"<[/\w]", path.read_text(encoding="utf-8"))] == []
