"""`python -m tools.kpi_docs` writes docs/kpi.md and docs/kpi.zh-CN.md; with --check it says what is stale."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.kpi_docs import dictionary, rendering

FILES = {"en": "docs/kpi.md", "zh": "docs/kpi.zh-CN.md"}


def stale(root: Path = dictionary.ROOT) -> dict[Path, str]:
    """The pages that are not as the dictionary says, with what they should hold."""
    entries, around, seeds = dictionary.entries(), dictionary.pages(), dictionary.seeds()
    wanted = {root / file: rendering.page(lang, entries, around, seeds) for lang, file in FILES.items()}
    return {
        path: text
        for path, text in wanted.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }


def main(arguments: list[str]) -> int:
    """0 where all is written, or already as it should be; 1 where --check found a stale page."""
    found = stale()
    if "--check" in arguments:
        for path in found:
            sys.stdout.write(f"{path.relative_to(dictionary.ROOT)} is stale: run python -m tools.kpi_docs\n")
        return 1 if found else 0
    for path, text in found.items():
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(dictionary.ROOT)} written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
