"""Every command in a fenced `sh` block of the README and of docs/ is run here, in the order of the page.

`luyue` and others run for real, on a copy of the demo's data. A `make` target is what these tests themselves
are run by, so it is asked for its recipe; what it calls is run elsewhere. Servers must answer, then end.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from support.command import BIN
from support.demo_run import DemoRun

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").rglob("*.md"))]
SH_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
SERVERS = {("luyue", "dashboard"): "--port", ("dagster", "dev"): "-p"}
STARTS_WITHIN_SECONDS = 90


def commands(page: Path) -> list[str]:
    """The command lines of a page's `sh` blocks; a line that ends in a backslash goes on."""
    text = "".join(SH_BLOCK.findall(page.read_text("utf-8"))).replace("\\\n", " ")
    return [line.split(" #")[0].strip() for line in text.splitlines() if line.strip() and line[0] != "#"]


@pytest.fixture
def desk(demo_run: DemoRun, tmp_path: Path) -> Path:
    """A folder as the reader has it: data/ after a run, an older version beside it, the project's files."""
    data = demo_run.copy(tmp_path)
    current = data / "serving" / (data / "serving" / "CURRENT").read_text("utf-8").strip()
    shutil.copy2(current, current.with_name("serve_20200101T000000-000000.duckdb"))
    for name in ("Makefile", ".ci", "dagster_project", "dbt", "docs", "pyproject.toml", "uv.lock"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def page_case(page: Path) -> Any:  # noqa: ANN401 — pytest does not name its type
    """A page as a test case; one that runs the job over other data is among the long ones."""
    runs = any(command.startswith("luyue run --") for command in commands(page))
    return pytest.param(page, id=page.relative_to(ROOT).as_posix(), marks=[pytest.mark.long] * runs)


@pytest.mark.parametrize("page", [page_case(page) for page in PAGES if commands(page)])
def test_the_commands_of_a_page_do_what_they_say(page: Path, desk: Path) -> None:
    """A reader who copies a line gets no error; a command that changes is changed in the docs, too."""
    for command in commands(page):
        words = shlex.split(command)
        option = SERVERS.get(tuple(words[:2]))
        if words[0] == "make":
            _finishes(["make", "--dry-run", *words[1:]], desk, command)
        elif option:
            _answers(words, option, desk)
        else:
            _finishes(words, desk, command)


def test_pages_link_only_to_what_is_there() -> None:
    """A link into the repository leads somewhere; pages of the web are not asked."""
    missing = []
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                missing.append(f"{page.relative_to(ROOT)}: {target}")
    assert missing == []


def _environment(desk: Path) -> dict[str, str]:
    path = f"{BIN}{os.pathsep}/usr/local/bin:/usr/bin:/bin"
    return {"PATH": path, "HOME": str(desk), "LANG": "C.UTF-8", "DO_NOT_TRACK": "1"}


def _finishes(words: list[str], desk: Path, command: str) -> None:
    done = subprocess.run(
        words, cwd=desk, env=_environment(desk), capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"


def _answers(words: list[str], option: str, desk: Path) -> None:
    """Starts a server on a free port, waits for its page, ends it with all its children."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    log = desk / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*words, option, port],
            cwd=desk,
            env=_environment(desk),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while not _is_up(f"http://127.0.0.1:{port}/"):
            assert server.poll() is None, log.read_text("utf-8", "replace")[-3000:]
            assert time.monotonic() < deadline, log.read_text("utf-8", "replace")[-3000:]
            time.sleep(0.5)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def _is_up(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
