"""What is compared between two records of the febrl sets, in which levels, and what brings two together:
settings for Splink. No number is learnt here."""

from __future__ import annotations

from typing import Any

_CLOSE, _ALIKE = 0.92, 0.80
"""Jaro-Winkler likeness of words with one error, and of such that share their beginning."""
BLOCKS = (("given_name",), ("surname",), ("date_of_birth",), ("soc_sec_id",), ("postcode",), ("suburb",))
CHANCE = {("soc_sec_id", 0): 1e-7, ("soc_sec_id", 1): 7.6e-6}
"""(comparison, level from the top) → how often strangers agree so: of seven random digits none differs, or
one (63 others), or two neighbours change places (6). Too rare to be counted."""


def settings(is_between: bool, blocks: tuple[tuple[str, ...], ...] = BLOCKS) -> dict[str, Any]:
    """Splink settings to compare all pairs that a block brings together; no block brings all pairs."""
    apart = " and l.part <> r.part" if is_between else ""
    rules = [" and ".join(f"l.{name} = r.{name}" for name in block) for block in blocks] or ["1 = 1"]
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": 1e-4,
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": True,
        "blocking_rules_to_generate_predictions": [rule + apart for rule in rules],
        "comparisons": [_comparison(name, told) for name, told in LEVELS.items()],
    }


def _same(name: str) -> str:
    return f"{name}_l = {name}_r"


def _edits(name: str, most: int) -> str:
    return f"damerau_levenshtein({name}_l, {name}_r) <= {most}"


def _alike(name: str, least: float) -> str:
    return f"jaro_winkler_similarity({name}_l, {name}_r) >= {least}"


def _words(name: str, swapped: str) -> list[str]:
    """Levels of a text that may stand in another's column."""
    return [_same(name), _alike(name, _CLOSE), _alike(name, _ALIKE), f"{name}_l = {swapped}_r"]


LEVELS: dict[str, list[str]] = {
    "soc_sec_id": [_same("soc_sec_id"), _edits("soc_sec_id", 1), _edits("soc_sec_id", 2)],
    "date_of_birth": [_same("date_of_birth"), _edits("date_of_birth", 1), _edits("date_of_birth", 2)],
    "given_name": [*_words("given_name", "surname"), _edits("given_name", 2)],
    "surname": [*_words("surname", "given_name"), _edits("surname", 2)],
    "postcode": [_same("postcode"), _edits("postcode", 1), _edits("postcode", 2)],
    "suburb": [_same("suburb"), _alike("suburb", _CLOSE), _alike("suburb", _ALIKE)],
    "address_1": _words("address_1", "address_2"),
    "address_2": _words("address_2", "address_1"),
    "street_number": [_same("street_number"), _edits("street_number", 1)],
    "state": [_same("state")],
}
"""Comparison → conditions from the strongest level down; what meets none is different."""


def _comparison(name: str, conditions: list[str]) -> dict[str, Any]:
    half = {"m_probability": 0.5, "u_probability": 0.5}
    return {
        "output_column_name": name,
        "comparison_levels": [
            {
                "sql_condition": f"{name}_l is null or {name}_r is null",
                "label_for_charts": "unknown",
                "is_null_level": True,
            },
            *({"sql_condition": told, "label_for_charts": told, **half} for told in conditions),
            {"sql_condition": "ELSE", "label_for_charts": "different", **half},
        ],
    }
