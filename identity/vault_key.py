"""The vault's key: where the master comes from, what is derived from it, which key a store was written with.

What is encrypted or hashed with the keys stands in vault.py; how a store changes its key stands with whoever
owns the folders.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

KEY_BYTES = 32
KEY_VERSION = 1
RECORD = "_key.json"
"""Beside the vault's folders: version and id of the key that all of them were written with."""
_ID_HEX_DIGITS = 16


class VaultError(Exception):
    """The key or a vault file cannot be used; the text says what, where and how to mend it."""


@dataclass(frozen=True)
class VaultKey:
    """The two keys derived from the master: one encrypts the files, the other makes the tokens."""

    encryption: bytes = field(repr=False)
    token: bytes = field(repr=False)
    version: int = KEY_VERSION

    @property
    def id(self) -> str:
        """16 hex digits that tell keys apart and give none of them away."""
        return hmac.digest(self.encryption, b"luyue key id", "sha256").hex()[:_ID_HEX_DIGITS]


@dataclass(frozen=True)
class Record:
    """Which key a store was written with. `since`: local time of its first use, yyyymmddThhmmss."""

    version: int
    key_id: str
    since: str


def load_or_create_key(key_file: Path, key_hex: str | None = None, store: Path | None = None) -> VaultKey:
    """The vault key from `key_hex` (64 hex digits), else from `key_file`, which is made if it is missing.

    The file holds the 32-byte master as hex, has mode 0600 in a folder of mode 0700, and appears whole or
    not at all; of two processes that make it at once, one wins and both use its key. With `store`, the
    vault's folder, the key must be the one that its record names, and has that version. Raises VaultError
    for a key of another length or form, or of another store.
    """
    record = read_record(store) if store else None
    if key_hex is not None:
        where, key = "LUYUE_VAULT_KEY", derive(key_hex, "LUYUE_VAULT_KEY")
    else:
        if not key_file.exists():
            if record is not None:
                raise VaultError(
                    f"{key_file}: there is no key here, and {store} was written with key {record.key_id} "
                    f"(version {record.version}): restore that key"
                )
            create_key_file(key_file)
        where = str(key_file)
        key = derive(key_file.read_text(encoding="ascii", errors="replace"), where)
    if record is None:
        return key
    if record.key_id != key.id:
        raise VaultError(
            f"{where}: this is key {key.id}, but {store} was written with key {record.key_id} (version "
            f"{record.version}, since {record.since}): give that key"
        )
    return replace(key, version=record.version)


def read_record(store: Path) -> Record | None:
    """The record of a vault's folder; None where it was never written."""
    path = store / RECORD
    try:
        return Record(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise VaultError(f"{path}: damaged; delete it, and the next run writes it anew") from error


def write_record(store: Path, record: Record) -> None:
    """Replaces the record in one step."""
    store.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = store / f".{RECORD}.{secrets.token_hex(4)}.tmp"
    try:
        with open_private(temporary) as sink:
            sink.write(f"{json.dumps(record.__dict__)}\n".encode())
            sink.flush()
            os.fsync(sink.fileno())
        temporary.replace(store / RECORD)
    finally:
        temporary.unlink(missing_ok=True)


def create_key_file(key_file: Path, key_hex: str | None = None) -> None:
    """Makes a key file of mode 0600 (a new random master, unless one is given); one that is there stays."""
    key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = key_file.with_name(f".{key_file.name}.{secrets.token_hex(4)}.tmp")
    try:
        with open_private(temporary) as sink:
            sink.write(f"{key_hex or secrets.token_hex(KEY_BYTES)}\n".encode())
            sink.flush()
            os.fsync(sink.fileno())
        try:
            key_file.hardlink_to(temporary)
        except FileExistsError:
            return
    finally:
        temporary.unlink(missing_ok=True)


def derive(key_hex: str, where: str) -> VaultKey:
    """The keys of a master (64 hex digits): HKDF-SHA256 (RFC 5869) with one output block per purpose.

    Raises VaultError that names `where` for a master of another length or form.
    """
    try:
        master = bytes.fromhex(key_hex.strip())
    except ValueError:
        master = b""
    if len(master) != KEY_BYTES:
        raise VaultError(
            f"{where}: the vault key must be {KEY_BYTES * 2} hex digits ({KEY_BYTES} bytes); "
            "restore the key that this data folder was written with"
        )
    extracted = hmac.digest(b"luyue vault", master, "sha256")

    def expand(purpose: str) -> bytes:
        return hmac.digest(extracted, f"{purpose} {KEY_VERSION}".encode() + b"\x01", "sha256")

    return VaultKey(encryption=expand("encryption"), token=expand("token"))


def open_private(path: Path) -> BinaryIO:
    """A new file for writing that only its owner may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
