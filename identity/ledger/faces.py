"""The model's edges around the components that a change has touched, scored anew.

The faces of all components stay in the ledger, so that a new face meets old ones without making these anew.
How faces are made and scored is in `identity/profiles.py` and `link.py`.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from identity import rules
from identity.ledger.exact import replaced
from identity.ledger.schema import FACE_KEPT, NAME_FORMS, NAME_TOKENS, TOKEN_OF
from identity.ledger.store import Ledger
from identity.link import Model, score
from identity.profiles import BLOCK_CAP, BLOCKS, profiles
from identity.resolve import agreeing

FRESH = "is_fresh"
HARD = ("unionid", "birthday", "member_no", "name_kind", "sound_token")
"""The facts in which two components may contradict each other (`profiles.holders`)."""
_PARTS = {
    block: " || '|' || ".join(TOKEN_OF.get(part, part) for part in parts) for block, parts in BLOCKS.items()
}
"""Block → its value, null where a part of it is."""


def kept(profiled: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """The faces of `profiles` (component: a rid) as the ledger keeps them, with tokens for names."""
    tokens = records.select(*NAME_FORMS, *NAME_TOKENS).unique(list(NAME_FORMS))
    told = profiled.rename({"component": "exact"})
    return told.join(tokens, on=list(NAME_FORMS), how="left", nulls_equal=True).select("exact", *FACE_KEPT)


def refreshed(
    ledger: Ledger, records: pl.DataFrame, exact: pl.Series, gone: pl.Series, model: Model
) -> pl.DataFrame:
    """Brings faces and edges of the model up to date; the edges that came or went (l, r, rule).

    `records`: those of the touched components, with the component of each in `exact` (its least rid); `gone`:
    the components (rids) that these took the place of.
    """
    new = kept(profiles(records, exact), records)
    stale = gone.unique().rename("exact").to_frame()
    old = ledger.ask("select face.* from face semi join stale using (exact)", stale=stale)
    values = _values(ledger, pl.concat([old, new]))
    before = _counts(ledger, values)
    ledger.do("delete from face where exact in (select exact from stale)", stale=stale)
    ledger.put("face", new)
    after = _after(ledger, before, old, new)
    crossed = after.filter((pl.col("n") > BLOCK_CAP) != (pl.col("n_before") > BLOCK_CAP))
    others = _holders(ledger, crossed) if crossed.height else exact.clear().cast(pl.Int64)
    fresh = pl.concat([exact.cast(pl.Int64), others]).unique().sort()
    ends = pl.concat([fresh, gone]).unique().rename("rid").to_frame()
    old_edges = ledger.ask(
        "select * from edge where rule = ? and (l in (select rid from ends) or r in (select rid from ends))",
        [rules.MODEL],
        ends=ends,
    )
    scored = _scored(ledger, fresh, after.select(before.columns), model)
    return replaced(ledger, old_edges, scored.select(old_edges.columns))


def ties(edges: pl.DataFrame) -> pl.DataFrame:
    """Edges of the model between components (left, right, probability) as the ledger keeps them."""
    return edges.select(
        l=pl.min_horizontal("left", "right").cast(pl.Int64),
        r=pl.max_horizontal("left", "right").cast(pl.Int64),
        rule="rule",
        probability="probability",
        accepted=pl.lit(False),
        keyed=pl.lit(""),
    )


def _scored(ledger: Ledger, fresh: pl.Series, counted: pl.DataFrame, model: Model) -> pl.DataFrame:
    """The model's edges between these components and any other. `counted`: as `_counts` tells them, of all
    values of some of these."""
    asked = fresh.rename("exact").to_frame()
    mine = ledger.ask("select face.* from face semi join asked using (exact)", asked=asked)
    values = _values(ledger, mine)
    counts = counted.join(values, on=["block", "value"], how="semi")
    uncounted = values.join(counted, on=["block", "value"], how="anti")
    if uncounted.height:
        counts = pl.concat([counts, _counts(ledger, uncounted)])
    faces = _blocked(ledger, counts.filter(pl.col("n") <= BLOCK_CAP))
    faces = faces.with_columns(pl.col("exact").is_in(fresh.implode()).alias(FRESH))
    faces = ledger.with_names(faces).rename({"exact": "component"}).with_row_index("unique_id")
    scored = score(faces, _of_fresh(model))
    ends = pl.concat([scored["component_l"], scored["component_r"]]).unique().rename("exact").to_frame()
    members = ledger.ask("select rid, exact from member semi join ends using (exact)", ends=ends)
    told = ledger.facts(members["rid"], HARD).rename({"sound_token": "pinyin"})
    component = told.join(members, on="rid", how="left", maintain_order="left")["exact"]
    return ties(agreeing(scored, told, component))


def _values(ledger: Ledger, faces: pl.DataFrame, count: str = "null") -> pl.DataFrame:
    """block, value, n: the values by which these faces are paired, and what is counted of each."""
    parts = [
        f"select '{block}' as block, {value} as value, {count} as n from faces "
        f"where {value} is not null group by all"
        for block, value in _PARTS.items()
    ]
    return ledger.ask(" union all ".join(parts), faces=faces)


def _counts(ledger: Ledger, values: pl.DataFrame) -> pl.DataFrame:
    """block, value, n: how many faces of the ledger have each value."""
    parts = [
        f"select '{block}' as block, {value} as value, count(*) as n from face "
        f"where {value} in (select value from values_ where block = '{block}') group by all"
        for block, value in _PARTS.items()
    ]
    return ledger.ask(" union all ".join(parts), values_=values)


def _after(ledger: Ledger, before: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """block, value, n_before, n: the counts with the faces `new` in the place of `old`."""
    turned = [
        _values(ledger, faces, "count(*)").with_columns(pl.col("n") * sign)
        for faces, sign in ((old, -1), (new, 1))
    ]
    was = before.with_columns(n_before="n")
    counted = pl.concat([was, *turned], how="diagonal").group_by("block", "value")
    return counted.agg(pl.col("n_before").sum(), pl.col("n").sum())


def _holders(ledger: Ledger, values: pl.DataFrame) -> pl.Series:
    """The components of which a face has one of these values."""
    parts = [
        f"select exact from face where {value} in (select value from values_ where block = '{block}')"
        for block, value in _PARTS.items()
    ]
    return ledger.ask(" union ".join(parts), values_=values)["exact"]


def _blocked(ledger: Ledger, fit: pl.DataFrame) -> pl.DataFrame:
    """The faces that have any of these blocking values, with them; null where they have another one."""
    columns = [
        f"case when {value} in (select value from fit where block = '{block}') then {value} end as {block}"
        for block, value in _PARTS.items()
    ]
    any_block = f"coalesce({', '.join(_PARTS)}) is not null"
    return ledger.ask(f"from (select *, {', '.join(columns)} from face) where {any_block}", fit=fit)


def _of_fresh(model: Model) -> Model:
    """The model, asked only about pairs with a fresh face."""
    asked = [
        f"{rule} and (l.{FRESH} or r.{FRESH})"
        for rule in model.settings["blocking_rules_to_generate_predictions"]
    ]
    return replace(model, settings={**model.settings, "blocking_rules_to_generate_predictions": asked})
