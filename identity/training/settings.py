"""The model before training: what is compared, and in which levels.

Names are judged within what the two faces already share: strangers seldom have one surname, a household
mostly has, so a masked name says much about the one and little about the other. Taking both for
independent facts links siblings. Each level therefore stands for its share among pairs with the same
contact (household, mask, none).
"""

from __future__ import annotations

from typing import Any

PEOPLE = 300_000
"""Persons that the model is frozen for: two random faces are one person's with 1 : PEOPLE."""
CONTACT, NAME, FACTS = "contact", "name", ("birthday", "email", "device_id", "member_no")
BLOCKS = ("block_phone", "block_home", "block_name", "block_email", "block_device", "block_birth")
CONTEXTS = ("household", "mask", "none")

_HOME, _NUMBER, _DISTRICT = "home_l = home_r", "phone_l = phone_r", "adcode_l = adcode_r"
_MASK = "phone_mask_l = phone_mask_r and (phone_l is null or phone_r is null)"
CONTACT_LEVELS = (
    ("same number, same home", f"{_NUMBER} and {_HOME}"),
    ("same mask, same home", f"{_MASK} and {_HOME}"),
    ("same home", _HOME),
    ("same number, same district", f"{_NUMBER} and {_DISTRICT}"),
    ("same number", _NUMBER),
    ("same mask, same district", f"{_MASK} and {_DISTRICT}"),
    ("same mask", _MASK),
    ("same district", _DISTRICT),
)
RANDOM_U = {
    "same mask, same district": 1 / 380_000 / 200,
    "same mask": 1 / 380_000,
    "same district": 1 / 200,
    "different": 1.0,
}
"""How often strangers meet by chance, whatever the number of people: 38 prefixes × 10,000 endings; 200
districts as unequal as the country's (Σ p²). All other meetings are of households, offices and recycled
numbers, and their share among all pairs falls as 1 : people."""
NAME_U = {
    "same name": 1 / 4_000,
    "same sound": 1 / 9_000,
    "fits the mask": 1 / 22,
    "one character differs": 1 / 700,
    "different": 0.95,
}
"""Among strangers: Σ p² of full names and of surnames."""
FACT_U = {"birthday": 1 / 18_000, "email": 1 / 1_000_000, "device_id": 1 / 200_000, "member_no": 1 / 100_000}
FACT_M = {"birthday": 0.97, "email": 0.85, "device_id": 0.5, "member_no": 0.9}
"""Too rare in training to be counted; set from what such fields are: typed by hand, several of them,
shared."""

_FITS = (
    "(name_{a} is not null and mask_head_{b} is not null and length(name_{a}) > length(mask_head_{b}) "
    "+ length(mask_tail_{b}) and starts_with(name_{a}, mask_head_{b}) and ends_with(name_{a}, mask_tail_{b}))"
)
NAME_LEVELS = (
    ("same name", "name_l = name_r"),
    ("same sound", "pinyin_l = pinyin_r"),
    (
        "fits the mask",
        f"({_FITS.format(a='l', b='r')} or {_FITS.format(a='r', b='l')} "
        "or (mask_head_l = mask_head_r and mask_tail_l = mask_tail_r))",
    ),
    (
        "one character differs",
        "(length(name_l) = length(name_r) and length(name_l) > 2 and surname_l = surname_r "
        "and (name_l[2] = name_r[2] or name_l[3] = name_r[3]))",
    ),
    ("different", "true"),
)
_CONTEXT_SQL = {"household": f"({_HOME} or {_NUMBER})", "mask": f"({_MASK})", "none": "true"}

Weights = dict[tuple[str, str], tuple[float, float]]
"""(comparison, level) → (m, u)."""


def name_level(context: str, level: str) -> str:
    return f"{level} | {context}"


def settings(weights: Weights | None = None) -> dict[str, Any]:
    """Splink settings with the given m and u; without them every level has 0.5, good for comparing only."""
    names = [
        (name_level(context, label), f"{_CONTEXT_SQL[context]} and {condition}")
        for context in CONTEXTS
        for label, condition in NAME_LEVELS
    ]
    unknown_name = "(name_l is null and mask_head_l is null) or (name_r is null and mask_head_r is null)"
    no_phone = "((phone_l is null and phone_mask_l is null) or (phone_r is null and phone_mask_r is null))"
    unknown_contact = f"{no_phone} and (adcode_l is null or adcode_r is null)"
    facts = [
        _comparison(
            fact, f"{fact}_l is null or {fact}_r is null", [(f"same {fact}", f"{fact}_l = {fact}_r")], weights
        )
        for fact in FACTS
    ]
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": 1 / PEOPLE,
        "retain_matching_columns": weights is None,
        "retain_intermediate_calculation_columns": weights is None,
        "blocking_rules_to_generate_predictions": [
            f"l.{block} = r.{block} and l.component <> r.component" for block in BLOCKS
        ],
        "comparisons": [
            _comparison(CONTACT, unknown_contact, list(CONTACT_LEVELS), weights),
            _comparison(NAME, unknown_name, names, weights),
            *facts,
        ],
    }


def levels(comparison: str) -> list[str]:
    """The labels of a comparison's levels as Splink numbers them from the top (n-1 … 0), without the null
    level."""
    known = {"contact": [label for label, _ in CONTACT_LEVELS] + ["different"]}
    known["name"] = [name_level(c, label) for c in CONTEXTS for label, _ in NAME_LEVELS] + ["different"]
    return known.get(comparison, [f"same {comparison}", "different"])


def _comparison(
    name: str, unknown: str, told: list[tuple[str, str]], weights: Weights | None
) -> dict[str, Any]:
    def level(condition: str, label: str) -> dict[str, Any]:
        m, u = (0.5, 0.5) if weights is None else weights[(name, label)]
        return {"sql_condition": condition, "label_for_charts": label, "m_probability": m, "u_probability": u}

    return {
        "output_column_name": name,
        "comparison_levels": [
            {"sql_condition": unknown, "label_for_charts": "unknown", "is_null_level": True},
            *[level(condition, label) for label, condition in told],
            level("ELSE", "different"),
        ],
    }
