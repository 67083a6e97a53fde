"""Scores pairs of faces by the frozen Splink model that the package ships: by its weights alone where they
say all (`weights`), else by Splink. The only module that imports Splink.

It never trains, and takes no frequency from the data it scores: a pair's score depends on the pair alone.
What a score leads to is decided in `resolve`.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from identity import weights

MODEL_DIR = Path(__file__).resolve().parent / "model"
FILE, POINTER = "model.json", "CURRENT"
MEMORY_LIMIT = "1500MB"
THREADS = 2


@dataclass(frozen=True)
class Model:
    """A frozen model: Splink's settings with every m and u, and the probability from which a link is
    accepted."""

    version: str
    threshold: float
    report_from: float
    """Pairs from this probability on are kept with the edges, though only those above `threshold` link."""
    settings: dict[str, Any]
    rules: dict[str, dict[str, float]] = field(default_factory=dict)
    """Of each rule the share of its edges that are right: `accepted` and `refused` ones
    (identity/calibration.py)."""
    calibration: list[tuple[float, float]] = field(default_factory=list)
    """From which score on which share of the model's pairs is right, both rising."""


def load_model(folder: Path = MODEL_DIR) -> Model:
    """The model in `folder`: that of a version (model.json), or of the one promoted in a folder of versions
    (CURRENT names it). Raises ValueError where it is missing or unreadable."""
    try:
        path = version_folder(folder) / FILE
        told = json.loads(path.read_text(encoding="utf-8"))
        return Model(
            told["version"],
            told["threshold"],
            told["report_from"],
            told["settings"],
            told.get("rules", {}),
            [(score, share) for score, share in told.get("calibration", [])],
        )
    except (OSError, KeyError, json.JSONDecodeError) as error:
        raise ValueError(
            f"{folder}: no identity model can be read ({error}); name a folder "
            "that `luyue identity train` wrote"
        ) from error


def save_model(model: Model, folder: Path) -> None:
    """Writes the model into the folder of its version."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(model), indent=1, ensure_ascii=False) + "\n"
    (folder / FILE).write_text(text, encoding="utf-8")


def version_folder(folder: Path) -> Path:
    """The folder of a version: itself, or the promoted one of a folder of versions."""
    pointer = folder / POINTER
    return folder / pointer.read_text(encoding="utf-8").strip() if pointer.exists() else folder


def score(faces: pl.DataFrame, model: Model) -> pl.DataFrame:
    """Pairs of components with the best probability among their faces.

    `faces`: as `profiles` makes them. Returns component_l < component_r, probability (0–1), for pairs at
    or above `model.report_from`.
    """
    if weights.can_weigh(model.settings):
        return weights.weighed(faces, model.settings, model.report_from)
    return predicted(faces, model)


def predicted(faces: pl.DataFrame, model: Model) -> pl.DataFrame:
    """The same by Splink's own prediction."""
    scored = _predict(faces, model.settings, model.report_from, "match_probability as probability")
    home = faces.select(pl.col("unique_id").cast(pl.Int64), "component")
    scored = scored.join(home.rename({"component": "a"}), left_on="unique_id_l", right_on="unique_id")
    scored = scored.join(home.rename({"component": "b"}), left_on="unique_id_r", right_on="unique_id")
    return (
        scored.select(
            component_l=pl.min_horizontal("a", "b"),
            component_r=pl.max_horizontal("a", "b"),
            probability=pl.col("probability").cast(pl.Float64),
        )
        .filter(pl.col("component_l") != pl.col("component_r"))
        .group_by("component_l", "component_r")
        .agg(pl.col("probability").max())
        .sort("component_l", "component_r")
    )


def compare(faces: pl.DataFrame, settings: dict[str, Any]) -> pl.DataFrame:
    """All pairs that the blocks bring together: unique_id_l, unique_id_r, and gamma_<comparison>, the
    number of the level that Splink finds (0 the last one, -1 unknown). For training."""
    gammas = [f"gamma_{comparison['output_column_name']}" for comparison in settings["comparisons"]]
    return _predict(faces, settings, None, ", ".join(gammas))


def _predict(
    faces: pl.DataFrame, settings: dict[str, Any], least: float | None, columns: str
) -> pl.DataFrame:
    import duckdb
    from splink import DuckDBAPI, Linker

    connection = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "threads": THREADS})
    try:
        linker = Linker(DuckDBAPI(connection=connection).register(faces.to_arrow()), settings)
        # Splink sets its own level when a linker is made.
        logging.getLogger("splink").setLevel(logging.ERROR)
        pairs = linker.inference.predict(threshold_match_probability=least)
        found = connection.sql(
            "select cast(unique_id_l as bigint) as unique_id_l, cast(unique_id_r as bigint) as unique_id_r, "
            f"{columns} from {pairs.physical_name}"
        ).pl()
    finally:
        connection.close()
    return found
