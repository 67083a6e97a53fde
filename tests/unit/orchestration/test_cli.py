"""The command line: quick help, one line and exit code 1 for what a person can mend, 2 for wrong usage."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from dagster_project.cli.base import print_result
from dagster_project.lib import lock

LUYUE = Path(sys.executable).parent / "luyue"


def _luyue(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LUYUE, *arguments], capture_output=True, text=True, check=False, timeout=60)


def _one_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("luyue: ")
    return lines[0]


def test_help_names_every_command_and_is_quick() -> None:
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        done = _luyue("--help")
        seconds.append(time.perf_counter() - started)
        assert done.returncode == 0
    for name in ("demo", "run", "quarantine", "dashboard", "status", "rollback", "vault"):
        assert f"\n  {name} " in done.stdout
    assert min(seconds) < 1, "something heavy is imported at the start"


@pytest.mark.parametrize("command", ["demo", "run", "dashboard", "status", "rollback"])
def test_every_command_has_help(command: str) -> None:
    done = _luyue(command, "--help")
    assert done.returncode == 0
    assert "--help" in done.stdout


def test_run_without_exports(tmp_path: Path) -> None:
    done = _luyue("run", "--data", tmp_path / "data")
    assert done.returncode == 1
    assert str(tmp_path / "data" / "landing") in _one_line(done)
    assert "luyue demo" in done.stderr


@pytest.mark.parametrize("option", ["--landing", "--channels"])
def test_a_folder_that_an_option_names_must_be_there(tmp_path: Path, option: str) -> None:
    """A mistyped folder is no empty one: a run over it would say that nothing is new."""
    done = _luyue("run", "--data", tmp_path / "data", option, tmp_path / "mistyped")
    assert done.returncode == 2
    assert f"{option}: {tmp_path / 'mistyped'}: no such folder" in done.stderr.replace("'", "")
    assert not (tmp_path / "data").exists()


def test_a_place_that_cannot_be_written_is_named_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = _luyue("demo", "--out", tmp_path / "file", "--orders", "60", "--days", "10")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"luyue: {tmp_path / 'file' / 'landing'}")
    assert done.stderr.endswith(": Not a directory\n")


def test_rollback_without_versions(tmp_path: Path) -> None:
    done = _luyue("rollback", "--data", tmp_path)
    assert done.returncode == 1
    assert "kept are none" in _one_line(done)


@pytest.mark.parametrize("command", ["status", "rollback", "dashboard"])
def test_missing_data_folder_is_not_made(command: str, tmp_path: Path) -> None:
    done = _luyue(command, "--data", tmp_path / "typo")
    assert done.returncode == 1
    assert "no such data folder" in _one_line(done)
    assert not (tmp_path / "typo").exists()


def test_dashboard_before_the_first_run(tmp_path: Path) -> None:
    done = _luyue("dashboard", "--data", tmp_path)
    assert done.returncode == 1
    assert "luyue run" in _one_line(done)


def test_locked_folder_names_the_holder(tmp_path: Path) -> None:
    with lock.hold(tmp_path / ".lock", command="luyue run"):
        done = _luyue("run", "--data", tmp_path, "--no-wait")
    assert done.returncode == 1
    assert "`luyue run`" in _one_line(done)


@pytest.mark.parametrize("arguments", [["run", "--as-of", "now"], ["run", "--target", "spark"], ["no"]])
def test_wrong_usage_is_exit_code_2(arguments: list[str], tmp_path: Path) -> None:
    done = subprocess.run([LUYUE, *arguments], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_status_of_an_empty_folder(tmp_path: Path) -> None:
    done = _luyue("status", "--data", tmp_path)
    assert done.returncode == 0
    assert "published     nothing yet" in done.stdout
    assert "due           first run" in done.stdout


def test_results_are_read_by_people(capsys: pytest.CaptureFixture[str]) -> None:
    """Not as Python writes them."""
    print_result({"batches": 18, "was_interrupted": False, "removed": ("this", "that"), "left": ()}, False)
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "batches       18",
        "was_interrupted no",
        "removed       this; that",
        "left          -",
    ]
