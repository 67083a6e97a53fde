"""One spelling for every text: widths, look-alikes, traditional characters, spaces, phones, and people's
names.

What a piece of the folded text means belongs in `walk.py` (divisions) and `detail.py` (the rest).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import polars as pl

from identity.addresses import seeds

PARTS = ("province", "city", "district", "town", "address")

_RADICALS = (
    "⺁厂 ⺆冂 ⺌小 ⺍小 ⺝月 ⺟母 ⺠民 ⻁虎 ⻄西 ⻅见 ⻆角 ⻉贝 ⻋车 ⻐金 ⻑長 ⻓长 ⻔门 ⻗雨 ⻘青 "
    "⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 "
    "⻨麦 ⻩黄 ⻬齐 ⻮齿 ⻰龙 ⻳龟 ⻲龟 ⺮竹 ⺼月 ⻌辶 ⻖阝 ⻏阝 戶户 〇零 ○零 ◯零"
)
"""Look-alikes that NFKC leaves alone: CJK radicals and the round zeros."""

_DASHES = dict.fromkeys("—–‒―−‐‑﹣~～－", "-") | dict.fromkeys("×✱﹡•●＊", "*")
_MARK, _DASH_MARK = "¦", "‖"
"""Stand for the space and the dash that are kept while the others go."""

_PHONE = r"(?:(?:\+|00)?86-?)?1[3-9][0-9][0-9*]{8}(?:-[0-9]{1,5})?|\b0[0-9]{2,3}-[0-9]{7,8}\b"
_GAP = r"[\s,。、;:|()\[\]<>{}\"'!?]"
_NAME = r"\p{Han}{2,4}"
_LABEL = r"(?:收货人|收件人|联系人|姓名)"
_PEOPLE = (
    rf"{_LABEL}{_GAP}*{_NAME}(?:{_GAP}|$)"
    rf"|(?:^|{_GAP}){_NAME}{_GAP}*(?:{_PHONE})"
    rf"|(?:{_PHONE}){_GAP}*{_NAME}(?:{_GAP}|$)"
    rf"|{_GAP}{_NAME}\s*(?:收|先生|女士|小姐)$"
)
_LABELS = r"(?:收货|详细|所在)?(?:地址|地区):|(?:联系)?电话:?|手机号?码?:|收货人:?|收件人:?|邮编:?\s*[0-9]{6}"
_SUSPICIOUS = r"[0-9*]{7}|收|电话|手机|联系|姓名|邮编|地址|先生|女士|小姐"
"""Only a text that holds one of these can hold a phone, a label or a name beside them."""

_COMPATIBLE = r"[^\x00-\x7F\x{4E00}-\x{9FFF}]"
"""What NFKC may change: not ASCII, not a plain Chinese character."""

_FOREIGN = r"[A-Z]{2,}[ .']+[A-Z]{2,}(?:[ .']+[A-Z]+)*|[A-Z]{3,}"
_SPACE = r"[\s,。、;:|()\[\]<>{}\"'!?/\\_·“”‘’【】《》〈〉「」『』…^&=+.`$%@\p{Cc}\p{Cf}\p{Co}\x{FFFD}]"


@lru_cache(maxsize=1)
def _characters() -> tuple[list[str], list[str]]:
    table = seeds.load().character
    pairs = dict(zip(table["character"].to_list(), table["folded"].to_list(), strict=True))
    pairs |= {pair[0]: pairs.get(pair[1], pair[1]) for pair in _RADICALS.split(" ")}
    pairs |= _DASHES | {_MARK: ",", _DASH_MARK: ","}
    return list(pairs), list(pairs.values())


def folded(frame: pl.DataFrame) -> pl.Series:
    """One text per row out of the columns of `PARTS` that are there; never null.

    Masked division columns count as unknown. A space stays only between two letters or digits.
    """
    present = [_part(name) for name in PARTS if name in frame.columns]
    if not present:
        return pl.Series("text", [""] * frame.height, dtype=pl.String)
    joined = frame.select(pl.concat_str(present, separator=" ", ignore_nulls=True).alias("text"))
    old, new = _characters()
    spelled = _where(joined["text"], _COMPATIBLE, lambda few: few.str.normalize("NFKC"))
    spelled = spelled.to_frame("text").select(pl.col("text").str.replace_many(old, new)).to_series()
    spelled = _where(spelled, r"\p{Ll}", lambda few: few.str.to_uppercase())
    spelled = _where(spelled, _SUSPICIOUS, _without_people)
    spelled = _where(spelled, "[A-Z]{2}", lambda few: few.str.replace_all(_FOREIGN, " "))
    return spelled.to_frame("text").select(_closed_up(pl.col("text"))).to_series()


def _where(texts: pl.Series, pattern: str, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """The texts, those that hold the pattern changed: few do, and what changes them is slow."""
    rows = texts.str.contains(pattern).arg_true()
    return texts.scatter(rows, change(texts.gather(rows))) if rows.len() else texts


def _without_people(texts: pl.Series) -> pl.Series:
    """Without phones, labels (收货人:), and names that stand beside either."""
    cut = texts.str.replace_all(_PEOPLE, " ").str.replace_all(_PHONE, " ")
    return cut.str.replace_all(_LABELS, " ")


def _part(name: str) -> pl.Expr:
    """The column as text; a division column that is masked at all is unknown."""
    column = pl.col(name).cast(pl.String)
    if name == "address":
        return column
    return pl.when(column.str.contains(r"[*＊×]")).then(None).otherwise(column)


def _closed_up(text: pl.Expr) -> pl.Expr:
    """Without spaces, dashes and punctuation, but for one between two letters or digits: a dash, else a
    space."""
    for gap, mark in ((rf"{_SPACE}*-{_SPACE}*", _DASH_MARK), (f"{_SPACE}+", _MARK)):
        between = f"([0-9A-Z]){gap}([0-9A-Z])"
        text = text.str.replace_all(between, f"${{1}}{mark}${{2}}").str.replace_all(
            between, f"${{1}}{mark}${{2}}"
        )
    bare = text.str.replace_all(f"(?:{_SPACE}|-)+", "")
    return bare.str.replace_all(_MARK, " ", literal=True).str.replace_all(_DASH_MARK, "-", literal=True)
