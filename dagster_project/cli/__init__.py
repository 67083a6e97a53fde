"""The `luyue` command: options, and which library function each command calls. No work is done here.

One module a group of commands; importing it registers them, in the order in which the help lists them.
"""

from __future__ import annotations

import sys

from dagster_project.cli import (
    address,
    base,
    bench,
    channel,
    erase,
    identity,
    identity_evaluate,
    identity_model,
    identity_review,
    inventory,
    job,
    master,
    master_correct,
    operations,
    quarantine,
    report,
    rules,
    vault,
)
from dagster_project.lib.errors import is_for_people

__all__ = [
    "address",
    "bench",
    "channel",
    "erase",
    "identity",
    "identity_evaluate",
    "identity_model",
    "identity_review",
    "inventory",
    "job",
    "main",
    "master",
    "master_correct",
    "operations",
    "quarantine",
    "report",
    "rules",
    "vault",
]


def main() -> None:
    """Entry point: errors meant for people become one line and exit code 1, others keep their traceback."""
    try:
        base.app()
    except KeyboardInterrupt:
        sys.exit(base.fail("interrupted; the next run does what was left"))
    except Exception as error:
        if not is_for_people(error):
            raise
        text = str(error)
        if isinstance(error, OSError) and error.filename is not None:
            text = f"{error.filename}: {error.strerror}"
        sys.exit(base.fail(" ".join(text.split())))
