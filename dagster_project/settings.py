"""Where things are and how they are set: one frozen object, read once, the only reader of the environment.

No business rule belongs here, and no I/O beyond asking which paths exist.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent
BUILT_IN_CHANNELS = Path(__file__).resolve().parent / "channels"
KEPT_VERSIONS = 3
"""Published files kept for rollback, the current one included."""


@dataclass(frozen=True)
class Settings:
    """All paths of one data directory and the switches of one run."""

    data: Path
    landing: Path
    channels: tuple[Path, ...] = (BUILT_IN_CHANNELS,)
    as_of: datetime | None = None
    target: str = "duckdb"
    full_refresh: bool = False
    vault_key: str | None = None
    """Key material given by the environment (64 hex digits); else the key file is used."""
    vault_key_file: Path = Path("data/keys/vault.key")
    vault_key_new: str | None = None
    """Key material that `luyue vault rotate` changes to; else a new key is made."""

    @property
    def lake(self) -> Path:
        return self.data / "lake"

    @property
    def vault(self) -> Path:
        return self.data / "vault"

    @property
    def addresses(self) -> Path:
        return self.data / "addresses"

    @property
    def identity(self) -> Path:
        return self.data / "identity"

    @property
    def warehouse(self) -> Path:
        return self.data / "warehouse.duckdb"

    @property
    def serving(self) -> Path:
        return self.data / "serving"

    @property
    def runs(self) -> Path:
        return self.data / "runs"

    @property
    def reports(self) -> Path:
        return self.data / "reports"

    @property
    def dagster_home(self) -> Path:
        return self.data / "dagster"

    @property
    def inbox(self) -> Path:
        return self.data / "inbox"

    @property
    def outbox(self) -> Path:
        return self.data / "outbox"

    @property
    def lock_file(self) -> Path:
        return self.data / ".lock"


def load(
    data: Path | None = None,
    landing: Path | None = None,
    channels: Sequence[Path] = (),
    as_of: datetime | None = None,
    target: str = "duckdb",
    full_refresh: bool = False,
    env: Mapping[str, str] | None = None,
) -> Settings:
    """Settings from the arguments, else from the environment, else the defaults.

    `LUYUE_DATA`, `LUYUE_LANDING`, `LUYUE_CHANNELS` (separated like PATH), `LUYUE_VAULT_KEY`,
    `LUYUE_VAULT_KEY_NEW`, `LUYUE_VAULT_KEY_FILE`. Paths come back absolute. Contracts of `channels` come
    after the built-in ones.
    """
    env = os.environ if env is None else env
    data_dir = Path(data or env.get("LUYUE_DATA") or "data").resolve()
    extra = list(channels) or [Path(p) for p in env.get("LUYUE_CHANNELS", "").split(os.pathsep) if p]
    return Settings(
        data=data_dir,
        landing=Path(landing or env.get("LUYUE_LANDING") or data_dir / "landing").resolve(),
        channels=(BUILT_IN_CHANNELS, *(p.resolve() for p in extra)),
        as_of=as_of,
        target=target,
        full_refresh=full_refresh,
        vault_key=env.get("LUYUE_VAULT_KEY"),
        vault_key_new=env.get("LUYUE_VAULT_KEY_NEW"),
        vault_key_file=Path(env.get("LUYUE_VAULT_KEY_FILE") or data_dir / "keys" / "vault.key").resolve(),
    )
