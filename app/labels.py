"""The words of the pages in one language, read once from words/*.yml: a file for each page or floor.

No sentence is put together here, and no number is formatted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")
_FOLDER = Path(__file__).resolve().parent / "words"


@cache
def table() -> dict[str, dict[str, str]]:
    """All labels: key → language → text. Raises ValueError for a key that two files hold."""
    import yaml

    labels: dict[str, dict[str, str]] = {}
    for path in sorted(_FOLDER.glob("*.yml")):
        own = yaml.safe_load(path.read_text(encoding="utf-8"))
        if twice := labels.keys() & own.keys():
            raise ValueError(f"{path.name}: in another file already: {', '.join(sorted(twice))}")
        labels |= own
    return labels


def preferred(asked: str | None, locale: str | None) -> str:
    """The language to show: the one asked for in the URL, else the browser's, Chinese or English."""
    if asked in LANGUAGES:
        return str(asked)
    return "zh" if locale is None or locale.lower().startswith("zh") else "en"


@dataclass(frozen=True)
class Labels:
    """Looks up words in one language."""

    lang: str

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key`. Raises KeyError for a key that no file holds."""
        text = table()[key][self.lang]
        return text.format(**values) if values else text

    def name(self, group: str, code: str | None, fallback: str | None = None) -> str:
        """The label `group.code`; where there is none, the fallback key's text, else the code itself."""
        entry = table().get(f"{group}.{code}")
        if entry is not None:
            return entry[self.lang]
        return self(fallback) if fallback else (code or "")
