"""What the dashboard's bench looks at: a demo merchant's published file, and versions of it that can be told
apart.

A version's parts all have one rate, which is also its index: a page that mixes two versions shows it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from dagster_project import settings
from dagster_project.lib import publish
from dagster_project.lib.runs import write_text
from dagster_project.settings import Settings

LUYUE = Path(sys.executable).with_name("luyue")
ORDERS = 135_500
"""Orders of the demo merchant that give about 200,000 order lines."""
READY = "LUYUE_BENCH_DATA"
"""Names a data folder with a published file, which is copied instead of making one."""
_ONE_RATE = """
update marts.rpt_experience_index
set value = case when kpi = 'experience_index' then 100 * $rate else $rate end
where value is not null
"""


def made(folder: Path, scale: float) -> Settings:
    """A data folder with one published version: of the demo, after one whole run, or of a folder that is
    ready."""
    ready = os.environ.get(READY)
    if ready:
        current = publish.current(settings.load(data=Path(ready), env={}))
        if current is None:
            raise SystemExit(f"{READY}: {ready} has no published file")
        (folder / "serving").mkdir(parents=True)
        shutil.copyfile(current, folder / "serving" / current.name)
        write_text(folder / "serving" / "CURRENT", f"{current.name}\n")
    else:
        orders = str(max(int(ORDERS * scale), 300))
        for command in (["demo", "--out", str(folder), "--orders", orders], ["run", "--data", str(folder)]):
            done = subprocess.run([LUYUE, *command], capture_output=True, text=True, check=False)
            if done.returncode:
                raise SystemExit(f"luyue {command[0]} failed:\n{done.stderr[-2000:]}")
    return settings.load(data=folder, env={})


def order_lines(told: Settings) -> int:
    """Order lines of the version in force."""
    import duckdb

    with duckdb.connect(str(publish.current(told)), read_only=True) as con:
        row = con.execute("select count(*) from marts.fct_order_lines").fetchone()
    return int(row[0]) if row else 0


def publish_another(told: Settings, number: int) -> str:
    """A new version beside the one in force, swapped in and the oldest pruned, as publishing does; its
    index."""
    import duckdb

    whole = publish.current(told)
    if whole is None:
        raise SystemExit("the bench's data folder lost its version")
    path = told.serving / f"serve_90000101T000000-{number:06d}.duckdb"
    temporary = path.with_suffix(".tmp")
    shutil.copyfile(whole, temporary)
    rate = (number % 97 + 1) / 100
    with duckdb.connect(str(temporary)) as con:
        con.execute(_ONE_RATE, {"rate": rate})
    temporary.replace(path)
    write_text(told.serving / "CURRENT", f"{path.name}\n")
    for name in publish.versions(told)[: -settings.KEPT_VERSIONS]:
        (told.serving / name).unlink()
    return f"{100 * rate:.1f}"
