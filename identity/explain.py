"""Why two records are one person or are not, and what became of an id. Frames in, frames out.

The frames are those that a linking leaves: members, edges with the keys of their records, events, aliases.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from identity.rules import STRENGTH

KEY = ("source", "channel", "source_record_id", "role")
STEP_SCHEMA = {"left": pl.String, "right": pl.String, "rule": pl.String, "probability": pl.Float64}
SEPARATOR = "\x1f"


def named(members: pl.DataFrame, name: str) -> pl.DataFrame:
    """The records that a person calls `source/id`, or by the id alone; every role and channel."""
    source, slash, record_id = name.partition("/")
    asked = pl.col("source_record_id") == name
    if slash:
        asked |= (pl.col("source") == source) & (pl.col("source_record_id") == record_id)
    return members.filter(asked)


def keys_of(members: pl.DataFrame, name: str) -> list[str]:
    """The keys of the records of that name."""
    return named(members, name).select(record_key().alias("key"))["key"].sort().to_list()


def record_key(side: str = "") -> pl.Expr:
    """The key of a record, of one `side` (left_, right_) of an edge."""
    return pl.concat_str((pl.col(f"{side}{name}").fill_null("") for name in KEY), separator=SEPARATOR)


def shown(key: str) -> str:
    """A key as a person reads it: source/id (role)."""
    source, _, record_id, role = key.split(SEPARATOR)
    return f"{source}/{record_id} ({role})"


def path(edges: pl.DataFrame, starts: Collection[str], ends: Collection[str]) -> pl.DataFrame | None:
    """The shortest chain of accepted links from one of the keys to one of the others, of the strongest rules
    first; an empty one where they share a record, None where no chain is. Columns of `STEP_SCHEMA`."""
    if set(starts) & set(ends):
        return pl.DataFrame(schema=STEP_SCHEMA)
    links = _links(edges.filter("accepted"))
    both = pl.concat([links, links.rename({"left": "right", "right": "left"}).select(links.columns)])
    reached = pl.DataFrame(schema=STEP_SCHEMA)
    known, frontier = set(starts), set(starts)
    while frontier:
        steps = both.filter(
            pl.col("left").is_in(list(frontier)) & ~pl.col("right").is_in(list(known))
        ).unique("right", keep="first", maintain_order=True)
        reached = pl.concat([reached, steps])
        frontier = set(steps["right"])
        known |= frontier
        if hit := sorted(frontier & set(ends)):
            return _back(reached, hit[0])
    return None


def refused(edges: pl.DataFrame, members: pl.DataFrame, one: str, other: str) -> pl.DataFrame:
    """The links between two customers that were found and not accepted, the likeliest first."""
    owner = members.select(record_key().alias("key"), "customer_id")
    links = _links(edges.filter(~pl.col("accepted")))
    joined = links.join(owner.rename({"key": "left", "customer_id": "a"}), on="left").join(
        owner.rename({"key": "right", "customer_id": "b"}), on="right"
    )
    between = ((pl.col("a") == one) & (pl.col("b") == other)) | (
        (pl.col("a") == other) & (pl.col("b") == one)
    )
    return joined.filter(between).select(*STEP_SCHEMA).sort("probability", descending=True, nulls_last=True)


def in_force(aliases: pl.DataFrame, customer_id: str) -> str | None:
    """The id that stands for this one now; None where its last record is gone, itself if it is no alias."""
    found = aliases.filter(alias_id=customer_id)
    return found["customer_id"][0] if found.height else customer_id


def history(events: pl.DataFrame, customer_id: str) -> pl.DataFrame:
    """The events of an id, and those in which it was the one before, in their order."""
    mine = (pl.col("customer_id") == customer_id) | (pl.col("previous_customer_id") == customer_id)
    return events.filter(mine).sort("happened_at", "event_type", maintain_order=True)


def _links(edges: pl.DataFrame) -> pl.DataFrame:
    """The strongest rules first."""
    strength = pl.col("rule").replace_strict(STRENGTH, return_dtype=pl.Int32)
    named = edges.select(
        record_key("left_").alias("left"), record_key("right_").alias("right"), "rule", "probability"
    ).cast(STEP_SCHEMA)  # type: ignore[arg-type]
    return named.sort(strength, "left", "right", maintain_order=True)


def _back(reached: pl.DataFrame, end: str) -> pl.DataFrame:
    """The steps that lead to `end`, in their order."""
    came = {row[1]: row for row in reached.iter_rows()}
    steps = []
    while end in came:
        steps.append(came[end])
        end = came[end][0]
    return pl.DataFrame(steps[::-1], schema=STEP_SCHEMA, orient="row")
