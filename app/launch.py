"""How the dashboard is started: the command and the environment of its process. Starts nothing itself."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from dagster_project.settings import Settings

SCRIPT = Path(__file__).resolve().parent / "streamlit_app.py"
DEFAULT_PORT = 8501


def command(port: int = DEFAULT_PORT) -> list[str]:
    """The command line that serves the dashboard on 127.0.0.1 at `port`."""
    return [sys.executable, "-m", "streamlit", "run", str(SCRIPT), "--server.port", str(port)]


def environment(settings: Settings) -> dict[str, str]:
    """This process's environment with the data directory of `settings`, and without the vault's key."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LUYUE_VAULT")}
    return {**kept, "LUYUE_DATA": str(settings.data)}
