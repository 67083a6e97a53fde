"""What stewards of customers do from the dashboard: the door from app/ to reviews, explanations and ids.

The facts of a pair need the vault's key, which no page has: a process of its own tells them, masked, as
`luyue identity review next` does. Whether somebody may do something is asked before.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from dagster_project.lib.errors import LuyueError
from dagster_project.settings import Settings

__all__ = ["LuyueError", "decide", "explained", "life", "next_case", "rule_name"]

TOLD_WITHIN_SECONDS = 120
"""How long the facts of a pair may take; on a million records they take some seconds."""


def next_case(settings: Settings) -> dict[str, Any]:
    """The next case as `luyue identity review next --json` tells it; empty where none waits. LuyueError."""
    cases = told_by(["identity", "review", "next", "1", "--json", "--data", str(settings.data)])
    return cases[0] if cases else {}


def decide(settings: Settings, case_id: str, answer: str, why: str, by: str) -> str:
    """Keeps the answer to a case (same, different, unsure); its event id. LuyueError."""
    from dagster_project.lib import reviewing

    return reviewing.decide(settings, settings.identity, case_id, answer, why, by=by)


def explained(settings: Settings, left: str, right: str) -> dict[str, Any]:
    """Why two records, named `source/id`, are or are not one customer. LuyueError where one is not there."""
    from dagster_project.lib.identity_files import asking

    return asking.explained(settings.identity, left, right)


def life(settings: Settings, customer_id: str) -> dict[str, Any]:
    """What became of a customer id. LuyueError where there was none."""
    from dagster_project.lib.identity_files import asking

    return asking.life(settings.identity, customer_id)


def rule_name(code: str, lang: str) -> str:
    """A linking rule's name, as `luyue identity explain --html` writes it."""
    from dagster_project.lib.identity_files.picture_words import RULES

    words = RULES.get(code)
    return words.of(lang) if words else code


def told_by(command: list[str], within_seconds: float = TOLD_WITHIN_SECONDS) -> Any:  # noqa: ANN401 (JSON)
    """What a `luyue` command prints as JSON. LuyueError with its last line where it fails."""
    code = "from dagster_project.cli import main; main()"
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, *command],
            capture_output=True,
            text=True,
            timeout=within_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise LuyueError(f"no answer within {within_seconds:.0f} s") from None
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise LuyueError(lines[-1] if lines else f"ended with {done.returncode}")
    return json.loads(done.stdout)
