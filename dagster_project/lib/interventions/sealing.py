"""A new address, sealed to the merchant's order system: whoever seals it here cannot open it again.

A compact JWE (RFC 7516) to the system's public key (JWK): it is opened with the private key that only that
system has, by any JOSE library. Neither the dashboard nor the vault's key is of use.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from dagster_project.lib.interventions.contract import RefusedError

ALGORITHMS = {"RSA": "RSA-OAEP-256", "EC": "ECDH-ES+A256KW", "OKP": "ECDH-ES+A256KW"}
CONTENT = "A256GCM"
DEMO = "demo-"
"""How the `kid` of a demo's key begins."""
_MODE = 0o640


def seal(values: Mapping[str, str], key_file: Path) -> str:
    """The values as a compact JWE. Raises `RefusedError` (no_key) where the public key is absent or
    unusable."""
    from joserfc import jwe
    from joserfc.errors import JoseError
    from joserfc.jwk import import_key

    try:
        told = json.loads(key_file.read_text(encoding="utf-8"))
        header = {"alg": ALGORITHMS[told["kty"]], "enc": CONTENT, "kid": str(told.get("kid", ""))}
        if "d" in told:
            raise RefusedError("no_key", f"{key_file}: holds a private key; put the public one here")
        return jwe.encrypt_compact(header, json.dumps(values, ensure_ascii=False).encode(), import_key(told))
    except FileNotFoundError:
        raise RefusedError(
            "no_key", f"{key_file}: no public key of the order system; ask its owner"
        ) from None
    except (ValueError, KeyError, TypeError, JoseError) as error:
        raise RefusedError("no_key", f"{key_file}: no usable public JWK: {error}") from None


def is_demo(key_file: Path) -> bool:
    """Whether the key is that of a demo's order system: no merchant's system can open what is sealed to
    it."""
    try:
        return str(json.loads(key_file.read_text(encoding="utf-8")).get("kid", "")).startswith(DEMO)
    except (OSError, ValueError, AttributeError):
        return False


def write(path: Path, sealed: str) -> None:
    """The sealed text in a file of its own, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _MODE), "w") as sink:
        sink.write(sealed + "\n")
        sink.flush()
        os.fsync(sink.fileno())
    temporary.replace(path)
