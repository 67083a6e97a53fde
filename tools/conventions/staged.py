"""`python -m tools.conventions.staged`: refuses a commit that carries a secret or a large file.

Looks at what git has staged. Whether code is good is judged elsewhere.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tools.conventions.findings import Finding

MAX_BYTES = 1_500_000
"""Pictures and reference tables of the repository stay below; data does not belong in git."""

_SECRETS = {
    "private key": re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "cloud access key": re.compile(rb"\b(?:AKIA|ASIA|LTAI)[0-9A-Za-z]{16,}\b"),
    "key of 64 hex digits": re.compile(rb"(?i)(?:key|secret|token)\w*[\"']?\s*[:=]\s*[\"']?[0-9a-f]{64}\b"),
}


def check(path: str, content: bytes) -> list[Finding]:
    """Findings of one staged file."""
    found = []
    if len(content) > MAX_BYTES:
        text = f"{len(content):,} bytes, at most {MAX_BYTES:,}: keep data out of git"
        found.append(Finding(path, 1, "large-file", text))
    for name, pattern in _SECRETS.items():
        match = pattern.search(content)
        if match:
            line = content.count(b"\n", 0, match.start()) + 1
            found.append(Finding(path, line, "secret", f"looks like a {name}: take it out, make a new one"))
    return found


def main() -> int:
    """Checks the files staged in the repository at hand; 1 if any is refused."""
    listed = _git("diff", "--cached", "--name-only", "--diff-filter=ACMR", "-z")
    found = []
    for path in filter(None, listed.decode().split("\0")):
        if not path.endswith("uv.lock"):
            found += check(path, _git("show", f":{path}"))
    for finding in sorted(found):
        sys.stdout.write(f"{finding}\n")
    return int(bool(found))


def _git(*arguments: str) -> bytes:
    root = Path(__file__).resolve().parents[2]
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True).stdout


if __name__ == "__main__":
    raise SystemExit(main())
