"""`luyue identity train|promote`: a new version of the model, what it would change, and which one is in
force.

How a model is trained and measured is `identity/training/`; what it links, `identity/`.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.lib.errors import LuyueError
from dagster_project.lib.runs import write_text

if TYPE_CHECKING:
    from identity.link import Model
    from identity.training.train import Material

CARD = "card.md"


def in_force(folder: Path | None) -> Path:
    """The folder of models of a data folder or a folder of state, else the one that the package ships."""
    from identity.link import MODEL_DIR, POINTER

    own = None if folder is None else folder / "model"
    return own if own is not None and (own / POINTER).exists() else MODEL_DIR


def train(output: Path, records: Path | None, truth: Path | None) -> dict[str, Any]:
    """Trains a version on a labelled file (two persons of three; the others test it) or on generated
    worlds, and writes it to `output`/<version> with its card. LuyueError where there is too little to learn
    from."""
    from identity.link import save_model
    from identity.training import train as training
    from identity.training.card import card

    version = f"{datetime.now():%Y%m%d-%H%M%S}"
    material = training.generated() if records is None else _labelled(records, truth)
    try:
        model, measured = training.train(material, version)
    except ValueError as error:
        raise LuyueError(str(error)) from error
    folder = output / version
    save_model(model, folder)
    pairs = int(training.labelled_pairs(*material.training)[0]["is_match"].sum())
    (folder / CARD).write_text(card(model, material.name, pairs, measured), encoding="utf-8")
    found = measured[model.threshold].as_dict()
    return {"folder": str(folder), "version": version, "threshold": model.threshold, "pairs": pairs, **found}


def compared(folder: Path, records: Path, model: Path) -> dict[str, Any]:
    """What the model in `model` would make of the records of a file, beside the model in force in
    `folder`."""
    import polars as pl

    from dagster_project.lib.identity_files import as_lake, reading
    from identity.comparing import compare
    from identity.resolve import resolve

    table = as_lake.record_table([reading.read(records)])
    old, new = (resolve(table, read(place)).cluster for place in (in_force(folder), model))
    names = table.select(pl.concat_str("source", "source_record_id", separator="/")).to_series()
    told = asdict(compare(old, new, names))
    return {**told, "examples": told["examples"].to_dicts()}


def promote(folder: Path, model: Path) -> str:
    """Puts the version in `model` in force in the data folder or folder of state; its version. The next
    linking is done anew with it, ids are carried over."""
    import shutil

    from identity.link import POINTER, version_folder

    chosen = read(model)
    target = folder / "model" / chosen.version
    source = version_folder(model)
    if source.resolve() != target.resolve():
        shutil.copytree(source, target, dirs_exist_ok=True)
    write_text(folder / "model" / POINTER, f"{chosen.version}\n")
    return chosen.version


def read(folder: Path) -> Model:
    """The model of a folder. LuyueError where there is none."""
    from identity.link import load_model

    try:
        return load_model(folder)
    except ValueError as error:
        raise LuyueError(str(error)) from error


def _labelled(records: Path, truth: Path | None) -> Material:
    from dagster_project.lib.identity_files import as_lake, reading
    from dagster_project.lib.identity_files.scoring import known_persons
    from identity.training import train as training

    if truth is None:
        raise LuyueError(f"{records}: says not who is who; name --truth, with source_record_id and person_id")
    table = as_lake.record_table([reading.read(records)])
    person = known_persons(truth)
    on = [name for name in ("source", "source_record_id") if name in person.columns]
    told = table.join(person, on=on, how="inner", maintain_order="left")
    if told.is_empty():
        raise LuyueError(f"{truth}: shares no {' and '.join(on)} with {records}")
    name = f"{told.height} labelled records of {records.name}"
    return training.labelled(told.drop("person_id"), told["person_id"], name)
