"""What each reason code means and how to mend it, in English and Chinese. The words stand in advice.yml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

ADVICE_FILE = Path(__file__).with_name("advice.yml")
LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Advice:
    """One sentence each."""

    means: str
    mend: str


@cache
def all_advice(language: str = "en") -> dict[str, Advice]:
    """Advice by reason code. `language`: en or zh."""
    raw = yaml.load(ADVICE_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {code: Advice(**texts[language]) for code, texts in raw.items()}


def advice(code: str, language: str = "en") -> Advice:
    """The advice for one code."""
    return all_advice(language)[code]
