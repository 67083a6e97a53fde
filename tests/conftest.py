"""What every test gets: an environment without the caller's settings. Data builders live in tests/support."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

hypothesis_settings.register_profile("luyue", deadline=None)
hypothesis_settings.load_profile("luyue")

_OURS = (
    "LUYUE_DATA",
    "LUYUE_LANDING",
    "LUYUE_CHANNELS",
    "LUYUE_VAULT_KEY",
    "LUYUE_VAULT_KEY_FILE",
    "LUYUE_AUTH",
    "LUYUE_ROLES",
    "LUYUE_REVEALS",
    "DAGSTER_HOME",
)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the caller's Luyue or Dagster settings, and none tells anyone that it ran."""
    for name in _OURS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DAGSTER_DISABLE_TELEMETRY", "yes")
    monkeypatch.setenv("DO_NOT_TRACK", "1")
    monkeypatch.setenv("LUYUE_BRIEF", "html")


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The folder that holds pyproject.toml."""
    return Path(__file__).resolve().parent.parent
