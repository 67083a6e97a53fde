"""What the transformation costs, whole and by day, beside pandas: `luyue bench transform`.

Two merchants. The demo's, whose exports `luyue run` takes whole and then the newest 20,000 lines more: the
bar is on that whole command. And a synthetic lake of 1 M and of 10 M lines (`transform_lake`), on which dbt
alone runs: everything from nothing, one day more of 20,000 lines, everything again.
Publishing and pandas come after it.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from benchmarks.transform_lake import LINES_A_DAY, SyntheticLake
from benchmarks.whole_run import LUYUE, timed
from dagster_project import settings as settings_module
from dagster_project.settings import Settings

Say = Callable[[str], None]
LINES = 1_000_000
MANY_LINES = 10_000_000
DEMO_ORDERS, DEMO_DAYS = 675_000, 150
"""A million order lines in exports of 20,000 (the demo's channels export every third day)."""
MOST_FULL_SECONDS = 180
MOST_DAY_SECONDS = 60
MOST_FULL_GB = 24
MOST_TIMES_MORE = 1.5
LEAST_PUBLISHED_A_SECOND = 1_500_000


def run(scale: float = 1.0, say: Say = lambda text: None) -> dict[str, Any]:
    """All figures. `scale` of the lines, for a quick look: then the bars mean little."""
    with tempfile.TemporaryDirectory(prefix="luyue-bench-") as name:
        folder = Path(name)
        few = _of_lake(folder / "few", LINES, scale, say)
        shutil.rmtree(folder / "few")
        many = _of_lake(folder / "many", MANY_LINES, scale, say)
        shutil.rmtree(folder / "many")
        daily = _daily_run(folder / "daily", int(DEMO_ORDERS * scale), say)
    times_more = round(many["day"]["models_seconds"] / few["day"]["models_seconds"], 2)
    bars = {
        f"{LINES:,} lines from nothing within {MOST_FULL_SECONDS} s": (
            few["whole"]["seconds"] <= MOST_FULL_SECONDS
        ),
        f"a run over {LINES_A_DAY:,} new lines within {MOST_DAY_SECONDS} s": (
            daily["day"]["seconds"] <= MOST_DAY_SECONDS
        ),
        f"{MANY_LINES:,} lines from nothing within {MOST_FULL_GB} GB": many["whole"]["peak_gb"]
        <= MOST_FULL_GB,
        f"a day at {MANY_LINES:,} lines at most {MOST_TIMES_MORE} × one at {LINES:,}": (
            times_more <= MOST_TIMES_MORE
        ),
        f"publishing at least {LEAST_PUBLISHED_A_SECOND:,} rows a second": (
            few["publishing"]["rows_a_second"] >= LEAST_PUBLISHED_A_SECOND
        ),
    }
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "scale": scale,
        "lake": {"few": few, "many": many, "day_many_times_few": times_more},
        "daily_run": daily,
        "bars": bars,
        "all_met": all(bars.values()),
    }


def lines(figures: dict[str, Any]) -> list[str]:
    """The figures to read, one fact a line."""
    told = [figures["machine"]]
    for name in ("few", "many"):
        of = figures["lake"][name]
        told.append(
            f"{of['lines']:>10,} lines: everything {of['whole']['seconds']} s, {of['whole']['peak_gb']} GB; "
            f"one day more {of['day']['seconds']} s, of which models {of['day']['models_seconds']}; "
            f"pandas, orders and events alone {of['pandas']['seconds']} s, {of['pandas']['peak_gb']} GB; "
            f"publishing {of['publishing']['rows_a_second']:,} rows a second"
        )
    daily = figures["daily_run"]
    told.append(
        f"luyue run: first {daily['first']['seconds']} s, then a day {daily['day']['seconds']} s "
        f"({', '.join(f'{stage} {seconds:.1f}' for stage, seconds in daily['day']['stages'].items())})"
    )
    return [*told, *(f"{'met' if is_met else 'MISSED':<7} {bar}" for bar, is_met in figures["bars"].items())]


def _of_lake(folder: Path, wanted: int, scale: float, say: Say) -> dict[str, Any]:
    """Everything from nothing, one day more, publishing, and pandas, on one synthetic lake."""
    settings = settings_module.load(data=folder, env={})
    days, lines_a_day = wanted // LINES_A_DAY, max(int(LINES_A_DAY * scale), 3)
    lake = SyntheticLake(settings, max(days * lines_a_day // 4, 1), lines_a_day)
    say(f"writing {days * lines_a_day:,} order lines in {days} days")
    as_of = lake.write_days(days)
    figures: dict[str, Any] = {"lines": days * lines_a_day, "whole": _built(settings, as_of)}
    say(f"everything: {figures['whole']['seconds']} s, {figures['whole']['peak_gb']} GB")
    as_of = lake.write_days(1)
    figures["day"] = _built(settings, as_of)
    say(f"one day more: {figures['day']['seconds']} s, models {figures['day']['models_seconds']} s")
    figures["publishing"] = _published(settings)
    figures["whole_again"] = _built(replace(settings, full_refresh=True), as_of)
    pandas = [sys.executable, "-m", "benchmarks.transform_pandas", str(settings.lake)]
    figures["pandas"] = timed(pandas, folder)
    say(f"everything again: {figures['whole_again']['seconds']} s, pandas {figures['pandas']['seconds']} s")
    return figures


def _built(settings: Settings, as_of: datetime) -> dict[str, Any]:
    """One dbt build as a run does it: seconds and memory from outside, seconds by kind of node."""
    from dagster_project.lib import dbt_project, increments

    os.environ.update(dbt_project.environment(settings, as_of))
    os.environ[dbt_project.WAREHOUSE] = str(settings.warehouse)
    target = settings.data / "target"
    stands = increments.lasting_stands(settings)
    arguments = dbt_project.build_arguments(full_refresh=settings.full_refresh, lasting_stands=stands)
    arguments.remove("--no-write-json")
    places = {"--project-dir": dbt_project.PROJECT, "--profiles-dir": dbt_project.PROJECT}
    places |= {"--target-path": target, "--log-path": settings.data / "logs"}
    dbt = [str(LUYUE.with_name("dbt")), "--quiet", *arguments]
    figures = timed([*dbt, *(str(word) for pair in places.items() for word in pair)], settings.data)
    results = json.loads((target / dbt_project.RESULTS).read_text("utf-8"))["results"]

    def spent(kind: str) -> float:
        taken = (r["execution_time"] for r in results if r["unique_id"].startswith(kind))
        return round(sum(taken), 2)

    slowest = sorted(results, key=lambda r: -r["execution_time"])[:10]
    return {
        **figures,
        "models_seconds": spent("model."),
        "tests_seconds": spent("test."),
        "slowest": {r["unique_id"].split(".")[2]: round(r["execution_time"], 2) for r in slowest},
        "built": increments.done(settings.warehouse),
    }


def _published(settings: Settings) -> dict[str, float]:
    from dagster_project.lib import publish

    started = time.monotonic()
    rows = publish.rows_in(publish.publish(settings, "20240101T000000-bench"))
    seconds = time.monotonic() - started
    return {"rows": rows, "seconds": round(seconds, 2), "rows_a_second": round(rows / seconds)}


def _daily_run(folder: Path, orders: int, say: Say) -> dict[str, Any]:
    """The demo's exports but the newest taken by `luyue run`, then the newest by another, as a day does."""
    say(f"writing the demo's {orders:,} orders")
    demo = [str(LUYUE), "demo", "--out", str(folder), "--orders", str(orders), "--days", str(DEMO_DAYS)]
    folder.mkdir()
    timed(demo, folder)
    exported = _export_days(settings_module.load(data=folder, env={}))
    held = [path for path, day in exported.items() if day == max(exported.values())]
    apart = folder / "held"
    for path in held:
        place = apart / path.relative_to(folder / "landing")
        place.parent.mkdir(parents=True, exist_ok=True)
        path.rename(place)
    figures = {"first": _ran(folder)}
    say(f"first run: {figures['first']['seconds']} s")
    shutil.copytree(apart, folder / "landing", dirs_exist_ok=True)
    figures["day"] = _ran(folder)
    say(f"the newest {len(held)} files: {figures['day']['seconds']} s")
    return figures


def _export_days(settings: Settings) -> dict[Path, date]:
    """The days on which the files of landing/ were exported, by their contracts."""
    from dagster_project.lib.ingest import scan
    from dagster_project.lib.ingest.contracts.contract import load_contract
    from dagster_project.lib.ingest.contracts.exported import exported_at
    from dagster_project.lib.ingest.contracts.folders import source_folders

    folders = source_folders(settings.channels)
    contracts = {source: load_contract(folders[source]) for source in {f.source for f in scan(settings).new}}
    return {
        file.path: exported_at(contracts[file.source], file.path.name, file.mtime_ns).date()
        for file in scan(settings).new
    }


def _ran(folder: Path) -> dict[str, Any]:
    figures = timed([str(LUYUE), "run", "--data", str(folder), "--json"], folder)
    facts = json.loads((folder / "out.txt").read_text("utf-8"))
    return {**figures, "stages": facts["seconds"], "built": facts["built"], "publishing": facts["publishing"]}


if __name__ == "__main__":
    json.dump(run(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0), sys.stdout, indent=2, default=str)
