"""One spelling for every text: widths, look-alikes, traditional characters, spaces, phones, and people's
names.

Characters are folded by `folding.py`; here are the columns, and what needs regular expressions. What a
piece of the folded text means belongs in `kernel.py` (divisions) and `detail.py` (the rest).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from identity.addresses import characters, folding
from identity.addresses.texts import PADDING, Texts

PARTS = ("province", "city", "district", "town", "address")

_PHONE = r"(?:(?:\+|00)?86-?)?1[3-9][0-9][0-9*]{8}(?:-[0-9]{1,5})?|(?-u:\b)0[0-9]{2,3}-[0-9]{7,8}(?-u:\b)"
"""Where words end is asked of ASCII alone: else the slow engine of the regular expressions reads the text."""
_GAP = r"[\s,。、;:|()\[\]<>{}\"'!?]"
_NAME = "[㐀-鿿]{2,4}"
_LABEL = r"(?:收货人|收件人|联系人|姓名)"
_PEOPLE = (
    rf"{_LABEL}{_GAP}*{_NAME}(?:{_GAP}|$)"
    rf"|(?:^|{_GAP}){_NAME}{_GAP}*(?:{_PHONE})"
    rf"|(?:{_PHONE}){_GAP}*{_NAME}(?:{_GAP}|$)"
    rf"|{_GAP}{_NAME}\s*(?:收|先生|女士|小姐)$"
)
_LABELS = r"(?:收货|详细|所在)?(?:地址|地区):|(?:联系)?电话:?|手机号?码?:|收货人:?|收件人:?|邮编:?\s*[0-9]{6}"


def folded(frame: pl.DataFrame) -> Texts:
    """One text per row out of the columns of `PARTS` that are there.

    Masked division columns count as unknown. A space stays only between two letters or digits.
    """
    present = [_part(name) for name in PARTS if name in frame.columns]
    if not present:
        return Texts.of(pl.Series([""] * frame.height, dtype=pl.String))
    if len(present) == 1:
        joined = frame.select(present[0].fill_null("").alias("text"))["text"]
    else:
        joined = frame.select(pl.concat_str(present, separator=" ", ignore_nulls=True).alias("text"))["text"]
    texts, states = _folded(joined, folding.FIND_PEOPLE)
    rows = np.flatnonzero(states != folding.DONE)
    if not rows.size:
        return texts
    again, _ = _folded(_without_people(_spelled(joined.gather(rows))), folding.KEEP_PEOPLE)
    return texts.put(rows, again)


def _folded(texts: pl.Series, mode: int) -> tuple[Texts, np.ndarray]:
    """The texts, and by row what became of it (`folding.DONE`, …; an empty text if not done)."""
    table = characters.load()
    column = texts.to_arrow(compat_level=pl.CompatLevel.oldest())
    _, places, content = column.buffers()
    offsets = np.frombuffer(places, dtype=np.int64)[column.offset : column.offset + len(column) + 1]
    data = np.frombuffer(content or b"\0", dtype=np.uint8)
    count = len(column)
    points = np.zeros(int(offsets[-1] - offsets[0]) + count + PADDING, dtype=np.uint32)
    starts, stops = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    states = np.zeros(count, dtype=np.int8)
    used = folding.fold(
        data, offsets, table.folded, table.kinds, table.several, mode, points, starts, stops, states
    )
    return Texts(points, starts, stops, used + PADDING), states


def _spelled(texts: pl.Series) -> pl.Series:
    """The texts with their characters folded and nothing dropped, but for what composes even when it is
    normal: no name has such characters."""
    normal = texts.str.normalize("NFKC")
    spelled, states = _folded(normal, folding.SPELL)
    hard = np.flatnonzero(states != folding.DONE)
    if hard.size:
        plain = normal.gather(hard).str.replace_all(r"[^\x00-\x{2E7F}\x{2E80}-\x{ABFF}]|\p{M}", "")
        spelled = spelled.put(hard, _folded(plain, folding.SPELL)[0])
    return spelled.to_series()


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
