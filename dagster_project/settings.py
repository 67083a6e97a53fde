"""Where things are and how they are set: one frozen object, read once, the only reader of the environment.

No business rule belongs here, and no I/O beyond asking which paths exist.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dagster_project.lib.errors import LuyueError

PROJECT_ROOT = Path(__file__).resolve().parent.parent
BUILT_IN_CHANNELS = Path(__file__).resolve().parent / "channels"
KEPT_VERSIONS = 3
"""Published files kept for rollback, the current one included."""
_MOST_DAYS = 36_500
SETTLED_SECONDS = 30.0
"""A file that changed more recently may still be on its way."""


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
    settled_only: bool = False
    """Leave files that may still be on their way for a later run: so do runs that nobody watches."""
    settled_seconds: float = SETTLED_SECONDS
    marker_required: frozenset[str] = frozenset()
    """Sources, or `all`, whose files are taken only with a marker beside them."""
    archive_days: int | None = None
    """Days that taken files are kept in DATA/archive; None leaves them in landing/."""
    archive_refused: bool = False
    """Whether refused files move too, instead of staying to be mended."""
    brief: str = "png"
    """The daily brief: `png` (pages and pictures), `html` (pages only) or `no`."""
    auth_file: Path | None = None
    """Streamlit's secrets with an `[auth]` section: the dashboard asks for a sign-in. None: one local
    user."""
    roles_file: Path | None = None
    """The mapping of the identity provider's groups to the dashboard's roles."""
    oms_key_file: Path = Path("data/keys/oms.jwk")
    """The public key (JWK) of the merchant's order system, to which a new address is sealed."""
    may_reveal: bool = False
    """Whether this dashboard has the vault's key: without, no role can see a masked value whole."""
    report_recipients: Path | None = None
    """Whom the reports of each owner are addressed to: a CSV with the columns owner and address."""
    smtp: str | None = None
    """The mail server, `host:port`, that takes the letters; None leaves them in the outbox."""
    four_eyes: bool = False
    """Whether a correction of master data needs the approval of somebody else than who proposed it."""
    owners_file: Path | None = None
    """A YAML of owners of master data and the webhooks that they are told by; none: nobody is told."""

    @property
    def lake(self) -> Path:
        return self.data / "lake"

    @property
    def archive(self) -> Path:
        return self.data / "archive"

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
    def quality(self) -> Path:
        return self.data / "quality"

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
    `LUYUE_VAULT_KEY_NEW`, `LUYUE_VAULT_KEY_FILE`, `LUYUE_SETTLED_SECONDS`, `LUYUE_MARKER_REQUIRED` (sources
    by comma, or `all`), `LUYUE_ARCHIVE` (`leave`, or a number of days), `LUYUE_ARCHIVE_REFUSED` (`leave` or
    `move`), `LUYUE_AUTH`, `LUYUE_ROLES`, `LUYUE_OMS_KEY`,
    `LUYUE_OWNERS` (files), `LUYUE_REVEALS` (`no` or `yes`),
    `LUYUE_BRIEF` (`png`, `html` or `no`), `LUYUE_FOUR_EYES` (`no` or `yes`), `LUYUE_REPORT_RECIPIENTS` (a
    file), `LUYUE_SMTP`. Paths come back absolute. Contracts of `channels` come after the built-in ones.
    Raises LuyueError that names a variable whose text means nothing.
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
        settled_seconds=_number(env, "LUYUE_SETTLED_SECONDS", SETTLED_SECONDS),
        marker_required=frozenset(_words(env.get("LUYUE_MARKER_REQUIRED", ""))),
        archive_days=_archive_days(env),
        archive_refused=_choice(env, "LUYUE_ARCHIVE_REFUSED", ("leave", "move")) == "move",
        brief=_choice(env, "LUYUE_BRIEF", ("png", "html", "no")),
        auth_file=_file(env, "LUYUE_AUTH"),
        roles_file=_file(env, "LUYUE_ROLES"),
        oms_key_file=Path(env.get("LUYUE_OMS_KEY") or data_dir / "keys" / "oms.jwk").resolve(),
        may_reveal=_choice(env, "LUYUE_REVEALS", ("no", "yes")) == "yes",
        report_recipients=_file(env, "LUYUE_REPORT_RECIPIENTS"),
        smtp=env.get("LUYUE_SMTP") or None,
        four_eyes=_choice(env, "LUYUE_FOUR_EYES", ("no", "yes")) == "yes",
        owners_file=_file(env, "LUYUE_OWNERS"),
        vault_key_new=env.get("LUYUE_VAULT_KEY_NEW"),
        vault_key_file=Path(env.get("LUYUE_VAULT_KEY_FILE") or data_dir / "keys" / "vault.key").resolve(),
    )


def account() -> str:
    """The operating system's account that runs this program."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _file(env: Mapping[str, str], name: str) -> Path | None:
    return Path(env[name]).resolve() if env.get(name) else None


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _number(env: Mapping[str, str], name: str, default: float) -> float:
    text = env.get(name) or str(default)
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number < float("inf"):
        raise LuyueError(f"{name}: {text} is no number of seconds from 0 up")
    return number


def _archive_days(env: Mapping[str, str]) -> int | None:
    text = env.get("LUYUE_ARCHIVE") or "leave"
    if text == "leave":
        return None
    if not (text.isascii() and text.isdigit() and int(text) <= _MOST_DAYS):
        raise LuyueError(f"LUYUE_ARCHIVE: {text} is neither `leave` nor a number of days up to {_MOST_DAYS}")
    return int(text)


def _choice(env: Mapping[str, str], name: str, words: Sequence[str]) -> str:
    text = env.get(name) or words[0]
    if text not in words:
        raise LuyueError(f"{name}: {text} is none of {', '.join(words)}")
    return text
