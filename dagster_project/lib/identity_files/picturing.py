"""`luyue identity explain --html`: what a picture of a chain of links shows, masked. How it looks is in
`picture_html.py`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.lib.identity_files import asking, models
from dagster_project.settings import Settings

if TYPE_CHECKING:
    import polars as pl

    from identity.link import Model


@dataclass(frozen=True)
class Record:
    """A record of the chain: how it is called, where it was met, and its masked facts (field, mask)."""

    name: str
    met_at: str
    facts: list[tuple[str, str]]


@dataclass(frozen=True)
class Link:
    """A link between two records. `share`: of links like it those that were right; `weights`: of the model's
    (comparison, level, bits), None where they cannot be told any more."""

    left: Record
    right: Record
    rule: str
    share: float
    weights: list[tuple[str, str, float]] | None


@dataclass(frozen=True)
class Picture:
    """`links`: the chain from the one record to the other, or the refused links between two customers."""

    is_one: bool
    customers: dict[str, str]
    links: list[Link] = field(default_factory=list)


def draw(
    settings: Settings, folder: Path, path: Path, left: str, right: str, *, in_state: bool
) -> list[Path]:
    """Writes the picture in both languages, Chinese to `path`, English beside it; the two files.

    `folder` holds the members in force; `in_state`: it is one of linked files. LuyueError where a record is
    not there or the file cannot be written.
    """
    from dagster_project.lib.identity_files import picture_html
    from dagster_project.lib.runs import write_text

    files = picture_html.files(path)
    shown = picture(settings, folder, left, right, in_state=in_state)
    path.parent.mkdir(parents=True, exist_ok=True)
    for language, each in files.items():
        write_text(each, picture_html.document(shown, language, files))
    return list(files.values())


def picture(settings: Settings, folder: Path, left: str, right: str, *, in_state: bool) -> Picture:
    """What there is to show about two records."""
    import polars as pl

    from dagster_project.lib import review_material
    from identity.calibration import probabilities
    from identity.explain import record_key

    told = asking.found(folder, left, right)
    steps = told.path if told.path is not None else told.refused
    if steps is None or steps.is_empty():
        return Picture(told.is_one, told.customers)
    model = models.read(models.in_force(settings.data))
    judged = steps.with_columns(accepted=pl.lit(told.is_one))
    keys = pl.concat([steps["left"], steps["right"]]).unique()
    members = told.members.with_columns(key=record_key()).filter(pl.col("key").is_in(keys.implode()))
    facts = review_material.facts(settings, members.drop("key"), in_state=in_state)
    records = _records(members, facts)
    links = [
        Link(records[a], records[b], rule, share, _weights(settings, folder, a, b, rule, model))
        for a, b, rule, share in judged.with_columns(share=probabilities(judged, model))
        .select("left", "right", "rule", "share")
        .iter_rows()
    ]
    return Picture(told.is_one, told.customers, links)


def _records(members: pl.DataFrame, facts: pl.DataFrame) -> dict[str, Record]:
    import polars as pl

    from dagster_project.lib.identity_files.picture_words import FIELDS
    from identity.explain import record_key, shown

    place = pl.coalesce("touchpoint", "channel", "source")
    keyed = facts.with_columns(key=record_key()).select("key", "field", pl.col("mask").fill_null("***"))
    masks: dict[str, list[tuple[str, str]]] = {}
    for key, name, mask in keyed.unique(maintain_order=True).iter_rows():
        masks.setdefault(key, []).append((name, mask))
    order = list(FIELDS)
    return {
        key: Record(shown(key), met, sorted(masks.get(key, []), key=lambda told: order.index(told[0])))
        for key, met in members.select("key", place.alias("met")).unique("key").iter_rows()
    }


def _weights(
    settings: Settings, folder: Path, left: str, right: str, rule: str, model: Model
) -> list[tuple[str, str, float]] | None:
    """What the model's link is made of; None where the faces of its two sides are not kept any more."""
    from identity import vault_key
    from identity.ledger import reading
    from identity.reasons import reasons
    from identity.rules import MODEL

    if rule != MODEL:
        return None
    if not reading.is_ledger(folder):
        return None
    own = settings.data / "keys" / "vault.key"
    file = own if folder == settings.data else settings.vault_key_file
    key = vault_key.load_or_create_key(file, settings.vault_key)
    one, other = (reading.faces(folder, key, record) for record in (left, right))
    return list(reasons(one, other, model.settings).iter_rows()) or None
