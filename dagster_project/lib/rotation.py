"""Changing the vault's key: every vault file encrypted anew, every token made anew, in one switch.

The new stores are made beside those in force (`lake.next`, `vault.next`), which costs time and is safe to
break off. Then the journal is written, and from there on only renames and removals are left, which whoever
holds the lock next can finish. How one batch is rewritten stands in rekeying.py.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from dagster_project.lib import publish
from dagster_project.lib.errors import LuyueError
from dagster_project.lib.rekeying import Keys, keep_time, link, rekey_lake_file, rekey_vault_file
from dagster_project.lib.runs import sync_folder, write_text
from dagster_project.lib.vault_store import ROTATION_JOURNAL, key_of, note_key
from dagster_project.settings import Settings
from identity.vault_key import RECORD, VaultError, VaultKey, create_key_file, derive, read_record

STORES = ("lake", "vault")
THREADS = 2
_ROOM = 1.1
"""Free disk needed, as a multiple of the two stores: the new ones are made before the old ones go."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Rotation:
    """What was done. `removed`: what the old key had made and the next run makes again, or that is gone."""

    key_version: int
    key_id: str
    batches: int = 0
    vault_files: int = 0
    lake_files: int = 0
    tokens: int = 0
    was_interrupted: bool = False
    """An earlier rotation stood half way; this one was its second half, and no further key was made."""
    removed: tuple[str, ...] = ()


def rotate(settings: Settings, say: Say) -> Rotation:
    """Puts a new key into force. The caller holds the lock of the data folder.

    The new key is `settings.vault_key_new`, else a random one; it is kept in the key file unless the present
    key comes from the environment. Raises VaultError for an unusable key, LuyueError where nothing can be
    rotated or the disk is too full.
    """
    if (pending := _journal(settings)) is not None:
        say("a rotation that was interrupted is finished")
        return replace(pending, was_interrupted=True, removed=_switch(settings, pending))
    _check_folder(settings)
    old = key_of(settings)
    new = _new_key(settings, old)
    _clear_other_attempt(settings, new)
    rotation = _rewrite(settings, Keys(old, new), say)
    note_key(_next(settings, "vault"), new)
    write_text(settings.data / ROTATION_JOURNAL, json.dumps(asdict(rotation)) + "\n")
    say("all is rewritten; the new stores come into force")
    return replace(rotation, removed=_switch(settings, rotation))


def finish(settings: Settings, say: Say) -> None:
    """Finishes a rotation that was killed in its switch; nothing else. The caller holds the lock."""
    if (pending := _journal(settings)) is not None:
        say("finishing a key rotation that was interrupted")
        _switch(settings, pending)


def _journal(settings: Settings) -> Rotation | None:
    try:
        told = json.loads((settings.data / ROTATION_JOURNAL).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Rotation(**{**told, "removed": tuple(told["removed"])})


def _check_folder(settings: Settings) -> None:
    if not settings.vault.is_dir():
        raise LuyueError(f"{settings.vault}: no vault, so there is no key to rotate; run `luyue run` first")
    for name in STORES:
        if (settings.data / name).is_symlink():
            raise LuyueError(f"{settings.data / name} is a link: rotate the data folder that it leads to")
    files = [path for name in STORES for path in (settings.data / name).rglob("*") if path.is_file()]
    needed = int(sum(path.stat().st_size for path in files) * _ROOM)
    free = shutil.disk_usage(settings.data).free
    if free < needed:
        raise LuyueError(
            f"{settings.data}: a rotation needs {needed / 1e9:.1f} GB of free disk, there are "
            f"{free / 1e9:.1f} GB: make room and run it again"
        )


def _new_key(settings: Settings, old: VaultKey) -> VaultKey:
    """The key to change to; of two attempts at one rotation both use the same."""
    waiting = _waiting_key(settings)
    if settings.vault_key_new is not None:
        text, where = settings.vault_key_new, "LUYUE_VAULT_KEY_NEW"
        new = derive(text, where)
        if settings.vault_key is None and (
            not waiting.exists() or derive(waiting.read_text("ascii"), str(waiting)).id != new.id
        ):
            waiting.unlink(missing_ok=True)
            create_key_file(waiting, text.strip())
    elif settings.vault_key is not None:
        raise VaultError(
            "LUYUE_VAULT_KEY: the key comes from the environment, and so must the new one: set "
            "LUYUE_VAULT_KEY_NEW to 64 other hex digits (openssl rand -hex 32) and rotate again"
        )
    else:
        create_key_file(waiting)
        new = derive(waiting.read_text(encoding="ascii", errors="replace"), str(waiting))
    if new.id == old.id:
        raise VaultError("LUYUE_VAULT_KEY_NEW: this is the key in force; give another one")
    return replace(new, version=old.version + 1)


def _waiting_key(settings: Settings) -> Path:
    return settings.vault_key_file.with_name(f"{settings.vault_key_file.name}.next")


def _next(settings: Settings, name: str) -> Path:
    return settings.data / f"{name}.next"


def _clear_other_attempt(settings: Settings, new: VaultKey) -> None:
    """What an attempt with another key left is of no use; what one with this key left is gone on with."""
    record = read_record(_next(settings, "vault"))
    if record is None or record.key_id != new.id:
        for name in STORES:
            shutil.rmtree(_next(settings, name), ignore_errors=True)
        note_key(_next(settings, "vault"), new)


def _rewrite(settings: Settings, keys: Keys, say: Say) -> Rotation:
    """Makes both stores anew beside those in force; what an attempt before made of the same file stays."""
    batches = sorted(_batches(settings))
    tokens = done = 0
    with ThreadPoolExecutor(THREADS) as pool:
        jobs = [pool.submit(_rewrite_batch, settings, *batch, keys) for batch in batches]
        for job in jobs:
            tokens += job.result()
            done += 1
            if done == len(jobs) or done % max(len(jobs) // 10, 1) == 0:
                say(f"{done} of {len(jobs)} batches under key version {keys.new.version}")
    _take_over_the_rest(settings)
    return Rotation(
        keys.new.version,
        keys.new.id,
        batches=len(batches),
        vault_files=sum(1 for _ in _next(settings, "vault").rglob("*.parquet")),
        lake_files=sum(1 for _ in _next(settings, "lake").glob("*/source=*/*.parquet")),
        tokens=tokens,
    )


def _batches(settings: Settings) -> set[tuple[str, str]]:
    """(feed, batch file) of everything that may hold tokens, refused rows in `_quarantine` included."""
    held = {(path.parent.name, path.name) for path in settings.vault.glob("*/batch=*.parquet")}
    return held | {(path.parts[-3], path.name) for path in settings.lake.glob("*/source=*/batch=*.parquet")}


def _rewrite_batch(settings: Settings, feed: str, name: str, keys: Keys) -> int:
    vault_file = settings.vault / feed / name
    lake_files = [*(settings.lake / feed).glob(f"source=*/{name}")]
    pairs = [(path, _next(settings, "lake") / path.relative_to(settings.lake)) for path in lake_files]
    mapping, target = None, _next(settings, "vault") / feed / name
    has_vault = vault_file.exists()
    if all(_is_done(*pair) for pair in pairs) and (not has_vault or _is_done(vault_file, target)):
        return 0
    if has_vault:
        mapping = rekey_vault_file(vault_file, target, keys)
    return sum(rekey_lake_file(source, goal, mapping, keys) for source, goal in pairs)


def _is_done(source: Path, target: Path) -> bool:
    return target.exists() and target.stat().st_mtime_ns == source.stat().st_mtime_ns


def _take_over_the_rest(settings: Settings) -> None:
    """Links what holds no token (ledger, quarantine, indexes); drops what is no longer in the stores."""
    for name in STORES:
        old, new = settings.data / name, _next(settings, name)
        for path in _files(old):
            target = new / path.relative_to(old)
            if path.name != RECORD and not path.name.endswith(".tmp") and not _is_done(path, target):
                link(path, target)
                keep_time(path, target)
        for path in list(_files(new)):
            if path.name != RECORD and not (old / path.relative_to(new)).exists():
                path.unlink()
        for folder, _, _ in os.walk(new):
            shutil.copymode(old / Path(folder).relative_to(new), folder)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _switch(settings: Settings, rotation: Rotation) -> tuple[str, ...]:
    """Brings the new stores and key into force, removes what the old key made. Each step may be repeated."""
    for name in STORES:
        live, old, new = settings.data / name, settings.data / f"{name}.old", _next(settings, name)
        if new.exists():
            if live.exists() and not old.exists():
                live.rename(old)
            new.rename(live)
    sync_folder(settings.data)
    if _waiting_key(settings).exists():
        _waiting_key(settings).replace(settings.vault_key_file)
        sync_folder(settings.vault_key_file.parent)
    for leftover in settings.vault_key_file.parent.glob(f".{settings.vault_key_file.name}*.tmp"):
        leftover.unlink()
    removed = tuple(_remove_derived(settings))
    for name in STORES:
        shutil.rmtree(settings.data / f"{name}.old", ignore_errors=True)
    (settings.data / ROTATION_JOURNAL).unlink(missing_ok=True)
    return removed


def _remove_derived(settings: Settings) -> Iterator[str]:
    """Tokens of the old key also stand in what is made from the stores: the next run makes it anew."""
    warehouse = list(settings.data.glob(f"{settings.warehouse.name}*"))
    for path in [*warehouse, *settings.addresses.glob("*.*"), *settings.identity.glob("golden-*")]:
        path.unlink()
    if warehouse:
        yield "warehouse and addresses: the next run makes them anew"
    apart = settings.data / "asof"
    if apart.is_dir():
        shutil.rmtree(apart)
        yield "past cut-offs in asof/: run them again where they are needed"
    if older := publish.forget_older(settings):
        yield f"{older} earlier published versions, which held tokens of the old key"
