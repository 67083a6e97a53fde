"""One run in progress: the lock, the cut-off, the facts gathered by stage, and what is written at its end.

The stages' own work does not belong here, nor Dagster: `luyue run` and Dagster's pages both open a session.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib import batches, due, lock, runs
from dagster_project.lib.errors import WalledError, is_for_people
from dagster_project.lib.ingest.personal.walled import walled
from dagster_project.lib.vault_store import ROTATION_JOURNAL
from dagster_project.settings import Settings

if TYPE_CHECKING:
    from identity.vault import VaultKey

Say = Callable[[str], None]
NEAR_PERSONAL_VALUES = ("ingest", "addresses", "identity")
"""Stages that read raw files or the vault."""
PRIVATE = ("vault", "archive")
"""Folders of DATA that hold personal values."""
STAGES = ("prepare", "ingest", "addresses", "quality", "identity", "transform", "publish", "brief")


class Session:
    """What the stages of one run share. Open it with `open_session`."""

    def __init__(self, settings: Settings, run_id: str, say: Say, started_at: datetime) -> None:
        self.settings = settings
        self.taken: frozenset[str] = frozenset()
        """Ids of the batches that this run took."""
        self.is_transformed = False
        """Whether this run's own dbt build succeeded; nothing else may be published."""
        self.facts = runs.Facts(run_id=run_id, started_at=due.format_time(started_at))
        self._say = say
        self._before = due.read_state(settings)
        self._code = due.code_fingerprint(settings)
        self._stage = "prepare"
        self._consumed: str | None = None

    @cached_property
    def key(self) -> VaultKey:
        """The vault key; made on first use of a data folder."""
        from dagster_project.lib.vault_store import key_of

        return key_of(self.settings)

    @cached_property
    def as_of(self) -> datetime:
        """The cut-off: as asked for, else the newest export taken, but never before the warehouse's own.

        Read it after ingestion. Raises LuyueError where no file was ever accepted and no cut-off is given.
        """
        standing = self._before.as_of if self._before else None
        moment = self.settings.as_of or batches.newest_exported_at(self.settings)
        if self.settings.as_of is None and standing is not None:
            moment = max(moment, datetime.strptime(standing, due.TIME_FORMAT))
        self.facts.as_of = due.format_time(moment)
        return moment

    def say(self, text: str) -> None:
        """One progress line, named after the stage."""
        self._say(f"{self._stage:<10} {text}")

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Times a stage and announces it; an exception becomes a line of `blocked` and goes on its way.

        Of one that is not for people, in a stage that handles personal values, only kind and place go on:
        Dagster keeps the texts of errors, and a foreign one may quote a cell.
        """
        self._stage = name
        self.say("started")
        started = time.monotonic()
        try:
            yield
        except Exception as error:
            if not self.facts.blocked:
                self.block(f"{name}: {_told(error)}")
            if is_for_people(error):
                raise
            if name in NEAR_PERSONAL_VALUES:
                print("".join(traceback.format_tb(error.__traceback__)), type(error).__qualname__)
                raise WalledError(_told(error)) from None
            traceback.print_exc(file=sys.stdout)
            raise
        finally:
            seconds = time.monotonic() - started
            self.facts.seconds[name] = round(self.facts.seconds.get(name, 0.0) + seconds, 3)
        self.say(f"done in {seconds:.1f} s")

    def block(self, reason: str) -> None:
        """Notes why this run may not publish."""
        self.facts.blocked += walled([reason])

    def note_consumed(self) -> None:
        """Before anything reads what people entered: what they enter afterwards makes another run due."""
        self._consumed = due.consumed_fingerprint(self.settings)

    def mark_consumed(self) -> None:
        """Before the warehouse changes: from here on it stands at this run's cut-off, complete or not."""
        self._consumed = self._consumed or due.consumed_fingerprint(self.settings)
        standing = self._before.as_of if self._before else None
        self._write_state(complete=False, as_of=max(filter(None, (standing, due.format_time(self.as_of)))))

    def mark_complete(self) -> None:
        """After publishing: nothing is due until something changes, entries made during the run included."""
        self._write_state(complete=True, as_of=due.format_time(self.as_of))

    def begin(self) -> None:
        """At the start: until `mark_complete`, a run is due."""
        self._write_state(complete=False, as_of=self._before.as_of if self._before else None)

    def finish(self, finished_at: datetime) -> None:
        """Writes the run's facts. What was read and refused is there also when nothing was published."""
        self.facts.finished_at = due.format_time(finished_at)
        runs.write(self.settings, self.facts)

    def _write_state(self, *, complete: bool, as_of: str | None) -> None:
        consumed = self._consumed or due.consumed_fingerprint(self.settings)
        key = due.vault_key_id(self.settings)
        state = due.State(self.facts.run_id, complete, self._code, consumed, as_of, key)
        due.write_state(self.settings, state)


@contextmanager
def open_session(
    settings: Settings,
    *,
    say: Say,
    wait_seconds: float | None = None,
    now: Callable[[], datetime] = datetime.now,
) -> Iterator[Session]:
    """A session under the lock of its data folder; its facts are written however the block ends.

    Raises LockBusyError if another process holds the folder for longer than `wait_seconds` (None: no limit).
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    with lock.hold(settings.lock_file, wait_seconds=wait_seconds, say=say):
        put_right(settings, say)
        started_at = now()
        session = Session(settings, runs.new_run_id(started_at), say, started_at)
        session.begin()
        try:
            yield session
        finally:
            session.finish(now())


def put_right(settings: Settings, say: Say) -> None:
    """Finishes a key rotation that was killed in its switch. The caller holds the lock."""
    if (settings.data / ROTATION_JOURNAL).exists():
        from dagster_project.lib import rotation

        rotation.finish(settings, say)


def placed(settings: Settings) -> Settings:
    """The settings to run with: a cut-off before the warehouse's own works apart, in DATA/asof/<time>.

    There the addresses, ids, warehouse and published files are its own; lake, vault and inbox are links.
    """
    state = due.read_state(settings)
    if settings.as_of is None or state is None or state.as_of is None:
        return settings
    if due.format_time(settings.as_of) >= state.as_of:
        return settings
    apart = settings.data / "asof" / f"{settings.as_of:%Y%m%dT%H%M%S}"
    apart.mkdir(parents=True, exist_ok=True)
    for name in ("lake", "vault", "inbox", "archive"):
        (settings.data / name).mkdir(0o700 if name in PRIVATE else 0o777, parents=True, exist_ok=True)
        if not (apart / name).is_symlink():
            (apart / name).symlink_to(f"../../{name}", target_is_directory=True)
    return replace(settings, data=apart)


def _told(error: Exception) -> str:
    """An error as one line; of one not for people only kind and place: its text may quote a cell."""
    if is_for_people(error) or isinstance(error, ImportError):
        return " ".join(str(error).split())[:500]
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}, line {frame.lineno}"
    return f"{type(error).__name__} in {place}; more of it is in dagster/last_run.log"
