"""The demo merchant's order system, as far as it is there: a pair of keys of its own.

The pair is drawn anew each time, unlike the exports, so that nobody else can open what was sealed to it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

KEY_ID = "demo-oms"
"""The `kid` by which everybody sees that the order system is a demo's."""


def write(out: Path) -> None:
    """Writes `out`/oms/public.jwk, and `out`/oms/private.jwk for its owner alone."""
    from joserfc.jwk import ECKey

    pair = ECKey.generate_key("P-256", {"kid": KEY_ID})
    folder = Path(out) / "oms"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "public.jwk").write_text(json.dumps(pair.as_dict(private=False)) + "\n", encoding="utf-8")
    private = os.open(folder / "private.jwk", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(private, "w", encoding="utf-8") as sink:
        sink.write(json.dumps(pair.as_dict(private=True)) + "\n")
