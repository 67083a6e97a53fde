"""The dashboard's server: Streamlit on 127.0.0.1 over the published file. Its pages stand in app/."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable

from dagster_project.lib import publish
from dagster_project.lib.errors import LuyueError
from dagster_project.settings import PROJECT_ROOT, Settings

HOST = "127.0.0.1"


def serve(settings: Settings, port: int, say: Callable[[str], None]) -> int:
    """Serves until interrupted; its exit code. Raises LuyueError for a taken port, or nothing published."""
    if publish.current(settings) is None:
        raise LuyueError(f"{settings.serving}: nothing published yet; luyue run --data {settings.data}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise LuyueError(f"port {port} of {HOST} is taken; name another with --port") from error
    say(f"dashboard  http://{HOST}:{port} (Ctrl-C ends it)")
    try:
        done = subprocess.run(command(port), cwd=PROJECT_ROOT, env=environment(settings), check=False)
    except KeyboardInterrupt:
        return 0
    return done.returncode


def command(port: int) -> list[str]:
    """Streamlit's command line: local, headless, no telemetry; the theme is in .streamlit/config.toml."""
    options = {
        "server.address": HOST,
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    return [sys.executable, "-m", "streamlit", "run", str(PROJECT_ROOT / "app" / "streamlit_app.py"), *flags]


def environment(settings: Settings) -> dict[str, str]:
    """The environment with the data folder; the vault's key is left out: no page may have it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LUYUE_VAULT")}
    return {**kept, "LUYUE_DATA": str(settings.data)}
