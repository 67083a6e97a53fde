"""By which rules and which reference the addresses of a data folder were standardised, and what a change of
the reference touches.

Beside the addresses stand the forms of the reference that they were read with: `_forms-<reference>.ipc`. An
address is touched by another reference if it holds a form that means something else now, if its division is
one of those that such a form means, or if it could not be read surely. What becomes of it belongs in
`addresses.py`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_REFERENCE = ("region.csv", "township.csv.gz", "legacy.csv", "alias.csv")
"""Seeds that say what names mean; the others say how characters are read, and are rules."""
_UNSURE = ("none", "typo", "ambiguous")


@dataclass(frozen=True)
class Version:
    """Eight hex digits over the rules, eight over the reference."""

    rules: str
    reference: str

    def __str__(self) -> str:
        return f"{self.rules}-{self.reference}"


def present() -> Version:
    """The version of the code and the seeds that are in force."""
    import identity.addresses
    from identity.addresses import seeds

    rules, reference = hashlib.sha256(), hashlib.sha256()
    for path in sorted(seeds.FOLDER.glob("*.csv*")):
        digest = reference if path.name in _REFERENCE else rules
        digest.update(path.name.encode("utf-8") + path.read_bytes())
    package = Path(identity.addresses.__file__).parent
    for path in sorted([*package.glob("*.py"), *Path(__file__).parent.glob("address*.py")]):
        rules.update(path.name.encode("utf-8") + path.read_bytes())
    return Version(rules.hexdigest()[:8], reference.hexdigest()[:8])


def before(folder: Path, now: Version) -> Version | None:
    """The version that the addresses of the folder were written by, if its rules are still in force, its
    reference is not, and its forms were kept."""
    for path in sorted(folder.glob(f"_read-{now.rules}-*.json")):
        reference = path.stem.rpartition("-")[2]
        if reference != now.reference and _forms_path(folder, reference).exists():
            return Version(now.rules, reference)
    return None


def keep_forms(folder: Path, now: Version) -> None:
    """Writes the forms of the reference in force beside the addresses, unless they are there."""
    path = _forms_path(folder, now.reference)
    if path.exists():
        return
    temporary = path.with_suffix(".tmp")
    forms().write_ipc(temporary, compression="zstd")
    temporary.replace(path)


def forms() -> pl.DataFrame:
    """Every way of writing a division, and which one it means where: form, code, name, method,
    weak, context."""
    import polars as pl

    from identity.addresses import forms as surface
    from identity.addresses import seeds

    source = seeds.load()
    known = surface.divisions(source)
    division = known.table.select("entity", "code", "name")
    context = known.table.select(pl.col("entity").alias("context"), pl.col("code").alias("context_code"))
    return (
        surface.surface_forms(source, known)
        .join(division, on="entity")
        .join(context, on="context", how="left")
        .select("form", "code", "name", "method", "weak", "context_code")
        .sort(pl.all())
    )


def touched(folder: Path, then: Version, texts: pl.Series, written: pl.DataFrame) -> pl.Series:
    """Which addresses the reference in force may read otherwise than that of `then`: a Boolean column.

    `texts` are folded addresses, `written` what was found of them (adcode, town_code, candidates,
    match_method).
    """
    import polars as pl

    old, new = pl.read_ipc(_forms_path(folder, then.reference)), forms()
    every = old.columns
    changed = pl.concat(
        [
            old.join(new, on=every, how="anti", nulls_equal=True),
            new.join(old, on=every, how="anti", nulls_equal=True),
        ]
    )
    codes = changed["code"].unique().to_list()
    known = written.select(
        pl.col("adcode").is_in(codes).fill_null(False)
        | pl.col("town_code").is_in(codes).fill_null(False)
        | pl.col("candidates").list.eval(pl.element().is_in(codes)).list.any().fill_null(False)
        | pl.col("match_method").is_in(_UNSURE)
    ).to_series()
    names = changed["form"].unique().to_list()
    if not names:
        return pl.repeat(False, texts.len(), eager=True)
    return known | texts.str.contains_any(names)


def _forms_path(folder: Path, reference: str) -> Path:
    return folder / f"_forms-{reference}.ipc"
