"""What other packages read of addresses, in names that can be compared with ours. None is needed to run.

They are installed with `pip install luyue[address-peers]`; how they are scored stands in `evaluate.py`.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import io
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

LEVELS = ("province", "city", "district")
NAMES = ("cpca", "jionlp", "addressparser")
SLOW = ("jionlp",)
"""Some hundred rows a second: measured on fewer."""
_CHINESE = {"province": "省", "city": "市", "district": "区"}
_FILLERS = ("市辖区", "县", "")


def installed() -> list[str]:
    """The peers that are there."""
    return [name for name in NAMES if importlib.util.find_spec(name) is not None]


def reader(name: str) -> Callable[[Sequence[str]], pl.DataFrame]:
    """A function from texts to the columns of `LEVELS`; null where the peer gives none."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = importlib.import_module(name)
    return _one_by_one(module) if name == "jionlp" else _at_once(module)


def _at_once(module: Any) -> Callable[[Sequence[str]], pl.DataFrame]:  # noqa: ANN401 (no types of its own)
    def read(texts: Sequence[str]) -> pl.DataFrame:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = module.transform(list(texts))
        return _named({level: found[header].tolist() for level, header in _CHINESE.items()})

    return read


def _one_by_one(module: Any) -> Callable[[Sequence[str]], pl.DataFrame]:  # noqa: ANN401 (no types of its own)
    def read(texts: Sequence[str]) -> pl.DataFrame:
        found = [module.parse_location(text) for text in texts]
        keys = {"province": "province", "city": "city", "district": "county"}
        return _named({level: [row.get(key) for row in found] for level, key in keys.items()})

    return read


def _named(columns: dict[str, list[Any]]) -> pl.DataFrame:
    texts = {
        level: [value if isinstance(value, str) else None for value in values]
        for level, values in columns.items()
    }
    frame = pl.DataFrame(texts, schema=dict.fromkeys(LEVELS, pl.String))
    return frame.with_columns(
        pl.when(~pl.col(level).is_in(_FILLERS)).then(level).alias(level) for level in LEVELS
    )
