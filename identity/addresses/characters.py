"""What each character is folded to, as arrays for `folding.py`: widths, radicals, traditional characters,
capitals, dashes; and which characters are gaps.

Made from the seeds and Unicode's own tables, and kept between processes.
"""

from __future__ import annotations

import hashlib
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from identity.addresses import seeds
from identity.addresses.keeping import kept

LAST_POINT = 0x30000
"""Code points from here on are folded to themselves."""
GAP, HARD, SEVERAL, CHANGED, LETTER, DIGIT, PEOPLE, DASH = 1, 2, 4, 8, 16, 32, 64, 128
"""Bits of `Characters.kinds`: a space or a mark that means nothing; what Unicode composes with its
neighbours; folded to more than one character; folded to another; and what it is folded to: a Latin letter,
a digit or mask, the end of a word of `PAIRS` (or `ALONE`), a dash."""
PAIRS = ("电话", "手机", "联系", "姓名", "邮编", "地址", "先生", "女士", "小姐")
ALONE = "收"
"""Words that stand beside people's names and phones."""

_RADICALS = (
    "⺁厂 ⺆冂 ⺌小 ⺍小 ⺝月 ⺟母 ⺠民 ⻁虎 ⻄西 ⻅见 ⻆角 ⻉贝 ⻋车 ⻐金 ⻑長 ⻓长 ⻔门 ⻗雨 ⻘青 "
    "⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 "
    "⻨麦 ⻩黄 ⻬齐 ⻮齿 ⻰龙 ⻳龟 ⻲龟 ⺮竹 ⺼月 ⻌辶 ⻖阝 ⻏阝 戶户 〇零 ○零 ◯零"
)
"""Look-alikes that NFKC leaves alone: CJK radicals and the round zeros."""
_DASHES = dict.fromkeys("—–‒―−‐‑﹣~～－", "-") | dict.fromkeys("×✱﹡•●＊", "*")
_GAPS = ",。、;:|()[]<>{}\"'!?/\\_·“”‘’【】《》〈〉「」『』…^&=+.`$%@\ufffd"
_LONGEST = 4
"""A character that folds to more is left to Polars, as are those that compose."""


class Characters(NamedTuple):
    """By code point below `LAST_POINT`."""

    folded: npt.NDArray[np.uint32]
    """The character; of those with `SEVERAL` where theirs stand in `several`. Read only where `CHANGED`."""
    kinds: npt.NDArray[np.uint8]
    several: npt.NDArray[np.uint32]
    """How many characters, and they."""


@lru_cache(maxsize=1)
def replacements() -> dict[str, str]:
    """What one character becomes after NFKC and before capitals."""
    table = seeds.load().character
    pairs = dict(zip(table["character"].to_list(), table["folded"].to_list(), strict=True))
    pairs |= {pair[0]: pairs.get(pair[1], pair[1]) for pair in _RADICALS.split(" ")}
    return pairs | _DASHES


@lru_cache(maxsize=1)
def load() -> Characters:
    """The arrays: a fifth of a second where they have to be made, else a moment."""
    digest = hashlib.sha256(seeds.fingerprint().encode())
    digest.update(Path(__file__).read_bytes())
    digest.update(unicodedata.unidata_version.encode())
    return Characters(**kept("characters", digest.hexdigest()[:16], lambda: _made()._asdict()))


def _made() -> Characters:
    pairs = replacements()
    folded = np.arange(LAST_POINT, dtype=np.uint32)
    kinds = np.zeros(LAST_POINT, dtype=np.uint8)
    several: list[int] = [0]
    for point in range(LAST_POINT):
        character = chr(point)
        if 0x4E00 <= point < 0xA000:
            becomes = pairs.get(character, character)
            folded[point] = ord(becomes)
            kinds[point] = _kind_of(becomes) | (CHANGED if becomes != character else 0)
            continue
        category = unicodedata.category(character)
        if _composes(character, category):
            kinds[point] = HARD
            continue
        normal = unicodedata.normalize("NFKC", character)
        text = "".join(pairs.get(one, one) for one in normal).upper()
        if len(text) > _LONGEST or not text:
            kinds[point] = HARD
        elif len(text) > 1:
            kinds[point] = SEVERAL | CHANGED
            folded[point] = len(several)
            several += [len(text), *(ord(one) for one in text)]
        else:
            folded[point] = ord(text)
            kinds[point] = _kind_of(text) | (CHANGED if text != character else 0)
        if text == character and (
            category in ("Cc", "Cf", "Co") or character.isspace() or character in _GAPS
        ):
            kinds[point] |= GAP
    return Characters(folded, kinds, np.array(several, dtype=np.uint32))


def _kind_of(folded: str) -> int:
    """What a folded character is, as bits."""
    if "A" <= folded <= "Z":
        return LETTER
    if "0" <= folded <= "9" or folded == "*":
        return DIGIT
    if folded == "-":
        return DASH
    if folded == ALONE or any(folded == pair[1] for pair in PAIRS):
        return PEOPLE
    # Folded to a gap: closed up with the others.
    return GAP if folded.isspace() or folded in _GAPS else 0


def _composes(character: str, category: str) -> bool:
    """Whether NFKC may join the character with another: marks, and the vowels and finals of Hangul."""
    return category in ("Mn", "Mc", "Me", "Cs") or 0x1100 <= ord(character) < 0x1200
