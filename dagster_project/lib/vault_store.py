"""The key of a data folder's vault: loaded, checked against what the vault was written with, noted at first.

How values are encrypted and hashed stands in identity/; changing the key is rotation.py.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.settings import Settings

if TYPE_CHECKING:
    from identity.vault_key import VaultKey

ROTATION_JOURNAL = ".rotation.json"
"""Stands in DATA while a key rotation is in its switch."""
SINCE_FORMAT = "%Y%m%dT%H%M%S"
"""As run ids begin, so that what was published before a key can be told from what came after it."""


def key_of(settings: Settings) -> VaultKey:
    """The key that the vault is written with; a new data folder gets one. The caller holds the lock.

    Raises VaultError where the key given is not the vault's, or a rotation waits to be finished.
    """
    from identity import vault
    from identity.vault_key import VaultError, load_or_create_key, read_record

    if (settings.data / ROTATION_JOURNAL).exists():
        raise VaultError(f"{settings.data}: a key rotation was interrupted; `luyue vault rotate` finishes it")

    key = load_or_create_key(settings.vault_key_file, settings.vault_key, settings.vault)
    if read_record(settings.vault) is None:
        some = next(settings.vault.glob("*/batch=*.parquet"), None)
        if some is not None:
            vault.read([some], key)
        note_key(settings.vault, key)
    return key


def note_key(store: Path, key: VaultKey) -> None:
    """Writes down which key a vault's folder is written with, from now on."""
    from identity.vault_key import Record, write_record

    write_record(store, Record(key.version, key.id, f"{datetime.now():{SINCE_FORMAT}}"))
