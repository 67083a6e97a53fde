"""The dashboard's server: Streamlit on 127.0.0.1 over the published file. Its pages stand in app/.

Without a sign-in it serves whoever sits at this machine. With one (LUYUE_AUTH), a proxy with TLS stands
before it.
"""

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
OTHERS = 0o077
"""Bits of a file's mode that open it to its group or to everybody."""


def serve(settings: Settings, port: int, say: Callable[[str], None]) -> int:
    """Serves until interrupted; its exit code.

    Raises LuyueError for a taken port, nothing published, or a sign-in that is not set up.
    """
    check_sign_in(settings)
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
        done = subprocess.run(
            command(port, settings), cwd=PROJECT_ROOT, env=environment(settings), check=False
        )
    except KeyboardInterrupt:
        return 0
    return done.returncode


def check_sign_in(settings: Settings) -> None:
    """Raises LuyueError unless the files of a sign-in are there, and its secrets are for their owner only."""
    secrets, roles = settings.auth_file, settings.roles_file
    if secrets is None:
        return
    if not secrets.is_file():
        raise LuyueError(f"LUYUE_AUTH: {secrets} is not there; docs/dashboard.md says what it holds")
    if secrets.stat().st_mode & OTHERS:
        raise LuyueError(f"LUYUE_AUTH: {secrets} is readable by others; chmod 600 {secrets}")
    if roles is None or not roles.is_file():
        raise LuyueError("LUYUE_ROLES: a sign-in needs the mapping of groups to roles; see docs/dashboard.md")


def command(port: int, settings: Settings) -> list[str]:
    """Streamlit's command line: local, headless, no telemetry; the theme is in .streamlit/config.toml.

    The secrets of a sign-in are named by their file: none of them is on the command line.
    """
    options = {
        "server.address": HOST,
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        # After each run of a page it would look through all that was ever imported: three quarters of the
        # server's time. Python's own collection does what is needed.
        "runner.postScriptGC": "false",
        **({"secrets.files": str(settings.auth_file)} if settings.auth_file else {}),
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    return [sys.executable, "-m", "streamlit", "run", str(PROJECT_ROOT / "app" / "streamlit_app.py"), *flags]


def environment(settings: Settings) -> dict[str, str]:
    """The environment with the data folder. The vault's key goes along only where values may be revealed."""
    told = {"LUYUE_DATA": str(settings.data), "LUYUE_REVEALS": "yes" if settings.may_reveal else "no"}
    if settings.may_reveal:
        return {**os.environ, "LUYUE_VAULT_KEY_FILE": str(settings.vault_key_file), **told}
    return {name: value for name, value in os.environ.items() if not name.startswith("LUYUE_VAULT")} | told
