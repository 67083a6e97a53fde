"""What a linking was made by: the code of `identity`, its reference tables and its model, as one digest.

Where it differs from what a ledger was linked with, everything is linked anew.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from identity.link import Model

HOME = Path(__file__).resolve().parent
PARTS = (
    "*.py",
    "ledger/*.py",
    "addresses/**/*.py",
    "addresses/reference/*.csv",
    "addresses/reference/*.json",
)


def made_by(model: Model) -> str:
    """The digest, as hexadecimal digits."""
    told = hashlib.sha256(json.dumps([model.version, model.threshold, model.settings]).encode())
    for pattern in PARTS:
        for path in sorted(HOME.glob(pattern)):
            told.update(path.read_bytes())
    return told.hexdigest()
