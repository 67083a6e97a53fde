"""Mending a division's name with one wrong character, where what stands before it is known.

A name is looked up with each of its characters left open. It is mended if the wrong character sounds or
looks like the right one, or if three characters and more agree with one division alone; else it stays
unread. The mended text is walked again, so that what follows the name is read after it. Right names are
read in `kernel.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

from identity.addresses import forms as surface
from identity.addresses import seeds, stored, walk
from identity.addresses.grammar import ROOT, Grammar
from identity.addresses.texts import Texts
from identity.spelling import dictionary

_LONGEST = 9
"""Characters of the longest name that is mended."""
_ROUNDS = 2
"""A city and a district may both be misspelt; more is not believed."""
_SURE_LENGTH = 4
"""From this length on the other characters decide without sound or look."""
_MERGED_SOUNDS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))
"""Sounds that writers by ear do not tell apart; n and l, f and h are kept apart."""


@dataclass(frozen=True)
class Mended:
    """The texts as they were read in the end, their chains, and which of them were mended."""

    texts: Texts
    chains: walk.Chains
    typo: npt.NDArray[np.bool_]


def mend(grammar: Grammar, texts: Texts, found: walk.Chains, infer_town: bool) -> Mended:
    """Reads again, with one character put right, what has no district: at most one name a round."""
    typo = np.zeros(len(texts), dtype=np.bool_)
    for _ in range(_ROUNDS):
        open_level = grammar.rank[found.open_node]
        poor = (grammar.rank[found.node] < surface.DISTRICT) & (open_level < surface.DISTRICT)
        poor &= found.open_node < grammar.first_group
        rows = np.flatnonzero(poor)
        if not rows.size:
            break
        written = texts.take(rows).to_series()
        fixed = _corrected(written, found.open_node[rows], found.open_end[rows])
        changed = np.flatnonzero(fixed.is_not_null().to_numpy())
        if changed.size == 0:
            break
        again_texts = Texts.of(fixed.gather(changed))
        again = walk.chains(again_texts, infer_town)
        better = grammar.rank[again.node] >= np.maximum(grammar.rank[found.node[rows[changed]]], 1)
        chosen = rows[changed[better]]
        texts = texts.put(chosen, again_texts.take(np.flatnonzero(better)))
        found.replace(chosen, again, better)
        typo[chosen] = True
    return Mended(texts, found, typo)


def _corrected(texts: pl.Series, node: npt.NDArray[np.int64], end: npt.NDArray[np.int64]) -> pl.Series:
    """Each text with the name at `end` put right; null where no name can be."""
    frame = pl.DataFrame({"text": texts, "context": node.astype(np.int32), "end": end}).with_row_index("row")
    head = pl.col("text").str.slice("end", pl.col("length"))
    written = (
        frame.join(pl.DataFrame({"length": list(range(2, _LONGEST + 1))}), how="cross")
        .with_columns(head.alias("name"))
        .filter(
            (pl.col("name").str.len_chars() == pl.col("length"))
            & pl.col("name").str.contains("[省市区县旗州盟]$")
        )
    )
    pairs = _opened(written).join(_patterns(), on=["context", "pattern"])
    if pairs.is_empty():
        return pl.Series([None] * texts.len(), dtype=pl.String)
    alike = pairs.select("wrong", "right").unique().with_columns(
        pl.struct("wrong", "right").map_elements(_alike, return_dtype=pl.Boolean).alias("alike")
    )  # fmt: skip
    offered = pairs.join(alike, on=["wrong", "right"])
    sure = pl.col("alike") | (
        (pl.col("length") >= _SURE_LENGTH) & (pl.col("context") != ROOT) & (pl.len().over("row") == 1)
    )
    offered = offered.filter(sure)
    alone = offered.filter(pl.col("true_name").n_unique().over("row") == 1).unique("row", keep="first")
    mended = pl.concat_str(
        pl.col("text").str.slice(0, pl.col("end")),
        pl.col("true_name"),
        pl.col("text").str.slice(pl.col("end") + pl.col("length")),
    )
    rows = alone.select("row", mended.alias("mended"))
    return frame.join(rows, on="row", how="left", maintain_order="left")["mended"]


def _opened(names: pl.DataFrame) -> pl.DataFrame:
    """One row per name and character before its last: the name with it left open (pattern), and it
    (wrong)."""
    places = pl.DataFrame({"place": list(range(_LONGEST - 1))})
    opened = names.join(places, how="cross").filter(pl.col("place") < pl.col("length") - 1)
    return opened.with_columns(
        pl.concat_str(
            pl.col("name").str.slice(0, pl.col("place")),
            pl.lit("?"),
            pl.col("name").str.slice(pl.col("place") + 1),
        ).alias("pattern"),
        pl.col("name").str.slice(pl.col("place"), 1).alias("wrong"),
    )


@lru_cache(maxsize=1)
def _patterns() -> pl.DataFrame:
    """Rows (context, pattern, right, true_name): the names that may stand after a context, one character
    open."""
    table = stored.load().table.filter(pl.col("level").is_between(surface.PROVINCE, surface.DISTRICT))
    named = table.select("name", pl.col("name").str.len_chars().alias("length"), "level", "province", "city")
    named = named.filter((pl.col("length") > 2) & (pl.col("length") <= _LONGEST))
    contexts = pl.concat(
        [
            named.filter(pl.col("level") <= surface.CITY).with_columns(
                pl.lit(ROOT, dtype=pl.Int32).alias("context")
            ),
            named.filter(pl.col("level") > surface.PROVINCE).with_columns(
                pl.col("province").alias("context")
            ),
            named.filter((pl.col("level") == surface.DISTRICT) & (pl.col("city") > 0)).with_columns(
                pl.col("city").alias("context")
            ),
        ]
    )
    return _opened(contexts).select(
        "context", "pattern", pl.col("wrong").alias("right"), pl.col("name").alias("true_name")
    )


def _alike(pair: dict[str, str]) -> bool:
    """Whether two characters share a sound (tones and merged sounds apart) or are listed as look-alikes."""
    return (
        bool(_sounds(pair["wrong"]) & _sounds(pair["right"]))
        or (pair["wrong"], pair["right"]) in _look_alikes()
    )


@lru_cache(maxsize=4096)
def _sounds(character: str) -> frozenset[str]:
    read = dictionary()
    spelled = read.pinyin(character, style=read.Style.NORMAL, heteronym=True, errors="ignore")
    return frozenset(_merged(sound) for sound in (spelled[0] if spelled else []))


def _merged(sound: str) -> str:
    for one, other in _MERGED_SOUNDS:
        sound = sound.replace(one, other)
    return sound


@lru_cache(maxsize=1)
def _look_alikes() -> frozenset[tuple[str, str]]:
    table = seeds.load().similar
    return frozenset(zip(table["wrong"], table["right"], strict=True))
