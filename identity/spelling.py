"""Pinyin of single characters, from pypinyin without its dictionary of phrases.

A phrase can change how a character in it is read; here each is read by itself. The phrases take 0.25 s and
30 MB to load.
"""

from __future__ import annotations

import os
from types import ModuleType


def dictionary() -> ModuleType:
    """pypinyin, which is told by the environment to load no phrases."""
    os.environ.update(PYPINYIN_NO_PHRASES="1")
    import pypinyin

    return pypinyin
